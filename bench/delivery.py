"""From accepted to posted: how many notifications a second reach a sink of our own.

All are critical, since those keep posts of their own, and limits are so high that the
governor never waits. The sink answers what Lark would.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from rich.console import Console

from bench.bodies import HOSTS
from bench.posting import WARM_UP
from bench.servers import NO_LIMIT, Server, free_port, larkbell, running

#: As many robots, each with a lane of its own.
LANES = HOSTS
CONNECTIONS = 16


def main(*, rounds: int, requests: int, console: Console) -> None:
    """Measure and print."""
    count = max(requests // 4, LANES)
    per_second, per_core = [], []
    with (
        _sink() as sink,
        tempfile.TemporaryDirectory() as folder,
        larkbell(Path(folder), "sqlite:larkbell.db", **_settings(sink)) as bell,
    ):
        for number in range(rounds):
            seconds, cpu = _round(bell, sink, f"d{number}", count)
            per_second.append(count / seconds)
            per_core.append(count / cpu)
    console.print(
        f"Accepted by the door and posted to {LANES} robots, SQLite: "
        f"[bold]{median(per_second):,.0f} posts/s[/bold], "
        f"{median(per_core):,.0f} a second of CPU"
    )


def _round(bell: Server, sink: Server, batch: str, count: int) -> tuple[float, float]:
    """Return the seconds until all is posted, and the CPU that the bell took."""
    before = _posted(sink)
    cpu, began = bell.cpu(), time.perf_counter()
    load = bell.load(
        batch, requests=count, connections=CONNECTIONS, severity="critical"
    )
    if load.refused:
        raise RuntimeError(f"{load.refused} requests were refused")
    deadline = time.monotonic() + 120
    # The sender's own warm-up is delivered too.
    wanted = before + count + WARM_UP * CONNECTIONS
    while _posted(sink) < wanted:
        if time.monotonic() > deadline:
            raise RuntimeError("not everything was posted")
        time.sleep(0.02)
    return time.perf_counter() - began, bell.cpu() - cpu


def _settings(sink: Server) -> dict[str, object]:
    robots = [
        {"name": f"r{n}", "webhook": f"http://127.0.0.1:{sink.port}/hook/{n}"}
        for n in range(LANES)
    ]
    rules = [
        {
            "name": f"s{n}",
            "types": ["*"],
            "where": f"host=web-{n}",
            "to": [f"robot:r{n}"],
        }
        for n in range(LANES)
    ]
    limit = {"per_second": NO_LIMIT, "per_minute": NO_LIMIT}
    return {
        "robots": robots,
        "subscriptions": rules,
        "limits": {"queue": NO_LIMIT, "robot": limit},
    }


@contextmanager
def _sink() -> Iterator[Server]:
    port = free_port()
    with running("bench.sink", str(port), port=port) as server:
        yield server


def _posted(sink: Server) -> int:
    """Return how many posts reached the sink."""
    with urlopen(f"http://127.0.0.1:{sink.port}/count") as answer:
        return int(answer.read())
