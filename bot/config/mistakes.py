"""pydantic's errors as mistakes that people can act on.

The value itself is not repeated where it came from outside the file: it may be a
secret in the wrong place.
"""

from __future__ import annotations

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.fields import Place, locate
from bot.config.tree import Path, Tree, written
from bot.config.words import nearest
from bot.errors import Mistake

_UNFIT = "is not what this setting takes"
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
    "union_tag_not_found": "is missing: it decides which other settings there are",
    "too_short": "should name at least one",
}


def mistakes_of(error: ValidationError, tree: Tree, *, file: str) -> list[Mistake]:
    """Return what pydantic found wrong with *tree*, in our words and with lines.

    Of what is told to be broken already, nothing more is said.
    """
    details = error.errors(include_url=False)
    locations = [detail["loc"] for detail in details]
    found = []
    for detail in details:
        location = detail["loc"]
        if detail["type"] == "too_short" and _any_below(location, locations):
            continue  # Its items are not missing but wrong.
        place = locate(location)
        path = place.path
        if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
            path = (*path, detail["ctx"]["discriminator"].strip("'"))
        if any(path[: len(broken)] == broken for broken in tree.broken):
            continue
        reason = _reason(detail, place)
        if _repeats_outside(reason, path, tree):
            reason = f"{_UNFIT}{_purpose(place)}"
        found.append(Mistake(file, tree.line(path), written(path), reason))
    return found


def _any_below(location: Path, locations: list[Path]) -> bool:
    length = len(location)
    return any(len(each) > length and each[:length] == location for each in locations)


def _reason(detail: ErrorDetails, place: Place) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"is missing{_purpose(place)}"
        case "extra_forbidden" if place.section:
            known = place.section.setting_names()
            near = nearest(str(place.path[-1]), known)
            return "no such setting" + (near or f"; there are {', '.join(known)}")
        case "literal_error" | "enum":
            return _one_of(context["expected"], place)
        case "union_tag_invalid":
            return _one_of(context["expected_tags"].replace(", ", " or "), place)
        case "greater_than_equal":
            return f"should be at least {context['ge']}"
        case "less_than_equal":
            return f"should be at most {context['le']}"
        case "value_error":
            return str(context["error"]).rstrip(".")
    # A kind of error that no setting has today: say so without pydantic's words.
    return _PLAIN_WORDS.get(detail["type"], _UNFIT)


def _one_of(words: str, place: Place) -> str:
    section, name = place.section, place.path[-1]
    null = ", or null" if section and name in section.may_be_null else ""
    plain = words.replace("'", "")
    return f"should be {plain}{null}"


def _purpose(place: Place) -> str:
    description = place.field.description if place.field else None
    return f". {description.rstrip('.')}" if description else ""


def _repeats_outside(reason: str, path: Path, tree: Tree) -> bool:
    """Whether *reason* repeats a word of what came from outside to *path*."""
    folded = reason.casefold()
    return any(
        word in folded
        for outside in tree.outside
        if outside[: len(path)] == path
        for word in re.findall(r"\w{3,}", str(tree.at(outside)).casefold())
    )
