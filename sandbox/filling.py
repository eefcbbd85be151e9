"""What a client makes of what a person types, picks and ticks on a card.

It takes what the person sees: the words of an option, the name of a colleague, a time
without its zone. What cannot be entered on a client is a ``ValueError`` here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.drawing import option_label
from sandbox.loose import a_list
from sandbox.reader import ANYBODY
from sandbox.refusal import Json
from sandbox.tappable import Tappable, label_of

_INSIDE = ("elements", "columns", "actions")
_PICKERS = ("date_picker", "picker_time", "picker_datetime")
_SEVERAL = ("multi_select_static", "multi_select_person")
_INITIAL = (
    "default_value",
    "initial_option",
    "selected_values",
    "initial_date",
    "initial_time",
    "initial_datetime",
)
_ZONED = re.compile(r"(.+) [+-]\d{4}")
LONGEST_INPUT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Whose client it is: where its clock stands, and whom it can offer."""

    timezone: str
    now: datetime
    #: Returns the open_id of somebody in the chat, or None.
    find: Callable[[Any], str | None]
    #: Whether fields that were left alone are told, as empty.
    tells_blanks: bool = False


def action(tapped: Tappable, *, form: Json | None, option: Any, client: Client) -> Json:
    """Return the ``action`` of the callback; raise ``ValueError`` for a bad entry."""
    element = tapped.element
    told: Json = {"tag": element["tag"]}
    if tapped.value is not None:
        told["value"] = tapped.value
    if tapped.name:
        told["name"] = tapped.name
    if tapped.form is not None:
        told["form_value"] = filled(tapped.form, form or {}, client)
        told["timezone"] = client.timezone
        return told
    if form is not None:
        raise ValueError(f"{tapped.label!r} sends no form")
    told.update(_changed(element, option, client))
    return told


def filled(form: Json, given: Json, client: Client) -> Json:
    """Return what a form sends: by name, what was entered or stood there already."""
    told: Json = {}
    left = dict(given)
    for field in fields(form):
        name, label = str(field["name"]), label_of(field)
        key = name if name in left else label
        if key in left:
            if field.get("disabled") is True:
                raise ValueError(f"{key} cannot be changed")
            value = entered(field, left.pop(key), client)
        else:
            value = _untouched(field, client)
        if value in (None, "", []):
            if field.get("required") is True:
                raise ValueError(f"{name} is required")
            if not client.tells_blanks and key not in given:
                continue
            value = [] if _takes_several(field) else ""
        told[name] = value
    if left:
        raise ValueError(f"no such field: {', '.join(sorted(left))}")
    return told


def entered(element: Json, given: Any, client: Client) -> Any:
    """Return *given*, as a person sees it, as the client tells it to the app."""
    tag = element["tag"]
    if tag == "checker":
        if not isinstance(given, bool):
            raise ValueError(f"{label_of(element)!r} is ticked or not")
        return given
    if _takes_several(element):
        if not isinstance(given, list):
            raise ValueError(f"{_called(element)} takes a list")
        return [_picked(element, one, client) for one in given]
    if isinstance(given, list):
        raise ValueError(f"{_called(element)} takes one choice")
    if given in (None, ""):
        return ""
    if tag == "input":
        return _typed(element, given)
    if tag in _PICKERS:
        return _moment(tag, str(given), client)
    return _picked(element, given, client)


def fields(element: Json) -> Iterator[Json]:
    """Yield what can be filled in inside *element*, from top to bottom."""
    for name in _INSIDE:
        for child in a_list(element.get(name)):
            if isinstance(child, dict):
                if child.get("name") and child.get("tag") != "button":
                    yield child
                yield from fields(child)


def _changed(element: Json, option: Any, client: Client) -> Json:
    """Return what the change of a single element tells, outside of any form."""
    tag = element["tag"]
    if tag in ("button", "interactive_container"):
        if option is not None:
            raise ValueError(f"nothing can be chosen from a {tag}")
        return {}
    if option in (None, "", []):
        raise ValueError(f"say what is chosen from {_called(element)}")
    value = entered(element, option, client)
    if tag == "input":
        return {"input_value": value}
    if tag == "checker":
        return {"checked": value}
    if tag in _PICKERS:
        return {"option": value, "timezone": client.timezone}
    return {"options" if isinstance(value, list) else "option": value}


def _typed(element: Json, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError(f"{_called(element)} takes text")
    most = element.get("max_length") or LONGEST_INPUT
    if len(given) > most:
        raise ValueError(f"{_called(element)} takes {most} characters at most")
    if "\n" in given and element.get("input_type") != "multiline_text":
        raise ValueError(f"{_called(element)} takes one line")
    return given


def _picked(element: Json, given: Any, client: Client) -> str:
    options = a_list(element.get("options"))
    if element["tag"].endswith("_person"):
        person = client.find(given)
        if person is None or (options and person not in map(_value, options)):
            raise ValueError(f"{_called(element)} does not offer {given!r}")
        return person
    for reads in (_value, _label):
        for option in options:
            if reads(option) == given and option.get("value"):
                return str(option["value"])
    raise ValueError(f"{_called(element)} does not offer {given!r}")


def _moment(tag: str, given: str, client: Client) -> str:
    """Return a date or time with the offset that the person's clock has then."""
    zoned = _ZONED.fullmatch(given)
    bare = zoned[1] if zoned else given
    here = client.now.astimezone(ZoneInfo(client.timezone))
    if tag == "date_picker":
        then = datetime.combine(date.fromisoformat(bare), time(), here.tzinfo)
    elif tag == "picker_time":
        then = datetime.combine(here, _clock_time(bare), here.tzinfo)
    else:
        day, _, clock = bare.partition(" ")
        then = datetime.combine(
            date.fromisoformat(day), _clock_time(clock), here.tzinfo
        )
    return given if zoned else f"{bare} {then:%z}"


def _clock_time(text: str) -> time:
    if not re.fullmatch(r"\d\d:\d\d", text):
        raise ValueError(f"not a time: {text!r}")
    return time.fromisoformat(text)


def _untouched(field: Json, client: Client) -> Any:
    if field["tag"] == "checker":
        return field.get("checked") is True
    if field.get("initial_index"):
        return _value(a_list(field.get("options"))[field["initial_index"] - 1])
    stood = [field[key] for key in _INITIAL if field.get(key) is not None]
    if not stood:
        return None
    if field["tag"] in _PICKERS:
        return _moment(field["tag"], stood[0], client)
    return stood[0]


def _takes_several(element: Json) -> bool:
    return element["tag"] in _SEVERAL or element.get("multi_select") is True


def _value(option: Json) -> str:
    return str(option.get("value", ""))


def _label(option: Json) -> str:
    return option_label(option, ANYBODY)


def _called(element: Json) -> str:
    return str(element.get("name") or label_of(element) or element["tag"])
