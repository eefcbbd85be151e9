"""What can be asked about do-not-disturb, and how each is written best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers.context import Context
from handlers.language.durations import write_duration
from handlers.names import plain_or_quoted
from handlers.rules.hours import days_words, hours_words
from handlers.rules.methods import ALL, method_words
from store.values import Channel, Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Keep these types back in these hours."""

    start: int | None
    end: int | None
    days: str = "daily"
    patterns: tuple[str, ...] = ("*",)
    mutes: frozenset[Channel] = ALL
    zone: str
    calendar: str
    spare_critical: bool = True
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Show the windows."""

    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take one window away."""

    name: str
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Make a YAML window what the YAML says."""

    name: str
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """Take every window away."""

    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Show when the windows will be open."""

    long: timedelta
    target: Destination


Request = Add | List | Remove | Reset | Off | Preview


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    match request:
        case Add():
            words = _add(request, context)
        case List():
            words = ["list"]
        case Remove():
            words = ["remove", plain_or_quoted(request.name)]
        case Reset():
            words = ["reset", plain_or_quoted(request.name)]
        case Off():
            words = ["off"]
        case Preview():
            words = ["preview", write_duration(request.long)]
    if request.target != context.home:
        words.append(f"for {context.write(request.target)}")
    return " ".join(["/dnd", *words])


def _add(request: Add, context: Context) -> list[str]:
    words = ["add", hours_words(request.start, request.end), days_words(request.days)]
    if request.patterns != ("*",):
        words.append(" ".join(request.patterns))
    if request.mutes != ALL:
        words.append(f"mute {method_words(request.mutes)}")
    words.append(request.zone)
    if request.calendar != context.calendar:
        words.append(f"calendar {request.calendar}")
    words.append("except critical" if request.spare_critical else "including critical")
    return words
