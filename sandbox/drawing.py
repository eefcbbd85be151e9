"""The elements of a card as lines of text.

::

    ▾ Billing                       a panel, open (▸ shut)
      Refunds | [on] | (SMS: none)  a row: text, a button, one that is disabled
    ┆ Reason*: [why]                a form, with a field that must be filled in
    ┆ [Choose ▾ Group · DM]         a menu, and what it offers
    ┆ [x] weekends too              a tick
    ┆ [Save]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.loose import a_list, an_object
from sandbox.reader import Reader, text
from sandbox.refusal import Json

_FOLD = {True: "▾", False: "▸"}


def draw(element: Any, reader: Reader) -> list[str]:
    """Return *element* as lines; nothing for what shows nothing."""
    if not isinstance(element, dict):
        return []
    drawn = _DRAWN.get(str(element.get("tag")), _anything)
    return [line for line in drawn(element, reader) if line]


def words(element: Any, reader: Reader) -> str:
    """Return *element* as one text."""
    return "\n".join(draw(element, reader))


def option_label(option: Json, reader: Reader) -> str:
    """Return what people read of an option, or its value where that is all it has."""
    return text(option.get("text"), reader) or str(option.get("value", ""))


def _anything(element: Json, reader: Reader) -> list[str]:
    fields = a_list(element.get("fields"))
    return [
        text(element, reader),
        text(element.get("title"), reader),
        text(element.get("text"), reader),
        *(text(an_object(one).get("text"), reader) for one in fields),
        *_inside(element, reader),
        *draw(element.get("extra"), reader),
    ]


def _inside(element: Json, reader: Reader) -> list[str]:
    children = a_list(element.get("elements"))
    return [line for child in children for line in draw(child, reader)]


def _button(element: Json, reader: Reader) -> list[str]:
    label = text(element.get("text"), reader)
    off = element.get("disabled") is True
    tips = ("disabled_tips", "hover_tips") if off else ("hover_tips",)
    said = next((tip for tip in tips if element.get(tip)), "")
    if said:
        label = f"{label}: {text(element[said], reader)}"
    return [f"({label})" if off else f"[{label}]"]


def _row(element: Json, reader: Reader) -> list[str]:
    columns = [an_object(column) for column in a_list(element.get("columns"))]
    return _beside([_inside(column, reader) for column in columns])


def _actions(element: Json, reader: Reader) -> list[str]:
    return _beside([draw(each, reader) for each in a_list(element.get("actions"))])


def _beside(cells: list[list[str]]) -> list[str]:
    """Return cells on one line where each is one; what is tapped stands closer."""
    if any(len(cell) > 1 or "\n" in "".join(cell) for cell in cells):
        return [line for cell in cells for line in cell]
    shown = [cell[0] for cell in cells if cell]
    tapped = all(cell[0] in "[(" for cell in shown)
    return [("  " if tapped else " | ").join(shown)]


def _panel(element: Json, reader: Reader) -> list[str]:
    fold = _FOLD[element.get("expanded") is True]
    title = text(an_object(element.get("header")).get("title"), reader)
    return [f"{fold} {title}", *_indented("  ", _inside(element, reader))]


def _form(element: Json, reader: Reader) -> list[str]:
    return _indented("┆ ", _inside(element, reader))


def _indented(by: str, lines: list[str]) -> list[str]:
    return [by + part for line in lines for part in line.split("\n")]


def _table(element: Json, reader: Reader) -> list[str]:
    columns = [an_object(column) for column in a_list(element.get("columns"))]
    lines = [" | ".join(str(column.get("display_name", "")) for column in columns)]
    for row in a_list(element.get("rows")):
        shown = [
            _cell(an_object(row).get(str(column.get("name"))), column, reader)
            for column in columns
        ]
        lines.append(" | ".join(shown))
    return lines


def _cell(value: Any, column: Json, reader: Reader) -> str:
    if value is None:
        return ""
    if column.get("data_type") == "date" and isinstance(value, int | float):
        return reader.clock(value)
    if isinstance(value, list):
        return ", ".join(str(an_object(one).get("text", one)) for one in value)
    return str(value)


def _menu(element: Json, reader: Reader) -> list[str]:
    options = [an_object(option) for option in a_list(element.get("options"))]
    labels = {option.get("value"): option_label(option, reader) for option in options}
    chosen = [labels.get(value, value) for value in _chosen(element, options)]
    shown = ", ".join(map(str, chosen)) or text(element.get("placeholder"), reader)
    shown += "*" if element.get("required") is True else ""
    offered = " · ".join(labels.values())
    return [f"[{shown or '⋯'} ▾{' ' if offered else ''}{offered}]"]


def _chosen(element: Json, options: list[Json]) -> list[Any]:
    if element.get("selected_values"):
        return a_list(element["selected_values"])
    if element.get("initial_option"):
        return [element["initial_option"]]
    place = element.get("initial_index") or 0
    return [options[place - 1].get("value")] if 0 < place <= len(options) else []


def _picker(element: Json, reader: Reader) -> list[str]:
    stands = ("initial_date", "initial_time", "initial_datetime")
    shown = next((element[name] for name in stands if element.get(name)), "")
    shown = str(shown) or text(element.get("placeholder"), reader)
    must = "*" if element.get("required") is True else ""
    return [f"[{shown}{must} ▾]"]


def _input(element: Json, reader: Reader) -> list[str]:
    label = text(element.get("label"), reader)
    must = "*" if element.get("required") is True else ""
    shown = str(element.get("default_value") or "")
    if element.get("input_type") == "password":
        shown = "•" * len(shown)
    shown = shown or text(element.get("placeholder"), reader)
    return [f"{label}{must}: [{shown}]" if label else f"[{shown}{must}]"]


def _checker(element: Json, reader: Reader) -> list[str]:
    ticked = "[x]" if element.get("checked") is True else "[ ]"
    area = an_object(element.get("button_area"))
    buttons = [draw(each, reader) for each in a_list(area.get("buttons"))]
    label = f"{ticked} {text(element.get('text'), reader)}".rstrip()
    return ["  ".join([label, *_beside(buttons)]).rstrip()]


def _image(element: Json, reader: Reader) -> list[str]:
    said = text(element.get("title"), reader) or text(element.get("alt"), reader)
    return [f"[image: {said}]" if said else "[image]"]


def _chart(element: Json, reader: Reader) -> list[str]:
    title = an_object(an_object(element.get("chart_spec")).get("title"))
    return [f"[chart: {title['text']}]" if title.get("text") else "[chart]"]


def _person(element: Json, reader: Reader) -> list[str]:
    people = [an_object(one).get("id") for one in a_list(element.get("persons"))]
    shown = [who for who in (element.get("user_id"), *people) if who]
    return [" ".join(f"@{who}" for who in shown)]


def _rule(element: Json, reader: Reader) -> list[str]:
    return ["───"]


_DRAWN: Mapping[str, Callable[[Json, Reader], list[str]]] = {
    "button": _button,
    "column_set": _row,
    "action": _actions,
    "collapsible_panel": _panel,
    "form": _form,
    "table": _table,
    "select_static": _menu,
    "multi_select_static": _menu,
    "select_person": _menu,
    "multi_select_person": _menu,
    "select_img": _menu,
    "overflow": _menu,
    "date_picker": _picker,
    "picker_time": _picker,
    "picker_datetime": _picker,
    "input": _input,
    "checker": _checker,
    "img": _image,
    "img_combination": _image,
    "chart": _chart,
    "person": _person,
    "person_list": _person,
    "hr": _rule,
}
