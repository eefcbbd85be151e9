from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.digest import (
    Coalesced,
    Digest,
    DigestLine,
    Member,
    Occasion,
    Plan,
    coalesce,
    plan,
)
from store.values import Notification, Severity, Status

NIGHT = datetime(2026, 1, 5, 22, 0, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=10)
MINUTE = timedelta(minutes=1)


def member(
    number: int,
    *,
    title: str = "Disk full",
    type: str = "product.alarm",  # noqa: A002 - the field is called so
    severity: Severity = Severity.WARNING,
    status: Status | None = None,
    fingerprint: str | None = None,
    source: str = "prometheus",
    accepted_at: datetime | None = None,
    over: bool = False,
    unknown: bool = False,
) -> Member:
    at = accepted_at or NIGHT + number * MINUTE
    return Member(
        delivery=100 + number,
        notification=Notification(
            number=number,
            source=source,
            type=type,
            severity=severity,
            title=title,
            status=status,
            fingerprint=fingerprint,
            accepted_at=at,
        ),
        since=at,
        over=over,
        unknown=unknown,
    )


def firing(number: int, fingerprint: str = "disk", **more: object) -> Member:
    return member(number, status=Status.FIRING, fingerprint=fingerprint, **more)


def resolved(number: int, fingerprint: str = "disk", **more: object) -> Member:
    return member(number, status=Status.RESOLVED, fingerprint=fingerprint, **more)


def line(
    number: int,
    *,
    severity: Severity = Severity.WARNING,
    status: Status | None = None,
    count: int = 1,
) -> DigestLine:
    at = NIGHT + number * MINUTE
    return DigestLine(number, "Disk full", "product.alarm", severity, status, count, at)


def numbers(digest: Digest | None) -> list[int]:
    return [each.number for each in digest.lines] if digest else []


def test_nothing_held_says_nothing():
    assert plan([], now=MORNING) == Plan()


def test_one_that_is_left_is_sent_as_it_is():
    assert plan([member(1)], now=MORNING) == Plan(alone=(101,))


def test_several_share_one_digest_the_newest_first():
    assert plan([member(1), member(2)], now=MORNING) == Plan(
        digest=Digest(
            occasion=Occasion.HELD,
            lines=(line(2), line(1)),
            more=0,
            resolved=0,
            messages=2,
            by_type=(("product.alarm", 2),),
            by_severity=((Severity.WARNING, 2),),
            since=NIGHT + MINUTE,
        ),
        shown=(102, 101),
    )


def test_criticals_are_named_before_the_newest():
    held = [member(1), member(2, severity=Severity.CRITICAL), member(3)]

    assert numbers(plan(held, now=MORNING).digest) == [2, 3, 1]


def test_what_was_resolved_meanwhile_is_counted_and_not_shown():
    held = [firing(1), member(2), resolved(3)]

    planned = plan(held, now=MORNING)

    assert planned.digest == Digest(
        occasion=Occasion.HELD,
        lines=(line(2),),
        more=0,
        resolved=1,
        messages=3,
        by_type=(("product.alarm", 1),),
        by_severity=((Severity.WARNING, 1),),
        since=NIGHT + MINUTE,
    )
    assert (planned.shown, planned.resolved) == ((102,), (101, 103))


def test_when_all_were_resolved_one_digest_says_so():
    planned = plan([firing(1), resolved(2)], now=MORNING)

    assert planned.resolved == (101, 102)
    assert planned.digest is not None
    assert planned.digest.all_resolved
    assert (planned.digest.lines, planned.digest.resolved) == ((), 1)


def test_one_that_the_store_knows_to_be_over_is_not_sent_as_if_it_were_open():
    planned = plan([firing(1, over=True)], now=MORNING)

    assert (planned.alone, planned.resolved) == ((), (101,))


def test_a_resolution_by_itself_is_sent_as_it_is():
    assert plan([resolved(1)], now=MORNING) == Plan(alone=(101,))


