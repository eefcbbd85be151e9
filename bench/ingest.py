"""What it costs to accept a notification, against a handler that does nothing.

(a) a bare aiohttp handler on uvloop that answers 202; (b) Larkbell's
``/v1/notifications``: authorised, validated, deduplicated by its id, committed to disk,
then 202. One notification a request. CPU is the server process's, and counts what it
does after it answered, until it rests: routing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.postgres import cluster
from bench.servers import Server, bare, larkbell

CONNECTIONS = 64

#: A rule that everything matches: routing then writes two deliveries a notification.
SUBSCRIBED = {
    "robots": [{"name": "sink", "webhook": "http://127.0.0.1:9/nobody"}],
    "subscriptions": [{"name": "all", "types": ["*"], "to": ["robot:sink"]}],
}


@dataclass(frozen=True, slots=True)
class Contestant:
    """One who is measured, and the rounds it has run."""

    name: str
    server: Server
    per_second: list[float]
    cpu: list[float]

    def run(self, batch: str, *, requests: int) -> None:
        """Run one round and remember it."""
        self.server.rest()
        load = self.server.load(batch, requests=requests, connections=CONNECTIONS)
        if load.refused:
            raise RuntimeError(f"{self.name} refused {load.refused} requests")
        self.server.rest()
        self.per_second.append(requests / load.seconds)
        self.cpu.append((self.server.cpu() - load.server_cpu_before) / requests)


def compare(rounds: int, requests: int) -> list[tuple[Contestant, Contestant]]:
    """Run all in turn, so many times; return each beside the bare runs next to it."""
    with _contestants() as contestants, bare() as nothing:
        pairs = [(Contestant("bare", nothing, [], []), each) for each in contestants]
        for number in range(rounds):
            for which, pair in enumerate(pairs):
                # Whoever goes first meets another machine than whoever goes second.
                for each in pair if number % 2 else reversed(pair):
                    each.run(f"{number}-{which}", requests=requests)
        return pairs


def table(pairs: list[tuple[Contestant, Contestant]]) -> Table:
    """Return the medians, and the medians of the ratios of neighbours."""
    shown = Table(title=f"One notification a request, {CONNECTIONS} connections")
    for head in ("", "requests/s", "bare", "ratio", "CPU µs", "bare", "ratio"):
        shown.add_column(head, justify="right" if head else "left")
    for bare_one, each in pairs:
        shown.add_row(
            each.name,
            f"{median(each.per_second):,.0f}",
            f"{median(bare_one.per_second):,.0f}",
            f"{_ratio(each.per_second, bare_one.per_second):.2f}",
            f"{median(each.cpu) * 1e6:.0f}",
            f"{median(bare_one.cpu) * 1e6:.0f}",
            f"{_ratio(bare_one.cpu, each.cpu):.2f}",
        )
    return shown


def main(*, rounds: int, requests: int, console: Console) -> None:
    """Measure and print."""
    console.print(table(compare(rounds, requests)))


def _ratio(over: list[float], under: list[float]) -> float:
    return median(a / b for a, b in zip(over, under, strict=True))


@contextmanager
def _contestants() -> Iterator[list[Contestant]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(cluster())
        found = []
        for engine in ("SQLite", "PostgreSQL"):
            for rules, settings in (("", {}), (", a rule matches", SUBSCRIBED)):
                name = engine + rules
                is_sqlite = engine == "SQLite"
                url = "sqlite:larkbell.db" if is_sqlite else postgres.database()
                server = stack.enter_context(larkbell(folder / name, url, **settings))
                found.append(Contestant(name, server, [], []))
        yield found
