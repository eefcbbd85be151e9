"""One call of the API, past the gateway."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from multidict import MultiMapping

from sandbox.platform import Platform
from sandbox.refusal import Json, Refusal, bad_field
from sandbox.state import App
from sandbox.tenant import Tenant

#: Makes page tokens opaque, and those of another run worthless.
_SALT = secrets.token_hex(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who calls, with what, when."""

    platform: Platform
    app: App
    now: datetime
    query: MultiMapping[str]
    path: Mapping[str, str]
    body: Json
    size: int

    @property
    def tenant(self) -> Tenant:
        """Where the caller's bot lives."""
        return self.platform.tenant

    def needs(self, *names: str) -> None:
        """Raise 99992402 unless the body has all of *names*."""
        for name in names:
            if self.body.get(name) in (None, ""):
                raise bad_field(name, "", f"{name} is required")

    def needs_bot(self, code: int) -> None:
        """Raise *code* unless a version with the bot ability was published."""
        if not self.app.published:
            raise Refusal(code)


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the API: where it is, who may, how it is counted."""

    name: str
    method: str
    path: str
    answer: Handler
    #: Any one of these will do; none at all means that none is needed.
    scopes: tuple[str, ...] = ()
    #: Whether it counts against the tenant's monthly calls.
    billed: bool = True
    #: The only region where it exists; nothing for both.
    region: str = ""
    #: Where the answer stands in the body.
    envelope: str = "data"


def page(items: Sequence[Json | None], call: Call) -> Json:
    """Return one page of *items* with an opaque token for the next.

    A place may be None: then it is skipped, and the page is shorter for it, as with the
    bots in a list of members.
    """
    size = call.query.get("page_size", "20")
    if not size.isdecimal() or not 1 <= int(size) <= 100:
        raise Refusal(232001)
    start = _read_page_token(call.query.get("page_token", ""))
    end = start + int(size)
    shown = [item for item in items[start:end] if item is not None]
    more = end < len(items)
    token = _page_token(end) if more else ""
    return {"items": shown, "page_token": token, "has_more": more}


def _page_token(start: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([_SALT, start]).encode()).decode()


def _read_page_token(token: str) -> int:
    if not token:
        return 0
    try:
        salt, start = json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        raise Refusal(232001) from None
    if salt != _SALT:
        raise Refusal(232001)
    return int(start)
