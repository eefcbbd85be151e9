"""A buzz about a direct message of the app's: in the app, by text message, by phone."""

from __future__ import annotations

from bot.channels.posting import Posting
from bot.lark.client import LarkClient


class BuzzChannel:
    """Buzzes that Lark makes. Nothing keeps a second attempt from being a second one.

    *how* is ``app``; or ``sms`` or ``phone``, which there are on Feishu only, and which
    take from what the tenant has bought.
    """

    def __init__(self, client: LarkClient, how: str) -> None:
        self._client = client
        self._how = how

    async def send(self, posting: Posting) -> str:
        """Buzz once. The message is there already, and a buzz has no id."""
        await self._client.buzz(
            posting.outgoing.address, posting.lane.destination.name, how=self._how
        )
        return ""
