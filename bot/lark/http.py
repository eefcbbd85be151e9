"""One POST to Lark, and the verdict on its answer. The rim of everything we send."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import orjson

from bot.errors import TransportError, Trouble, Unanswered
from store.wording import _

#: The longest that sending one message may take, in seconds, whatever it needs: a
#: token, the message, another token, the message again. Less than a lane's lease; and
#: long, because a robot that answers later than we wait is posted to again.
TIMEOUT = 26.0
#: The longest that we wait for a token: it must leave time for the message.
TOKEN_TIMEOUT = 12.0
#: The share of it that connecting may take: whoever is not there has taken nothing.
_CONNECT = 0.25

_JSON = {"Content-Type": "application/json; charset=utf-8"}

_NOTHING_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)

log = logging.getLogger(__name__)


async def call(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,  # noqa: ASYNC109 - aiohttp's own, total
) -> tuple[int, Any, Mapping[str, str]]:
    """Return the status, the JSON (``None`` where it is none) and the headers.

    Raises ``TransportError`` where nothing was sent, and ``Unanswered`` where nobody
    knows. Redirects are not followed: the answer must come from whom we asked.
    """
    try:
        async with session.request(
            method,
            url,
            data=body,
            headers={**_JSON, **(headers or {})},
            timeout=aiohttp.ClientTimeout(
                total=timeout,
                sock_connect=timeout * _CONNECT,
                # aiohttp would round long ones up, and a lease is counted exactly.
                ceil_threshold=2 * timeout,
            ),
            allow_redirects=False,
        ) as response:
            text = await response.read()
            return response.status, _json(text), response.headers
    except _NOTHING_SENT as exc:
        # The cause carries the URL, so it goes no further.
        raise TransportError(
            _("could not reach Lark: {error}", error=type(exc).__name__),
            trouble=_trouble(exc),
        ) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise Unanswered(
            _("Lark did not answer: {error}", error=type(exc).__name__),
            trouble=Trouble.SILENCE,
        ) from None


def _trouble(exc: Exception) -> Trouble:
    """Return what kept us from sending anything."""
    match exc:
        case aiohttp.ClientConnectorDNSError():
            return Trouble.NAME
        case aiohttp.ClientSSLError():
            return Trouble.TLS
        case _:
            return Trouble.CONNECTION


def _json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
