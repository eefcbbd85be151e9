from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.calendars import is_weekend, is_workday, parse_calendar
from handlers.rules.hours import WEEK, days_words, hours_words, parse_days, parse_hours


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("22:00-08:00", (1320, 480)),
        ("22：00－08：00", (1320, 480)),
        ("22:00 – 8", (1320, 480)),
        ("22:00 to 08:30", (1320, 510)),
        ("10pm-8am", (1320, 480)),
        ("12am-12pm", (0, 720)),
        ("22点到8点30分", (1320, 510)),
        ("18:00-24:00", (1080, 0)),
        ("whole  day", (None, None)),
        ("全天", (None, None)),
        ("00:00-24:00", (None, None)),
    ],
)
def test_hours_are_read_as_people_write_them(typed, hours):
    assert parse_hours(typed) == hours
    assert parse_hours(hours_words(*hours)) == hours


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("22:00", "'22:00' is not hours. Write 22:00-08:00, or whole day."),
        ("a-b", "'a' is not a time of day. Write it as 22:00."),
        ("22:60-8", "'22:60' is not a time of day. Write it as 22:00."),
        ("24:01-8", "'24:01' is not a time of day. Write it as 22:00."),
        ("13pm-8", "'13pm' is not a time of day. Write it as 10pm."),
        ("8-8", "'8-8' has no length. For 24 hours write whole day."),
        ("1-2-3", "'1-2-3' is not hours. Write 22:00-08:00, or whole day."),
    ],
)
def test_hours_that_cannot_be_read_say_how_to_write_them(typed, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared
        parse_hours(typed)

    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("Daily", "daily"),
        ("every day", "daily"),
        ("每天", "daily"),
        ("mon-sun", "daily"),
        ("workdays", "workdays"),
        ("工作日", "workdays"),
        ("weekends", "weekends"),
        ("周末", "weekends"),
        ("mon-fri", "mon,tue,wed,thu,fri"),
        ("weekdays", "mon,tue,wed,thu,fri"),
        ("Fri, Monday", "mon,fri"),
        ("sat-mon", "mon,sat,sun"),
        ("mon..wed and sat", "mon,tue,wed,sat"),
        ("周一至周三、周日", "mon,tue,wed,sun"),
        ("ＭＯＮ　to　TUE", "mon,tue"),
    ],
)
def test_days_are_kept_in_one_form(typed, days):
    assert parse_days(typed) == days


@pytest.mark.parametrize("typed", ["", ",", "someday", "mon-someday", "workdays,sat"])
def test_what_is_not_days_is_refused(typed):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared
        parse_days(typed)

    assert str(caught.value) == (
        f"{typed!r} is not days. Write daily, workdays, weekends, mon-fri, "
        "or a list such as mon,wed."
    )


@settings(deadline=None)
@given(st.sets(st.sampled_from(WEEK), min_size=1))
def test_any_days_read_back_the_same(chosen):
    days = parse_days(",".join(chosen))

    assert parse_days(days) == days
    assert parse_days(days_words(days)) == days


def test_five_days_in_a_row_are_shown_as_a_range():
    assert days_words("mon,tue,wed,thu,fri") == "mon-fri"
    assert days_words("mon,wed") == "mon,wed"
    assert days_words("workdays") == "workdays"


@pytest.mark.parametrize(
    ("day", "calendar", "works"),
    [
        (date(2026, 9, 30), "CN", True),
        (date(2026, 10, 1), "CN", False),
        (date(2026, 10, 7), "CN", False),
        (date(2026, 9, 20), "CN", True),
        (date(2026, 10, 10), "CN", True),
        (date(2026, 9, 27), "CN", False),
        # Made up for a holiday of the year after.
        (date(2006, 12, 30), "CN", True),
        # Observed for the first of January after.
        (date(2021, 12, 31), "US", False),
        (date(2026, 10, 1), "SG", True),
        (date(2026, 1, 6), "DE", True),
        (date(2026, 1, 6), "DE-BY", False),
        (date(2026, 1, 2), "EG", False),
        (date(2026, 10, 1), "none", True),
        (date(2026, 10, 3), "none", False),
        (date(2026, 10, 1), "nowhere", True),
    ],
)
def test_a_calendar_knows_its_workdays(day, calendar, works):
    assert is_workday(day, calendar=calendar) == works


def test_a_made_up_workday_is_not_of_the_weekend_nor_is_a_holiday():
    assert is_weekend(date(2026, 10, 11), calendar="CN")
    assert not is_weekend(date(2026, 10, 10), calendar="CN")
    assert not is_weekend(date(2026, 10, 1), calendar="CN")


def test_calendars_are_named_by_country_and_region():
    assert [parse_calendar(each) for each in ("cn", "de-by", "None")] == [
        "CN",
        "DE-BY",
        "none",
    ]


@pytest.mark.parametrize("typed", ["XX", "DE-XX", "China"])
def test_a_calendar_nobody_knows_is_refused(typed):
    with pytest.raises(ValueError, match="is not a calendar"):
        parse_calendar(typed)
