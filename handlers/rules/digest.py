"""What is said when many messages come out at once: a plan of who is told how.

Used at the end of a hold and in a storm. Every member ends in exactly one place: alone
(its own post), shown, merged or resolved (one digest), or expired.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from store.values import Notification, Severity, Status

#: A digest names this many, and counts the rest.
TITLES = 20
#: What was held for longer helps nobody any more.
LIFETIME = timedelta(days=7)


class Occasion(StrEnum):
    """Why messages are told together."""

    HELD = "held"
    SCHEDULED = "scheduled"
    STORM = "storm"
    CRITICALS = "criticals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A delivery that waits, with its message and since when.

    ``over``: its incident has been resolved by a message that is not among the
    members. ``unknown``: it was tried and nobody knows whether it arrived. A digest
    promised to tell it where ``stale_at`` is set: until then it helps somebody.
    """

    delivery: int
    notification: Notification
    since: datetime
    over: bool = False
    unknown: bool = False
    stale_at: datetime | None = None

    @property
    def critical(self) -> bool:
        """Whether it keeps a post of its own for longer."""
        return self.notification.severity is Severity.CRITICAL


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One message, or the newest of ``count`` messages of one incident."""

    number: int
    title: str
    type: str
    severity: Severity
    status: Status | None
    count: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Many messages as one. Criticals come first, then the newest.

    ``messages`` counts all of them; ``resolved`` the incidents that began and ended
    meanwhile, which have no line; ``more`` what is left out of ``lines``. ``by_type``
    and ``by_severity`` count the lines and what is left out, commonest and worst first.
    """

    occasion: Occasion
    lines: tuple[DigestLine, ...]
    more: int
    resolved: int
    messages: int
    by_type: tuple[tuple[str, int], ...]
    by_severity: tuple[tuple[Severity, int], ...]
    since: datetime

    @property
    def all_resolved(self) -> bool:
        """Whether nothing is left to look at."""
        still = any(line.status is not Status.RESOLVED for line in self.lines)
        return not still and not self.more

    def shortened(self, lines: int) -> Digest:
        """Return it with at most so many lines, for a card that would be too big."""
        kept = self.lines[:lines]
        return replace(self, lines=kept, more=self.more + len(self.lines) - len(kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who is told how, by delivery. ``alone`` is in the order to send."""

    digest: Digest | None = None
    alone: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()
    resolved: tuple[int, ...] = ()
    expired: tuple[int, ...] = ()

    @property
    def digested(self) -> tuple[int, ...]:
        """Return the deliveries that share the fate of the digest."""
        return self.shown + self.merged + self.resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Coalesced:
    """What a lane sends: posts in this order, and whose members share a digest."""

    alone: tuple[Member, ...] = ()
    criticals: tuple[Member, ...] = ()
    others: tuple[Member, ...] = ()


#: More than this many wait in a lane: they share one digest.
PATIENCE = 5
#: Criticals have posts of their own while all of them go out within this.
PROMPT = timedelta(seconds=10)


def plan(
    members: Sequence[Member],
    *,
    now: datetime,
    occasion: Occasion = Occasion.HELD,
) -> Plan:
    """Return how *members* of one destination and channel are told.

    One that is left by itself is sent as it is. So is one that may have arrived
    already: said again in other words, nobody would know it for the same.
    """
    stale = [each for each in members if _is_stale(each, occasion, now)]
    fresh = [each for each in members if not _is_stale(each, occasion, now)]
    alone = [each for each in fresh if each.unknown]
    rest = [each for each in fresh if not each.unknown]
    if len(rest) == 1 and not _has_ended_unseen(rest[0]):
        alone, rest = [*alone, *rest], []
    entries = sorted((_Entry.of(group) for group in _incidents(rest)), key=_rank)
    ended = [each for each in entries if each.ended_meanwhile(occasion)]
    listed = [each for each in entries if not each.ended_meanwhile(occasion)]
    return Plan(
        digest=_digest(listed, ended, occasion) if entries else None,
        alone=_ids(_in_order(alone)),
        shown=tuple(each.newest.delivery for each in listed),
        merged=_ids(member for each in listed for member in each.members[:-1]),
        resolved=_ids(member for each in ended for member in each.members),
        expired=_ids(stale),
    )


def coalesce(waiting: Sequence[Member], *, pace_interval: timedelta) -> Coalesced:
    """Return which members of a lane are sent on their own and which are merged.

    *pace_interval* is the time that the lane's pace leaves between two posts.
    """
    prompt = max(1, PROMPT // pace_interval) if pace_interval else len(waiting)
    criticals = [each for each in waiting if each.critical]
    others = [each for each in waiting if not each.critical]
    merged_criticals = _mergeable(criticals, patience=prompt)
    merged_others = _mergeable(others, patience=PATIENCE)
    merged = {each.delivery for each in (*merged_criticals, *merged_others)}
    return Coalesced(
        alone=_in_order(each for each in waiting if each.delivery not in merged),
        criticals=_in_order(merged_criticals),
        others=_in_order(merged_others),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """The members of one incident, oldest first, or one message without any."""

    members: tuple[Member, ...]

    @classmethod
    def of(cls, members: Iterable[Member]) -> _Entry:
        return cls(tuple(sorted(members, key=lambda each: each.notification.number)))

    @property
    def newest(self) -> Member:
        return self.members[-1]

    @property
    def over(self) -> bool:
        return self.newest.over or _is_resolution(self.newest)

    def ended_meanwhile(self, occasion: Occasion) -> bool:
        """Whether it began and ended here, so that its end is no news to anybody."""
        began = not all(map(_is_resolution, self.members))
        return occasion is not Occasion.CRITICALS and began and self.over

    def line(self) -> DigestLine:
        seen = self.newest.notification
        return DigestLine(
            number=seen.number,
            title=seen.title,
            type=seen.type,
            severity=seen.severity,
            status=Status.RESOLVED if self.over else seen.status,
            count=len(self.members),
            at=seen.occurred_at or seen.accepted_at,
        )


def _digest(listed: list[_Entry], ended: list[_Entry], occasion: Occasion) -> Digest:
    cap = len(listed) if occasion is Occasion.CRITICALS else TITLES
    types = Counter(each.newest.notification.type for each in listed)
    severities = Counter(each.newest.notification.severity for each in listed)
    members = [member for each in (*listed, *ended) for member in each.members]
    return Digest(
        occasion=occasion,
        lines=tuple(each.line() for each in listed[:cap]),
        more=len(listed[cap:]),
        resolved=len(ended),
        messages=len(members),
        by_type=tuple(sorted(types.items(), key=lambda item: (-item[1], item[0]))),
        by_severity=tuple(sorted(severities.items(), reverse=True)),
        since=min(member.since for member in members),
    )


def _incidents(members: Sequence[Member]) -> Iterable[list[Member]]:
    groups: dict[tuple[str, str] | int, list[Member]] = {}
    for member in members:
        seen = member.notification
        name = (seen.source, seen.fingerprint) if seen.fingerprint else None
        groups.setdefault(name or member.delivery, []).append(member)
    return groups.values()


def _mergeable(members: list[Member], *, patience: int) -> list[Member]:
    if len(members) <= patience:
        return []
    known = [each for each in members if not each.unknown]
    return known if len(known) > 1 else []


def _is_stale(member: Member, occasion: Occasion, now: datetime) -> bool:
    # Measured from the message: one that is held again and again grows no younger.
    stale_at = member.notification.accepted_at + LIFETIME
    if member.stale_at is not None:
        stale_at = max(stale_at, member.stale_at)
    held = occasion in (Occasion.HELD, Occasion.SCHEDULED)
    return held and now > stale_at and not member.unknown


def _is_resolution(member: Member) -> bool:
    return member.notification.status is Status.RESOLVED


def _has_ended_unseen(member: Member) -> bool:
    """Whether its own post would tell people that something is broken which is not."""
    return member.over and not _is_resolution(member)


def _rank(entry: _Entry) -> tuple[bool, int]:
    return not entry.newest.critical, -entry.newest.notification.number


def _in_order(members: Iterable[Member]) -> tuple[Member, ...]:
    """Return *members* as a lane sends them: criticals first, then the oldest."""
    return tuple(
        sorted(members, key=lambda each: (not each.critical, each.notification.number))
    )


def _ids(members: Iterable[Member]) -> tuple[int, ...]:
    return tuple(each.delivery for each in members)
