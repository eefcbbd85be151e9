"""What on a card can be tapped, changed or sent, and how it is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.drawing import option_label, words
from sandbox.loose import a_list, an_object
from sandbox.readable import elements_of
from sandbox.reader import ANYBODY, text
from sandbox.refusal import Json

_INSIDE = ("elements", "columns", "actions", "buttons", "extra")
#: What people read on an element that waits for them, the first that it has.
_READ = ("text", "label", "placeholder")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tappable:
    """Something on a card that calls back."""

    element: Json
    #: What people read on it.
    label: str
    value: Any
    #: The form that a tap on it sends.
    form: Json | None = None
    #: What is written around it: above it, in its row, on the panel that it is in.
    beside: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name it has on the card, or nothing."""
        return str(self.element.get("name") or "")

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be chosen from it, as people read it."""
        options = [an_object(option) for option in a_list(self.element.get("options"))]
        return tuple(option_label(option, ANYBODY) for option in options)

    @property
    def asks(self) -> str:
        """What the client asks before it goes on, title and text; usually nothing."""
        confirm = an_object(self.element.get("confirm"))
        asked = [text(confirm.get(part)) for part in ("title", "text")]
        return "\n".join(part for part in asked if part)


def label_of(element: Json) -> str:
    """Return what people read on *element*; of a container, all that is in it."""
    if element.get("tag") == "interactive_container":
        return words(element, ANYBODY)
    texts = (text(element.get(name)) for name in _READ)
    return next((text for text in texts if text), "")


def tappables(card: Json) -> list[Tappable]:
    """Return everything on *card* that would call back, from top to bottom."""
    return list(_walk({"elements": elements_of(card)}, None, ()))


def choose(
    card: Json, wanted: str | int | Json, *, beside: str | None = None
) -> Tappable:
    """Return what *wanted* means: a label, a name, a value, or a place in the list.

    *beside* is a text right above it, in the same row, or on the panel around it.
    Raises ``LookupError`` when the card has no such thing, or several that differ.
    """
    offered = tappables(card)
    if isinstance(wanted, int):
        return offered[wanted]
    found = [
        one
        for one in offered
        if wanted in (one.label, one.name, one.value)
        and (beside is None or beside in one.beside)
    ]
    if not found:
        labels = ", ".join(repr(one.label) for one in offered) or "none"
        raise LookupError(f"no {wanted!r} on this card; there is: {labels}")
    if any(one.value != found[0].value for one in found):
        raise LookupError(
            f"{len(found)} of {wanted!r} on this card: say which by its value, its "
            "name, its place, or what it stands beside"
        )
    return found[0]


def _walk(
    element: Any, form: Json | None, beside: tuple[str, ...]
) -> Iterator[Tappable]:
    if not isinstance(element, dict):
        return
    if element.get("tag") == "form":
        form = element
    beside += _said_by(element)
    value = _callback(element)
    submits = element.get("form_action_type") == "submit"
    if (value is not None or submits) and element.get("disabled") is not True:
        yield Tappable(
            element=element,
            label=label_of(element),
            value=value,
            form=form if submits else None,
            beside=beside,
        )
    for name in _INSIDE:
        inside = element.get(name)
        above: tuple[str, ...] = ()
        for child in inside if isinstance(inside, list) else [inside]:
            yield from _walk(child, form, beside + above)
            above = _text_of(child) or above
    for child in a_list(an_object(element.get("button_area")).get("buttons")):
        yield from _walk(child, None, beside)


def _said_by(element: Json) -> tuple[str, ...]:
    """Return what a row, or the title of a panel, says to all that is in it."""
    if element.get("tag") == "collapsible_panel":
        title = text(an_object(element.get("header")).get("title"))
        return (title,) if title else ()
    if element.get("tag") != "column_set":
        return ()
    columns = [an_object(column) for column in a_list(element.get("columns"))]
    inside = [one for column in columns for one in a_list(column.get("elements"))]
    return tuple(said for one in inside for said in _text_of(one))


def _text_of(element: Any) -> tuple[str, ...]:
    """Return what an element says that is nothing but text."""
    if an_object(element).get("tag") not in ("div", "markdown"):
        return ()
    said = words(element, ANYBODY)
    return (said,) if said else ()


def _callback(element: Json) -> Any:
    for behavior in a_list(element.get("behaviors")):
        if an_object(behavior).get("type") == "callback":
            return behavior.get("value")
    # The way of JSON 1.0.
    return element.get("value")
