"""A robot's address that is ours: whatever can post to a Lark custom bot can post here.

Answers in Lark's own shape, with Lark's own codes and HTTP status, so that senders
written for Lark understand them (Lark docs: custom bots).
"""

from __future__ import annotations

import logging

from aiohttp import web

from bot.bodies import NotJson, parse_object
from bot.clock import Clock
from bot.doors.answers import json_answer
from bot.doors.bodies import TooLarge, read_body
from bot.doors.ingest import IngestDoor, Source, over
from bot.errors import BadBody
from bot.intake import Intake
from bot.metrics import Metrics
from bot.sources import ADAPTERS
from bot.sources.credentials import hook_is_signed
from store.errors import StoreRefused

_BUSY = "frequency limited psm[larkbell]appID[0]"

log = logging.getLogger(__name__)


class HookDoor:
    """The Lark-compatible door. It knows the sources that the ingest door knows."""

    def __init__(
        self, intake: Intake, *, ingest: IngestDoor, clock: Clock, metrics: Metrics
    ) -> None:
        self._intake = intake
        self._ingest = ingest
        self._clock = clock
        self._metrics = metrics

    def add_routes(self, app: web.Application) -> None:
        """Open the door."""
        app.router.add_post("/open-apis/bot/v2/hook/{token}", self.post)
        # Lark takes a slash at the end, and some senders put one there.
        app.router.add_post("/open-apis/bot/v2/hook/{token}/", self.post)

    async def post(self, request: web.Request) -> web.Response:
        """Take one post."""
        source = self._ingest.sources.hook(request.match_info["token"])
        if source is None:
            return _lark(19001, "param invalid: incoming webhook access token invalid")
        try:
            body = await read_body(request)
            payload = parse_object(body)
        except (TooLarge, NotJson):
            return _lark(9499, "Bad Request", status=400)
        except BadBody as exc:
            return _lark(19002, str(exc))
        if not hook_is_signed(
            source.credential, payload=payload, now=self._clock.now()
        ):
            return _lark(
                19021,
                "sign match fail or timestamp is not within one hour from current time",
            )
        return await self._accept(source, body)

    async def _accept(self, source: Source, body: bytes) -> web.Response:
        try:
            handed = ADAPTERS["lark-hook"](body)
        except BadBody as exc:
            return _lark(19002, str(exc))
        if self._ingest.closed:
            return self._busy(source, "closed")
        if over(source, len(handed.messages), clock=self._clock) is not None:
            return self._busy(source, "rate")
        try:
            await self._intake.accept(source.fallbacks, handed.messages)
        except StoreRefused as exc:
            log.error("the database took nothing", extra={"reason": str(exc)})
            return self._busy(source, "store")
        self._metrics.accepted.labels(source.name).inc(len(handed.messages))
        return json_answer(
            {
                "StatusCode": 0,
                "StatusMessage": "success",
                "code": 0,
                "data": {},
                "msg": "success",
            }
        )

    def _busy(self, source: Source, reason: str) -> web.Response:
        self._metrics.refused.labels(source.name, reason).inc()
        return _lark(11232, _BUSY)


def _lark(code: int, message: str, *, status: int = 200) -> web.Response:
    return json_answer({"code": code, "data": {}, "msg": message}, status=status)
