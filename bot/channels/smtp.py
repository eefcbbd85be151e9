"""The mail server: one connection, what it answers, and what becomes of a letter then.

The letters that stand in line share a connection, since many servers let a sender have
few; whoever finds nobody behind says goodbye.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTP

from bot.channels import smtp_answers
from bot.clock import Clock
from bot.errors import Parked, Throttled, TransportError, Unanswered
from bot.secret import Secret
from handlers.errors import words_of
from store.wording import _

#: How long one letter may take, standing in line included, in seconds; and a goodbye.
#: Together with what delivery waits before, less than a lane's lease.
TIMEOUT, GOODBYE = 22.0, 2.0
#: The longest that the server may take for one answer, in seconds.
ANSWER = 15.0
#: How many letters may stand in line: others give their lane back meanwhile.
LINE = 4
#: How long others do not try what has just failed for all: no connection, no login.
UNREACHABLE, UNWELCOME = timedelta(seconds=5), timedelta(minutes=1)

_FAILURES = (TransportError, aiosmtplib.SMTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHost:
    """Where the mail server is, and how we prove who we are there.

    ``ca_file`` is a file of authorities to trust beside the system's.
    """

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: Secret | None = None
    ca_file: str | None = None


@dataclass(slots=True)
class _Trial:
    """How far one letter got. ``given``: the server may have all of it."""

    turn: bool = False
    given: bool = False


@dataclass(frozen=True, slots=True)
class _Closed:
    """What has just failed for everybody, and until when nobody tries it again."""

    error: TransportError
    until: datetime


@dataclass(slots=True)
class MailServer:
    """Hands letters over, one after the other."""

    host: MailHost
    clock: Clock
    timeout: float = TIMEOUT
    _tls: ssl.SSLContext | None = field(default=None, init=False)
    _client: SMTP | None = field(default=None, init=False)
    _own_name: str | None = field(default=None, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _line: int = field(default=0, init=False)
    _closed: _Closed | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Read the authorities once. Raises ``OSError`` for a file that has none."""
        if self.host.tls != "none":
            self._tls = ssl.create_default_context()
            if self.host.ca_file:
                self._tls.load_verify_locations(self.host.ca_file)

    async def hand_over(self, letter: bytes, *, sender: str, to: str) -> None:
        """Give one letter to the server, once.

        Raises a ``TransportError`` that says whether, and when, to try again.
        """
        if self._line >= LINE:
            raise Throttled(
                _("the mail server is busy with other letters"),
                retry_after=timedelta(seconds=1),
            )
        self._line += 1
        trial = _Trial()
        trying = asyncio.ensure_future(self._in_turn(letter, sender, to, trial))
        try:
            await asyncio.wait({trying}, timeout=self.timeout)
        finally:
            await _end(trying)
            self._line -= 1
            if self._line == 0:
                await self.leave()
        if trying.cancelled():
            raise self._late(trial)
        trying.result()

    async def leave(self) -> None:
        """Say goodbye, if we are there."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(*_FAILURES):
            client.timeout = GOODBYE
            await client.quit()
        client.close()

    async def _in_turn(
        self, letter: bytes, sender: str, to: str, trial: _Trial
    ) -> None:
        async with self._turn:
            trial.turn = True
            await self._try(letter, sender, to, trial)

    async def _try(self, letter: bytes, sender: str, to: str, trial: _Trial) -> None:
        self._stay_away()
        try:
            client = await self._envelope(sender, to)
            trial.given = True
            await client.data(letter)
        except _FAILURES as exc:
            if not _has_answered(exc):
                # What it would answer next, nobody could tell.
                self._hang_up()
            # What the server said may name people, or repeat a password: no cause.
            raise smtp_answers.judge(exc, given=trial.given) from None
        except BaseException:
            self._hang_up()
            raise

    async def _envelope(self, sender: str, to: str) -> SMTP:
        """Return the connection, told from whom and to whom the next letter goes."""
        if (client := self._client) is not None and client.is_connected:
            try:
                # The one before may have been refused half way.
                await client.rset()
                await client.mail(sender)
            except (
                aiosmtplib.SMTPServerDisconnected,
                aiosmtplib.SMTPResponseException,
            ):
                # It had enough of this connection: that says nothing of the letter.
                self._hang_up()
            else:
                await client.rcpt(to)
                return client
        client = await self._enter()
        await client.mail(sender)
        await client.rcpt(to)
        return client

    async def _enter(self) -> SMTP:
        """Connect, protect the connection, prove who we are."""
        try:
            self._client = await self._welcome()
        except _FAILURES as exc:
            error = smtp_answers.judge_welcome(exc)
            pause = UNWELCOME if isinstance(error, Parked) else UNREACHABLE
            self._closed = _Closed(error, self.clock.now() + pause)
            raise error from None
        self._closed = None
        return self._client

    async def _welcome(self) -> SMTP:
        host = self.host
        client = SMTP(
            hostname=host.host,
            port=host.port,
            use_tls=host.tls == "tls",
            # Asked for below, so that what is missing can be told apart.
            start_tls=False,
            tls_context=self._tls,
            local_hostname=self._own_name,
            timeout=ANSWER,
        )
        try:
            await client.connect()
            # To look it up may take long where names are not resolved.
            self._own_name = client.local_hostname
            await client.ehlo()
            if host.tls == "starttls":
                if not client.supports_extension("starttls"):
                    raise smtp_answers.no_starttls()
                await client.starttls()
                await client.ehlo()
            if host.username is not None:
                if not client.supports_extension("auth"):
                    raise smtp_answers.no_login()
                password = host.password.reveal() if host.password else ""
                await client.login(host.username, password)
        except BaseException:
            client.close()
            raise
        return client

    def _stay_away(self) -> None:
        if self._closed is not None and self.clock.now() < self._closed.until:
            # Anew: one that is raised twice drags its first trace along.
            raise type(self._closed.error)(words_of(self._closed.error))

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _late(self, trial: _Trial) -> TransportError:
        """Return what it means that time is over."""
        if not trial.turn:
            return Throttled(
                _("the mail server is busy with other letters"),
                retry_after=timedelta(seconds=1),
            )
        words = _("the mail server did not answer in time")
        return Unanswered(words) if trial.given else TransportError(words)


def _has_answered(exc: BaseException) -> bool:
    """Whether the server said no, so that it still knows where we are."""
    return isinstance(exc, aiosmtplib.SMTPResponseException) and exc.code >= 400


async def _end(task: asyncio.Future[None]) -> None:
    """End *task*, if it has not ended.

    In Python 3.11, ``asyncio.wait_for`` forgets that it was cancelled when an answer
    comes at that moment: so we insist.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=0.05)
