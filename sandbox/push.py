"""How events reach an app: encrypted, signed, redelivered on Lark's schedule."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import heapq
import itertools
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from sandbox import crypto, events
from sandbox.platform import Platform
from sandbox.refusal import Json
from sandbox.state import App

#: After which pause a failed delivery is tried again; after the last, never.
SCHEDULE = (
    timedelta(seconds=15),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
)


class ChallengeFailed(Exception):
    """The console refuses an address: it did not echo the challenge in time."""


@dataclass(slots=True)
class Chaos:
    """What the documents warn of, and seldom happens by itself."""

    #: Deliver once more what was answered with 200.
    duplicate: bool = False
    #: Deliver the same message once more under another event_id.
    another_event_id: bool = False
    #: Hold every first event back until the second was delivered.
    out_of_order: bool = False
    #: Hold every event back for a while.
    late: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an app's server answered: a status and a body, or why there is none."""

    status: int | None = None
    body: bytes = b""
    #: ``timeout`` or ``unreachable`` where there is no status.
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to deliver one event."""

    app_id: str
    event_type: str
    event_id: str
    attempt: int
    at: datetime
    status: int | None
    failure: str

    @property
    def taken(self) -> bool:
        """Whether the app answered 200: nothing else counts."""
        return self.status == 200


@dataclass(order=True, slots=True)
class _Waiting:
    due: datetime
    number: int
    app: App = field(compare=False)
    body: Json = field(compare=False)
    attempt: int = field(compare=False, default=1)
    #: A second copy of what was taken; it is neither retried nor copied again.
    copied: bool = field(compare=False, default=False)
    signed: tuple[bytes, dict[str, str]] | None = field(compare=False, default=None)


class Push:
    """The push side of the platform."""

    def __init__(self, platform: Platform) -> None:
        self.chaos = Chaos()
        #: Every attempt there was, oldest first.
        self.deliveries: list[Delivery] = []
        self._platform = platform
        self._waiting: list[_Waiting] = []
        self._held: list[_Waiting] = []
        self._numbers = itertools.count()
        self._more = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None

    async def challenge(self, app: App, url: str) -> None:
        """Raise :class:`ChallengeFailed` unless *url* echoes a challenge in time."""
        challenge = secrets.token_hex(16)
        raw = seal(app, events.url_verification(app, challenge))
        seconds = self._platform.switches.challenge_timeout
        answer = await self.post(url, raw, {}, seconds=seconds)
        if answer.status != 200:
            raise ChallengeFailed(answer.failure or f"HTTP {answer.status}")
        try:
            echoed = json.loads(answer.body).get("challenge")
        except (ValueError, AttributeError):
            raise ChallengeFailed("the answer is not a JSON object") from None
        if echoed != challenge:
            raise ChallengeFailed("the challenge was not echoed")

    async def send(self, app: App, body: Json) -> None:
        """Deliver an event to *app*, now unless chaos has it otherwise."""
        if app.event_url is None:
            return
        late = self._platform.now() + self.chaos.late
        event = _Waiting(late, next(self._numbers), app, body)
        if self.chaos.late:
            self._wait(event)
        elif self.chaos.out_of_order and not self._held:
            self._held.append(event)
        else:
            await self._attempt(event)
            await self._release_held()

    async def deliver_due(self) -> list[Delivery]:
        """Deliver what is due by the clock; return the attempts that were made."""
        before = len(self.deliveries)
        await self._release_held()
        while self._waiting and self._waiting[0].due <= self._platform.now():
            await self._attempt(heapq.heappop(self._waiting))
        return self.deliveries[before:]

    def next_due(self) -> datetime | None:
        """Return when something is due next, or None."""
        return self._waiting[0].due if self._waiting else None

    async def keep_delivering(self) -> None:
        """Deliver what falls due, for ever. For a clock that runs by itself."""
        while True:
            self._more.clear()
            due = self.next_due()
            wait = None
            if due is not None:
                wait = max(0.0, (due - self._platform.now()).total_seconds())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._more.wait(), wait)
            await self.deliver_due()

    async def post(
        self, url: str, raw: bytes, headers: dict[str, str], *, seconds: float
    ) -> Answer:
        """Return what *url* answers to *raw*. Redirects are not followed."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limits = aiohttp.ClientTimeout(
            total=seconds, sock_connect=self._platform.switches.connect_timeout
        )
        content_type = {"Content-Type": "application/json; charset=utf-8"}
        try:
            async with self._session.post(
                url,
                data=raw,
                headers={**content_type, **headers},
                timeout=limits,
                allow_redirects=False,
            ) as response:
                return Answer(status=response.status, body=await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return Answer(failure="unreachable")
        except TimeoutError:
            return Answer(failure="timeout")
        except (aiohttp.ClientError, OSError):
            return Answer(failure="unreachable")

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _attempt(self, event: _Waiting) -> None:
        signed = event.signed
        if signed is None:
            raw = seal(event.app, event.body)
            signed = (raw, self.sign(event.app, raw))
        elif self._platform.switches.sign_again:
            signed = (signed[0], self.sign(event.app, signed[0]))
        event.signed = signed
        url = event.app.event_url or ""
        seconds = self._platform.switches.answer_timeout
        answer = await self.post(url, *signed, seconds=seconds)
        delivery = self._record(event, answer)
        if delivery.taken:
            await self._repeat(event)
        elif event.attempt <= len(SCHEDULE) and not event.copied:
            pause = SCHEDULE[event.attempt - 1] * self._platform.switches.time_scale
            event.due = self._platform.now() + pause
            event.attempt += 1
            self._wait(event)

    async def _repeat(self, event: _Waiting) -> None:
        """Deliver again what was taken, if chaos asks for it; but only once."""
        if event.copied:
            return
        copies: list[Json] = []
        if self.chaos.duplicate:
            copies.append(event.body)
        if self.chaos.another_event_id and "header" in event.body:
            other = copy.deepcopy(event.body)
            other["header"]["event_id"] = secrets.token_hex(16)
            copies.append(other)
        for body in copies:
            again = _Waiting(event.due, next(self._numbers), event.app, body)
            again.copied = True
            await self._attempt(again)

    async def _release_held(self) -> None:
        held, self._held = self._held, []
        for event in held:
            await self._attempt(event)

    def _wait(self, event: _Waiting) -> None:
        heapq.heappush(self._waiting, event)
        self._more.set()

    def _record(self, event: _Waiting, answer: Answer) -> Delivery:
        header = event.body.get("header", {})
        legacy = event.body.get("event", {}).get("type", "")
        delivery = Delivery(
            app_id=event.app.app_id,
            event_type=header.get("event_type", legacy),
            event_id=header.get("event_id", event.body.get("uuid", "")),
            attempt=event.attempt,
            at=self._platform.now(),
            status=answer.status,
            failure=answer.failure,
        )
        self.deliveries.append(delivery)
        return delivery

    def sign(self, app: App, raw: bytes) -> dict[str, str]:
        """Return the headers that prove *raw* to be Lark's; none without a key."""
        if app.encrypt_key is None:
            return {}
        timestamp = str(int(self._platform.now().timestamp()))
        nonce = secrets.token_hex(8)
        return {
            "X-Lark-Request-Timestamp": timestamp,
            "X-Lark-Request-Nonce": nonce,
            "X-Lark-Signature": crypto.sign_push(
                raw, timestamp=timestamp, nonce=nonce, key=app.encrypt_key
            ),
        }


def seal(app: App, body: Json) -> bytes:
    """Return the bytes that are posted: encrypted when the app has a key."""
    plain = json.dumps(body, ensure_ascii=False).encode()
    if app.encrypt_key is None:
        return plain
    return json.dumps({"encrypt": crypto.encrypt(plain, key=app.encrypt_key)}).encode()
