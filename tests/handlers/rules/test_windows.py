from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handlers.rules.windows import (
    LONGEST,
    closes_after,
    covers,
    ends_after,
    next_start,
    spread,
    upcoming,
)
from store.values import Channel, Destination, Kind, Window

MINUTE = timedelta(minutes=1)
EPOCH = datetime(1976, 1, 1, tzinfo=UTC)
OPS = Destination(Kind.CHAT, "oc_ops")


def window(
    hours: tuple[int, int] | None = (1320, 480),
    days: str = "daily",
    zone: str = "Asia/Shanghai",
    calendar: str = "CN",
) -> Window:
    start, end = hours or (None, None)
    return Window(
        id=1,
        name="nights",
        target=OPS,
        start=start,
        end=end,
        days=days,
        zone=zone,
        calendar=calendar,
        mutes=frozenset({Channel.CHAT}),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-01-05 21:59", None),
        ("2026-01-05 22:00", "2026-01-06 08:00"),
        ("2026-01-06 07:59:59", "2026-01-06 08:00"),
        ("2026-01-06 08:00", None),
    ],
)
def test_a_window_holds_its_first_minute_and_not_its_end(moment, end):
    assert ends_after(window(), at(moment)) == (end and at(end))
    assert covers(window(), at(moment)) == (end is not None)


def test_the_day_of_a_window_is_the_day_it_starts():
    friday_night = window(days="fri")

    assert covers(friday_night, at("2026-01-10 03:00"))
    assert not covers(friday_night, at("2026-01-09 03:00"))


def test_a_night_before_a_holiday_is_the_night_of_a_workday():
    nights = window(days="workdays")

    assert covers(nights, at("2026-10-01 07:59"))  # began on Wednesday the 30th
    assert not covers(nights, at("2026-10-01 23:00"))  # National Day
    assert not covers(nights, at("2026-10-08 07:59"))
    assert covers(nights, at("2026-10-08 23:00"))
    assert covers(nights, at("2026-10-10 23:00"))  # a Saturday that is worked
    assert next_start(nights, at("2026-09-30 23:00")) == at("2026-10-08 22:00")


def test_a_whole_day_ends_at_midnight_and_the_next_one_goes_on():
    always = window(None)

    assert ends_after(always, at("2026-01-05 10:00")) == at("2026-01-06 00:00")
    assert ends_after(always, at("2026-01-06 00:00")) == at("2026-01-07 00:00")


def test_whole_days_that_touch_close_together():
    weekend = window(None, days="sat,sun")

    # 2026-01-10 is a Saturday.
    assert closes_after(weekend, at("2026-01-10 10:00")) == at("2026-01-12 00:00")
    assert closes_after(weekend, at("2026-01-11 10:00")) == at("2026-01-12 00:00")
    assert closes_after(weekend, at("2026-01-12 00:00")) is None


def test_what_never_closes_is_told_by_how_long_it_lasts():
    always = window(None)
    now = at("2026-01-05 10:00")

    closes = closes_after(always, now)

    assert closes is not None
    assert closes - now >= LONGEST


@given(st.integers(0, 60 * 24 * 30), st.sampled_from(["mon-fri", "sat,sun", "daily"]))
def test_a_window_closes_at_the_first_minute_it_does_not_cover(minutes, days):
    ruled = window((1320, 480) if days == "daily" else None, days=days)
    now = at("2026-01-05 00:00") + minutes * MINUTE

    closes = closes_after(ruled, now)

    assert (closes is None) == (not covers(ruled, now))
    if closes is not None:
        assert not covers(ruled, closes)
        last = (closes - now - MINUTE) // MINUTE
        assert all(covers(ruled, now + n * MINUTE) for n in range(0, last + 1, 15))
        assert covers(ruled, closes - MINUTE)


def test_equal_edges_last_a_day_from_the_start():
    assert ends_after(window((480, 480)), at("2026-01-06 07:00")) == at(
        "2026-01-06 08:00"
    )


def test_the_next_opening_is_later_than_now():
    assert next_start(window(), at("2026-01-05 22:00")) == at("2026-01-06 22:00")
    assert next_start(window(), at("2026-01-05 21:00")) == at("2026-01-05 22:00")


def test_the_preview_begins_with_the_opening_we_are_in():
    assert upcoming(window(days="mon-wed"), at("2026-01-06 01:00"), 2) == [
        (at("2026-01-05 22:00"), at("2026-01-06 08:00")),
        (at("2026-01-06 22:00"), at("2026-01-07 08:00")),
        (at("2026-01-07 22:00"), at("2026-01-08 08:00")),
    ]


@pytest.mark.parametrize(
    ("hours", "moment", "end"),
    [
        # 2026-03-08 02:00 is skipped to 03:00; 2026-11-01 01:00-02:00 comes twice.
        ((1320, 150), "2026-03-08T06:30", "2026-03-08T07:00"),
        ((150, 240), "2026-03-08T07:00", "2026-03-08T08:00"),
        ((130, 170), "2026-03-08T07:00", None),
        ((1320, 90), "2026-11-01T05:29", "2026-11-01T05:30"),
        ((1320, 90), "2026-11-01T05:30", None),
        ((1320, 90), "2026-11-01T06:10", None),
        ((90, 180), "2026-11-01T06:10", "2026-11-01T08:00"),
    ],
)
def test_an_edge_that_is_skipped_or_repeated_has_one_meaning(hours, moment, end):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)

    assert ends_after(window(hours, zone="America/New_York"), now) == (
        end and datetime.fromisoformat(end).replace(tzinfo=UTC)
    )


