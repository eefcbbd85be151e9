"""What can be asked about mutes, and how each is written best."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.context import Context
from handlers.language.conditions import write_filter
from handlers.language.durations import write_duration
from handlers.language.moments import write_moment
from handlers.language.text import quoted
from handlers.rules.filters import Filter
from handlers.rules.methods import ALL, method_words
from store.values import Channel, Destination

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Be silent for a while. Either ``long`` or ``until`` is set."""

    long: timedelta | None = None
    until: datetime | None = None
    where: Filter
    mutes: frozenset[Channel] = ALL
    spare_critical: bool = True
    reason: str = ""
    target: Destination

    def ends(self, now: datetime) -> datetime:
        """Return when it is over."""
        return self.until or now + (self.long or timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Show the mutes."""

    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute:
    """Lift one mute; the only one where no number is given; or all of them."""

    number: int | None = None
    every: bool = False
    target: Destination


Request = Mute | List | Unmute


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    match request:
        case Mute():
            words = ["/mute", *_mute(request, context)]
        case List():
            words = ["/mute", "list"]
        case Unmute():
            number = "" if request.number is None else str(request.number)
            words = ["/unmute", "all" if request.every else number]
    if request.target != context.home:
        words.append(f"for {context.write(request.target)}")
    if isinstance(request, Mute) and request.reason:
        words.append(f"because {_reason(request.reason)}")
    return " ".join(filter(None, words))


def _reason(reason: str) -> str:
    """Return *reason* in quotes where "because of" would swallow its first word."""
    swallowed = _WORD.findall(reason.casefold())[:1] == ["of"]
    return quoted(reason) if swallowed else reason


def _mute(request: Mute, context: Context) -> list[str]:
    words = []
    if request.until is not None:
        words.append(f"until {write_moment(request.until, context.clock)}")
    elif request.long is not None:
        words.append(write_duration(request.long))
    words.append(write_filter(request.where, context.types))
    if request.mutes != ALL:
        words.append(f"mute {method_words(request.mutes)}")
    if not request.spare_critical:
        words.append("including critical")
    return words
