"""The JSON Schema of the file, for editors."""

from __future__ import annotations

from typing import Any

from bot.config.models import Config

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: Any setting may come from the environment or a file, whatever it should be.
_REFERENCE = {"type": "string", "pattern": r"\$\{.+\}"}
#: What an editor should show beside a setting rather than beside one way to write it.
_SHOWN = ("title", "description", "default")
_STRICT = ("pattern", "enum", "const", "format", "minimum", "maximum")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the whole file."""
    made = Config.model_json_schema(by_alias=True)
    definitions = {
        name: _with_references(each) for name, each in made.pop("$defs").items()
    }
    return {
        "$schema": _DRAFT,
        **_with_references(made),
        "title": "Larkbell",
        "$defs": definitions,
    }


def _with_references(section: dict[str, Any]) -> dict[str, Any]:
    """Return *section* so that each of its settings may be a ``${…}`` reference.

    What is no section is a list of words, which may be one itself.
    """
    if "properties" not in section:
        return _or_reference(section)
    settings = {
        # A title made from the name says nothing that the name does not.
        name: _or_reference({k: v for k, v in each.items() if k != "title"})
        for name, each in section["properties"].items()
    }
    return {**section, "properties": settings}


def _or_reference(setting: dict[str, Any]) -> dict[str, Any]:
    shown = {key: setting[key] for key in _SHOWN if key in setting}
    kind = {key: value for key, value in setting.items() if key not in _SHOWN}
    return {**shown, **_alternatives(kind)}


def _alternatives(kind: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in kind:
        return {**kind, "anyOf": [*kind["anyOf"], _REFERENCE]}
    if kind.get("type") == "array" and "items" in kind:
        return {**kind, "items": _alternatives(kind["items"])}
    simple = kind.get("type") in ("integer", "boolean") or any(
        key in kind for key in _STRICT
    )
    return {"anyOf": [kind, _REFERENCE]} if simple else kind
