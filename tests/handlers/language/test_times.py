"""Durations, hours, days, moments and zones, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.clocks import Hours, read_hours
from handlers.language.days import read_days
from handlers.language.durations import read_duration, say_duration, write_duration
from handlers.language.moments import read_moment, resolve, say_moment, write_moment
from handlers.language.zones import find_zone

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: Wednesday noon in Shanghai.
NOON = datetime(2026, 1, 7, 4, 0, tzinfo=UTC)


def local(text: str) -> datetime:
    """What a clock on a wall shows."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2h", 120),
        ("90m", 90),
        ("1h30m", 90),
        ("1h30", 90),
        ("1.5h", 90),
        ("1 h 30 min", 90),
        ("1 hour and 30 minutes", 90),
        ("2 hrs", 120),
        ("an hour", 60),
        ("half an hour", 30),
        ("1 and a half hours", 90),
        ("three days", 3 * 24 * 60),
        ("1w", 7 * 24 * 60),
        ("2小时", 120),
        ("两小时", 120),
        ("2个小时", 120),
        ("半小时", 30),
        ("半个小时", 30),
        ("一个半小时", 90),
        ("一小时半", 90),
        ("1小时30分钟", 90),
        ("十五分钟", 15),
        ("二十分钟", 20),
        ("三天", 3 * 24 * 60),
        ("一周", 7 * 24 * 60),
    ],
)
def test_how_long(text, minutes):
    found = read_duration(text)

    assert found is not None
    assert (found.value, found.end) == (timedelta(minutes=minutes), len(text))


@pytest.mark.parametrize(
    "text", ["2", "h", "2x", "2happy", "0h", "-2h", "9999999d", ""]
)
def test_what_is_no_duration(text):
    assert read_duration(text) is None


@given(st.integers(min_value=1, max_value=100_000))
def test_a_duration_is_written_as_it_is_read(minutes):
    long = timedelta(minutes=minutes)
    found = read_duration(write_duration(long))

    assert found is not None
    assert found.value == long


def test_how_long_is_said():
    assert say_duration(timedelta(hours=9, minutes=12)) == "9 h 12 min"
    assert say_duration(timedelta(days=2, minutes=1)) == "2 d 1 min"
    assert say_duration(timedelta(seconds=20)) == "less than a minute"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("22:00-08:00", "22:00-08:00"),
        ("22-8", "22:00-08:00"),
        ("22 - 8", "22:00-08:00"),
        ("10pm-8am", "22:00-08:00"),
        ("10 PM to 8 AM", "22:00-08:00"),
        ("8 a.m. - 5 p.m.", "08:00-17:00"),
        ("22:00~08:00", "22:00-08:00"),
        ("22:00..08:00", "22:00-08:00"),
        ("22:00->08:00", "22:00-08:00"),
        ("22:00 to 08:00", "22:00-08:00"),
        ("22:00 till 08:00", "22:00-08:00"),
        ("from 22:00 until 08:00", "22:00-08:00"),
        ("between 22:00 and 08:00", "22:00-08:00"),
        ("2200-0800", "22:00-08:00"),
        ("22.00-08.00", "22:00-08:00"),
        ("22h-8h", "22:00-08:00"),
        ("22h30-8h15", "22:30-08:15"),
        ("23:30-7", "23:30-07:00"),
        ("22:00 to 08:00 next day", "22:00-08:00"),
        ("noon to midnight", "12:00-00:00"),
        ("12am-6am", "00:00-06:00"),
        ("12pm-1pm", "12:00-13:00"),
        ("10 at night to 7 in the morning", "22:00-07:00"),
        ("晚上10点到早上8点", "22:00-08:00"),
        ("晚上十点半到次日早上八点", "22:30-08:00"),
        ("晚上十点一刻至早上七点三刻", "22:15-07:45"),
        ("二十二点至八点", "22:00-08:00"),
        ("22点到8点", "22:00-08:00"),
        ("从22:00到08:00", "22:00-08:00"),
        ("晚上12点到早上6点", "00:00-06:00"),
        ("凌晨1点到凌晨5点", "01:00-05:00"),
        ("中午12点到下午2点", "12:00-14:00"),
        ("8-10", "08:00-10:00"),
        ("22:00-24:00", "22:00-00:00"),
        ("0-24", "whole day"),
        ("00:00-24:00", "whole day"),
        ("whole day", "whole day"),
        ("all day", "whole day"),
        ("24h", "whole day"),
        ("全天", "whole day"),
        ("整天", "whole day"),
    ],
)
def test_hours(text, hours):
    found = read_hours(text)

    assert found is not None
    assert (str(found.value), found.end) == (hours, len(text))


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("9-5", ("09:00-17:00", "21:00-05:00", "09:00-05:00")),
        ("10-8", ("10:00-20:00", "22:00-08:00", "10:00-08:00")),
        ("9:00-5", ("09:00-17:00", "09:00-05:00")),
        ("10-11pm", ("22:00-23:00", "10:00-23:00")),
        ("10pm-8", ("22:00-08:00", "22:00-20:00")),
        ("下午2点到5点", ("14:00-17:00", "14:00-05:00")),
        ("晚上8点到10点", ("20:00-22:00", "20:00-10:00")),
        ("22:00-22:00", ("whole day",)),
        ("08:00 to next day 09:00", ("whole day", "08:00-09:00")),
    ],
)
def test_hours_that_can_be_read_in_two_ways_are_asked_about(text, choices):
    found = read_hours(text)

    assert found is not None
    assert (found.value, found.choices) == (None, choices)


