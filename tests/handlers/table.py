"""The tables of what people type: rows of an utterance and its meaning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

REFUSE = "REFUSE"
#: The heading of what is typed to the bot alone.
DIRECT = "# In a direct chat"


@dataclass(frozen=True)
class Row:
    """What is typed, and the line that it means; or what is offered instead."""

    typed: str
    means: str
    besides: str = ""
    direct: bool = False

    @property
    def refused(self) -> bool:
        """Whether nothing may run."""
        return self.means == REFUSE

    @property
    def offered(self) -> tuple[str, ...]:
        """The lines that are offered where it is refused."""
        return tuple(filter(None, self.besides.split(" | ")))


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Return the rows of a table beside this file."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").split("\n")
    found: list[Row] = []
    direct = False
    for line in lines:
        if line.startswith("#"):
            direct = line == DIRECT
        elif line:
            found.append(Row(*map(_unescaped, line.split("\t")), direct=direct))
    return tuple(found)


def _unescaped(text: str) -> str:
    plain = text.replace("\\\\", "\0").replace("\\n", "\n")
    for blank in ("\u00a0", "\u0020"):
        plain = plain.replace(f"\\u{ord(blank):04x}", blank)
    return plain.replace("\0", "\\")
