"""A text message or a call, to a number, by whoever carries them."""

from __future__ import annotations

from bot.channels.posting import Posting
from bot.phones import said
from bot.phones.carrier import Carrier


class PhoneChannel:
    """Messages that a provider carries to a phone."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def send(self, posting: Posting) -> str:
        """Send once; return the provider's id of it, where it gives one."""
        message = said.read(posting.payload)
        return await self._carrier.carry(posting.contact, message, key=posting.uuid)
