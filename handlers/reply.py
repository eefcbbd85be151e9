"""What a handler answers. Plain values: the process turns them into a card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What an answer is, at a glance."""

    DONE = "done"
    INFO = "info"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that runs *line* as whoever taps it: every tap has a command."""

    label: str
    line: str
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to the asker's message.

    All text is plain: nothing in it mentions or formats, whoever wrote it.
    ``canonical`` is the command as it was understood, shown in grey.
    """

    lines: tuple[str, ...]
    title: str = ""
    canonical: str = ""
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.INFO
