"""What a chat's rules come to, type by type and channel by channel. Pure.

A row is a message type, its cells are what the matrix card shows of it: the channels,
do-not-disturb, the recipients. A cell that is ``on`` or ``off`` is a switch. One that
is ``partly`` is none: a wider pattern, a filter, or some of the recipients alone make
it so, and whoever opens it sees which.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from handlers.rules.carrying import channels
from handlers.rules.cells import Offer
from handlers.rules.patterns import matches
from handlers.rules.types import MessageType
from store.values import Channel, Destination, Kind, Subscription, Window
from store.wording import Text, _

#: The channels that go to people, and not to a group of Lark.
PERSONAL = (Channel.DM, Channel.EMAIL, Channel.SMS, Channel.VOICE)
_PEOPLE = frozenset({Kind.PERSON, Kind.GROUP})


class State(StrEnum):
    """How a cell stands."""

    ON = "on"
    OFF = "off"
    PARTLY = "partly"
    REQUIRED = "required"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose matrix it is: a group with its robots, or one person.

    ``joined`` are the groups of people that the person is in. ``ways`` are the channels
    that messages can go over at all.
    """

    home: Destination
    robots: tuple[Destination, ...] = ()
    joined: tuple[Destination, ...] = ()
    ways: frozenset[Channel]

    @property
    def is_group(self) -> bool:
        """Whether it is a group of Lark."""
        return self.home.kind is Kind.CHAT

    @property
    def posted(self) -> tuple[Destination, ...]:
        """Where a post reaches the group: itself, and its robots."""
        return (self.home, *self.robots) if self.is_group else ()

    @property
    def members(self) -> tuple[Destination, ...]:
        """All that what comes here may come to, but for a group's recipients."""
        return self.posted or (self.home, *self.joined)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody gets a type: *rule* names *whom*, and *pattern* the type."""

    rule: Subscription
    pattern: str
    whom: Destination

    def is_whole(self, type_id: str) -> bool:
        """Whether it brings every message of the type, and is about nothing else."""
        return self.pattern == type_id and not self.rule.where


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """How one channel of one type stands, why it cannot be switched, and who has it.

    ``causes`` are all that bring it; ``windows`` all that silence it.
    """

    state: State
    reason: str = ""
    causes: tuple[Cause, ...] = ()
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One type in a chat. ``recipients`` are named by rules of exactly this type."""

    type: MessageType
    cells: Mapping[Channel, Cell]
    dnd: Cell
    recipients: tuple[Destination, ...] = ()

    def has_whole(self, channel: Channel) -> tuple[Destination, ...]:
        """Return the recipients who get every message of the type over *channel*."""
        whole = {
            each.whom
            for each in self.cells[channel].causes
            if each.is_whole(self.type.id)
        }
        return tuple(each for each in self.recipients if each in whole)

    @property
    def is_wanted(self) -> bool:
        """Whether anything brings it here at all."""
        return bool(self.cells[Channel.INBOX].causes)

    def stand(self, cell: Cell) -> str:
        """Return a word that changes when a switch of *cell* would do something else.

        That is when it is on or off meanwhile, or for other recipients.
        """
        whom = "+".join(sorted(map(str, self.recipients)))
        return f"{cell.state}-{zlib.crc32(whom.encode()):08x}"


def row(
    found: MessageType,
    rules: Sequence[Subscription],
    windows: Sequence[Window],
    place: Place,
) -> Row:
    """Return the row of one type. *rules* and *windows* are those of the place."""
    rules = [each for each in rules if _names(each, found)]
    people = _own_people(rules, found, place)
    recipients = tuple(each for each, exactly in people.items() if exactly)
    cells = {
        Channel.INBOX: _inbox(found, rules, (*place.members, *people)),
        Channel.CHAT: _group(found, rules, place),
    }
    for channel in PERSONAL:
        if not place.is_group:
            cells[channel] = _asker(channel, found, rules, place)
        else:
            cells[channel] = _people(channel, found, rules, people, place)
    return Row(
        type=found, cells=cells, dnd=_dnd(found, windows, place), recipients=recipients
    )


def is_wanted(found: MessageType, rules: Iterable[Subscription], place: Place) -> bool:
    """Return whether anything brings the type here: ``Row.is_wanted``, and quickly."""
    members = place.members
    return any(
        _names(rule, found)
        and (
            any(each in members for each in rule.to)
            or (
                rule.owner == str(place.home)
                and any(each.kind in _PEOPLE for each in rule.to)
            )
        )
        for rule in rules
    )


def _names(rule: Subscription, found: MessageType) -> bool:
    return rule.enabled and any(matches(each, found.id) for each in rule.patterns)


