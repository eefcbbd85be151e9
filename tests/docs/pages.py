"""The documents, as the tests read them: headings, fenced blocks, tables, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block, and the line that it begins at."""

    language: str
    text: str
    line: int


class Page:
    """One document of the root folder."""

    def __init__(self, name: str) -> None:
        self.path = ROOT / name
        self.text = self.path.read_text(encoding="utf-8")

    def blocks(self, language: str) -> list[Block]:
        """Return the fenced blocks of *language*, in order."""
        return [each for each in self._blocks if each.language == language]

    def shell(self) -> list[str]:
        """Return the commands of all shell blocks, in order."""
        return [line for each in self.blocks("sh") for line in _commands(each.text)]

    def section(self, heading: str) -> str:
        """Return what stands under *heading*, up to the next one of its level."""
        found = re.search(
            rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,6}} |\Z)",
            _without_fences(self.text),
            re.MULTILINE | re.DOTALL,
        )
        assert found, f"{self.path.name} has no heading {heading!r}"
        return found[2]

    def table(self, heading: str) -> list[list[str]]:
        """Return the rows of the first table under *heading*, without its head."""
        lines = iter(self.section(heading).splitlines())
        rows: list[list[str]] = []
        for line in lines:
            if line.startswith("|"):
                rows.append([cell.strip() for cell in _cells(line)])
            elif rows:
                break
        assert len(rows) > 2, f"{self.path.name} has no table under {heading!r}"
        return rows[2:]

    @property
    def prose(self) -> str:
        """The document without its fenced blocks."""
        return _without_fences(self.text)

    @property
    def spans(self) -> list[str]:
        """What stands in backticks outside of fenced blocks."""
        return code_in(self.prose)

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """What a link can lead to inside of it, as GitHub names it."""
        return {_anchor(title) for _, title in _HEADING.findall(self.prose)}

    @cached_property
    def _blocks(self) -> list[Block]:
        return [
            Block(found[1], found[2], self.text.count("\n", 0, found.start()) + 2)
            for found in _FENCE.finditer(self.text)
        ]


def code_in(text: str) -> list[str]:
    """Return what stands in backticks in *text*."""
    return _CODE.findall(text)


def _commands(text: str) -> Iterator[str]:
    """Yield the commands of a shell block; one may go on over several lines."""
    waiting = ""
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        waiting += line if not waiting else f"\n{line}"
        try:
            words = shlex.split(waiting, comments=True)
        except ValueError:
            continue  # A quote is still open.
        if words:
            yield waiting.strip()
        waiting = ""
    assert not waiting, f"a quote is never closed: {waiting}"


def _cells(line: str) -> list[str]:
    # A bar inside of a cell is written \|.
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def _without_fences(text: str) -> str:
    return _FENCE.sub(lambda found: "\n" * found[0].count("\n"), text)


def _anchor(title: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", title.lower())
    return kept.strip().replace(" ", "-")


README = Page("README.md")
ARCHITECTURE = Page("ARCHITECTURE.md")
CONTRIBUTING = Page("CONTRIBUTING.md")
CHANGELOG = Page("CHANGELOG.md")
PAGES = (README, ARCHITECTURE, CONTRIBUTING, CHANGELOG)
