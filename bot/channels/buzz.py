"""A buzz about a direct message of the app's: in the app, by text message, by phone."""

from __future__ import annotations

from bot.channels.posting import Posting
from bot.errors import Parked, Refused
from bot.lark.client import LarkClient
from handlers.errors import words_of

#: What shuts a person's direct chat, and not the buzzes of everybody.
OF_ONE_PERSON = frozenset(
    {230013, 230029, 230034, 230035, 230038, 230053, 99992351, 99992361}
)


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
        message, person = posting.outgoing.address, posting.lane.destination.name
        try:
            await self._client.buzz(message, person, how=self._how)
        except Parked as exc:
            if exc.code in OF_ONE_PERSON:
                raise Refused(words_of(exc), code=exc.code) from None
            raise
        return ""
