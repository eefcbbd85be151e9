"""What a Lark card says, version 1.0 or 2.0, as a title, lines and links.

Cards of strangers: nothing is required, what is unknown is passed over, and nothing
nests deeper than Lark would let it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.bodies import maybe_list, maybe_object, maybe_text
from bot.sources import markdown
from bot.sources.limits import plain, web_link

#: Lark allows five containers in one another, and each holds a list.
_DEEPEST = 24


@dataclass(slots=True)
class Flat:
    """A card, flattened. ``links`` are what its buttons open, with their labels."""

    title: str = ""
    lines: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        """The lines, one under the other."""
        return "\n".join(self.lines)


def flatten(card: Mapping[str, Any]) -> Flat:
    """Return what *card* says. A template says its name and its variables."""
    flat = Flat()
    if card.get("type") == "template":
        _template(maybe_object(card, "data"), flat)
        return flat
    header = maybe_object(card, "header")
    flat.title = _text(header.get("title"))
    _add(flat, _text(header.get("subtitle")))
    for tag in maybe_list(header, "text_tag_list"):
        if isinstance(tag, dict) and (words := _text(tag.get("text"))):
            flat.tags.append(words)
    for element in _elements(card):
        _walk(element, flat, 0)
    card_link = maybe_object(card, "card_link")
    if url := web_link(card_link.get("url"), card_link.get("pc_url")):
        flat.links.append(("", url))
    return flat


def _template(template: Mapping[str, Any], flat: Flat) -> None:
    flat.title = f"Card {maybe_text(template, 'template_id') or 'template'}"
    for name, value in maybe_object(template, "template_variable").items():
        if isinstance(value, str | int | float):
            _add(flat, f"{name}: {markdown.flat(plain(value))}")


def _elements(card: Mapping[str, Any]) -> list[Any]:
    """Return the elements: in the body since 2.0, beside it before, or by language."""
    for holder in (maybe_object(card, "body"), card):
        if elements := maybe_list(holder, "elements"):
            return elements
    return _in_some_language(maybe_object(card, "i18n_elements"), list) or []


def _walk(element: Any, flat: Flat, depth: int) -> None:
    if depth > _DEEPEST:
        return
    if isinstance(element, list):
        for inner in element:
            _walk(inner, flat, depth + 1)
        return
    if not isinstance(element, dict):
        return
    match element.get("tag"):
        case "markdown" | "lark_md" | "plain_text":
            _add(flat, _text(element))
        case "div":
            _add(flat, _text(element.get("text")))
            for each in maybe_list(element, "fields"):
                _add(flat, _text(each.get("text")) if isinstance(each, dict) else "")
            _walk(element.get("extra"), flat, depth + 1)
        case "note":
            parts = (_text(each) for each in maybe_list(element, "elements"))
            _add(flat, " ".join(part for part in parts if part))
        case "button":
            _button(element, flat)
        case "img":
            _add(flat, _text(element.get("alt")) or _text(element.get("title")))
        case "table":
            _table(element, flat)
        case "chart":
            spec = maybe_object(element, "chart_spec")
            _add(flat, maybe_text(maybe_object(spec, "title"), "text") or "")
        case _:
            _container(element, flat, depth + 1)


def _container(element: Mapping[str, Any], flat: Flat, depth: int) -> None:
    _add(flat, _text(maybe_object(element, "header").get("title")))
    _add(flat, _text(element.get("text")))
    for inside in ("columns", "elements", "actions"):
        _walk(maybe_list(element, inside), flat, depth)


def _button(button: Mapping[str, Any], flat: Flat) -> None:
    addresses = [button.get("url"), *_multi(button.get("multi_url"))]
    for behaviour in maybe_list(button, "behaviors"):
        if isinstance(behaviour, dict) and behaviour.get("type") == "open_url":
            addresses += [behaviour.get("default_url"), *_multi(behaviour)]
    if url := web_link(*addresses):
        flat.links.append((_text(button.get("text")), url))


def _multi(urls: Any) -> list[Any]:
    if not isinstance(urls, dict):
        return []
    return [urls.get(name) for name in ("url", "pc_url", "android_url", "ios_url")]


def _table(table: Mapping[str, Any], flat: Flat) -> None:
    columns = [each for each in maybe_list(table, "columns") if isinstance(each, dict)]
    for row in maybe_list(table, "rows"):
        if isinstance(row, dict):
            _add(flat, ", ".join(_cells(row, columns)))


def _cells(row: Mapping[str, Any], columns: list[dict[str, Any]]) -> Iterator[str]:
    for column in columns:
        value = row.get(str(column.get("name")))
        if isinstance(value, list):
            options = (each for each in value if isinstance(each, dict))
            value = " ".join(maybe_text(each, "text") or "" for each in options)
        if isinstance(value, str | int | float) and value != "":
            name = maybe_text(column, "display_name") or maybe_text(column, "name")
            yield f"{name}: {markdown.flat(plain(value))}"


def _text(holder: Any) -> str:
    """Return what a text object says. Only plain text is taken by the letter."""
    if isinstance(holder, str):
        return holder.strip()
    if not isinstance(holder, dict):
        return ""
    content = maybe_text(holder, "content")
    if content is None:
        by_language = maybe_object(holder, "i18n") or maybe_object(
            holder, "i18n_content"
        )
        content = _in_some_language(by_language, str) or ""
    if holder.get("tag") == "plain_text":
        return markdown.without_mentions(content).strip()
    return markdown.flat(content).strip()


def _in_some_language(by_language: Mapping[str, Any], kind: type) -> Any:
    """Return the English, else the Chinese, else any of *by_language*."""
    preferred = [by_language.get(key) for key in ("en_us", "zh_cn")]
    for found in (*preferred, *by_language.values()):
        if isinstance(found, kind) and found:
            return found
    return None


def _add(flat: Flat, line: str) -> None:
    if line:
        flat.lines.append(line)
