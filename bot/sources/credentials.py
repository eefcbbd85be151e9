"""Whether a request comes from the source it claims to be. The answer is yes or no.

Tokens are compared by their digests: equal time for all, and found among many sources
without trying each.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.lark import signing


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What one source proves itself with: a token, a secret, or both."""

    source: str
    kind: str
    token: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)


def proves(
    credential: Credential,
    *,
    body: bytes,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    now: datetime,
) -> bool:
    """Return whether the request holds the source's token, or its signature.

    One of them is enough where a source has both; without either nothing is proved.
    A ``lark-hook`` has a door of its own, which asks for both: see ``proves_hook``.
    """
    if credential.kind == "lark-hook":
        return False
    shown = tuple(presented(headers, query))
    if credential.token and any(_same(each, credential.token) for each in shown):
        return True
    return is_signed(credential, body=body, headers=headers, now=now)


def proves_hook(
    credential: Credential, *, token: str, payload: Mapping[str, Any], now: datetime
) -> bool:
    """Return whether a Lark-compatible post is signed, if its source has a secret.

    The *token* is the end of its address; it must be right as well.
    """
    if not credential.token or not _same(token, credential.token):
        return False
    return hook_is_signed(credential, payload=payload, now=now)


def hook_is_signed(
    credential: Credential, *, payload: Mapping[str, Any], now: datetime
) -> bool:
    """Return whether a Lark-compatible post carries the sign that its source asks."""
    return not credential.secret or signing.post_is_signed(
        payload, secret=credential.secret, now=now
    )


def is_signed(
    credential: Credential, *, body: bytes, headers: Mapping[str, str], now: datetime
) -> bool:
    """Return whether the request is signed by Standard Webhooks, or by Grafana."""
    secret = credential.secret
    if not secret:
        return False
    return signing.webhook_is_signed(
        body, headers, secret=secret, now=now
    ) or signing.grafana_is_signed(body, headers, secret=secret, now=now)


def presented(headers: Mapping[str, str], query: Mapping[str, str]) -> Iterator[str]:
    """Yield the tokens that a request shows: bearer, Basic password, ``?token=``."""
    scheme, _, value = (signing.header(headers, "Authorization") or "").partition(" ")
    value = value.strip()
    if value and scheme.lower() == "bearer":
        yield value
    elif value and scheme.lower() == "basic":
        try:
            pair = base64.b64decode(value, validate=True).decode()
        except ValueError:
            pair = ""
        if password := pair.partition(":")[2]:
            yield password
    if token := query.get("token"):
        yield token


class Keyring:
    """The credentials of all sources whose requests do not name them."""

    __slots__ = ("_by_digest", "_by_header", "_signing")

    def __init__(self, credentials: Iterable[Credential]) -> None:
        every = tuple(credentials)
        self._by_digest = {_digest(each.token): each for each in every if each.token}
        self._by_header = {
            _digest(f"Bearer {each.token}"): each for each in every if each.token
        }
        self._signing = tuple(each for each in every if each.secret)

    def find(
        self,
        *,
        body: bytes,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        now: datetime,
    ) -> Credential | None:
        """Return whose request it is, or ``None``."""
        for token in presented(headers, query):
            if (found := self.find_token(token)) is not None:
                return found
        for each in self._signing:
            if is_signed(each, body=body, headers=headers, now=now):
                return each
        return None

    def find_bearer(self, headers: Mapping[str, str]) -> Credential | None:
        """Return whose bearer token it is, written as nearly everybody writes it.

        For the price of one digest; ``find`` sees what else a request may show.
        """
        written = headers.get("Authorization")
        return None if written is None else self._by_header.get(_digest(written))

    def find_token(self, token: str) -> Credential | None:
        """Return whose *token* it is, or ``None``.

        What is looked up is a digest: how long that takes tells nothing of a token.
        """
        return self._by_digest.get(_digest(token))


def _same(one: str, other: str) -> bool:
    # Digests are of one length, so not even the length of the token shows.
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
