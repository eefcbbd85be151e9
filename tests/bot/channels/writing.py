"""Our side of a mail server, for tests: a channel, and what comes of a letter."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.email import EmailChannel, Postman
from bot.channels.posting import Posting
from bot.channels.smtp import TIMEOUT, MailHost, MailServer
from bot.errors import TransportError
from bot.letters.letter import Letter
from store.lanes import Lane
from store.outbox import Outgoing
from store.values import Channel, Destination, Kind
from tests.bot.mailroom import (
    LOOPBACK,
    PASSWORD,
)
from tests.conftest import MONDAY, HandClock

WEI = Destination(Kind.PERSON, "ou_wei")
LETTER = Letter(
    subject="Disk full",
    text="It is full.\n",
    html="<p>It is full.</p>",
    locale="en",
    at=MONDAY,
    types=("product.alarm",),
)


class Sender:
    """Our side: a channel to one mail server."""

    def __init__(self, clock: HandClock, port: int, **more: Any) -> None:
        timeout = more.pop("timeout", TIMEOUT)
        host = MailHost(**{"host": LOOPBACK, "port": port, "tls": "none", **more})
        self.server = MailServer(host, clock, timeout)
        self.postman = Postman(self.server, sender="bell@example.com", clock=clock)
        self.channel = EmailChannel(self.postman, stop_page=self._stop_page)

    def _stop_page(self, person: Destination, types: tuple[str, ...], said: str) -> str:
        return f"https://bell.example.com/{person.name}/{'+'.join(types)}/{said}"

    async def send(
        self, payload: str = "", *, to: str = "wei@example.com", uuid: str = "i1-7"
    ) -> str:
        outgoing = Outgoing.__new__(Outgoing)  # It does not look at it.
        return await self.channel.send(
            Posting(
                lane=Lane(f"{WEI}/email", WEI, Channel.EMAIL),
                outgoing=outgoing,
                payload=payload or LETTER.frozen(),
                uuid=uuid,
                contact=to,
            )
        )

    async def failure(self, **more: Any) -> tuple[type[Exception], str]:
        """What comes of it: the kind of failure, and its words."""
        with pytest.raises(TransportError) as raised:
            await self.send(**more)
        # Neither people nor passwords are named, however it is looked at.
        told = f"{raised.value!r} {raised.value.__cause__!r}"
        assert "wei@" not in told
        assert PASSWORD not in told
        return type(raised.value), str(raised.value)
