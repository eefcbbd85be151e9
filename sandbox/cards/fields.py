"""What collects something from a person: inputs, menus, pickers, checkers, buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.cards.error import Path, not_a_card
from sandbox.cards.seen import Seen

Element = Mapping[str, Any]

#: What collects something from a person, and so needs a name inside a form.
INTERACTIVE = frozenset(
    {
        "button",
        "input",
        "select_static",
        "multi_select_static",
        "select_person",
        "multi_select_person",
        "date_picker",
        "picker_time",
        "picker_datetime",
        "select_img",
        "checker",
    }
)
ONLY_IN_FORMS = frozenset({"multi_select_static", "multi_select_person"})
MOST_BUTTONS_IN_CHECKER = 3
LONGEST_INPUT = 1000


def check_outside(tag: str, element: Element, path: Path) -> None:
    """Raise for what only works in a form, since *element* stands outside of any."""
    multiple = tag in ONLY_IN_FORMS or (
        tag == "select_img" and element.get("multi_select") is True
    )
    if multiple:
        raise not_a_card(f"{tag} with several choices must be in a form", path)
    # "An error, or without effect" say the documents of both: here an error.
    for only in ("required", "form_action_type"):
        if element.get(only):
            raise not_a_card(f"{only} needs a form", path)


def check_submits(form: Element, path: Path) -> None:
    """Raise unless there is a button in *form* that sends it."""
    if not any(map(_submits, _inside(form))):
        raise not_a_card("a form needs a submit button", path)


def _submits(element: Element) -> bool:
    return element.get("tag") == "button" and (
        element.get("form_action_type") == "submit"
        or element.get("action_type") == "form_submit"
    )


def _inside(element: Element) -> list[Element]:
    found: list[Element] = []
    for child in (*element.get("elements", ()), *element.get("columns", ())):
        if isinstance(child, dict):
            found += (child, *_inside(child))
    return found


def _button(element: Element, path: Path, seen: Seen) -> None:
    seen.link(element.get("url"), path)


def _input(element: Element, path: Path, seen: Seen) -> None:
    longest = element.get("max_length", LONGEST_INPUT)
    if not _whole(longest) or not 1 <= longest <= LONGEST_INPUT:
        raise not_a_card(f"invalid max_length, max_length: {longest}", path)
    if len(element.get("default_value") or "") > longest:
        raise not_a_card("default_value is longer than max_length", path)


def _select(element: Element, path: Path, seen: Seen) -> None:
    values = [option["value"] for option in element.get("options") or ()]
    if len(set(values)) < len(values):
        raise not_a_card("two options have the same value", path)
    index = element.get("initial_index", 0)
    if not _whole(index) or not 0 <= index <= len(values):
        raise not_a_card(f"invalid initial_index, initial_index: {index}", path)
    for chosen in _chosen(element):
        if chosen not in values:
            raise not_a_card(f"no such option, value: {chosen}", path)


def _select_person(element: Element, path: Path, seen: Seen) -> None:
    # Without options, everybody in the chat can be chosen.
    if element.get("options"):
        _select(element, path, seen)
    offered = [option["value"] for option in element.get("options") or ()]
    for person in (*offered, *_chosen(element)):
        seen.person(person, path)


def _chosen(element: Element) -> list[str]:
    several = list(element.get("selected_values") or ())
    one = element.get("initial_option")
    return [*several, one] if one else several


def _picker(element: Element, path: Path, seen: Seen) -> None:
    shown = ("placeholder", "initial_date", "initial_time", "initial_datetime")
    if not any(element.get(name) for name in shown):
        raise not_a_card("a picker needs a placeholder or an initial value", path)


def _checker(element: Element, path: Path, seen: Seen) -> None:
    area = element.get("button_area") or {}
    if len(area.get("buttons", ())) > MOST_BUTTONS_IN_CHECKER:
        raise not_a_card("a checker has three buttons at most", path)


def _overflow(element: Element, path: Path, seen: Seen) -> None:
    values = [option["value"] for option in element["options"] if option.get("value")]
    if len(set(values)) < len(values):
        raise not_a_card("two options have the same value", path)


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


RULES: Mapping[str, Callable[[Element, Path, Seen], None]] = {
    "button": _button,
    "input": _input,
    "select_static": _select,
    "multi_select_static": _select,
    "select_person": _select_person,
    "multi_select_person": _select_person,
    "date_picker": _picker,
    "picker_time": _picker,
    "picker_datetime": _picker,
    "checker": _checker,
    "overflow": _overflow,
}
