"""What a card shows beside lines: panels, rows of buttons, menus, forms → JSON 2.0.

A tap comes back with ``{"line": …}`` as its value, or with the line as the choice of a
menu, or with ``{"form": …}`` and the fields (Lark docs: "Card callback communication").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards import defuse
from bot.cards.frame import Envelope, plain_text, row, small, text
from bot.cards.tapping import button, tap_value
from handlers.language.catalogues import say
from handlers.view import (
    Buttons,
    Echo,
    Field,
    Form,
    Input,
    Menu,
    Panel,
    Part,
    Pick,
    PickPeople,
    PickTime,
    Row,
    Rule,
    Style,
    Table,
    Words,
)
from store.values import Json

#: Lark refuses cards of more than 200 elements, each text counted (230099, 11310).
MOST_ELEMENTS = 198
_LONGEST_CELL = 300
_PAGE = 10


def draw(parts: Sequence[Part], locale: str) -> list[Json]:
    """Return the elements of *parts*, in order."""
    return [element for part in parts for element in _drawn(part, locale)]


def fitting(
    elements: Sequence[Json], room: int, places: int, envelope: Envelope
) -> tuple[list[Json], int]:
    """Return the first of *elements* that fit into *room* bytes; how many do not.

    *places* is how many elements they may be, as ``count`` counts.
    """
    kept: list[Json] = []
    for each in elements:
        room -= envelope.weigh(each) + 1
        places -= count(each)
        if room < 0 or places < 0:
            break
        kept.append(each)
    return kept, len(elements) - len(kept)


def count(element: Any) -> int:
    """Return how many elements Lark counts in *element*: every tag is one."""
    if isinstance(element, dict):
        return ("tag" in element) + sum(map(count, element.values()))
    if isinstance(element, list):
        return sum(map(count, element))
    return 0


def _drawn(part: Part, locale: str) -> list[Json]:
    match part:
        case Words():
            return [_words(part, locale)]
        case Buttons():
            return row([button(each, locale) for each in part.buttons])
        case Menu():
            return [_menu(part, locale)]
        case Row():
            return [_row(part, locale)]
        case Echo():
            return []
        case Rule():
            return [{"tag": "hr"}]
        case Table():
            return [_table(part, locale)]
        case Panel():
            return [_panel(part, locale)]
        case Form():
            return [_form(part, locale)]


def _words(words: Words, locale: str) -> Json:
    said = defuse.plain(say(words.text, locale))
    match words.style:
        case Style.SMALL:
            return small(said)
        case Style.STRONG:
            return {"tag": "div", "text": {**plain_text(said), "text_size": "heading"}}
        case Style.PLAIN:
            return text(said)


def _row(cells: Row, locale: str) -> Json:
    weights = cells.weights or (1,) * len(cells.cells)
    columns = [
        {
            "tag": "column",
            "width": "weighted",
            "weight": weight,
            "vertical_align": "center",
            "elements": _drawn(cell, locale),
        }
        for cell, weight in zip(cells.cells, weights, strict=True)
    ]
    return {"tag": "column_set", "flex_mode": "none", "columns": columns}


def _menu(menu: Menu, locale: str) -> Json:
    lines = [choice.line for choice in menu.choices]
    return {
        "tag": "select_static",
        "placeholder": _label(menu.label, locale),
        "options": [
            {"text": _label(choice.label, locale), "value": choice.line}
            for choice in menu.choices
        ],
        **({"initial_option": menu.chosen} if menu.chosen in lines else {}),
        "behaviors": [{"type": "callback", "value": tap_value(menu, locale)}],
    }


def _panel(panel: Panel, locale: str) -> Json:
    return {
        "tag": "collapsible_panel",
        "expanded": panel.expanded,
        "header": {"title": _label(panel.title, locale)},
        "elements": draw(panel.parts, locale),
    }


def _table(table: Table, locale: str) -> Json:
    names = [f"c{number}" for number in range(len(table.columns))]
    return {
        "tag": "table",
        "page_size": _PAGE,
        "columns": [
            {
                "name": name,
                "display_name": _one_line(title, locale),
                "data_type": "text",
            }
            for name, title in zip(names, table.columns, strict=True)
        ],
        "rows": [
            {
                name: _one_line(cell, locale)
                for name, cell in zip(names, cells, strict=True)
            }
            for cells in table.rows
        ],
    }


def _form(form: Form, locale: str) -> Json:
    submit = {
        "tag": "button",
        # Every name is the only one of its kind on a card.
        "name": f"{form.kind}.submit",
        "text": _label(form.submit, locale),
        "type": "primary",
        "form_action_type": "submit",
        "behaviors": [{"type": "callback", "value": tap_value(form, locale)}],
    }
    fields = [element for each in form.fields for element in _field(each, locale)]
    return {"tag": "form", "name": form.kind, "elements": [*fields, submit]}


def _field(field: Field, locale: str) -> list[Json]:
    if isinstance(field, Words):
        return [_words(field, locale)]
    named: Json = {"name": field.name, **({"required": True} if field.required else {})}
    if isinstance(field, Input):
        return [_input(field, named, locale)]
    # Pickers have no label of their own, only what they show while they are empty.
    label = small(defuse.line(say(field.label, locale)))
    return [label, {**_picker(field, locale), **named}]


def _input(field: Input, named: Json, locale: str) -> Json:
    return {
        "tag": "input",
        **named,
        "label": _label(field.label, locale),
        "max_length": field.most,
        **({"placeholder": _label(field.hint, locale)} if field.hint else {}),
        **({"default_value": field.initial} if field.initial else {}),
        **({"input_type": "password"} if field.hidden else {}),
    }


def _picker(field: Pick | PickPeople | PickTime, locale: str) -> Json:
    placeholder = {"placeholder": _label(field.label, locale)}
    match field:
        case PickTime():
            start = {"initial_time": field.chosen} if field.chosen else {}
            return {"tag": "picker_time", **placeholder, **start}
        case PickPeople():
            kind = "multi_select_person" if field.many else "select_person"
            options: Json = {}
        case Pick():
            kind = "multi_select_static" if field.many else "select_static"
            options = {
                "options": [
                    {"text": _label(each.label, locale), "value": each.value}
                    for each in field.options
                ]
            }
    chosen: Json = {}
    if field.chosen and field.many:
        chosen = {"selected_values": list(field.chosen)}
    elif field.chosen:
        chosen = {"initial_option": field.chosen[0]}
    return {"tag": kind, **placeholder, **options, **chosen}


def _label(said: str, locale: str) -> Json:
    return plain_text(_one_line(said, locale))


def _one_line(said: str, locale: str) -> str:
    return defuse.line(say(said, locale), most=_LONGEST_CELL)
