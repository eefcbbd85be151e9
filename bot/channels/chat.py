"""A post by the app's bot: in a group, as an answer there, or to one person."""

from __future__ import annotations

from bot.channels.posting import Posting
from bot.lark.client import LarkClient
from store.values import Kind


class AppChannel:
    """Messages that the app's bot sends, with a key that keeps them from doubling."""

    def __init__(self, client: LarkClient) -> None:
        self._client = client

    async def send(self, posting: Posting) -> str:
        """Send once; return the message's id in Lark."""
        if posting.outgoing.address:
            return await self._client.reply(
                posting.outgoing.address, card=posting.payload, uuid=posting.uuid
            )
        destination = posting.lane.destination
        return await self._client.send(
            destination.name,
            id_type="chat_id" if destination.kind is Kind.CHAT else "open_id",
            card=posting.payload,
            uuid=posting.uuid,
        )