def test_a_resolution_whose_beginning_is_elsewhere_is_named():
    planned = plan([resolved(1), member(2)], now=MORNING)

    assert planned.digest is not None
    assert planned.digest.lines == (line(2), line(1, status=Status.RESOLVED))
    assert not planned.digest.all_resolved


def test_repeats_of_one_incident_are_one_line():
    held = [firing(1), firing(2), firing(3, source="grafana"), firing(4, "cpu")]

    planned = plan(held, now=MORNING)

    assert planned.digest is not None
    assert planned.digest.lines == (
        line(4, status=Status.FIRING),
        line(3, status=Status.FIRING),
        line(2, status=Status.FIRING, count=2),
    )
    assert (planned.shown, planned.merged) == ((104, 103, 102), (101,))


def test_an_incident_that_came_back_is_open():
    planned = plan([firing(1), resolved(2), firing(3)], now=MORNING)

    assert planned.digest is not None
    assert planned.digest.lines == (line(3, status=Status.FIRING, count=3),)
    assert planned.digest.resolved == 0


def test_what_is_older_than_seven_days_expires():
    week = timedelta(days=7)
    old = member(1, accepted_at=MORNING - week - MINUTE)
    just = member(2, accepted_at=MORNING - week)

    assert plan([old], now=MORNING) == Plan(expired=(101,))
    assert plan([old, just], now=MORNING) == Plan(alone=(102,), expired=(101,))


def test_a_digest_names_twenty_and_counts_the_rest():
    held = [
        member(n, type="a.b" if n < 10 else "c.d", severity=Severity(n % 2))
        for n in range(25)
    ]

    planned = plan(held, now=MORNING)

    assert planned.digest is not None
    assert numbers(planned.digest) == list(range(24, 4, -1))
    assert planned.digest.more == 5
    assert planned.digest.by_type == (("c.d", 15), ("a.b", 10))
    assert planned.digest.by_severity == ((Severity.WARNING, 12), (Severity.INFO, 13))
    assert len(planned.shown) == 25


def test_a_digest_can_be_shortened_for_a_card():
    digest = plan([member(n) for n in range(25)], now=MORNING).digest

    assert digest is not None
    short = digest.shortened(3)
    assert (numbers(short), short.more) == ([24, 23, 22], 22)
    assert digest.shortened(30) == digest


def test_one_that_may_have_arrived_is_said_again_in_the_same_words():
    planned = plan([member(1, unknown=True), member(2), member(3)], now=MORNING)

    assert (planned.alone, planned.shown) == ((101,), (103, 102))


SECOND = timedelta(seconds=1)


def test_five_that_wait_keep_their_posts_and_criticals_go_first():
    waiting = [member(n) for n in range(5)]
    urgent = member(9, severity=Severity.CRITICAL)

    assert coalesce([*waiting, urgent], pace_interval=SECOND) == Coalesced(
        alone=(urgent, *waiting)
    )


def test_six_that_wait_share_a_digest_and_the_critical_does_not():
    waiting = [member(n) for n in range(6)]
    urgent = member(9, severity=Severity.CRITICAL)

    assert coalesce([*waiting, urgent], pace_interval=SECOND) == Coalesced(
        alone=(urgent,), others=tuple(waiting)
    )


def test_criticals_share_one_when_the_pace_does_not_allow_them_in_ten_seconds():
    urgent = [member(n, severity=Severity.CRITICAL) for n in range(14)]
    pace = timedelta(milliseconds=750)  # 13 in ten seconds

    assert coalesce(urgent[:13], pace_interval=pace).alone == tuple(urgent[:13])
    assert coalesce(urgent, pace_interval=pace) == Coalesced(criticals=tuple(urgent))


def test_criticals_in_a_storm_are_all_named_the_resolved_too():
    urgent = [
        *(member(n, severity=Severity.CRITICAL) for n in range(30)),
        firing(40, severity=Severity.CRITICAL),
        resolved(41, severity=Severity.CRITICAL),
    ]

    digest = plan(urgent, now=MORNING, occasion=Occasion.CRITICALS).digest

    assert digest is not None
    assert numbers(digest) == [41, *range(29, -1, -1)]
    assert digest.lines[0] == line(
        41, severity=Severity.CRITICAL, status=Status.RESOLVED, count=2
    )


