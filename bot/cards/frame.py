"""The pieces of a Lark card, JSON 2.0, and what a card may weigh.

Lark docs: a property or tag that 2.0 does not know makes it refuse the whole card.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import orjson

from store.values import Json, Severity
from store.wording import _

_LONGEST_SUMMARY = 120


class Colour(StrEnum):
    """The headers we use. What a colour says is said in words beside it too."""

    RED = "red"
    ORANGE = "orange"
    BLUE = "blue"
    GREEN = "green"
    GREY = "grey"


#: What colour a severity has while it lasts.
COLOURS = {
    Severity.CRITICAL: Colour.RED,
    Severity.WARNING: Colour.ORANGE,
    Severity.INFO: Colour.BLUE,
}

#: What people call a severity.
SEVERITIES = {
    Severity.CRITICAL: _("Critical"),
    Severity.WARNING: _("Warning"),
    Severity.INFO: _("Info"),
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a card travels: the most it may weigh, and how that is measured, in bytes.

    ``weigh`` is additive: a list weighs what its members do, commas apart.
    """

    most: int
    weigh: Callable[[Any], int]


def _as_string(value: Any) -> int:
    # The app hands a card over as JSON inside a JSON string, and all of it counts.
    return len(orjson.dumps(orjson.dumps(value).decode())) - 2


def _as_object(value: Any) -> int:
    return len(orjson.dumps(value))


#: Lark refuses cards over 30 KB, and what is posted to a robot over 20 KB, signature
#: and all. What is wrapped around a card is a few dozen bytes.
APP = Envelope(28 * 1024 - 64, _as_string)
ROBOT = Envelope(18 * 1024 - 64, _as_object)


def card(title: str, elements: Sequence[Json], *, colour: Colour, summary: str) -> Json:
    """Return a card. *summary* is the line that lists of chats show."""
    header = {"title": plain_text(title), "template": colour.value}
    return {
        "schema": "2.0",
        # Both the old card and the new one must say so for an update to be taken.
        "config": {
            "update_multi": True,
            "summary": {"content": summary[:_LONGEST_SUMMARY]},
        },
        **({"header": header} if title else {}),
        "body": {"elements": list(elements)},
    }


def post(made: Json) -> Json:
    """Return the body that carries a card to a robot, not yet signed."""
    return {"msg_type": "interactive", "card": made}


def text(content: str) -> Json:
    """Return *content* as a paragraph that Lark does not interpret."""
    return {"tag": "div", "text": plain_text(content)}


def small(content: str) -> Json:
    """Return *content* in small grey letters, not interpreted either."""
    grey = {"text_size": "notation", "text_color": "grey"}
    return {"tag": "div", "text": {**plain_text(content), **grey}}


def markdown(content: str) -> Json:
    """Return *content*, which Lark will interpret: only ever what we wrote."""
    return {"tag": "markdown", "content": content}


def own_clock(moment: datetime, said: str) -> Json:
    """Return *said*, which is ours, and *moment* by the clock of whoever reads it.

    Lark shows it in the reader's own zone (Lark docs: card markdown, local_datetime).
    """
    at = f"millisecond='{round(moment.timestamp() * 1000)}'"
    day, time = (
        f"<local_datetime {at} format_type='{shown}'></local_datetime>"
        for shown in ("date_num", "time")
    )
    made = markdown(f"<font color='grey'>{said} {day} {time}</font>")
    return {**made, "text_size": "notation"}


def everyone() -> Json:
    """Return the one mention that we make: of all, where an admin asked for it."""
    return markdown("<at id=all></at>")


def link_button(label: str, address: str) -> Json:
    """Return a button that opens *address*, in chats and robots alike."""
    return _button(label, {"type": "open_url", "default_url": address})


def row(buttons: Sequence[Json]) -> list[Json]:
    """Return *buttons* side by side, as no element, one, or one holding them all."""
    if len(buttons) < 2:
        return list(buttons)
    columns = [
        {"tag": "column", "width": "auto", "elements": [button]} for button in buttons
    ]
    return [{"tag": "column_set", "flex_mode": "flow", "columns": columns}]


def host(address: str) -> str:
    """Return whose *address* it is, to be read before it is opened."""
    return urlsplit(address).netloc


def _button(label: str, behaviour: Json) -> Json:
    return {
        "tag": "button",
        "text": plain_text(label),
        "type": "default",
        "behaviors": [behaviour],
    }


def plain_text(content: str) -> Json:
    """Return *content* as a text that Lark does not interpret."""
    return {"tag": "plain_text", "content": content}
