"""pydantic's errors as mistakes that people can act on.

The value itself is not repeated where it came from outside the file: it may be a
secret in the wrong place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.config.fields import Place, locate
from bot.config.tree import Path, Tree, written
from bot.config.words import nearest
from bot.errors import Mistake

_PLAIN_WORDS = {
    "string_type": "should be one text",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "int_parsing_size": "should be a smaller number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "tuple_type": "should be a list, such as [one, another]",
    "dict_type": "should hold names and what each stands for, such as ops: [alice]",
    "model_type": "should hold settings of its own, such as {name: value}",
    "model_attributes_type": "should hold settings of its own, such as {name: value}",
    "union_tag_not_found": "is missing",
    "too_short": "should name at least one",
}


def mistakes_of(error: ValidationError, tree: Tree, *, file: str) -> list[Mistake]:
    """Return what pydantic found wrong with *tree*, in our words and with lines.

    Of what is told to be broken already, nothing more is said.
    """
    found = []
    for detail in error.errors(include_url=False, include_context=True):
        place = locate(detail["loc"])
        path = place.path
        if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
            path = (*path, detail["ctx"]["discriminator"].strip("'"))
            place = locate(path)
        if any(path[: len(broken)] == broken for broken in tree.broken):
            continue
        reason = _guarded(_reason(detail, place), path, tree)
        found.append(Mistake(file, tree.line(path), written(path), reason))
    return found


def _reason(detail: Mapping[str, Any], place: Place) -> str:
    context = detail.get("ctx", {})
    kind = detail["type"]
    match kind:
        case "missing" | "union_tag_not_found":
            return _missing(place)
        case "extra_forbidden" if place.section:
            known = tuple(place.section.setting_names())
            name = str(place.path[-1])
            return "no such setting" + (
                nearest(name, known) or f"; there are {', '.join(known)}"
            )
        case "literal_error" | "enum":
            return f"should be {context['expected']}".replace("'", "")
        case "union_tag_invalid":
            return f"should be one of {context['expected_tags']}".replace("'", "")
        case "greater_than_equal":
            return f"should be at least {context['ge']}"
        case "less_than_equal":
            return f"should be at most {context['le']}"
        case "value_error":
            return str(context["error"]).rstrip(".")
    # A kind of error that no setting has today: say so without pydantic's words.
    return _PLAIN_WORDS.get(kind, "is not what this setting takes")


def _missing(place: Place) -> str:
    description = place.field.description if place.field else None
    return f"is missing. {description.rstrip('.')}" if description else "is missing"


def _guarded(reason: str, path: Path, tree: Tree) -> str:
    for outside in tree.outside:
        if outside[: len(path)] == path:
            reason = reason.replace(repr(tree.at(outside)), "this")
    return reason
