"""Whether Lark would take a card: 2.0 to the letter, 1.0 with a shrug."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sandbox.cards import rules
from sandbox.cards.elements import ELEMENTS, TEXTS, Shape
from sandbox.cards.error import (
    NO_SUCH_TEMPLATE,
    OVER_LIMIT,
    REMOVED_IN_2,
    ROOT,
    CardError,
    Path,
    not_a_card,
)
from sandbox.cards.legacy import check_legacy
from sandbox.cards.permitted import check_permitted
from sandbox.cards.rules import Place
from sandbox.cards.seen import Seen
from sandbox.cards.shapes import CONTAINERS, REMOVED, REQUIRED, SHAPES
from sandbox.loose import an_object
from sandbox.mentions import Surroundings
from sandbox.state import Mention

DEEPEST = 5
#: Which texts may stand where.
TAGS = {
    "plain": ("plain_text",),
    "text": ("plain_text", "lark_md"),
    "title": ("plain_text", "lark_md", "markdown"),
}
T = TypeVar("T")

_JSON: Mapping[str, Callable[[object], bool]] = {
    "str": lambda value: isinstance(value, str),
    "num": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "any": lambda value: True,
}


@dataclass(frozen=True, slots=True)
class Card:
    """What matters about a card that Lark takes."""

    schema: str
    mentions: tuple[Mention, ...]
    #: Whether an update is seen by everybody; without it there can be no PATCH.
    shared: bool


def check(card: object, around: Surroundings) -> Card:
    """Return what *card* is, or raise :class:`CardError` as Lark would."""
    if not isinstance(card, dict):
        raise not_a_card("a card must be an object", ROOT)
    if card.get("type") == "template":
        template = an_object(card.get("data")).get("template_id")
        raise CardError(NO_SUCH_TEMPLATE, f"templateID: {template}")
    if card.get("type") == "card":
        raise CardError(OVER_LIMIT, meaning="cardid is invalid")
    seen = Seen(around)
    schema = card.get("schema", "1.0")
    if schema == "1.0":
        check_legacy(card, seen)
        return Card("1.0", tuple(seen.mentions), is_shared(card))
    if schema != "2.0":
        raise not_a_card(f"invalid schema, schema: {schema}", ROOT)
    style = an_object(an_object(card.get("config")).get("style"))
    seen.sizes = frozenset(an_object(style.get("text_size")))
    _Walk(seen).object(card, "card", SHAPES["card"], ROOT, Place())
    return Card("2.0", tuple(seen.mentions), shared=True)


def is_shared(card: Mapping[str, Any]) -> bool:
    """Return whether a card that was taken changes for everybody when it changes."""
    if card.get("schema") == "2.0":
        return True
    return an_object(card.get("config")).get("update_multi") is True


@dataclass(frozen=True, slots=True)
class _Walk:
    """One pass over a 2.0 card, from the root to the last text."""

    seen: Seen

    def value(self, value: object, kind: str, path: Path, place: Place) -> None:
        """Check one property against the word that describes it."""
        if value is None:
            return
        if kind.startswith("["):
            for number, item in enumerate(_want(value, list, path)):
                here = (*path, f"[{number}]{_tagged(item)}")
                self.value(item, kind[1:-1], here, place)
        elif kind.startswith("{"):
            for name, item in _want(value, dict, path).items():
                self.value(item, kind[1:-1], (*path, name), place)
        elif kind in _JSON:
            if not _JSON[kind](value):
                raise not_a_card(f"invalid type, expected: {kind}", path)
        elif kind == "element":
            self.element(_want(value, dict, path), path, place)
        elif kind in ("plain", "text", "title"):
            self.text(_want(value, dict, path), kind, path, place)
        elif kind != "confirm" or value != {}:
            self.named(_want(value, dict, path), kind, path, place)

    def object(
        self,
        value: Mapping[str, Any],
        name: str,
        shape: Shape,
        path: Path,
        place: Place,
    ) -> None:
        """Check that *value* has what it needs, and nothing that is not known."""
        for wanted in REQUIRED.get(name, ()):
            if value.get(wanted) is None:
                raise not_a_card(f"missing property, property: {wanted}", path)
        for key, inner in value.items():
            if key not in shape:
                raise not_a_card(f"unknown property, property: {key}", path)
            here = (*path, f"{key}{_tagged(inner)}")
            self.value(inner, shape[key], here, place)
            check_permitted(name, key, inner, path)
            if key == "text_size" and name != "style":
                self.seen.text_size(inner, path)
        if "tag" in value:
            self.seen.tag()
        if value.get("element_id") is not None:
            self.seen.element_id(value["element_id"], path)

    def named(
        self, value: Mapping[str, Any], name: str, path: Path, place: Place
    ) -> None:
        """Check an object inside an element: a behavior, an icon, a column."""
        self.object(value, name, SHAPES[name], path, place)
        if name in rules.SHAPE_RULES:
            rules.SHAPE_RULES[name](value, path, self.seen)

    def text(
        self, value: Mapping[str, Any], kind: str, path: Path, place: Place
    ) -> None:
        """Check a text: of which tag it may be depends on where it stands."""
        if value == {}:
            return
        tag = value.get("tag")
        if tag not in TAGS[kind]:
            raise not_a_card(f"invalid text tag, tag: {tag}", path)
        self.object(value, str(tag), TEXTS[str(tag)], path, place)
        if tag in rules.TEXT_RULES:
            rules.TEXT_RULES[str(tag)](value, path, self.seen)

    def element(self, value: Mapping[str, Any], path: Path, place: Place) -> None:
        """Check an element and everything in it."""
        tag = str(value.get("tag"))
        if tag in REMOVED:
            raise CardError(REMOVED_IN_2, f"unsupported tag {tag}", path=path)
        if tag not in ELEMENTS:
            raise not_a_card(f"unknown tag, tag: {tag}", path)
        rules.check_place(tag, value, path, place)
        depth = place.depth + (tag in CONTAINERS)
        if depth > DEEPEST:
            raise CardError(
                OVER_LIMIT, tag, path=path, meaning="nesting exceeds the limit"
            )
        inside = Place(
            depth=depth,
            # The buttons of a checker are its own, not the form's.
            form=(place.form or tag == "form") and tag != "checker",
            root=place.root and tag not in CONTAINERS,
        )
        self.object(value, tag, ELEMENTS[tag], path, inside)
        rules.check_element(tag, value, path, self.seen)
        if place.form:
            rules.check_name(tag, value, path, self.seen)


def _tagged(value: object) -> str:
    if isinstance(value, dict) and isinstance(value.get("tag"), str):
        return f"(tag: {value['tag']})"
    return ""


def _want(value: object, kind: type[T], path: Path) -> T:
    if not isinstance(value, kind):
        raise not_a_card(f"invalid type, expected: {kind.__name__}", path)
    return value
