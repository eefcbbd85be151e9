"""What on a card can be tapped, and what a tap on it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.loose import a_list, an_object
from sandbox.readable import elements_of
from sandbox.refusal import Json

_INSIDE = ("elements", "columns", "actions", "buttons", "extra")
_INITIAL = (
    "default_value",
    "initial_option",
    "selected_values",
    "initial_date",
    "initial_time",
    "initial_datetime",
    "checked",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tappable:
    """Something on a card that calls back."""

    element: Json
    label: str
    value: Any
    form: Json | None = None


def tappables(card: Json) -> list[Tappable]:
    """Return everything on *card* that would call back, from top to bottom."""
    return [found for root in elements_of(card) for found in _walk(root, None)]


def choose(card: Json, wanted: str | int | Json) -> Tappable:
    """Return what *wanted* means: a label, a name, a value, or a place in the list.

    Raises ``LookupError`` when the card has no such thing.
    """
    offered = tappables(card)
    if isinstance(wanted, int):
        return offered[wanted]
    for one in offered:
        if wanted in (one.label, one.element.get("name"), one.value):
            return one
    labels = ", ".join(repr(one.label) for one in offered) or "none"
    raise LookupError(f"no {wanted!r} on this card; there is: {labels}")


def action(
    tappable: Tappable, *, form: Json | None, option: Any, timezone: str
) -> Json:
    """Return the ``action`` of the callback; raise ``ValueError`` for a bad form."""
    element = tappable.element
    told: Json = {"tag": element["tag"]}
    if tappable.value is not None:
        told["value"] = tappable.value
    if element.get("name"):
        told["name"] = element["name"]
    if tappable.form is not None:
        told["form_value"] = _filled(tappable.form, form or {})
        told["timezone"] = timezone
    elif option is not None:
        told[_answers_in(element["tag"], option)] = option
        if element["tag"] in ("date_picker", "picker_time", "picker_datetime"):
            told["timezone"] = timezone
    return told


def _walk(element: Any, form: Json | None) -> Iterator[Tappable]:
    if not isinstance(element, dict):
        return
    if element.get("tag") == "form":
        form = element
    value = _callback(element)
    submits = element.get("form_action_type") == "submit"
    if (value is not None or submits) and element.get("disabled") is not True:
        yield Tappable(
            element=element,
            label=str(an_object(element.get("text")).get("content", "")),
            value=value,
            form=form if submits else None,
        )
    for name in _INSIDE:
        inside = element.get(name)
        for child in inside if isinstance(inside, list) else [inside]:
            yield from _walk(child, form)
    for child in a_list(an_object(element.get("button_area")).get("buttons")):
        yield from _walk(child, None)


def _callback(element: Json) -> Any:
    for behavior in a_list(element.get("behaviors")):
        if an_object(behavior).get("type") == "callback":
            return behavior.get("value")
    # The way of JSON 1.0.
    return element.get("value")


def _answers_in(tag: str, option: Any) -> str:
    if tag == "input":
        return "input_value"
    if tag == "checker":
        return "checked"
    return "options" if isinstance(option, list) else "option"


def _filled(form: Json, given: Json) -> Json:
    filled: Json = {}
    for element in _fields(form):
        name = element["name"]
        initial = [element[key] for key in _INITIAL if element.get(key) is not None]
        value = given.get(name, initial[0] if initial else None)
        if value is not None:
            filled[name] = value
        elif element.get("required") is True:
            raise ValueError(f"{name} is required")
    unknown = given.keys() - {element["name"] for element in _fields(form)}
    if unknown:
        raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
    return filled


def _fields(element: Json) -> Iterator[Json]:
    for name in _INSIDE:
        for child in a_list(element.get(name)):
            if isinstance(child, dict):
                if child.get("name") and child.get("tag") != "button":
                    yield child
                yield from _fields(child)
