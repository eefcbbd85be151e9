"""What can be asked about scheduled digests, and how each is written best."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context
from handlers.language.channels import write_channels
from handlers.names import plain_or_quoted
from handlers.rules.schedules import COLLECTABLE, schedule_words
from store.values import Channel, Destination, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Tell these types together, at these times."""

    times: tuple[int, ...]
    days: str = "daily"
    patterns: tuple[str, ...] = ("*",)
    collects: frozenset[Channel] = COLLECTABLE
    zone: str
    calendar: str
    spare_critical: bool = True
    target: Destination

    def schedule(self, context: Context) -> Schedule:
        """Return it as it will be kept, made by the asker."""
        return Schedule(
            id=0,
            name="",
            target=self.target,
            patterns=self.patterns,
            times=self.times,
            days=self.days,
            zone=self.zone,
            calendar=self.calendar,
            collects=self.collects,
            spare_critical=self.spare_critical,
            owner=context.owner(self.target),
            created_by=context.asker,
            created_at=context.now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """Show the digests."""

    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take one digest away."""

    name: str
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Make a digest of the YAML what the YAML says."""

    name: str
    target: Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Off:
    """Take every digest away, or those for these types alone."""

    patterns: tuple[str, ...] = ()
    target: Destination


Request = Set | List | Remove | Reset | Off


def write(request: Request, context: Context) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    match request:
        case Set():
            words = _set(request, context)
        case List():
            words = ["list"]
        case Remove():
            words = ["remove", plain_or_quoted(request.name)]
        case Reset():
            words = ["reset", plain_or_quoted(request.name)]
        case Off():
            words = ["off", *request.patterns]
    if request.target != context.home:
        words.append(f"for {context.write(request.target)}")
    return " ".join(["/digest", *words])


def _set(request: Set, context: Context) -> list[str]:
    words = [schedule_words(request.days, request.times)]
    if request.patterns != ("*",):
        words.append(" ".join(request.patterns))
    if request.collects != COLLECTABLE:
        words.append(f"via {write_channels(request.collects)}")
    words.append(request.zone)
    if request.calendar != context.calendar:
        words.append(f"calendar {request.calendar}")
    words.append("except critical" if request.spare_critical else "including critical")
    return words
