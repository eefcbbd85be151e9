"""What can be asked about recipients, and how each is written best."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context
from handlers.language.addresses import Address
from handlers.language.channels import write_channels
from handlers.people.telling import stop_line
from store.values import Channel, Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Let them get these types. ``via`` of ``None`` means the usual channels.

    ``strangers`` are addresses that nobody here has: Lark is asked whose they are.
    """

    whom: tuple[Destination, ...] = ()
    strangers: tuple[Address, ...] = ()
    patterns: tuple[str, ...]
    via: frozenset[Channel] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Let exactly them get these types, and nobody else."""

    whom: tuple[Destination, ...]
    patterns: tuple[str, ...]
    via: frozenset[Channel] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Let them get these types no more, all of them where none is named.

    With ``via``, over these channels no more.
    """

    whom: tuple[Destination, ...]
    patterns: tuple[str, ...] = ()
    via: frozenset[Channel] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Show who gets what, or who gets these types."""

    patterns: tuple[str, ...] = ()
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Show everything that one person gets."""

    whom: Destination
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Take the asker out of these types of *owner*, who may be another chat.

    Without types, out of all that it sends her.
    """

    owner: Destination
    patterns: tuple[str, ...] = ()


#: What stands for no recipient at all.
NOBODY = "nobody"

Request = Add | Set | Remove | List | Show | Stop


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    match request:
        case Add():
            people = [_whom(request.whom, context)]
            people += [each.text for each in request.strangers]
            words = ["add", ", ".join(filter(None, people)), _for(request.patterns)]
            words += [_via(request.via)]
        case Set():
            whom = _whom(request.whom, context) or NOBODY
            words = ["set", whom, _for(request.patterns), _via(request.via)]
        case Remove():
            words = ["remove", _whom(request.whom, context), _for(request.patterns)]
            words += [_via(request.via)]
        case List():
            words = ["list", *request.patterns, _page(request.page)]
        case Show():
            words = ["show", context.write(request.whom), _page(request.page)]
        case Stop():
            return stop_line(request.owner, request.patterns)
    return " ".join(["/recipients", *filter(None, words)])


def _whom(whom: tuple[Destination, ...], context: Context) -> str:
    return ", ".join(context.write(each) for each in whom)


def _for(patterns: tuple[str, ...]) -> str:
    return f"for {' '.join(patterns)}" if patterns else ""


def _via(via: frozenset[Channel] | None) -> str:
    return f"via {write_channels(via)}" if via else ""


def _page(page: int) -> str:
    return f"page {page}" if page > 1 else ""