def _own_people(
    rules: Iterable[Subscription], found: MessageType, place: Place
) -> dict[Destination, bool]:
    """Return the people whom the group's own rules name; whether for just this type.

    What the YAML or another group sends somebody is not this group's to show.
    """
    if not place.is_group:
        return {place.home: True}
    named: dict[Destination, bool] = {}
    for rule in rules:
        if rule.owner == str(place.home):
            for each in rule.to:
                if each.kind in _PEOPLE:
                    exactly = found.id in rule.patterns
                    named[each] = named.get(each, False) or exactly
    return named


def causes(
    channel: Channel,
    found: MessageType,
    rules: Iterable[Subscription],
    whom: Iterable[Destination],
) -> tuple[Cause, ...]:
    """Return what brings the type over *channel* to any of *whom*, each rule once."""
    return tuple(
        Cause(rule, _pattern(rule, found), each)
        for each in dict.fromkeys(whom)
        for rule in rules
        if each in rule.to and channel in channels(rule, each, found)
    )


def _pattern(rule: Subscription, found: MessageType) -> str:
    """Return by which of its patterns *rule* names the type, the closest first."""
    if found.id in rule.patterns:
        return found.id
    wider = (each for each in rule.patterns if matches(each, found.id))
    return max(wider, key=len)


def _fixed(
    channel: Channel, found: MessageType, place: Place, brought: tuple[Cause, ...]
) -> Cell | None:
    """Return the cell where there is nothing to switch, or ``None``."""
    cell = found.cells[channel]
    if cell.offer is Offer.UNAVAILABLE:
        return Cell(state=State.UNAVAILABLE, reason=cell.reason)
    if channel not in place.ways:
        return Cell(state=State.UNAVAILABLE, reason=NOT_SET_UP, causes=brought)
    if cell.offer is Offer.REQUIRED:
        return Cell(state=State.REQUIRED, reason=cell.reason, causes=brought)
    return None


NOT_SET_UP: Text = _("it is not set up here; an admin can do that")
ELSEWHERE: Text = _("a direct chat has no group; ask me in one")
KEPT: Text = _("the inbox keeps whatever comes here")


def _inbox(
    found: MessageType, rules: Sequence[Subscription], whom: Iterable[Destination]
) -> Cell:
    brought = causes(Channel.INBOX, found, rules, whom)
    return Cell(state=State.REQUIRED, reason=KEPT, causes=brought)


def _group(found: MessageType, rules: Sequence[Subscription], place: Place) -> Cell:
    """Return how the group gets it: as posts of the app, or of a robot of its own."""
    if not place.is_group:
        return Cell(state=State.UNAVAILABLE, reason=ELSEWHERE)
    brought = causes(Channel.CHAT, found, rules, place.posted)
    fixed = _fixed(Channel.CHAT, found, place, brought)
    return fixed or Cell(state=_any(found, brought), causes=brought)


def _asker(
    channel: Channel, found: MessageType, rules: Sequence[Subscription], place: Place
) -> Cell:
    """Return how one person gets it. What goes to a whole group she cannot switch."""
    brought = causes(channel, found, rules, (place.home, *place.joined))
    fixed = _fixed(channel, found, place, brought)
    mine = tuple(each for each in brought if each.whom == place.home)
    state = _any(found, mine) if _any(found, mine) is State.ON else _some(brought)
    return fixed or Cell(state=state, causes=brought)


def _people(
    channel: Channel,
    found: MessageType,
    rules: Sequence[Subscription],
    people: Mapping[Destination, bool],
    place: Place,
) -> Cell:
    """Return how the recipients get it: ``on`` when all of them do."""
    own = [each for each in rules if each.owner == str(place.home)]
    brought = causes(channel, found, own, people)
    whole = {each.whom for each in brought if each.is_whole(found.id)}
    recipients = {each for each, exactly in people.items() if exactly}
    fixed = _fixed(channel, found, place, brought)
    if fixed is not None:
        return fixed
    if recipients and recipients <= whole:
        return Cell(state=State.ON, causes=brought)
    return Cell(state=_some(brought), causes=brought)


def _any(found: MessageType, brought: Iterable[Cause]) -> State:
    brought = tuple(brought)
    if any(each.is_whole(found.id) for each in brought):
        return State.ON
    return _some(brought)


def _some(brought: Iterable[Cause]) -> State:
    return State.PARTLY if tuple(brought) else State.OFF


def _dnd(found: MessageType, windows: Iterable[Window], place: Place) -> Cell:
    """Return whether windows silence it: one of its own, or a wider one."""
    silent = tuple(
        each
        for each in windows
        if each.enabled and any(matches(pattern, found.id) for pattern in each.patterns)
    )
    own = any(
        each.target == place.home and found.id in each.patterns for each in silent
    )
    state = State.ON if own else State.PARTLY if silent else State.OFF
    return Cell(state=state, windows=silent)
