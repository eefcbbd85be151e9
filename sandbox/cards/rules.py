"""What an element must satisfy beyond its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.cards import fields
from sandbox.cards.error import BAD_CHART, CardError, Path, not_a_card
from sandbox.cards.seen import Seen
from sandbox.cards.table import check_table

Element = Mapping[str, Any]
Rule = Callable[[Element, Path, Seen], None]

WIDEST_COLUMN = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the card one is: how deep in containers, and inside what."""

    depth: int = 0
    form: bool = False
    root: bool = True


def check_place(tag: str, element: Element, path: Path, place: Place) -> None:
    """Raise unless an element with this *tag* may stand in this *place*."""
    if tag in ("table", "form") and not place.root:
        raise not_a_card(f"{tag} must be at the root of the card", path)
    if not place.form:
        fields.check_outside(tag, element, path)


def check_element(tag: str, element: Element, path: Path, seen: Seen) -> None:
    """Raise unless *element* is as its kind must be."""
    if tag in RULES:
        RULES[tag](element, path, seen)


def check_name(tag: str, element: Element, path: Path, seen: Seen) -> None:
    """Raise unless an interactive element in a form has a name of its own."""
    if tag in fields.INTERACTIVE:
        seen.name(element.get("name"), path)


def _markdown(element: Element, path: Path, seen: Seen) -> None:
    for text in (element["content"], *_translations(element, "i18n_content")):
        seen.markdown(text, path)


def _image(element: Element, path: Path, seen: Seen) -> None:
    for key in (element["img_key"], *_translations(element, "i18n_img_key")):
        seen.image(key, path)


def _images(element: Element, path: Path, seen: Seen) -> None:
    for image in element.get("img_list", element.get("options", [])):
        _image(image, path, seen)


def _person(element: Element, path: Path, seen: Seen) -> None:
    seen.person(element["user_id"], path)


def _people(element: Element, path: Path, seen: Seen) -> None:
    if element.get("drop_invalid_user_id") is not True:
        for person in element["persons"]:
            seen.person(person["id"], path)


def _chart(element: Element, path: Path, seen: Seen) -> None:
    spec = element.get("chart_spec")
    schema = "- (root): Must validate at least one schema (anyOf)"
    if not isinstance(spec, dict) or not isinstance(spec.get("type"), str):
        raise CardError(BAD_CHART, schema, path=path)
    for name, value in spec.items():
        if value is None:
            null = f"{schema}\n- {name}: Invalid type. Expected: array, given: null\n"
            raise CardError(BAD_CHART, null, path=path)


def _form(element: Element, path: Path, seen: Seen) -> None:
    seen.name(element["name"], path)
    fields.check_submits(element, path)


def _text(element: Element, path: Path, seen: Seen) -> None:
    for text in (
        element.get("content", ""),
        *_translations(element, "i18n_content"),
    ):
        seen.lark_md(text, path)


def _panel_title(element: Element, path: Path, seen: Seen) -> None:
    for text in (
        element.get("content", ""),
        *_translations(element, "i18n_content"),
    ):
        seen.markdown(text, path)


def _config(config: Element, path: Path, seen: Seen) -> None:
    if config.get("update_multi", True) is not True:
        raise not_a_card("update_multi must be true in schema 2.0", path)


def _column(column: Element, path: Path, seen: Seen) -> None:
    weight = column.get("weight", 1)
    if weight not in range(1, WIDEST_COLUMN + 1):
        raise not_a_card(f"invalid weight, weight: {weight}", path)


def _panel_header(header: Element, path: Path, seen: Seen) -> None:
    angle = header.get("icon_expanded_angle", 90)
    if angle not in (-180, -90, 90, 180):
        raise not_a_card(f"invalid angle, icon_expanded_angle: {angle}", path)


def _number_format(form: Element, path: Path, seen: Seen) -> None:
    precision = form.get("precision", 0)
    if precision not in range(11):
        raise not_a_card(f"invalid precision, precision: {precision}", path)


def _icon(icon: Element, path: Path, seen: Seen) -> None:
    if icon.get("tag") == "custom_icon":
        seen.image(icon.get("img_key"), path)


def _behavior(behavior: Element, path: Path, seen: Seen) -> None:
    _urls(behavior, path, seen)


def _urls(urls: Element, path: Path, seen: Seen) -> None:
    for name in ("url", "default_url", "pc_url", "ios_url", "android_url"):
        seen.link(urls.get(name), path)


def _translations(element: Element, name: str) -> tuple[str, ...]:
    return tuple((element.get(name) or {}).values())


RULES: Mapping[str, Rule] = {
    "markdown": _markdown,
    "img": _image,
    "img_combination": _images,
    "select_img": _images,
    "person": _person,
    "person_list": _people,
    "chart": _chart,
    "table": check_table,
    "form": _form,
    **fields.RULES,
}
#: The same for the texts and for the objects inside elements, by their names.
TEXT_RULES: Mapping[str, Rule] = {"lark_md": _text, "markdown": _panel_title}
SHAPE_RULES: Mapping[str, Rule] = {
    "config": _config,
    "column": _column,
    "panel_header": _panel_header,
    "number_format": _number_format,
    "icon": _icon,
    "behavior": _behavior,
    "urls": _urls,
}
