"""When a scheduled digest is due, and which of several a delivery waits for."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handlers.rules.schedules import (
    COLLECTABLE,
    nearest,
    next_time,
    schedule_words,
)
from store.values import Channel, Destination, Kind, Schedule
from tests.handlers.rules.test_windows import HARD, at, changes, wall_clock

OPS = Destination(Kind.CHAT, "oc_ops")
ROBOT = Destination(Kind.ROBOT, "ops-room")
MINUTE = timedelta(minutes=1)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
NINE = Schedule(
    id=1,
    name="1",
    target=OPS,
    times=(9 * 60,),
    zone="Asia/Shanghai",
    collects=COLLECTABLE,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def times_between(told: Schedule, after: datetime, until: datetime) -> list[datetime]:
    """The times later than *after*, and not later than *until*, one by one."""
    found = []
    while (time := next_time(told, after)) is not None and time <= until:
        found.append(time)
        assert time > after
        after = time
    return found


@pytest.mark.parametrize(
    ("after", "time"),
    [
        ("2026-01-05 08:59:59", "2026-01-05 09:00"),
        ("2026-01-05 09:00", "2026-01-06 09:00"),
        ("2026-01-05 23:30", "2026-01-06 09:00"),
    ],
)
def test_a_digest_is_due_at_its_next_time(after, time):
    assert next_time(NINE, at(after)) == at(time)


def test_a_day_may_have_several_times():
    twice = replace(NINE, times=(9 * 60, 18 * 60), days="mon,fri")

    # 2026-01-05 is a Monday.
    assert times_between(twice, at("2026-01-05 09:00"), at("2026-01-12 09:00")) == [
        at("2026-01-05 18:00"),
        at("2026-01-09 09:00"),
        at("2026-01-09 18:00"),
        at("2026-01-12 09:00"),
    ]


def test_workdays_know_holidays_and_made_up_days():
    workdays = replace(NINE, times=(18 * 60,), days="workdays")

    # National Day of 2026 in China: the 1st to the 7th; Saturday the 10th is worked.
    assert times_between(workdays, at("2026-09-30 12:00"), at("2026-10-13 00:00")) == [
        at("2026-09-30 18:00"),
        at("2026-10-08 18:00"),
        at("2026-10-09 18:00"),
        at("2026-10-10 18:00"),
        at("2026-10-12 18:00"),
    ]


def test_the_closest_digest_is_waited_for():
    everything = replace(NINE, id=1)
    finance = replace(NINE, id=2, patterns=("finance.*",))
    refunds = replace(NINE, id=3, patterns=("finance.refund", "product.*"))
    mail = replace(NINE, id=4, collects=frozenset({Channel.EMAIL}))
    rules = [refunds, everything, mail, finance]

    def closest(type_id: str, channel: Channel = Channel.CHAT) -> int | None:
        found = nearest(rules, destination=OPS, channel=channel, type_id=type_id)
        return found and found.id

    assert closest("finance.refund") == 3
    assert closest("finance.budget") == 2
    assert closest("product.alarm") == 3
    assert closest("security.event") == 1
    assert closest("security.event", Channel.EMAIL) == 4
    assert closest("finance.budget", Channel.EMAIL) == 2
    assert closest("finance.refund", Channel.SMS) is None


def test_a_robot_obeys_its_own_digest_before_that_of_its_group():
    of_group = replace(NINE, id=2, patterns=("finance.*",))
    of_robot = replace(NINE, id=1, target=ROBOT)

    def closest(destination: Destination) -> Schedule | None:
        return nearest(
            [of_group, of_robot],
            destination=destination,
            channel=Channel.CHAT,
            type_id="finance.refund",
        )

    assert closest(ROBOT) == of_robot
    assert closest(OPS) == of_group


def test_one_that_is_off_is_not_waited_for():
    off = replace(NINE, enabled=False)

    assert nearest([off], destination=OPS, channel=Channel.CHAT, type_id="a.b") is None


@pytest.mark.parametrize(
    ("days", "times", "written"),
    [
        ("daily", (540,), "daily 09:00"),
        ("mon", (570,), "weekly mon 09:30"),
        ("mon,tue,wed,thu,fri", (540, 1080), "mon-fri 09:00,18:00"),
        ("workdays", (1080,), "workdays 18:00"),
    ],
)
def test_it_is_written_as_it_is_typed(days, times, written):
    assert schedule_words(days, times) == written


@pytest.mark.parametrize(
    ("time", "after", "due"),
    [
        # In New York, 2026-03-08 02:00 is skipped to 03:00; 2026-11-01 01:00-02:00
        # comes twice.
        (150, "2026-03-08T06:30", "2026-03-08T07:00"),
        (150, "2026-03-08T07:00", "2026-03-09T06:30"),
        (90, "2026-11-01T05:29", "2026-11-01T05:30"),
        (90, "2026-11-01T05:30", "2026-11-02T06:30"),
        (90, "2026-11-01T06:29", "2026-11-02T06:30"),
    ],
)
def test_a_time_that_is_skipped_or_repeated_is_due_once(time, after, due):
    told = replace(NINE, times=(time,), zone="America/New_York")

    assert next_time(told, datetime.fromisoformat(after).replace(tzinfo=UTC)) == (
        datetime.fromisoformat(due).replace(tzinfo=UTC)
    )


# An oracle of its own: read the wall clock minute by minute, and let a time be the
# first minute at which the clock shows it or has passed it.


def due(told: Schedule, first: datetime, minutes: int) -> list[datetime]:
    clock = wall_clock(told.zone, first, minutes)
    found: set[datetime] = set()
    day = clock[0].date() + timedelta(days=1)
    while day < clock[-1].date():
        if told.days == "daily" or f"{day:%a}".lower() in told.days.split(","):
            midnight = datetime.combine(day, datetime.min.time())
            found |= {
                first + bisect_left(clock, midnight + time * MINUTE) * MINUTE
                for time in told.times
            }
        day += timedelta(days=1)
    return sorted(found)


def assert_agrees(told: Schedule, changed: date, days: int) -> None:
    middle = datetime(changed.year, changed.month, changed.day, tzinfo=UTC)
    first = middle - timedelta(days=days // 2)
    expected = due(told, first, days * 1440)
    before = expected[0] - MINUTE
    assert times_between(told, before, expected[-1]) == expected


@pytest.mark.parametrize("zone", HARD)
def test_every_change_of_the_clock_agrees_with_reading_it_each_minute(zone):
    for day in changes(zone, (2009, 2013)) + changes(zone, (2024, 2026)):
        for times in ((0,), (30, 60), (90, 120, 150), (1439,), (180,)):
            assert_agrees(replace(NINE, zone=zone, times=times), day, 8)


@settings(max_examples=25, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    times=st.lists(st.integers(0, 1439), min_size=1, max_size=3, unique=True),
    days=st.sampled_from(["daily", "mon,wed,fri", "sat,sun", "sun"]),
    data=st.data(),
)
def test_any_zone_agrees_with_reading_its_clock_each_minute(zone, times, days, data):
    changed = changes(zone, (2005, 2030))
    assume(changed)
    told = replace(NINE, zone=zone, times=tuple(sorted(times)), days=days)

    assert_agrees(told, data.draw(st.sampled_from(changed)), 16)
