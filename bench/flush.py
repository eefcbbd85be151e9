"""What group commit is worth where a disk is slow: 1 ms is added to each commit.

Simulated in the writer: whoever commits pays a pause. Group commit pays it once for all
that wait at that moment; one commit a request pays it for each.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import uvloop
from rich.console import Console

from bench.bodies import bodies
from bot.clock import SystemClock
from bot.intake import Intake
from bot.sources import native
from bot.sources.mapping import Fallbacks
from handlers.rules.types import Types
from store.database import Work
from store.secrets import Keyring
from store.sqlite import Sqlite
from store.values import Incoming

CLIENTS = 64
PAUSE = 0.001

SOURCE = Fallbacks(name="bench", kind="native")


class SlowDisk(Sqlite):
    """SQLite on a disk that takes a millisecond longer to flush."""

    async def _run(self, works: Sequence[Work[Any]]) -> list[Any]:
        answers = await super()._run(works)
        await asyncio.sleep(PAUSE)
        return answers


async def _all(messages: Sequence[Incoming], accept: Callable[..., Any]) -> float:
    """Hand over *messages* by so many clients; return how many a second."""
    heap = iter(messages)

    async def client() -> None:
        for message in heap:
            await accept(message)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return len(messages) / (time.perf_counter() - began)


async def _measure(rounds: int, requests: int) -> tuple[list[float], list[float]]:
    grouped, single = [], []
    with tempfile.TemporaryDirectory() as folder:
        db = await SlowDisk.open(str(Path(folder, "bench.db")), keyring=Keyring())
        intake = Intake(db, clock=SystemClock(), types=Types(), accepted=lambda: None)
        one_at_a_time = asyncio.Lock()

        async def together(message: Incoming) -> None:
            await intake.accept(SOURCE, [message])

        async def alone(message: Incoming) -> None:
            # Nobody else waits inside: each gets a commit of its own.
            async with one_at_a_time:
                await intake.accept(SOURCE, [message])

        for number in range(rounds):
            few = max(requests // 10, CLIENTS)
            single.append(await _all(_messages(f"a{number}", few), alone))
            grouped.append(await _all(_messages(f"g{number}", requests), together))
        await intake.close()
        await db.close()
    return grouped, single


def _messages(batch: str, count: int) -> list[Incoming]:
    return [native.read(body).messages[0] for body in bodies(batch, count)]


def main(*, rounds: int, requests: int, console: Console) -> None:
    """Measure and print."""
    grouped, single = uvloop.run(_measure(rounds, requests))
    ratio = median(a / b for a, b in zip(grouped, single, strict=True))
    console.print(
        f"With 1 ms added to each flush, {CLIENTS} clients: group commit "
        f"{median(grouped):,.0f}/s, one commit a request {median(single):,.0f}/s: "
        f"[bold]{ratio:.1f} times[/bold]"
    )
