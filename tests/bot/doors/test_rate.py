from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.doors.rate import Bucket
from tests.conftest import MONDAY, HandClock

MINUTE = timedelta(minutes=1)


def test_a_bucket_gives_what_it_holds_and_then_as_it_fills() -> None:
    bucket, clock = Bucket(3, MINUTE), HandClock()

    at_once = [bucket.take(1, now=clock.now()) for _ in range(4)]
    clock.advance(seconds=20)
    later = [bucket.take(1, now=clock.now()) for _ in range(2)]

    assert at_once == [None, None, None, timedelta(seconds=20)]
    assert later == [None, timedelta(seconds=20)]


def test_what_is_refused_takes_nothing() -> None:
    bucket = Bucket(3, MINUTE)
    bucket.take(2, now=MONDAY)

    assert bucket.take(2, now=MONDAY) == timedelta(seconds=20)
    assert bucket.take(1, now=MONDAY) is None


def test_it_never_holds_more_than_it_can() -> None:
    bucket, clock = Bucket(3, MINUTE), HandClock()
    bucket.take(3, now=clock.now())
    clock.advance(days=1)

    assert [bucket.take(1, now=clock.now()) for _ in range(4)] == [
        None,
        None,
        None,
        timedelta(seconds=20),
    ]


def test_more_than_the_whole_is_let_through_when_full_and_paid_for_after() -> None:
    bucket, clock = Bucket(3, MINUTE), HandClock()

    assert bucket.take(30, now=clock.now()) is None
    assert bucket.take(1, now=clock.now()) == timedelta(minutes=9, seconds=20)

    clock.advance(minutes=9, seconds=20)
    assert bucket.take(1, now=clock.now()) is None


def test_nothing_may_always_be_taken() -> None:
    bucket = Bucket(1, MINUTE)
    bucket.take(1, now=MONDAY)

    assert bucket.take(0, now=MONDAY) is None


def test_a_bucket_of_more_than_time_can_tell_apart_still_gives() -> None:
    bucket = Bucket(10_000_000, timedelta(seconds=1))

    assert bucket.take(1, now=MONDAY) is None


def test_the_same_rate_goes_on_where_it_stood_and_another_begins_anew() -> None:
    before, same, other = Bucket(2, MINUTE), Bucket(2, MINUTE), Bucket(3, MINUTE)
    before.take(2, now=MONDAY)

    same.follow(before)
    other.follow(before)

    assert same.take(1, now=MONDAY) == timedelta(seconds=30)
    assert other.take(3, now=MONDAY) is None


@given(
    amount=st.integers(1, 50),
    asked=st.lists(
        st.tuples(st.integers(0, 90_000), st.integers(1, 5)), min_size=1, max_size=60
    ),
)
def test_no_span_gives_more_than_a_whole_bucket_and_what_flows_in(
    amount: int, asked: list[tuple[int, int]]
) -> None:
    bucket, clock = Bucket(amount, MINUTE), HandClock()
    given_out: list[tuple[float, int]] = []
    for pause, count in asked:
        clock.advance(milliseconds=pause)
        count = min(count, amount)
        if bucket.take(count, now=clock.now()) is None:
            given_out.append(((clock.now() - MONDAY).total_seconds(), count))

    for start, (began, _) in enumerate(given_out):
        for end in range(start, len(given_out)):
            span = given_out[end][0] - began
            total = sum(count for _, count in given_out[start : end + 1])
            assert total <= amount + amount * span / 60 + 1e-3