def test_one_that_may_have_arrived_is_never_merged():
    waiting = [member(n, unknown=n == 3) for n in range(7)]

    asked = coalesce(waiting, pace_interval=SECOND)

    assert asked.alone == (waiting[3],)
    assert asked.others == tuple(each for each in waiting if each is not waiting[3])


def test_one_known_among_unknown_has_nothing_to_merge_with():
    waiting = [member(n, unknown=n > 0) for n in range(7)]

    assert coalesce(waiting, pace_interval=SECOND) == Coalesced(alone=tuple(waiting))


def test_a_storm_lets_nothing_expire():
    old = [member(n, accepted_at=NIGHT - timedelta(days=9)) for n in range(6)]

    planned = plan(old, now=MORNING, occasion=Occasion.STORM)

    assert (len(planned.shown), planned.expired) == (6, ())


MEMBERS = st.lists(
    st.builds(
        lambda **values: values,
        severity=st.sampled_from(Severity),
        status=st.sampled_from([None, *Status]),
        fingerprint=st.sampled_from([None, "a", "b", "c"]),
        source=st.sampled_from(["x", "y"]),
        type=st.sampled_from(["a.b", "c.d"]),
        over=st.booleans(),
        unknown=st.sampled_from([False, False, True]),
        accepted_at=st.one_of(
            st.none(), st.integers(1, 14).map(lambda d: NIGHT - timedelta(days=d))
        ),
    ),
    max_size=40,
).map(lambda rows: [member(n, **row) for n, row in enumerate(rows)])


@settings(deadline=None)
@given(MEMBERS, st.sampled_from(Occasion))
def test_every_member_ends_in_exactly_one_place(members, occasion):
    planned = plan(members, now=MORNING, occasion=occasion)
    places = (
        planned.alone,
        planned.shown,
        planned.merged,
        planned.resolved,
        planned.expired,
    )

    assert sorted(sum(places, ())) == [each.delivery for each in members]
    assert (planned.digest is None) == (planned.digested == ())


@settings(deadline=None)
@given(MEMBERS, st.sampled_from(Occasion))
def test_the_figures_of_a_digest_add_up(members, occasion):
    planned = plan(members, now=MORNING, occasion=occasion)
    digest = planned.digest
    if digest is None:
        return
    entries = len(digest.lines) + digest.more

    assert digest.messages == len(planned.digested)
    assert entries == len(planned.shown)
    assert entries == sum(count for _, count in digest.by_type)
    assert entries == sum(count for _, count in digest.by_severity)
    assert not digest.more or len(digest.lines) == 20
    if not digest.more:
        told = sum(each.count for each in digest.lines)
        assert told == len(planned.shown) + len(planned.merged)


@settings(deadline=None)
@given(MEMBERS)
def test_no_incident_is_shown_open_after_its_end(members):
    known = [replace(each, unknown=False, over=False) for each in members]
    planned = plan(known, now=MORNING)
    last = {
        (each.notification.source, each.notification.fingerprint): each
        for each in known
        if each.notification.fingerprint
    }
    ended = {
        each.delivery
        for each in last.values()
        if each.notification.status is Status.RESOLVED
    }
    open_lines = {
        100 + each.number
        for each in (planned.digest.lines if planned.digest else ())
        if each.status is not Status.RESOLVED
    }

    assert not open_lines & ended
    assert not open_lines & set(planned.expired)


@settings(deadline=None)
@given(MEMBERS, st.integers(0, 5000).map(lambda ms: timedelta(milliseconds=ms)))
def test_a_lane_sends_or_merges_each_once(members, pace):
    asked = coalesce(members, pace_interval=pace)
    everywhere = (*asked.alone, *asked.criticals, *asked.others)

    assert sorted(each.delivery for each in everywhere) == [
        each.delivery for each in members
    ]
    assert not any(each.unknown for each in (*asked.criticals, *asked.others))
    assert all(each.critical for each in asked.criticals)
    assert not any(each.critical for each in asked.others)
