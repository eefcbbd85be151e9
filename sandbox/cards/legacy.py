"""JSON 1.0 cards: what is not understood is ignored, what is referred to must exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.cards.error import ROOT, Path, not_a_card
from sandbox.cards.seen import Seen

KNOWN = frozenset(
    {
        "schema",
        "config",
        "card_link",
        "header",
        "i18n_header",
        "elements",
        "i18n_elements",
        "fallback",
    }
)


def check_legacy(card: dict[str, Any], seen: Seen) -> None:
    """Raise unless *card* can be shown: unknown properties are no obstacle."""
    if card and not KNOWN & card.keys():
        wrapper = next(iter(card))
        raise not_a_card(f"unknown property, property: {wrapper}", ROOT)
    for name in ("config", "header", "card_link"):
        if not isinstance(card.get(name, {}), dict):
            raise not_a_card(f"{name} must be an object", (*ROOT, name))
    everywhere = [card.get("elements", [])]
    translated = card.get("i18n_elements", {})
    everywhere += translated.values() if isinstance(translated, dict) else [translated]
    for elements in everywhere:
        if not isinstance(elements, list):
            raise not_a_card("elements must be a list", (*ROOT, "elements"))
        for number, element in enumerate(elements):
            if not isinstance(element, dict) or not element.get("tag"):
                raise not_a_card("an element needs a tag", (*ROOT, "elements"))
            path = (*ROOT, "elements", f"[{number}](tag: {element['tag']})")
            for tagged in _tagged(element):
                _refers(tagged, path, seen)


def _tagged(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "tag" in value:
            yield value
        for name, inner in value.items():
            # What comes back with a tap is the sender's own business.
            if name not in ("value", "chart_spec"):
                yield from _tagged(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _tagged(inner)


def _refers(element: dict[str, Any], path: Path, seen: Seen) -> None:
    content = element.get("content")
    if element["tag"] == "lark_md" and isinstance(content, str):
        seen.lark_md(content, path)
    elif element["tag"] == "markdown" and isinstance(content, str):
        seen.markdown(content, path)
    elif element["tag"] == "img":
        seen.image(element.get("img_key"), path)