@pytest.mark.parametrize(
    "text", ["25:00-08:00", "22:61-8:00", "finance.*", "2h", "22:00"]
)
def test_what_are_no_hours(text):
    assert read_hours(text) is None


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_hours_are_written_as_they_are_read(start, end):
    if start == end:
        return
    found = read_hours(str(Hours(start, end)))

    assert found is not None
    assert found.value == Hours(start, end)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily", "daily"),
        ("every day", "daily"),
        ("nightly", "daily"),
        ("每天", "daily"),
        ("每晚", "daily"),
        ("workdays", "workdays"),
        ("business days", "workdays"),
        ("工作日", "workdays"),
        ("weekends", "weekends"),
        ("周末", "weekends"),
        ("weekdays", "mon,tue,wed,thu,fri"),
        ("mon-fri", "mon,tue,wed,thu,fri"),
        ("monday to friday", "mon,tue,wed,thu,fri"),
        ("周一到周五", "mon,tue,wed,thu,fri"),
        ("星期一至星期五", "mon,tue,wed,thu,fri"),
        ("mon,wed", "mon,wed"),
        ("mon, wed and fri", "mon,wed,fri"),
        ("sat sun", "sat,sun"),
        ("fri-mon", "mon,fri,sat,sun"),
        ("on mondays", "mon"),
        ("每周一", "mon"),
        ("周一和周三", "mon,wed"),
        ("sun-sat", "daily"),
    ],
)
def test_days(text, days):
    found = read_days(text)

    assert found is not None
    assert (found.value, found.end) == (days, len(text))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("until mon 09:00", "2026-01-12 09:00"),
        ("till monday 9am", "2026-01-12 09:00"),
        ("tomorrow 9am", "2026-01-08 09:00"),
        ("9am tomorrow", "2026-01-08 09:00"),
        ("tomorrow at 09:00", "2026-01-08 09:00"),
        ("tonight 10pm", "2026-01-07 22:00"),
        ("tonight 10", "2026-01-07 22:00"),
        ("today 6", "2026-01-07 18:00"),
        ("day after tomorrow 15:00", "2026-01-09 15:00"),
        ("9:00", "2026-01-08 09:00"),
        ("18:00", "2026-01-07 18:00"),
        ("until noon", "2026-01-08 12:00"),
        ("until midnight", "2026-01-08 00:00"),
        ("wed 09:00", "2026-01-14 09:00"),
        ("wed 18:00", "2026-01-07 18:00"),
        ("this fri 9:00", "2026-01-09 09:00"),
        ("next monday 9:00", "2026-01-12 09:00"),
        ("09:00 on monday", "2026-01-12 09:00"),
        ("until 2026-10-02 08:00", "2026-10-02 08:00"),
        ("2026-01-08T09:00", "2026-01-08 09:00"),
        ("2026年1月8日 9:00", "2026-01-08 09:00"),
        ("oct 2 8:00", "2026-10-02 08:00"),
        ("2 oct at 8am", "2026-10-02 08:00"),
        ("10月2日 早上8点半", "2026-10-02 08:30"),
        ("十月二日晚上八点", "2026-10-02 20:00"),
        ("明早9点", "2026-01-08 09:00"),
        ("明晚8点", "2026-01-08 20:00"),
        ("今晚10点", "2026-01-07 22:00"),
        ("后天下午3点", "2026-01-09 15:00"),
        ("下周一 9:00", "2026-01-12 09:00"),
        ("下周五 9:00", "2026-01-16 09:00"),
        ("周五 18:00", "2026-01-09 18:00"),
        ("星期五下午5点", "2026-01-09 17:00"),
        ("到明早9点为止", "2026-01-08 09:00"),
        ("直到明天18:00", "2026-01-08 18:00"),
    ],
)
def test_moments(text, moment):
    found = read_moment(text, now=NOON, zone=SHANGHAI)

    assert found is not None
    assert found.value is not None
    assert (write_moment(found.value, SHANGHAI), found.end) == (moment, len(text))


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("until 9", ("until 2026-01-07 21:00", "until 2026-01-08 09:00")),
        ("明天9点", ("until 2026-01-08 09:00", "until 2026-01-08 21:00")),
        ("next fri 9:00", ("until 2026-01-09 09:00", "until 2026-01-16 09:00")),
        (
            "until friday",
            (
                "until 2026-01-09 00:00",
                "until 2026-01-09 09:00",
                "until 2026-01-09 18:00",
            ),
        ),
        ("tonight", ("until 2026-01-07 20:00", "until 2026-01-07 22:00")),
        ("today 10:00", ("until 2026-01-08 10:00",)),
        ("本周一 9:00", ("until 2026-01-12 09:00",)),
    ],
)
def test_moments_that_are_past_or_unclear_are_asked_about(text, choices):
    found = read_moment(text, now=NOON, zone=SHANGHAI)

    assert found is not None
    assert (found.value, found.choices) == (None, choices)


