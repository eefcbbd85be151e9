"""Letters to people: messages of the outbox, and those that others write by the way."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bot.channels.posting import Posting
from bot.channels.smtp import MailServer
from bot.clock import Clock
from bot.errors import Refused, Throttled, TransportError
from bot.letters.address import NoAddress, address
from bot.letters.envelope import Envelope, sealed
from bot.letters.letter import Letter
from bot.letters.notes import note
from store.values import Destination
from store.wording import _

#: Returns the page on which a person stops letters about some types; empty for none.
StopPage = Callable[[Destination, tuple[str, ...], str], str]


def no_page(person: Destination, types: tuple[str, ...], locale: str) -> str:
    """Return no page: others reach us by no address."""
    return ""


class Postman:
    """Puts letters into envelopes, and takes them to the mail server."""

    def __init__(self, server: MailServer, *, sender: str, clock: Clock) -> None:
        self._server = server
        self._sender = sender
        self._clock = clock

    async def send(
        self,
        to: str,
        subject: str,
        text: str,
        *,
        locale: str = "en",
        key: str = "",
    ) -> None:
        """Send a letter of our own, once. The same *key* makes it the same letter.

        Raises a ``TransportError`` that says whether, and when, to try again.
        """
        letter = note(subject, text, locale=locale, at=self._clock.now())
        await self.post(letter, to=to, key=key or secrets.token_hex(12))

    async def post(self, letter: Letter, *, to: str, key: str, stop: str = "") -> str:
        """Send a letter, once; return the name that it goes by.

        Raises a ``TransportError`` that says whether, and when, to try again.
        """
        envelope = Envelope(sender=self._sender, to=to, key=key, stop=stop)
        try:
            written, recipient = sealed(letter, envelope), address(to)
        except NoAddress:
            raise Refused(_("this is no e-mail address that mail knows")) from None
        await self._server.hand_over(
            written,
            sender=address(self._sender).addr_spec,
            to=recipient.addr_spec,
        )
        return envelope.id


class EmailChannel:
    """Sends what the outbox holds for people who are reached by e-mail."""

    def __init__(
        self,
        postman: Postman,
        *,
        stop_page: StopPage = no_page,
        heard: Callable[[str], None] = lambda trouble: None,
    ) -> None:
        self._postman = postman
        self._stop_page = stop_page
        self._heard = heard

    async def send(self, posting: Posting) -> str:
        """Send once; return the letter's name, which the same message keeps.

        Says through ``heard`` whether the server takes letters, or what is wrong.
        """
        try:
            name = await self._send(posting)
        except (Refused, Throttled):
            raise  # That says nothing of the others.
        except TransportError as exc:
            self._heard(str(exc))
            raise
        self._heard("")
        return name

    async def _send(self, posting: Posting) -> str:
        try:
            letter = Letter.thawed(posting.payload)
        except ValueError:
            # It was put into words before there were letters.
            raise Refused(_("this message was not written as a letter")) from None
        person = posting.lane.destination
        return await self._postman.post(
            letter,
            to=posting.contact,
            key=posting.uuid,
            stop=self._stop_page(person, letter.types, letter.locale),
        )