def test_an_end_on_a_day_that_a_country_skipped_is_the_day_after():
    # Samoa had no 30 December 2011.
    assert ends_after(
        window(zone="Pacific/Apia"), at("2011-12-29 23:00", "Pacific/Apia")
    ) == at("2011-12-31 00:00", "Pacific/Apia")


def test_ends_are_spread_over_ninety_seconds_and_stay_the_same():
    end = at("2026-01-06 08:00")
    delays = {spread(Destination(Kind.CHAT, f"oc_{n}"), end) for n in range(2000)}

    assert spread(OPS, end) == timedelta(seconds=31.378)
    assert min(delays) < timedelta(seconds=1)
    assert max(delays) > timedelta(seconds=89)
    assert max(delays) < timedelta(seconds=90)


# An oracle of its own: read the wall clock minute by minute, and let an edge be the
# first minute at which the clock shows it or has passed it.


@lru_cache(maxsize=64)
def wall_clock(zone: str, first: datetime, minutes: int) -> list[datetime]:
    local = ZoneInfo(zone)
    shown = (
        (first + after * MINUTE).astimezone(local).replace(tzinfo=None)
        for after in range(minutes)
    )
    return list(accumulate(shown, max))


def openings(
    ruled: Window, first: datetime, minutes: int
) -> list[tuple[datetime, datetime]]:
    clock = wall_clock(ruled.zone, first, minutes)

    def when(shown: datetime) -> datetime:
        return first + bisect_left(clock, shown) * MINUTE

    found = []
    day = clock[0].date() + timedelta(days=1)
    while day < clock[-1].date() - timedelta(days=1):
        midnight = datetime.combine(day, datetime.min.time())
        start, end = ruled.start or 0, ruled.end
        if end is None:
            end = 1440
        elif end <= start:
            end += 1440
        if ruled.days == "daily" or f"{day:%a}".lower() in ruled.days.split(","):
            edges = when(midnight + start * MINUTE), when(midnight + end * MINUTE)
            found.extend([edges] if edges[0] < edges[1] else [])
        day += timedelta(days=1)
    return found


def assert_agrees(ruled: Window, first: datetime, days: int) -> None:
    expected = openings(ruled, first, days * 1440)
    since = expected[0][0]
    horizon = (expected[-1][0] - since).days
    told = upcoming(ruled, since, horizon)
    assert told == expected[: len(told)]
    assert len(told) >= len(expected) - 2
    for (start, end), (following, _) in pairwise(told):
        assert next_start(ruled, start - MINUTE) == start
        assert next_start(ruled, start) == following
        assert ends_after(ruled, start) == end
        assert ends_after(ruled, end - MINUTE) == end
        for moment in (start + (end - start) * part / 7 for part in range(7)):
            assert ends_after(ruled, moment) == end > moment
        if end < following:
            assert not covers(ruled, end)
            assert not covers(ruled, following - MINUTE)


@lru_cache(maxsize=256)
def changes(zone: str, years: tuple[int, int]) -> list[date]:
    """Return the days on which the clock of *zone* was changed."""
    local = ZoneInfo(zone)
    days = [
        datetime(years[0], 1, 1, 12, tzinfo=UTC) + timedelta(days=after)
        for after in range((years[1] - years[0]) * 365)
    ]
    offsets = [day.astimezone(local).utcoffset() for day in days]
    return [
        later.date()
        for later, was, now in zip(days[1:], offsets, offsets[1:], strict=False)
        if was != now
    ]


HARD = [
    "America/New_York",
    "America/Havana",  # changes at midnight and at one
    "America/St_Johns",  # changed a minute past midnight until 2011
    "America/Sao_Paulo",  # skipped midnight
    "Africa/Casablanca",  # four changes a year, around Ramadan
    "Africa/Cairo",
    "Asia/Beirut",
    "Australia/Lord_Howe",  # half an hour
    "Europe/Dublin",  # winter is the exception
    "Pacific/Apia",  # lost a day
]


@pytest.mark.parametrize("zone", HARD)
def test_every_change_of_the_clock_agrees_with_reading_it_each_minute(zone):
    for day in changes(zone, (2009, 2013)) + changes(zone, (2024, 2026)):
        first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=4)
        for hours in (None, (1320, 480), (0, 60), (90, 150), (1439, 1), (120, 60)):
            assert_agrees(window(hours, zone=zone), first, 8)


ZONES = sorted(available_timezones() - {"localtime", "Factory"})
TIME_OF_DAY = st.one_of(st.integers(0, 1439), st.integers(0, 8).map(lambda n: n * 30))


@settings(max_examples=50, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hours=st.one_of(st.none(), st.tuples(TIME_OF_DAY, TIME_OF_DAY)),
    days=st.sampled_from(["daily", "mon,wed,fri", "sat,sun", "sun"]),
    data=st.data(),
)
def test_any_zone_agrees_with_reading_its_clock_each_minute(zone, hours, days, data):
    changed = changes(zone, (2005, 2030))
    assume(changed)
    day = data.draw(st.sampled_from(changed))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=9)

    assert_agrees(window(hours, days=days, zone=zone), first, 19)


@settings(deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    hours=st.one_of(st.none(), st.tuples(TIME_OF_DAY, TIME_OF_DAY)),
    days=st.sampled_from(["daily", "workdays", "weekends", "mon"]),
    now=st.integers(0, 60 * 365 * 1440).map(lambda n: EPOCH + n * MINUTE),
)
def test_an_end_is_always_later_than_now(zone, hours, days, now):
    ruled = window(hours, days=days, zone=zone)
    end, start = ends_after(ruled, now), next_start(ruled, now)

    assert end is None or end > now
    assert start is None or start > now
