"""What settings are read as, where no plain type says it."""

from __future__ import annotations

from typing import NamedTuple

from handlers.rules.hours import hours_words

#: Seconds of what a rate counts in.
PERIODS = {"s": 1, "min": 60, "h": 3600}


class Rate(NamedTuple):
    """So many in so many seconds. Written ``600/min``."""

    amount: int
    seconds: int

    def __str__(self) -> str:
        unit = {seconds: unit for unit, seconds in PERIODS.items()}[self.seconds]
        return f"{self.amount}/{unit}"


class Address(NamedTuple):
    """Where to listen. Written ``host:port``."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class Hours(NamedTuple):
    """Minutes after local midnight, half open; both ``None`` for the whole day."""

    start: int | None
    end: int | None

    def __str__(self) -> str:
        return hours_words(self.start, self.end)


class Audience(NamedTuple):
    """Who holds a role: everybody that *word* means, or the *members* by name."""

    word: str | None
    members: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.word or ", ".join(self.members)
