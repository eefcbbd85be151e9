"""What a handler answers. Plain values: the process turns them into a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.view import Part
from store.tasks import Task
from store.values import Destination

__all__ = ["Button", "Note", "Part", "Reply", "Task", "Tone"]


class Tone(StrEnum):
    """What an answer is, at a glance."""

    DONE = "done"
    INFO = "info"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that runs *line* as whoever taps it: every tap has a command.

    With ``show`` the card is drawn anew in place: by the answer to that line, which
    only looks; that is all where there is no *line*. ``was`` is what the card shows of
    ``about``, one of the ``facts`` of that answer: when that has changed meanwhile, the
    tap does nothing but refresh. ``only`` is the open_id of the one person who may tap.
    A *quiet* one looks like text, as an entry of a list does.
    """

    label: str
    line: str
    danger: bool = False
    only: str = ""
    show: str = ""
    about: str = ""
    was: str = ""
    primary: bool = False
    disabled: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody else is told in a direct message, because of the same change."""

    to: Destination
    title: str
    lines: tuple[str, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to the asker's message.

    All text is plain: nothing in it mentions or formats, whoever wrote it.
    ``canonical`` is the command as it was understood, shown in grey. ``view`` stands
    between the lines and the buttons. ``facts`` are what the card shows, by name, as
    its buttons' ``was`` has it. ``tasks`` need the network; another message answers
    them. ``notes`` are for others.
    """

    lines: tuple[str, ...]
    title: str = ""
    canonical: str = ""
    buttons: tuple[Button, ...] = ()
    tone: Tone = Tone.INFO
    view: tuple[Part, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    notes: tuple[Note, ...] = ()
