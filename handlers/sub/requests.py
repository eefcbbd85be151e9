"""What can be asked about subscriptions, and how each is written best."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context
from handlers.language.channels import write_channels
from handlers.language.conditions import write_filter
from handlers.names import plain_or_quoted
from handlers.rules.filters import Filter
from handlers.sub.matrix.requests import (
    Look,
    Several,
    Switch,
    write_look,
    write_switch,
)
from store.values import Channel, Destination, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Send these types there. ``via`` of ``None`` means the usual channels."""

    patterns: tuple[str, ...]
    where: Filter
    via: frozenset[Channel] | None
    to: tuple[Destination, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Send these types there no more; or drop the rule called ``name``.

    ``where`` of ``None`` means whatever the filter.
    """

    patterns: tuple[str, ...] = ()
    name: str = ""
    where: Filter | None = None
    to: tuple[Destination, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Give the rule of one type, or the one called ``name``, a filter or channels.

    ``None`` leaves as it is; ``default`` goes back to the usual channels.
    """

    pattern: str = ""
    name: str = ""
    where: Filter | None = None
    via: frozenset[Channel] | None = None
    default: bool = False
    to: tuple[Destination, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Show the rules, or those that cover some types."""

    patterns: tuple[str, ...] = ()
    to: tuple[Destination, ...]
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Make a YAML rule what the YAML says."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """Send a test message of one type to whoever gets it here."""

    type: str
    severity: Severity | None = None
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Give *to* the rules that *source* has, where it has not got them."""

    source: Destination
    to: Destination


Request = Add | Remove | Set | List | Reset | Try | Copy | Look | Several | Switch


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    match request:
        case Add():
            words = [
                "add",
                *request.patterns,
                write_filter(request.where, context.types),
            ]
            words += [_via(request.via), _to(request.to, context)]
        case Remove():
            words = ["remove", *request.patterns, handle(request.name)]
            words += ["" if request.where is None else _filter(request.where, context)]
            words += [_to(request.to, context)]
        case Set():
            words = ["set", request.pattern, handle(request.name)]
            words += ["" if request.where is None else _filter(request.where, context)]
            words += ["via default" if request.default else _via(request.via)]
            words += [_to(request.to, context)]
        case List():
            words = ["list", *request.patterns, _to(request.to, context)]
            words += [f"page {request.page}" if request.page > 1 else ""]
        case Reset():
            words = ["reset", handle(request.name)]
        case Try():
            severity = request.severity
            words = ["test", request.type]
            words += [f"severity={severity.word}" if severity is not None else ""]
            words += [
                f"{name}={plain_or_quoted(value)}" for name, value in request.labels
            ]
        case Copy():
            words = ["copy", f"from {context.write(request.source)}"]
            words += [_to((request.to,), context)]
        case Look() | Several():
            return write_look(request)
        case Switch():
            return write_switch(request, context)
    return " ".join(["/sub", *filter(None, words)])


def handle(name: str) -> str:
    """Return a rule's name as a line takes it: ``3``, ``rule:money``."""
    if not name:
        return ""
    return name if name.isdecimal() else f"rule:{plain_or_quoted(name)}"


def _filter(where: Filter, context: Context) -> str:
    return write_filter(where, context.types) or "no filter"


def _via(via: frozenset[Channel] | None) -> str:
    return f"via {write_channels(via)}" if via else ""


def _to(to: tuple[Destination, ...], context: Context) -> str:
    if to == (context.home,):
        return ""
    return f"to {', '.join(context.write(each) for each in to)}"
