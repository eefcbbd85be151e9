"""A custom bot in one group: a signed webhook. Its URL is a credential."""

from __future__ import annotations

import aiohttp
import orjson

from bot.channels.posting import Posting
from bot.clock import Clock
from bot.errors import Parked
from bot.lark.codes import judge
from bot.lark.http import TIMEOUT, call
from bot.lark.signing import sign_post


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
        robot = posting.robot
        if robot is None:
            raise Parked("this robot is not configured any more")
        payload = orjson.loads(posting.payload)
        if robot.secret is not None:
            payload = sign_post(payload, secret=robot.secret, now=self._clock.now())
        status, answer, headers = await call(
            self._session,
            "POST",
            robot.webhook,
            body=orjson.dumps(payload),
            timeout=self._timeout,
        )
        judge(status, answer, headers)
        return ""
