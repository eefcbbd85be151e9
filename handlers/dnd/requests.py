"""What can be asked about do-not-disturb, and how each is written best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from handlers.context import Context
from handlers.language.clocks import Hours
from handlers.language.durations import write_duration
from handlers.language.text import quoted
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
class Usual:
    """Keep these types back in the hours that are usual here."""

    patterns: tuple[str, ...]
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Make one window another one. What is ``None`` stays as it is."""

    name: str
    hours: Hours | None = None
    days: str | None = None
    patterns: tuple[str, ...] | None = None
    mutes: frozenset[Channel] | None = None
    zone: str | None = None
    calendar: str | None = None
    spare_critical: bool | None = None
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
    """Take every window away, or these types out of those that name them."""

    patterns: tuple[str, ...] = ()
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Show when the windows will be open."""

    long: timedelta
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """Show the form: for a new window, perhaps for these types, or for one that is."""

    name: str = ""
    patterns: tuple[str, ...] = ()
    target: Destination


Request = Add | Usual | Set | List | Remove | Reset | Off | Preview | Fill


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    match request:
        case Add():
            words = _add(request, context)
        case Usual():
            words = ["add", *request.patterns]
        case Set():
            words = ["set", plain_or_quoted(request.name), *_set(request)]
        case List():
            words = ["list"]
        case Remove():
            words = ["remove", plain_or_quoted(request.name)]
        case Reset():
            words = ["reset", plain_or_quoted(request.name)]
        case Off():
            words = ["off", *request.patterns]
        case Preview():
            words = ["preview", write_duration(request.long)]
        case Fill():
            words = ["form", *_named(request.name), *request.patterns]
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


def _set(request: Set) -> list[str]:
    words = []
    if request.hours is not None:
        words.append(str(request.hours))
    if request.days is not None:
        words.append(days_words(request.days))
    if request.patterns is not None:
        words.append(" ".join(request.patterns))
    if request.mutes is not None:
        words.append(f"mute {method_words(request.mutes)}")
    if request.zone is not None:
        words.append(request.zone)
    if request.calendar is not None:
        words.append(f"calendar {request.calendar}")
    if request.spare_critical is not None:
        spared = request.spare_critical
        words.append("except critical" if spared else "including critical")
    return words


def _named(name: str) -> list[str]:
    """Return a window's name as the form takes it: a bare word would be a type."""
    if not name:
        return []
    return [name if name.isdecimal() else quoted(name)]