@given(
    st.datetimes(local("2026-01-08"), local("2030-01-01")),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"]),
)
def test_a_moment_is_written_as_it_is_read(shown, name):
    zone = ZoneInfo(name)
    moment = resolve(shown.replace(second=0, microsecond=0), zone, after=NOON)

    found = read_moment(f"until {write_moment(moment, zone)}", now=NOON, zone=zone)

    assert found is not None
    assert found.value == moment


def test_a_time_that_the_clock_skips_is_the_next_minute():
    berlin = ZoneInfo("Europe/Berlin")
    # 02:00 to 03:00 on 29 March 2026 does not exist.
    moment = resolve(local("2026-03-29 02:30"), berlin, after=NOON)

    assert write_moment(moment, berlin) == "2026-03-29 03:00"


def test_a_time_that_comes_twice_is_the_next_of_the_two():
    berlin = ZoneInfo("Europe/Berlin")
    twice = local("2026-10-25 02:30")
    first = resolve(twice, berlin, after=NOON)

    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert resolve(twice, berlin, after=first) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


def test_a_moment_is_echoed_with_its_zone_and_how_far_away_it_is():
    moment = NOON + timedelta(hours=9, minutes=12)

    assert (
        say_moment(moment, now=NOON, zone=SHANGHAI)
        == "2026-01-07 21:12 Asia/Shanghai (in 9 h 12 min)"
    )
    assert (
        say_moment(NOON, now=moment, zone=SHANGHAI)
        == "2026-01-07 12:00 Asia/Shanghai (9 h 12 min ago)"
    )


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("asia/shanghai", "Asia/Shanghai"),
        ("Singapore", "Asia/Singapore"),
        ("new york", "America/New_York"),
        ("beijing", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("utc", "UTC"),
        ("mars", None),
    ],
)
def test_zones(text, zone):
    assert find_zone(text) == zone


@given(
    st.text(
        alphabet="0123456789:-~. hampto点半晚上早到周一二明天下月日小时分个",
        max_size=20,
    )
)
def test_no_text_breaks_the_readers_of_time(text):
    for found in (
        read_duration(text),
        read_hours(text),
        read_days(text),
        read_moment(text, now=NOON, zone=SHANGHAI),
    ):
        assert found is None or 0 <= found.end <= len(text)
