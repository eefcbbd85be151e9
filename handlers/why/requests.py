"""What can be asked of /why, and how each is written best."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from handlers.context import Context
from handlers.language.channels import write_channels
from handlers.language.moments import write_moment
from handlers.language.text import quoted
from handlers.names import plain_or_quoted
from handlers.rules.terms import LABEL, OWN_KEYS
from store.values import Channel, Destination, Notification, Severity, Status

_PLAIN = re.compile(r"[\w./@+%#&~-]+")
#: Labels by these names are written with where they stand: ``labels.to=…``.
_TAKEN = OWN_KEYS | {"body", "fingerprint", "to", "for", "via", "at", "if"}
#: No message that was accepted has such a number: all others are older than this one.
LAST = 2**62


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the 123 of M123?"""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppose:
    """What would become of such a message?

    ``at`` of ``None`` means now, ``to`` this chat and its robots, and an empty ``via``
    whatever channels there are.
    """

    type: str
    severity: Severity
    title: str = ""
    body: str = ""
    source: str = ""
    status: Status | None = None
    fingerprint: str | None = None
    labels: tuple[tuple[str, str], ...] = field(default=())
    at: datetime | None = None
    to: Destination | None = None
    via: frozenset[Channel] = frozenset()

    def message(self, now: datetime) -> Notification:
        """Return the message, as if it were accepted then."""
        return Notification(
            number=LAST,
            source=self.source,
            type=self.type,
            severity=self.severity,
            title=self.title,
            accepted_at=self.at or now,
            status=self.status,
            body=self.body,
            fingerprint=self.fingerprint,
            labels=dict(self.labels),
        )


Request = Asked | Suppose


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    if isinstance(request, Asked):
        return f"/why M{request.number}"
    words = ["/why if", *write_message(request.message(context.now))]
    if request.at is not None:
        moment = write_moment(request.at, context.clock)
        words.append(f"at {quoted(moment)}")
    if request.to is not None:
        words.append(f"to {context.write(request.to)}")
    if request.via:
        words.append(f"via {write_channels(request.via)}")
    return " ".join(words)


def write_message(seen: Notification) -> list[str]:
    """Return what *seen* says, one word a part."""
    words = [f"type={seen.type}", f"severity={seen.severity.word}"]
    if seen.status is not None:
        words.append(f"status={seen.status}")
    said = {
        "source": seen.source,
        "fingerprint": seen.fingerprint or "",
        "title": seen.title,
        "body": seen.body,
    }
    words += [f"{key}={_value(value)}" for key, value in said.items() if value]
    words += [f"{_key(key)}={_value(value)}" for key, value in seen.labels.items()]
    return words


def _key(name: str) -> str:
    plain = name.casefold() not in _TAKEN and not name.startswith((LABEL, "label."))
    return plain_or_quoted(name) if plain else f"{LABEL}{name}"


def _value(value: str) -> str:
    return value if _PLAIN.fullmatch(value) and value[0] != "-" else quoted(value)
