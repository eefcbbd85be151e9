"""The pace: spaced so that no window holds more than Lark takes, wherever it begins."""

from __future__ import annotations

from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.governor import Gate, Governor, Limits
from store.lanes import Lane
from store.values import Channel, Destination, Kind
from tests.conftest import MONDAY

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def lane(kind: Kind, channel: Channel = Channel.CHAT) -> Lane:
    destination = Destination(kind, "x")
    return Lane(f"{destination}/{channel}", destination, channel)


GROUP, ROBOT = lane(Kind.CHAT), lane(Kind.ROBOT)
PERSON = lane(Kind.PERSON, Channel.DM)
LETTER = lane(Kind.PERSON, Channel.EMAIL)
TEXT, CALL = (lane(Kind.PERSON, each) for each in (Channel.SMS, Channel.VOICE))


@pytest.mark.parametrize(
    ("of", "apart"),
    [
        (ROBOT, 0.75),  # 80 of 100 a minute
        (GROUP, 0.25),  # 4 of 5 a second
        (PERSON, 0.25),
        (LETTER, 3.75),  # 16 of 20 a minute
        (TEXT, 3.75),
        (CALL, 7.5),  # 8 of 10 a minute
    ],
)
def test_each_place_has_four_fifths_of_its_ceiling(of, apart):
    assert Governor(Limits()).interval(of) == timedelta(seconds=apart)


def test_the_tighter_of_two_ceilings_counts():
    governor = Governor(Limits(robot_per_second=1, robot_per_minute=1000))

    assert governor.interval(ROBOT) == timedelta(seconds=1.25)


@pytest.mark.parametrize(
    ("of", "gate"),
    [
        (GROUP, Gate.APP),
        (PERSON, Gate.APP),
        (ROBOT, None),
        (LETTER, Gate.EMAIL),
        (TEXT, Gate.SMS),
        (CALL, Gate.VOICE),
    ],
)
def test_what_goes_out_the_same_way_shares_one_pace(of, gate):
    assert Governor(Limits()).gate(of) is gate


def test_what_the_app_carries_goes_through_its_gate():
    governor = Governor(Limits(), by_app={Channel.VOICE})

    assert [governor.gate(each) for each in (TEXT, CALL)] == [Gate.SMS, Gate.APP]


@pytest.mark.parametrize("gate", [Gate.SMS, Gate.VOICE])
def test_a_carrier_gets_four_fifths_of_its_ceiling(gate):
    governor = Governor(Limits())

    waits = [governor.take_turn(gate, MONDAY) for _ in range(3)]

    assert waits == [timedelta(milliseconds=62.5) * n for n in range(3)]


def test_letters_and_calls_by_the_app_do_not_wait_for_each_other():
    governor = Governor(Limits())
    governor.close(Gate.APP, MONDAY + MINUTE)

    assert [governor.take_turn(Gate.EMAIL, MONDAY) for _ in range(2)] == [
        timedelta(0),
        timedelta(milliseconds=625),  # 96 of 120 a minute
    ]


def test_who_takes_over_waits_as_long_as_who_was_there():
    was, now = Governor(Limits()), Governor(Limits())
    was.close(Gate.APP, MONDAY + MINUTE)
    now.close(Gate.EMAIL, MONDAY + SECOND)

    now.follow(was, MONDAY)

    assert [now.wait(gate, MONDAY) for gate in (Gate.APP, Gate.EMAIL)] == [
        MINUTE,
        SECOND,
    ]


def test_the_first_call_goes_at_once_and_the_next_ones_in_line():
    governor = Governor(Limits())

    waits = [governor.take_turn(Gate.APP, MONDAY) for _ in range(4)]

    # 800 of 1,000 a minute.
    assert waits == [n * timedelta(milliseconds=75) for n in range(4)]


def test_a_pause_is_not_saved_up_for_later():
    governor = Governor(Limits())
    governor.take_turn(Gate.APP, MONDAY)
    later = MONDAY + timedelta(hours=1)

    waits = [governor.take_turn(Gate.APP, later) for _ in range(2)]

    assert waits == [timedelta(0), timedelta(milliseconds=75)]


def test_to_ask_for_the_wait_takes_no_turn():
    governor = Governor(Limits())
    governor.take_turn(Gate.APP, MONDAY)

    assert [governor.wait(Gate.APP, MONDAY) for _ in range(2)] == [
        timedelta(milliseconds=75)
    ] * 2


def test_when_lark_asks_the_app_to_wait_everybody_waits():
    governor = Governor(Limits())
    governor.close(Gate.APP, MONDAY + MINUTE)

    assert governor.wait(Gate.APP, MONDAY) == MINUTE
    assert governor.take_turn(Gate.APP, MONDAY + 2 * MINUTE) == timedelta(0)


def test_a_shorter_wait_does_not_open_what_a_longer_one_closed():
    governor = Governor(Limits())
    governor.close(Gate.APP, MONDAY + MINUTE)
    governor.close(Gate.APP, MONDAY + SECOND)

    assert governor.wait(Gate.APP, MONDAY) == MINUTE


@given(
    gaps=st.lists(st.integers(0, 2_000), min_size=1, max_size=300),
    per_second=st.integers(1, 60),
    per_minute=st.integers(1, 1_200),
)
def test_however_calls_come_no_window_holds_more_than_the_ceilings(
    gaps, per_second, per_minute
):
    governor = Governor(Limits(app_per_second=per_second, app_per_minute=per_minute))

    made = [
        asked + governor.take_turn(Gate.APP, asked)
        for asked in (MONDAY + timedelta(milliseconds=ms) for ms in accumulate(gaps))
    ]

    assert made == sorted(made)
    for first in made:
        assert sum(first <= at < first + SECOND for at in made) <= per_second
        assert sum(first <= at < first + MINUTE for at in made) <= per_minute
