"""A custom bot in one group: a signed webhook. Its URL is a credential."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiohttp
import orjson

from bot.cards.frame import small
from bot.channels.posting import Posting
from bot.clock import Clock
from bot.errors import Parked
from bot.lark.codes import judge
from bot.lark.http import TIMEOUT, call
from bot.lark.signing import sign_post
from store.values import Json
from store.wording import _


class RobotChannel:
    """Posts by webhook, signed anew at each attempt: a signature lives for an hour."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        clock: Clock,
        timeout: float = TIMEOUT,
    ) -> None:
        self._session = session
        self._clock = clock
        self._timeout = timeout

    async def send(self, posting: Posting) -> str:
        """Post once. Lark gives no id for it."""
        robot, hook = posting.robot, posting.hook
        if robot is None or hook is None:
            raise Parked(_("this robot is not configured any more"))
        payload = orjson.loads(posting.payload)
        if robot.keyword:
            _make_sure_of(robot.keyword, payload)
        if hook.secret is not None:
            payload = sign_post(payload, secret=hook.secret, now=self._clock.now())
        status, answer, headers = await call(
            self._session,
            "POST",
            hook.webhook,
            body=orjson.dumps(payload),
            timeout=self._timeout,
        )
        judge(status, answer, headers)
        return ""


def _make_sure_of(keyword: str, payload: Json) -> None:
    """Add the word without which the robot refuses *payload*, unless it is there.

    It was written there, but for a message that is older than the word in our settings:
    that one would be refused for ever, and keep its lane parked.
    """
    if not any(keyword in shown for shown in _shown(payload)):
        payload["card"]["body"]["elements"].append(small(keyword))


def _shown(value: Any) -> Iterator[str]:
    """Yield the texts of a card."""
    if isinstance(value, list):
        for inner in value:
            yield from _shown(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "content" and isinstance(inner, str):
                yield inner
            else:
                yield from _shown(inner)
