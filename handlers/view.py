"""What a card shows beside lines, as values; ``bot/cards`` draws them.

Whatever a form or a menu says is a line in the end, which is run like a typed one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from handlers.reply import Button


class Style(StrEnum):
    """How words look."""

    PLAIN = "plain"
    STRONG = "strong"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. Never interpreted, whoever wrote it."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons side by side."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu: what it says, and the line that it runs."""

    label: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A choice of lines. ``show``, ``about``, ``was`` and ``only`` as in a button.

    ``chosen`` is the line of the choice that stands; without it ``label`` shows.
    """

    label: str
    choices: tuple[Choice, ...]
    chosen: str = ""
    show: str = ""
    about: str = ""
    was: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side; ``weights`` are their shares of the width, 1 to 5."""

    cells: tuple[Words | Buttons | Menu, ...]
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Echo:
    """Where a card that is drawn anew says what a tap did. Without, at its end."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the card."""


@dataclass(frozen=True, slots=True)
class Table:
    """Text in columns, ten rows a page. At most five a card, and at its root."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Parts that open and close under a title. No forms or tables inside."""

    title: str
    parts: tuple[Part, ...]
    expanded: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to pick in a form: what it says, and what the form then holds."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One of several, or many of them."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: tuple[str, ...] = ()
    many: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PickPeople:
    """People of the chat, by open_id."""

    name: str
    label: str
    chosen: tuple[str, ...] = ()
    many: bool = True
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PickTime:
    """A time of day, ``HH:MM``."""

    name: str
    label: str
    chosen: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A line to type; ``hidden`` for what nobody should read over a shoulder."""

    name: str
    label: str
    initial: str = ""
    hint: str = ""
    most: int = 200
    hidden: bool = False
    required: bool = False


Field: TypeAlias = Words | Pick | PickPeople | PickTime | Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Fields and a button. ``kind`` names what makes a line of them (``Router.form``).

    ``given`` goes with it as it is. With ``show`` the card is drawn anew in place.
    """

    kind: str
    fields: tuple[Field, ...]
    submit: str
    given: tuple[tuple[str, str], ...] = ()
    show: str = ""
    about: str = ""
    was: str = ""
    only: str = ""


Part: TypeAlias = Words | Buttons | Menu | Row | Echo | Rule | Table | Panel | Form
