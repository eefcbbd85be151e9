"""Text messages and calls by any gateway that takes a POST: filled in, signed, judged.

Redirects are not followed, and TLS is verified: the number and the words go to whom the
admin named, and to nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import orjson

from bot.clock import Clock
from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.lark.signing import sign_webhook
from bot.phones.said import Said
from bot.phones.segments import plain
from bot.phones.template import BodyTemplate
from bot.secret import Secret
from store.wording import _

#: The longest that one post may take, in seconds: less than a lane's lease.
TIMEOUT = 20.0
_CONNECT = 0.25
#: More of an answer than this is not read.
_LONGEST_ANSWER = 64 * 1024
_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=10)
_NOTHING_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    aiohttp.NonHttpUrlClientError,
)
#: What may be somebody's number is not repeated.
_DIGITS = re.compile(r"\d{5,}")


@dataclass(frozen=True, slots=True)
class Success:
    """Which answers say that it was sent: any 2xx, unless more is asked.

    ``field`` is where to look in a JSON answer, with dots; ``values`` what may stand
    there, written as text.
    """

    statuses: Sequence[int] = ()
    field: str = ""
    values: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Where to post, and how."""

    url: Secret
    template: BodyTemplate
    method: str = "POST"
    headers: Mapping[str, Secret] = field(default_factory=dict)
    secret: Secret | None = None
    success: Success = field(default_factory=Success)


class HttpCarrier:
    """Posts to a gateway. ``webhook-id`` lets it see a second attempt as such."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        gateway: Gateway,
        *,
        clock: Clock,
        timeout: float = TIMEOUT,
    ) -> None:
        self._session = session
        self._gateway = gateway
        self._clock = clock
        self._timeout = timeout

    async def carry(self, number: str, said: Said, *, key: str) -> str:
        """Post once. A gateway's id would be of no use to us."""
        gateway = self._gateway
        values = {**said.parts, "number": number, "key": key}
        try:
            body = gateway.template.filled(values)
        except ValueError:
            raise Refused(
                _("the template of the gateway's body cannot be filled in")
            ) from None
        status, headers, answer = await self._post(body, self._headers(body, key))
        _judge(gateway.success, status, headers, answer)
        return ""

    def _headers(self, body: bytes, key: str) -> dict[str, str]:
        gateway = self._gateway
        written = {name: value.reveal() for name, value in gateway.headers.items()}
        proof = {"webhook-id": key}
        if gateway.secret is not None:
            secret, now = gateway.secret.reveal(), self._clock.now()
            proof = sign_webhook(body, secret=secret, message_id=key, now=now)
        return {"Content-Type": gateway.template.content_type, **written, **proof}

    async def _post(
        self, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        timeout = aiohttp.ClientTimeout(
            total=self._timeout,
            sock_connect=self._timeout * _CONNECT,
            ceil_threshold=2 * self._timeout,
        )
        try:
            async with self._session.request(
                self._gateway.method,
                self._gateway.url.reveal(),
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                answer = await _read(response.content)
                return response.status, response.headers, answer
        except _NOTHING_SENT as exc:
            # The cause carries the URL, so it goes no further.
            raise TransportError(
                _("could not reach the gateway: {error}", error=type(exc).__name__)
            ) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            raise Unanswered(
                _("the gateway did not answer: {error}", error=type(exc).__name__)
            ) from None


async def _read(content: aiohttp.StreamReader) -> bytes:
    """Return what there is of an answer, as far as anybody would look."""
    found = b""
    async for chunk in content.iter_any():
        found += chunk
        if len(found) >= _LONGEST_ANSWER:
            break
    return found[:_LONGEST_ANSWER]


def _judge(
    success: Success, status: int, headers: Mapping[str, str], answer: bytes
) -> None:
    """Return where *success* says that it was sent; raise what to do instead."""
    accepted = success.statuses or range(200, 300)
    if status in accepted:
        _judge_answer(success, answer)
        return
    if status == 429 or (status == 503 and "Retry-After" in headers):
        raise Throttled(_("the gateway is busy"), retry_after=_wait(headers))
    if status in (408, 425) or status >= 500 or status < 200:
        raise Unanswered(_("the gateway answered HTTP {status}", status=status))
    if status in (401, 403, 407):
        raise Parked(
            _(
                "the gateway does not let us in (HTTP {status}): "
                "check headers and secret",
                status=status,
            )
        )
    if 300 <= status < 400:
        raise Parked(
            _("the gateway sends us elsewhere, where we do not go: check its url")
        )
    if status in (404, 405, 410):
        raise Parked(
            _(
                "there is no gateway at this address (HTTP {status}): check its url",
                status=status,
            )
        )
    raise Refused(_("the gateway refused it (HTTP {status})", status=status))


def _judge_answer(success: Success, answer: bytes) -> None:
    if not success.field:
        return
    try:
        found: Any = orjson.loads(answer)
        for name in success.field.split("."):
            found = found[int(name)] if isinstance(found, list) else found[name]
    except (ValueError, LookupError, TypeError):
        raise Unanswered(
            _("the gateway's answer has no {field}", field=success.field)
        ) from None
    said = _as_text(found)
    if said in success.values:
        return
    shown = _DIGITS.sub("…", plain(said, most=40))
    raise Refused(
        _(
            "the gateway refused it: {field} is {value}",
            field=success.field,
            value=shown,
        )
    )


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _wait(headers: Mapping[str, str]) -> timedelta:
    try:
        told = timedelta(seconds=float(headers.get("Retry-After", "")))
    except (ValueError, OverflowError):
        return _WAIT
    return min(max(told, timedelta(seconds=1)), _LONGEST_WAIT)
