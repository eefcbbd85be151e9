"""``python -m bench``: ratios measured side by side in one run. ``make bench``."""

from __future__ import annotations

import argparse

from rich.console import Console

from bench import delivery, flush, ingest


def main() -> None:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="medians of so many")
    parser.add_argument("--requests", type=int, default=6_000, help="in each round")
    parser.add_argument(
        "--only", choices=("ingest", "flush", "delivery"), help="one of the three"
    )
    asked = parser.parse_args()
    console = Console(width=100)
    for name, measure in (
        ("ingest", ingest.main),
        ("flush", flush.main),
        ("delivery", delivery.main),
    ):
        if asked.only in (None, name):
            measure(rounds=asked.rounds, requests=asked.requests, console=console)


if __name__ == "__main__":
    main()
