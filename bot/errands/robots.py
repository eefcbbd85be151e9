"""The errand of ``/robot test``: one post, and what kept it from arriving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import orjson

from bot.cards.notice import notice_post
from bot.clock import Clock
from bot.errors import Throttled, TransportError
from bot.lark.codes import judge
from bot.lark.http import TIMEOUT, call
from bot.lark.signing import sign_post
from handlers.errors import words_of
from store import preferences, robots
from store.database import Database
from store.errors import StoreError
from store.robots import Hook, Robot
from store.values import Destination, Json, Kind
from store.wording import _, written

TITLE = _("Test message")
HERE = _("Larkbell can post in this group.")


class RobotTest:
    """Posts a test, once, whatever the robot's lane is doing."""

    def __init__(
        self,
        db: Database,
        session: aiohttp.ClientSession,
        *,
        clock: Clock,
        locale: str = "en",
        timeout: float = TIMEOUT,
    ) -> None:
        self._db = db
        self._session = session
        self._clock = clock
        self._timeout = timeout
        self.locale = locale

    async def perform(self, details: Json) -> Json:
        """Return what came of it: ``taken``, or why it was not.

        ``code`` is Lark's, ``trouble`` stands for no answer. ``ahead`` is how many
        seconds our clock is ahead of the one that answered.
        """
        async with self._db.reading() as tx:
            robot = await robots.get(tx, int(details["robot"]))
            try:
                hook = None if robot is None else await robots.hook(tx, robot)
            except StoreError:
                return {"trouble": "sealed"}
            locale = self.locale
            if robot is not None and robot.chat is not None:
                chat = Destination(Kind.CHAT, robot.chat)
                locale = (await preferences.of(tx, chat)).locale or locale
        if robot is None or hook is None:
            return {"trouble": "gone"}
        lines = (details.get("text") or HERE,)
        made = notice_post(TITLE, lines, locale=locale, keyword=robot.keyword)
        return await self._post(robot, hook, made)

    async def _post(self, robot: Robot, hook: Hook, made: Json) -> Json:
        began = self._clock.now()
        if hook.secret is not None:
            made = sign_post(made, secret=hook.secret, now=began)
        came: Json = {"signed": hook.secret is not None}
        try:
            status, answer, headers = await call(
                self._session,
                "POST",
                hook.webhook,
                body=orjson.dumps(made),
                timeout=self._timeout,
            )
            # Neither when it was sent nor when it came back is when it was answered.
            came["ahead"] = _ahead(began + (self._clock.now() - began) / 2, headers)
            judge(status, answer, headers)
        except TransportError as exc:
            redirected = "ahead" in came and 300 <= status < 400
            came |= _why(exc, redirected=redirected)
        else:
            came["taken"] = True
        return came


def _why(exc: TransportError, *, redirected: bool) -> dict[str, Any]:
    trouble: str | None = exc.trouble
    if redirected:
        trouble = "redirect"
    elif isinstance(exc, Throttled):
        trouble = "limited"
    return {"code": exc.code, "trouble": trouble, "words": written(words_of(exc))}


def _ahead(now: datetime, headers: Mapping[str, str]) -> float | None:
    """Return how many seconds *now* is ahead of the answer's clock, if it says so."""
    try:
        theirs = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    if theirs.tzinfo is None:
        return None
    return (now - theirs).total_seconds()
