"""A post by the app's bot: in a group, as an answer there, or to one person."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.posting import Posting
from bot.errors import Parked, Refused, Throttled, TransportError
from bot.lark.client import LarkClient
from store.values import Kind


class AppChannel:
    """Messages that the app's bot sends, with a key that keeps them from doubling."""

    def __init__(
        self, client: LarkClient, *, heard: Callable[[str], None] = lambda trouble: None
    ) -> None:
        self._client = client
        self._heard = heard

    async def send(self, posting: Posting) -> str:
        """Send once; return the message's id in Lark.

        Says through ``heard`` whether Lark answers at all, or what is wrong.
        """
        try:
            remote = await self._send(posting)
        except (Refused, Parked, Throttled):
            self._heard("")  # An answer, if not the one that was hoped for.
            raise
        except TransportError as exc:
            self._heard(str(exc))
            raise
        self._heard("")
        return remote

    async def _send(self, posting: Posting) -> str:
        if posting.outgoing.address:
            return await self._client.reply(
                posting.outgoing.address, card=posting.payload, uuid=posting.uuid
            )
        destination = posting.lane.destination
        return await self._client.send(
            # Somebody whom the YAML names may have got an account since.
            posting.contact or destination.name,
            id_type="chat_id" if destination.kind is Kind.CHAT else "open_id",
            card=posting.payload,
            uuid=posting.uuid,
        )
