"""Which changes of the file are taken, and when."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli.serve import Watch
from bot.config import Config, load
from store.errors import StoreRefused

WHOLE = "retention: 30d\nlimits: {queue: 10}\n"


class Bell:
    """Takes configurations, or does whatever it is told to when it is given one."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.taken: list[int] = []
        self.meanwhile: Callable[[], object] = lambda: None

    async def apply(self, config: Config) -> None:
        self.meanwhile()
        await asyncio.sleep(0)
        self.taken.append(config.retention.days)
        self.config = config


class Watched:
    """A file, and who watches it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write(WHOLE)
        loaded = load(path, {})
        self.bell = Bell(loaded.config)
        self.loaded = loaded
        self._written = 0
        self.watch = Watch(path, loaded, self.bell)  # type: ignore[arg-type]

    def write(self, text: str) -> None:
        """Write the file; no two states of it were written at one moment."""
        self.path.write_text(text)
        self._written = getattr(self, "_written", 0) + 1
        os.utime(self.path, ns=(0, self._written * 10**9))

    async def look(self, times: int = 1) -> list[int]:
        """Look at the file; return what was taken by then."""
        for _ in range(times):
            await self.watch.look()
        return self.bell.taken


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "config.yaml")


async def test_a_file_that_stays_as_it_is_is_not_taken_again(watched: Watched) -> None:
    assert await watched.look(5) == []


async def test_a_change_is_taken_once_it_stands_still(watched: Watched) -> None:
    watched.write("retention: 40d\n")

    taken = [list(await watched.look()) for _ in range(4)]

    assert taken == [[], [40], [40], [40]]


async def test_half_a_file_is_not_taken_for_the_whole(watched: Watched) -> None:
    # What is there of it by now would be a configuration too: one without robots.
    watched.write("")
    first = list(await watched.look())
    watched.write("retention: 50d\n")
    second = list(await watched.look())

    assert (first, second, await watched.look()) == ([], [], [50])


async def test_a_change_that_is_made_while_another_is_taken_is_taken_too(
    watched: Watched,
) -> None:
    watched.write("retention: 40d\n")

    def change_again() -> None:
        watched.bell.meanwhile = lambda: None
        watched.write("retention: 50d\n")

    watched.bell.meanwhile = change_again

    assert await watched.look(4) == [40, 50]


async def test_a_change_that_is_made_while_the_process_starts_is_taken(
    watched: Watched,
) -> None:
    watched.write("retention: 40d\n")
    late = Watch(watched.path, watched.loaded, watched.bell)  # type: ignore[arg-type]

    for _ in range(3):
        await late.look()

    assert watched.bell.taken == [40]


async def test_another_file_that_it_names_is_watched_from_then_on(
    watched: Watched,
) -> None:
    token = watched.path.with_name("token")
    token.write_text("one")
    watched.write('retention: 40d\nserver: {admin_token: "${file:token}"}\n')
    assert await watched.look(3) == [40]

    token.write_text("another")

    assert await watched.look(3) == [40, 40]


async def test_a_broken_file_is_told_once_and_the_mended_one_is_taken(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.write("retentoin: 40d\n")
    assert await watched.look(5) == []
    assert [each.getMessage() for each in caplog.records] == [
        (
            f"not reloaded: {watched.path}:1: retentoin: no such setting; "
            "did you mean retention?"
        )
    ]

    watched.write("retention: 40d\n")

    assert await watched.look(3) == [40]


async def test_what_the_store_refused_is_tried_again(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        watched.bell.meanwhile = lambda: None
        raise StoreRefused("the disk is full")

    watched.bell.meanwhile = refuse
    watched.write("retention: 40d\n")

    assert await watched.look(4) == [40]
    assert "not reloaded: the disk is full" in caplog.messages


async def test_whatever_goes_wrong_the_next_change_is_taken(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble() -> None:
        watched.bell.meanwhile = lambda: None
        raise KeyError("x")

    watched.bell.meanwhile = stumble
    watched.write("retention: 40d\n")
    assert await watched.look(4) == []

    watched.write("retention: 50d\n")
    assert await watched.look(3) == [50]
    assert "not reloaded" in caplog.messages


async def test_to_be_told_to_is_enough(watched: Watched) -> None:
    await watched.watch.reload()

    assert watched.bell.taken == [30]


async def test_two_wishes_at_once_are_done_one_after_the_other(
    watched: Watched,
) -> None:
    busy = [0, 0]

    class Slow(Bell):
        async def apply(self, config: Config) -> None:
            busy[0] += 1
            busy[1] = max(busy)
            await super().apply(config)
            busy[0] -= 1

    watched.watch._bell = Slow(watched.bell.config)  # type: ignore[assignment]

    await asyncio.gather(*(watched.watch.reload() for _ in range(3)))

    assert busy == [0, 1]
