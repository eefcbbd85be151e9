"""Tenant access tokens: short-lived, reused while fresh, revocable."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.state import App

#: Below this remaining life a new token is issued, and both stay valid.
FRESH = timedelta(minutes=30)


@dataclass(slots=True)
class Token:
    """One token and until when it is good."""

    text: str
    app: App
    expires_at: datetime


@dataclass(slots=True)
class Tokens:
    """All tokens that were issued and not revoked."""

    issued: dict[str, Token] = field(default_factory=dict)

    def issue(self, app: App, *, now: datetime, life: int) -> tuple[str, int]:
        """Return a token of *app* and the seconds it has left."""
        newest = max(
            (token for token in self.issued.values() if token.app is app),
            key=lambda token: token.expires_at,
            default=None,
        )
        if newest is None or newest.expires_at - now < FRESH:
            newest = Token(
                "t-" + secrets.token_urlsafe(24), app, now + timedelta(seconds=life)
            )
            self.issued[newest.text] = newest
        return newest.text, int((newest.expires_at - now).total_seconds())

    def owner(self, text: str, *, now: datetime) -> App | None:
        """Return the app whose valid token *text* is, or None."""
        token = self.issued.get(text)
        return token.app if token is not None and now < token.expires_at else None

    def revoke(self, app: App) -> None:
        """Make every token of *app* worthless at once."""
        for text in [t.text for t in self.issued.values() if t.app is app]:
            del self.issued[text]
