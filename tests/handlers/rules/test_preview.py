"""What a preview draws and counts, against the code that holds messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.policy import Action, decide
from handlers.rules.preview import Effect, days, effect, joined
from handlers.rules.windows import covers
from store.ledger import Arrival
from store.values import Channel, Severity
from tests.handlers.rules.test_policy import DISK, OPS
from tests.handlers.rules.test_policy_digests import FIRST, windows
from tests.handlers.rules.test_windows import at, window

WEEK = timedelta(days=7)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
CHAT, SMS = Channel.CHAT, Channel.SMS


def hours(found, day):
    (one,) = [each for each in found if each.day == day]
    return one.hours


def test_a_night_is_drawn_hour_by_hour_on_both_of_its_days():
    found = days([window(days="mon")], at("2026-01-05 09:00"), WEEK, SHANGHAI)

    assert [each.day for each in found] == [
        date(2026, 1, 5) + timedelta(days=n) for n in range(8)
    ]
    assert hours(found, date(2026, 1, 5)) == (0,) * 22 + (1,) * 2
    assert hours(found, date(2026, 1, 6)) == (1,) * 8 + (0,) * 16
    assert [len(each.openings) for each in found] == [1, 0, 0, 0, 0, 0, 0, 0]


def test_part_of_an_hour_is_drawn_as_part_of_it():
    found = days([window((570, 645))], at("2026-01-05 00:00"), WEEK, SHANGHAI)

    assert found[0].hours[8:12] == (0, 0.5, 0.75, 0)


def test_what_is_open_already_stands_on_the_first_day():
    found = days([window()], at("2026-01-06 01:00"), timedelta(days=1), SHANGHAI)

    assert [(each.start, each.end) for each in found[0].openings] == [
        (at("2026-01-05 22:00"), at("2026-01-06 08:00")),
        (at("2026-01-06 22:00"), at("2026-01-07 08:00")),
    ]


def test_a_window_of_another_zone_is_drawn_by_the_readers_clock():
    tokyo = window((0, 120), zone="Asia/Tokyo")

    found = days([tokyo], at("2026-01-05 09:00"), WEEK, SHANGHAI)

    assert hours(found, date(2026, 1, 6)) == (1,) + (0,) * 22 + (1,)


def test_windows_that_overlap_are_drawn_once():
    both = [window((540, 660)), window((600, 720))]

    found = days(both, at("2026-01-05 00:00"), timedelta(days=1), SHANGHAI)

    assert found[0].hours == (0,) * 9 + (1,) * 3 + (0,) * 12


@pytest.mark.parametrize(
    ("day", "length", "silent"),
    [
        # In New York, 2 o'clock is skipped on 8 March, and 1 o'clock comes twice on
        # 1 November: a window from 1 to 4 is open for two hours, and for four.
        (date(2026, 3, 8), 23, (0, 1, 1) + (0,) * 20),
        (date(2026, 11, 1), 25, (0, 1, 1, 1, 1) + (0,) * 20),
        (date(2026, 7, 4), 24, (0, 1, 1, 1) + (0,) * 20),
    ],
)
def test_a_day_that_the_clock_changes_has_its_own_length(day, length, silent):
    early = window((60, 240), zone="America/New_York")
    now = datetime(day.year, day.month, day.day, 5, tzinfo=UTC) - timedelta(days=1)

    found = days([early], now, WEEK, NEW_YORK)

    assert (len(hours(found, day)), hours(found, day)) == (length, silent)


@settings(max_examples=15, deadline=None)
@given(
    found=st.lists(windows(), min_size=1, max_size=2),
    minute=st.integers(0, 20 * 1440),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_an_hour_is_silent_for_as_long_as_a_window_is_open(found, minute, zone):
    now = FIRST + timedelta(minutes=minute)
    drawn = days(found, now, timedelta(days=2), ZoneInfo(zone))
    second = drawn[1]

    begins = datetime.combine(
        second.day, datetime.min.time(), ZoneInfo(zone)
    ).astimezone(UTC)
    for number, share in enumerate(second.hours):
        moments = [
            begins + timedelta(hours=number, minutes=minute) for minute in range(60)
        ]
        ahead = [moment for moment in moments if moment < now + timedelta(days=2)]
        if len(ahead) < 60:
            break  # Nobody asked beyond that.
        silent = sum(any(covers(each, moment) for each in found) for moment in ahead)
        assert round(share * 60) == silent


@st.composite
def arrivals(draw: st.DrawFn) -> Arrival:
    return Arrival(
        type=draw(st.sampled_from(["product.alarm", "finance.refund"])),
        severity=draw(st.sampled_from(Severity)),
        channel=draw(st.sampled_from([CHAT, SMS, Channel.EMAIL])),
        at=FIRST + timedelta(minutes=draw(st.integers(0, 14 * 1440))),
        count=draw(st.integers(1, 3)),
    )


@settings(max_examples=100, deadline=None)
@given(found=st.lists(windows(), max_size=3), came=st.lists(arrivals(), max_size=8))
def test_what_would_have_been_held_is_what_policy_holds(found, came):
    expected = dict.fromkeys(Action, 0)
    for each in came:
        message = replace(DISK, type=each.type, severity=each.severity)
        decision = decide(
            message,
            channel=each.channel,
            destination=OPS,
            windows=found,
            mutes=(),
            firing_shown=False,
            now=each.at,
        )
        expected[decision.action] += each.count

    seen = effect(found, came)

    assert seen.total == sum(expected.values())
    assert sum(seen.held.values()) == expected[Action.HOLD]
    assert sum(seen.muted.values()) == expected[Action.MUTED]
    assert sum(seen.types.values()) == seen.stopped


def test_what_several_places_got_is_counted_together():
    one = Effect(10, {CHAT: 3}, {SMS: 1}, {"a.b": 4})
    other = Effect(5, {CHAT: 1, Channel.DM: 2}, {}, {"a.b": 1, "c.d": 2})

    assert joined([one, other, Effect()]) == Effect(
        15, {CHAT: 4, Channel.DM: 2}, {SMS: 1}, {"a.b": 5, "c.d": 2}
    )
