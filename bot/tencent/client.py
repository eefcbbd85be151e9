"""Tencent Cloud's API: one call, signed by the SDK's generic client in a thread.

Bills, text messages and calls go through it. Retries are their caller's: the SDK's own
end in a failure even where the second attempt succeeds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, NoReturn
from urllib.parse import urlsplit

from bot.errors import TransportError, Unanswered
from bot.secret import Secret
from store.values import Json
from store.wording import _

Site = Literal["intl", "domestic"]

#: Where the API answers. Keys of one site do not work on the other.
DOMAINS: Mapping[Site, str] = {
    "intl": "intl.tencentcloudapi.com",
    "domestic": "tencentcloudapi.com",
}
#: The longest that one call may take, in seconds: less than a lane's lease.
TIMEOUT = 24.0
#: The share of it for connecting, and for each silence of the other side.
_CONNECT, _SILENCE = 0.25, 0.7
#: How many calls run at once. Each is a thread.
_CALLS = 8


@dataclass(frozen=True, slots=True)
class Action:
    """What can be asked: of which service, in which version, by its name."""

    service: str
    version: str
    name: str


class CloudRefused(Exception):
    """Tencent Cloud answered, and the answer is an error.

    ``code`` is its own, such as ``RequestLimitExceeded``; ``message`` explains it and
    may hold what was asked, so it is for admins only; ``request`` is what its support
    asks for. What a code means is its caller's business (``bot/tencent/codes.py``).
    """

    def __init__(self, code: str, message: str = "", request: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.request = request


class TencentClient:
    """The calls that we make with one key. Secrets stay inside."""

    def __init__(
        self,
        *,
        secret_id: Secret,
        secret_key: Secret,
        site: Site = "intl",
        endpoint: str | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        """*endpoint* is another address than the site's, such as a stand-in's."""
        self._secret_id = secret_id
        self._secret_key = secret_key
        self._site: Site = site
        self._endpoint = urlsplit(endpoint) if endpoint else None
        self._timeout = timeout
        self._threads = ThreadPoolExecutor(_CALLS, thread_name_prefix="tencent")

    async def call(
        self,
        action: Action,
        params: Mapping[str, Any],
        *,
        region: str = "",
        language: Literal["en-US", "zh-CN"] = "en-US",
    ) -> Json:
        """Ask once; return what is in ``Response``, with ``Decimal`` for every float.

        Raises ``CloudRefused`` for an error in the answer, ``TransportError`` where
        nothing was sent, and ``Unanswered`` where nobody knows.
        """
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(
            self._threads, self._ask, action, params, region, language
        )
        try:
            async with asyncio.timeout(self._timeout):
                status, body = await asked
        except TimeoutError:
            raise Unanswered(
                _("Tencent Cloud did not answer: {error}", error="TimeoutError")
            ) from None
        return _read(status, body)

    def close(self) -> None:
        """Take no more calls; what is under way is waited for by nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask(
        self, action: Action, params: Mapping[str, Any], region: str, language: str
    ) -> tuple[int, bytes]:
        # In the thread: the SDK takes a while to load, and not everybody needs it.
        from bot.tencent import wire

        given = self._endpoint
        return wire.ask(
            wire.Ask(
                scheme=given.scheme if given else "https",
                host=given.netloc if given else self._host(action.service),
                service=action.service,
                version=action.version,
                action=action.name,
                params=params,
                region=region,
                language=language,
                secret_id=self._secret_id.reveal(),
                secret_key=self._secret_key.reveal(),
                connect=self._timeout * _CONNECT,
                read=self._timeout * _SILENCE,
            )
        )

    def _host(self, service: str) -> str:
        return f"{service}.{DOMAINS[self._site]}"


def _read(status: int, body: bytes) -> Json:
    """Return what the answer holds. Its errors come with HTTP 200, in the body."""
    try:
        answer = json.loads(body, parse_float=Decimal)["Response"]
        error = answer.get("Error")
    except (ValueError, LookupError, TypeError, AttributeError):
        # A gateway's page, or no sense at all: perhaps it went through.
        raise Unanswered(
            _("Tencent Cloud answered HTTP {status}", status=status)
        ) from None
    if error is not None:
        _refused(error, str(answer.get("RequestId", "")))
    if status != 200:
        raise _nonsense(status)
    found: Json = answer
    return found


def _nonsense(status: int) -> Unanswered:
    return Unanswered(_("Tencent Cloud answered HTTP {status}", status=status))


def _refused(error: Any, request: str) -> NoReturn:
    if not isinstance(error, dict) or not isinstance(error.get("Code"), str):
        raise TransportError(_("Tencent Cloud refused"))
    raise CloudRefused(error["Code"], str(error.get("Message", "")), request)
