"""The requests of Tencent Cloud's SDK, as we want them sent. Runs in a thread.

The SDK signs; what it does beyond that is not ours: it follows redirects with our
signature, keeps no hold of its connections, and sees no error in an answer whose
content type says more than ``application/json``. So it is given a wire of our own, and
what came back is read from there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import certifi
import requests
import urllib3
from tencentcloud.common.abstract_client import LOGGER_NAME
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile

from bot.errors import Parked, TransportError, Unanswered
from store.wording import _

# At its most talkative it would write keys' ids and phone numbers into the log.
logging.getLogger(LOGGER_NAME).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One call: to where, of what, signed by whom."""

    scheme: str
    host: str
    service: str
    version: str
    action: str
    params: Mapping[str, Any]
    region: str
    language: str
    secret_id: str
    secret_key: str
    connect: float
    read: float

    def __repr__(self) -> str:
        return f"Ask({self.service}.{self.action})"


def ask(call: Ask) -> tuple[int, bytes]:
    """Return the status and the body that came back.

    Raises ``TransportError`` where nothing was sent, and ``Unanswered`` where nobody
    knows.
    """
    with requests.Session() as session:
        wire = _Wire(session, (call.connect, call.read))
        try:
            client = _client(call)
            client.request.conn = wire
            client.call(call.action, dict(call.params))
        except (TencentCloudSDKException, ValueError, LookupError, TypeError):
            # What it makes of the answer does not matter: the answer does.
            if wire.failed is not None:
                raise wire.failed from None
        if wire.answer is None:
            raise Parked(_("the API key of Tencent Cloud is none that can sign"))
        return wire.answer


def _client(call: Ask) -> CommonClient:
    """Return the SDK's client, which signs."""
    return CommonClient(
        call.service,
        call.version,
        Credential(call.secret_id, call.secret_key),
        call.region,
        ClientProfile(
            httpProfile=HttpProfile(protocol=call.scheme, endpoint=call.host),
            language=call.language,
        ),
    )


class _Wire:
    """What the SDK sends through: one session, no redirects, no ``.netrc``."""

    request_length = 0

    def __init__(self, session: requests.Session, timeout: tuple[float, float]) -> None:
        # No ``.netrc`` in place of our signature, and no proxies: as everywhere here.
        session.trust_env = False
        self._session = session
        self._timeout = timeout
        self.answer: tuple[int, bytes] | None = None
        self.failed: TransportError | None = None

    def request(
        self, method: str, url: str, body: Any, headers: dict[str, str]
    ) -> requests.Response:
        """Send once. The SDK wraps whatever is raised here."""
        try:
            response = self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=self._timeout,
                verify=certifi.where(),
                allow_redirects=False,
            )
        except requests.RequestException as exc:
            self.failed = _meaning(exc)
            raise
        self.answer = response.status_code, response.content
        return response


def _meaning(exc: requests.RequestException) -> TransportError:
    """Return what it means for the call. The cause may carry the request."""
    kind = type(exc).__name__
    reason = getattr(exc.args[0] if exc.args else None, "reason", None)
    unsent = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.SSLError,
    )
    if isinstance(reason, unsent) or isinstance(
        exc, (requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL)
    ):
        return TransportError(_("could not reach Tencent Cloud: {error}", error=kind))
    return Unanswered(_("Tencent Cloud did not answer: {error}", error=kind))
