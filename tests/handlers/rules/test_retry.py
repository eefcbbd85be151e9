from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.retry import next_attempt

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


#: The far end of the range.
LATEST = 1.0


def delay(attempts: int) -> timedelta:
    later = next_attempt(attempts, now=NOON, first_attempt=NOON, chance=LATEST)
    assert later is not None
    return later - NOON


def test_the_pause_doubles_from_a_second_to_five_minutes():
    seconds = [delay(attempts).total_seconds() for attempts in range(1, 12)]

    assert seconds == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert delay(10**6) == timedelta(minutes=5)


def test_what_failed_together_does_not_come_back_together():
    rng = Random(1)
    delays = [
        next_attempt(10, now=NOON, first_attempt=NOON, chance=rng.random())
        for _ in range(500)
    ]

    assert min(delays) < NOON + timedelta(seconds=5)
    assert max(delays) > NOON + timedelta(seconds=295)
    assert len(set(delays)) == 500


def test_the_last_attempt_is_made_a_day_after_the_first():
    late = NOON + DAY - timedelta(seconds=1)

    assert next_attempt(400, now=late, first_attempt=NOON, chance=LATEST) == NOON + DAY
    assert next_attempt(401, now=NOON + DAY, first_attempt=NOON, chance=LATEST) is None


@settings(deadline=None)
@given(
    st.integers(0, 10**6),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.floats(0, 1, exclude_max=True),
)
def test_an_attempt_is_never_in_the_past_nor_after_the_day(attempts, passed, chance):
    now = NOON + passed
    later = next_attempt(attempts, now=now, first_attempt=NOON, chance=chance)

    assert (later is None) == (passed >= DAY)
    assert later is None or now <= later <= min(now + timedelta(minutes=5), NOON + DAY)
