"""Proof of origin: what we sign, and what we believe.

Every check answers yes or no in constant time, and never says what was wrong.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

#: How far a custom bot's timestamp may be from ours (Lark docs: one hour).
POST_TOLERANCE = timedelta(hours=1)

#: How far the timestamp of a signed webhook may be from ours.
WEBHOOK_TOLERANCE = timedelta(minutes=5)

GRAFANA_SIGNATURE = "X-Grafana-Alerting-Signature"
#: Grafana lets its admin name this header; these two are the names its docs use.
GRAFANA_TIMESTAMPS = (
    "X-Grafana-Alerting-Signature-Timestamp",
    "X-Grafana-Alerting-Timestamp",
)


def sign_post(
    payload: Mapping[str, Any], *, secret: str, now: datetime
) -> dict[str, Any]:
    """Return *payload* with the ``timestamp`` and ``sign`` that a custom bot asks."""
    timestamp = str(int(now.timestamp()))
    return {
        "timestamp": timestamp,
        "sign": post_signature(timestamp, secret=secret),
        **payload,
    }


def post_signature(timestamp: str, *, secret: str) -> str:
    """Return the signature of a custom bot's post. Lark signs no body: only the time.

    The timestamp and the secret are the *key*, and the message is empty.
    """
    key = _utf8(f"{timestamp}\n{secret}")
    return base64.b64encode(hmac.digest(key, b"", "sha256")).decode()


def post_is_signed(payload: Mapping[str, Any], *, secret: str, now: datetime) -> bool:
    """Return whether *payload* carries a right and recent signature of a custom bot."""
    timestamp, sign = payload.get("timestamp"), payload.get("sign")
    if isinstance(timestamp, int) and not isinstance(timestamp, bool):
        timestamp = str(timestamp)
    if not isinstance(timestamp, str) or not isinstance(sign, str):
        return False
    expected = post_signature(timestamp, secret=secret)
    return same(sign, expected) and _recent(timestamp, now, POST_TOLERANCE)


def event_signature(body: bytes, *, timestamp: str, nonce: str, key: str) -> str:
    """Return Lark's signature of an event: a plain SHA-256, not an HMAC."""
    return hashlib.sha256(_utf8(f"{timestamp}{nonce}{key}") + body).hexdigest()


def event_is_signed(body: bytes, headers: Mapping[str, str], *, key: str) -> bool:
    """Return whether *body*, as received, carries Lark's signature.

    Its age is not judged: Lark redelivers for hours, and does not say whether it signs
    anew. Redeliveries are known by their id.
    """
    timestamp = header(headers, "X-Lark-Request-Timestamp")
    nonce = header(headers, "X-Lark-Request-Nonce")
    signature = header(headers, "X-Lark-Signature")
    if timestamp is None or nonce is None or signature is None:
        return False
    return same(
        signature, event_signature(body, timestamp=timestamp, nonce=nonce, key=key)
    )


def sign_webhook(
    body: bytes, *, secret: str, message_id: str, now: datetime
) -> dict[str, str]:
    """Return the headers that prove *body* by Standard Webhooks 1.0.

    HMAC-SHA256 over ``id.timestamp.body``. A secret that begins with ``whsec_`` is
    base64, as the standard has it; another is its own letters.
    """
    timestamp = str(int(now.timestamp()))
    key = _utf8(secret)
    if secret.startswith("whsec_"):
        key = next(_webhook_keys(secret), key)
    signed = _utf8(f"{message_id}.{timestamp}.") + body
    signature = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
    }


def webhook_is_signed(
    body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime
) -> bool:
    """Return whether *body* is signed by Standard Webhooks 1.0, and recently.

    A sender that rotates its secret sends several signatures; one right one will do.
    """
    message_id = header(headers, "webhook-id")
    timestamp = header(headers, "webhook-timestamp")
    signatures = header(headers, "webhook-signature")
    if not message_id or not timestamp or not signatures:
        return False
    signed = _utf8(f"{message_id}.{timestamp}.") + body
    expected = [
        base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
        for key in _webhook_keys(secret)
    ]
    right = False
    for candidate in signatures.split(" ")[:16]:
        version, _, signature = candidate.partition(",")
        for each in expected:
            # No early exit: how many were tried must not show.
            right |= version == "v1" and same(signature, each)
    return right and _recent(timestamp, now, WEBHOOK_TOLERANCE)


def _webhook_keys(secret: str) -> Iterator[bytes]:
    """Yield what *secret* may stand for: base64 by the standard, or its own letters."""
    written = secret.removeprefix("whsec_")
    padding = "=" * (-len(written) % 4)
    with suppress(ValueError):
        key = base64.b64decode(written + padding, validate=True)
        # An empty key is one that everybody has.
        if key:
            yield key
    if written == secret and secret:
        yield _utf8(secret)


def grafana_is_signed(
    body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime
) -> bool:
    """Return whether *body* carries Grafana's HMAC, with or without a timestamp."""
    signature = header(headers, GRAFANA_SIGNATURE)
    if not signature:
        return False
    key = _utf8(secret)
    for name in GRAFANA_TIMESTAMPS:
        if (timestamp := header(headers, name)) is not None:
            dated = _utf8(f"{timestamp}:") + body
            return same(signature, hmac.digest(key, dated, "sha256").hex()) and (
                _recent(timestamp, now, WEBHOOK_TOLERANCE)
            )
    return same(signature, hmac.digest(key, body, "sha256").hex())


def same(one: str, other: str) -> bool:
    """Return whether two texts are equal, in a time that tells nothing of either."""
    return hmac.compare_digest(_utf8(one), _utf8(other))


def header(headers: Mapping[str, str], name: str) -> str | None:
    """Return the header called *name*, in any case, or ``None``."""
    found = headers.get(name)
    if found is not None:
        return found
    wanted = name.lower()
    return next((headers[key] for key in headers if key.lower() == wanted), None)


def _recent(timestamp: str, now: datetime, tolerance: timedelta) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= tolerance.total_seconds()


def _utf8(text: str) -> bytes:
    # A header may hold bytes that are no UTF-8, which arrive as lone surrogates.
    return text.encode("utf-8", "surrogatepass")
