"""Messages as they look in a Lark client, as near as a terminal comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from rich.box import ROUNDED
from rich.panel import Panel
from rich.text import Text

from sandbox import Message, readable
from store.values import Json

#: Lark's header colours, in the terminal's.
_COLOURS = {
    "red": "red",
    "orange": "yellow",
    "blue": "bright_blue",
    "green": "green",
    "grey": "bright_black",
}
_PLAIN = "bright_black"
_MENTION = re.compile(r"""<at (?:user_id|id)=["']?([^"'>]*)["']?>([^<]*)</at>""")


def picture(message: Message) -> Panel | Text:
    """Return what *message* shows now: a card as a panel, a line as it was typed."""
    if message.msg_type == "interactive":
        return card(message.content)
    return Text(mentioned(readable.plain(message.msg_type, message.content)))


def card(content: Json) -> Panel:
    """Return a card in the colour of its header."""
    template = str(content.get("header", {}).get("template", ""))
    colour = _COLOURS.get(template, _PLAIN)
    lines = [*_lines(readable.elements_of(content))]
    if title := readable.title(content):
        lines.insert(0, Text(title, style=f"bold {colour}"))
    return Panel(
        Text("\n").join(lines),
        box=ROUNDED,
        border_style=colour,
        expand=False,
        padding=(0, 1),
    )


def mentioned(text: str) -> str:
    """Return *text* with its mentions as people see them: ``@Larkbell``."""
    return _MENTION.sub(lambda found: f"@{found[2] or found[1]}", text)


def _lines(elements: list[Any]) -> Iterator[Text]:
    """Yield a card's paragraphs; buttons that stand together share a line."""
    row: list[str] = []
    for element in elements:
        if buttons := _buttons(element):
            row += buttons
            continue
        if row:
            yield _row(row)
            row = []
        lines = readable.card_lines({"body": {"elements": [element]}})
        if _is_folded(element):
            lines = lines[:1]
        shown = "\n".join(lines)
        yield Text(mentioned(shown), style="dim" if _is_small(element) else "")
    if row:
        yield _row(row)


def _buttons(element: Json) -> list[str]:
    """Return the labels of a button, or of a row of nothing else."""
    if element.get("tag") == "button":
        return [str(element["text"]["content"])]
    if element.get("tag") != "column_set":
        return []
    found = []
    for column in element.get("columns", []):
        for inner in column.get("elements", []):
            labels = _buttons(inner)
            if not labels:
                return []
            found += labels
    return found


def _row(labels: list[str]) -> Text:
    return Text("  ").join(Text(f"[{label}]", style="bold cyan") for label in labels)


def _is_folded(element: Json) -> bool:
    return element.get("tag") == "collapsible_panel" and not element.get("expanded")


def _is_small(element: Json) -> bool:
    text = element.get("text")
    return isinstance(text, dict) and text.get("text_color") == "grey"
