"""Where notifications come in: our own format, other kinds, Lark-compatible posts.

``202`` says that it is written down: nothing is answered before the commit.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from bot.clock import Clock
from bot.doors.answers import error, json_answer, later, unproved
from bot.doors.bodies import LIMIT, NDJSON_LIMIT, Broken, TooLarge, read_body
from bot.doors.rate import Bucket
from bot.errors import BadBody
from bot.intake import Intake
from bot.metrics import Metrics
from bot.sources import ADAPTERS, Handed, Invalid
from bot.sources.credentials import Credential, Keyring, proves
from bot.sources.mapping import Fallbacks
from bot.sources.native import is_ndjson
from store.errors import StoreRefused
from store.notifications import Accepted

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A named sender: how it proves itself, how its bodies are read, how much."""

    credential: Credential
    fallbacks: Fallbacks
    bucket: Bucket | None = None

    @property
    def name(self) -> str:
        """What the source is called."""
        return self.fallbacks.name

    @property
    def kind(self) -> str:
        """How its bodies are read."""
        return self.fallbacks.kind


class Sources:
    """Every source of the YAML, by what a request shows."""

    def __init__(self, sources: Sequence[Source] = ()) -> None:
        self._by_name = {each.name: each for each in sources}
        self._native = Keyring(
            each.credential for each in sources if each.kind == "native"
        )
        self._hooks = Keyring(
            each.credential for each in sources if each.kind == "lark-hook"
        )

    def follow(self, before: Sources) -> None:
        """Let each source's rate go on where it stands in *before*."""
        for name, each in self._by_name.items():
            known = before.named(name)
            if known and known.bucket and each.bucket:
                each.bucket.follow(known.bucket)

    def named(self, name: str) -> Source | None:
        """Return the source called *name*."""
        return self._by_name.get(name)

    def native(
        self, request: web.Request, body: bytes, *, clock: Clock
    ) -> Source | None:
        """Return whose native request this is, or ``None``."""
        headers = request.headers
        found = self._native.find_bearer(headers) or self._native.find(
            body=body, headers=headers, query=request.query, now=clock.now()
        )
        return None if found is None else self._by_name[found.source]

    def asking(self, request: web.Request, *, clock: Clock) -> frozenset[str]:
        """Return which sources may be asking: two of different kinds may share a token.

        A Lark-compatible source never asks: its posts are answered without an id.
        """
        now = clock.now()
        return frozenset(
            name
            for name, each in self._by_name.items()
            if proves(
                each.credential,
                body=b"",
                headers=request.headers,
                query=request.query,
                now=now,
            )
        )

    def hook(self, token: str) -> Source | None:
        """Return whose Lark-compatible address ends in *token*, or ``None``."""
        found = self._hooks.find_token(token)
        return None if found is None else self._by_name[found.source]


class IngestDoor:
    """The two doors for notifications in JSON. ``sources`` changes with a reload."""

    def __init__(
        self, intake: Intake, *, sources: Sources, clock: Clock, metrics: Metrics
    ) -> None:
        self._intake = intake
        self._clock = clock
        self._metrics = metrics
        self.sources = sources
        #: Set while the queue is near its limit, or the process stops.
        self.closed = ""

    def add_routes(self, app: web.Application) -> None:
        """Open the doors."""
        app.router.add_post("/v1/notifications", self.native)
        app.router.add_post("/v1/sources/{name}", self.foreign)

    async def native(self, request: web.Request) -> web.Response:
        """Take native notifications: one object, an array, or NDJSON."""
        content_type = request.headers.get("Content-Type", "")
        bulk = is_ndjson(content_type)
        try:
            body = await read_body(request, limit=NDJSON_LIMIT if bulk else LIMIT)
        except TooLarge:
            most = "10 MB" if bulk else "1 MB: send more as application/x-ndjson"
            return error(413, f"the body is longer than {most}")
        except Broken as exc:
            return error(400, str(exc))
        source = self.sources.native(request, body, clock=self._clock)
        if source is None:
            return _unknown_sender()
        try:
            handed = ADAPTERS["native"](body, content_type=content_type)
        except Invalid as exc:
            return _faulty(exc)
        except BadBody as exc:
            return error(400, str(exc))
        return await self._accept(source, handed, over_rate=429)

    async def foreign(self, request: web.Request) -> web.Response:
        """Take what other kinds of sources send."""
        try:
            body = await read_body(request)
        except TooLarge:
            return error(413, "the body is longer than 1 MB")
        except Broken as exc:
            return error(400, str(exc))
        source = self.sources.named(request.match_info["name"])
        if source is None or not proves(
            source.credential,
            body=body,
            headers=request.headers,
            query=request.query,
            now=self._clock.now(),
        ):
            return _unknown_sender()
        content_type = request.headers.get("Content-Type", "")
        try:
            handed = ADAPTERS[source.kind](body, content_type=content_type)
        except Invalid as exc:
            return _faulty(exc)
        except BadBody as exc:
            return error(400, f"this is no {source.kind} body: {exc}")
        # Alertmanager tries again after a 5xx, and never after a 4xx.
        over_rate = 429 if source.kind == "native" else 503
        return await self._accept(source, handed, over_rate=over_rate)

    async def _accept(
        self, source: Source, handed: Handed, *, over_rate: int
    ) -> web.Response:
        if self.closed:
            self._metrics.refused.labels(source.name, "closed").inc()
            return later(503, self.closed)
        wait = over(source, len(handed.messages), clock=self._clock)
        if wait is not None:
            self._metrics.refused.labels(source.name, "rate").inc()
            return later(over_rate, "this source sends more than its rate", wait)
        try:
            accepted = await self._intake.accept(source.fallbacks, handed.messages)
        except StoreRefused as exc:
            log.error("the database took nothing", extra={"reason": str(exc)})
            self._metrics.refused.labels(source.name, "store").inc()
            return later(503, "not stored, please send it again")
        self._metrics.accepted_from(source.name).inc(len(accepted))
        if handed.answer is not None:
            return json_answer(handed.answer)
        return json_answer({"accepted": told(accepted)}, status=202)


def over(source: Source, count: int, *, clock: Clock) -> timedelta | None:
    """Return how long the source must wait, or ``None`` when it may send now."""
    if source.bucket is None:
        return None
    return source.bucket.take(count, now=clock.now())


def told(accepted: Sequence[Accepted]) -> list[Mapping[str, object]]:
    """Return what became of each notification, as the doors say it."""
    return [{"id": each.id, "duplicate": each.duplicate} for each in accepted]


def _unknown_sender() -> web.Response:
    return unproved(
        "no source has this credential: send its token as Authorization: Bearer, as "
        "Basic password or as ?token=, or sign the request"
    )


def _faulty(invalid: Invalid) -> web.Response:
    faults = [{"path": each.path, "reason": each.reason} for each in invalid.faults]
    return json_answer({"errors": faults}, status=422)
