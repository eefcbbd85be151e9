from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.scheduler import LONGEST_PAUSE, Scheduler, supervised

SOON = timedelta(milliseconds=20)
LATE = timedelta(hours=1)
#: Far longer than SOON, far shorter than LATE.
PATIENCE = 10


class Bell:
    """Rings on whatever thread it is rung on, and says which."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.times = 0
        self.thread = 0

    def ring(self) -> None:
        self.times += 1
        self.thread = threading.get_ident()
        self.rung.set()

    async def heard(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.rung.wait()


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
async def scheduler(clock: SystemClock) -> AsyncIterator[Scheduler]:
    made = Scheduler(clock=clock)
    made.start()
    yield made
    made.stop()


async def test_it_wakes_at_the_moment(scheduler: Scheduler, clock: SystemClock) -> None:
    bell, due = Bell(), clock.now() + SOON

    scheduler.wake_at(due, bell.ring)
    await bell.heard()

    assert clock.now() >= due
    # An Event of asyncio that is set in another thread wakes nobody.
    assert bell.thread == threading.get_ident()


async def test_a_moment_that_is_over_wakes_at_once(
    scheduler: Scheduler, clock: SystemClock
) -> None:
    bell = Bell()

    scheduler.wake_at(clock.now() - LATE, bell.ring)

    await bell.heard()


async def test_the_last_wish_is_the_one_that_counts(
    scheduler: Scheduler, clock: SystemClock
) -> None:
    late, soon = Bell(), Bell()

    scheduler.wake_at(clock.now() + LATE, late.ring)
    scheduler.wake_at(clock.now() + SOON, soon.ring)
    await soon.heard()

    assert (soon.times, late.times) == (1, 0)


async def test_a_later_wish_takes_back_an_earlier_one(
    scheduler: Scheduler, clock: SystemClock
) -> None:
    first, other = Bell(), Bell()

    scheduler.wake_at(clock.now() + SOON, first.ring)
    scheduler.wake_at(clock.now() + 2 * SOON, other.ring)
    await other.heard()

    assert first.times == 0


async def test_to_wish_for_nothing_takes_back_the_wish(
    scheduler: Scheduler, clock: SystemClock
) -> None:
    bell, other = Bell(), Bell()
    scheduler.wake_at(clock.now() + SOON, bell.ring)

    scheduler.wake_at(None, bell.ring)
    scheduler.wake_at(None, bell.ring)
    scheduler.every(2 * SOON, "other", _calls(other))
    await other.heard()

    assert bell.times == 0


async def test_the_same_moment_may_be_wished_for_again_once_it_rang(
    scheduler: Scheduler, clock: SystemClock
) -> None:
    bell, due = Bell(), clock.now()
    scheduler.wake_at(due, bell.ring)
    scheduler.wake_at(due, bell.ring)
    await bell.heard()
    bell.rung.clear()

    scheduler.wake_at(due, bell.ring)
    await bell.heard()

    assert bell.times == 2


async def test_a_clock_that_is_ahead_of_the_machine_is_allowed_for() -> None:
    clock = SystemClock(ahead=LATE)
    scheduler, bell = Scheduler(clock=clock), Bell()
    scheduler.start()

    scheduler.wake_at(clock.now() + SOON, bell.ring)
    await bell.heard()

    scheduler.stop()


async def test_a_job_is_called_again_and_again(scheduler: Scheduler) -> None:
    calls: asyncio.Queue[int] = asyncio.Queue()

    async def job() -> None:
        calls.put_nowait(threading.get_ident())

    scheduler.every(SOON, "job", job)

    async with asyncio.timeout(PATIENCE):
        assert [await calls.get() for _ in range(3)] == [threading.get_ident()] * 3


async def test_a_job_never_runs_twice_at_once(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)  # APScheduler warns that it waits.
    busy, most, other = 0, 0, Bell()
    done = asyncio.Event()

    async def job() -> None:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await done.wait()
        busy -= 1

    scheduler.every(timedelta(milliseconds=1), "job", job)
    scheduler.every(SOON, "other", _calls(other))
    await other.heard()
    done.set()

    assert most == 1


async def test_a_job_that_fails_is_told_and_called_again(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    failures: asyncio.Queue[int] = asyncio.Queue()

    async def job() -> None:
        failures.put_nowait(1)
        raise KeyError("x")

    scheduler.every(SOON, "job", job)
    async with asyncio.timeout(PATIENCE):
        await failures.get()
        await failures.get()

    assert {each.levelname for each in caplog.records} == {"ERROR"}


async def test_a_stop_ends_what_runs_and_that_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scheduler, began, ended = Scheduler(clock=SystemClock()), Bell(), Bell()

    async def job() -> None:
        began.ring()
        try:
            await asyncio.Event().wait()
        finally:
            ended.ring()

    scheduler.start()
    scheduler.every(timedelta(milliseconds=1), "job", job)
    await began.heard()
    scheduler.stop()
    scheduler.stop()
    await ended.heard()

    assert scheduler.running is False
    assert [each.message for each in caplog.records if each.levelno > 30] == []


def _calls(bell: Bell):
    async def job() -> None:
        bell.ring()

    return job


# What is watched over


class Part:
    """A part that falls over a number of times, and then runs."""

    def __init__(self, falls: int) -> None:
        self.falls = falls
        self.notes: list[tuple[str, str]] = []
        self.pauses: list[float] = []
        self.runs = asyncio.Event()

    async def work(self) -> None:
        if self.falls:
            self.falls -= 1
            raise KeyError("x")
        self.runs.set()
        await asyncio.Event().wait()

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def watched(self) -> None:
        """Run until it works, then end it."""
        task = asyncio.create_task(
            supervised(
                "part",
                self.work,
                note=lambda part, trouble: self.notes.append((part, trouble)),
                pause=self.pause,
            )
        )
        async with asyncio.timeout(PATIENCE):
            await self.runs.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_what_falls_over_is_started_again_and_said_to_fail_meanwhile(
    caplog: pytest.LogCaptureFixture,
) -> None:
    part = Part(falls=1)

    await part.watched()

    assert part.notes == [
        ("part", ""),
        ("part", "fell over (KeyError): see the log"),
        ("part", ""),
    ]
    assert [(each.levelname, each.message) for each in caplog.records] == [
        ("ERROR", "fell over, starting again")
    ]


async def test_what_falls_over_again_and_again_is_given_longer_pauses() -> None:
    part = Part(falls=9)

    await part.watched()

    assert part.pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert LONGEST_PAUSE == 60


async def test_what_works_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    part = Part(falls=0)

    await part.watched()

    assert (part.notes, part.pauses, caplog.records) == ([("part", "")], [], [])
