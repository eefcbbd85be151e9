"""What can be asked of an inbox, and how each is written best."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from handlers.context import Context
from handlers.language.conditions import write_filter
from handlers.language.moments import write_moment
from handlers.rules.filters import Filter, parse

EVERYTHING = parse("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """A page: what matches, newest first, from below one message on.

    ``unrouted`` is the inbox of what nobody subscribed to.
    """

    patterns: tuple[str, ...] = ()
    where: Filter = field(default_factory=lambda: EVERYTHING)
    unread: bool = False
    unrouted: bool = False
    since: datetime | None = None
    before: datetime | None = None
    below: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One message in full."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Mark messages as read; all of them where none is named."""

    numbers: tuple[int, ...] = ()
    unrouted: bool = False


Request = Show | Open | Read


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    match request:
        case Show():
            words = _show(request, context)
        case Open():
            words = [f"M{request.number}"]
        case Read():
            named = [f"M{each}" for each in request.numbers]
            words = ["unrouted"] if request.unrouted else []
            words += ["read", *(named or ["all"])]
    return " ".join(["/inbox", *filter(None, words)])


def _show(request: Show, context: Context) -> list[str]:
    words = ["unrouted" if request.unrouted else "", *request.patterns]
    if request.unread:
        words.append("unread")
    if request.since is not None:
        words.append(f"since {write_moment(request.since, context.clock)}")
    if request.before is not None:
        words.append(f"before {write_moment(request.before, context.clock)}")
    if request.where.term is not None:
        words.append(write_filter(request.where, context.types))
    if request.below is not None:
        words.append(f"below M{request.below}")
    return words
