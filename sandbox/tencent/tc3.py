"""Tencent Cloud's signatures, checked: TC3-HMAC-SHA256 over one request."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

#: How far a request's clock may be from ours (Tencent Cloud docs: "Signature v3").
TOLERANCE = timedelta(minutes=5)

_AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<id>[^/,]+)/(?P<date>\d{4}-\d\d-\d\d)"
    r"/(?P<service>[a-z0-9]+)/tc3_request, *"
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), *Signature=(?P<signature>[0-9a-f]{64})"
)
_SIGNED = frozenset({"content-type", "host"})


class BadSignature(Exception):
    """A request is not signed as it should be. Its text is the code of the refusal."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed a request, and for which service."""

    secret_id: str
    service: str


def check(
    headers: Mapping[str, str], body: bytes, keys: Mapping[str, str], *, now: datetime
) -> Signed:
    """Return who signed a ``POST /``; *keys* are secret ids and their keys.

    Raises ``BadSignature``.
    """
    found = _AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
    if found is None or not set(found["headers"].split(";")) >= _SIGNED:
        raise BadSignature("AuthFailure.InvalidAuthorization")
    if found["id"] not in keys:
        raise BadSignature("AuthFailure.SecretIdNotFound")
    timestamp = headers.get("X-TC-Timestamp", "")
    if not re.fullmatch(r"\d{1,12}", timestamp):
        raise BadSignature("MissingParameter")
    at = datetime.fromtimestamp(int(timestamp), UTC)
    if abs(now - at) > TOLERANCE:
        raise BadSignature("AuthFailure.SignatureExpire")
    scope = f"{at:%Y-%m-%d}/{found['service']}/tc3_request"
    canonical = _canonical(headers, found["headers"], body)
    to_sign = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{_digest(canonical)}"
    key = f"TC3{keys[found['id']]}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    right = hmac.digest(key, to_sign.encode(), "sha256").hex()
    if found["date"] != f"{at:%Y-%m-%d}" or not hmac.compare_digest(
        right, found["signature"]
    ):
        raise BadSignature("AuthFailure.SignatureFailure")
    return Signed(found["id"], found["service"])


def _canonical(headers: Mapping[str, str], names: str, body: bytes) -> bytes:
    """Return a request as it is signed."""
    lines = "".join(
        f"{name}:{headers.get(name, '').strip().lower()}\n" for name in names.split(";")
    )
    return f"POST\n/\n\n{lines}\n{names}\n{_digest(body)}".encode()


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
