"""Where a path leads among the settings: by the types, not by the values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from bot.config.models import Config
from bot.config.section import Section
from bot.config.tree import Path


@dataclass(frozen=True, slots=True)
class Place:
    """What a location in pydantic's words means in ours.

    ``section`` holds the setting that the path ends in; ``field`` is that setting, or
    ``None`` where the section knows none of that name.
    """

    path: Path
    section: type[Section] | None
    field: FieldInfo | None


def locate(location: Sequence[str | int]) -> Place:
    """Return where *location* leads from the top of the file."""
    path: list[str | int] = []
    section: type[Section] | None = None
    field: FieldInfo | None = None
    kind: Any = Config
    for part in location:
        match sections_of(kind):
            case [only]:
                section = only
                field = only.model_fields.get(only.setting_names().get(str(part), ""))
                kind = field.annotation if field else None
            case [_, *_] as several:
                # pydantic names the chosen kind of account, which nobody wrote.
                kind = next(each for each in several if _is_chosen(each, part))
                continue
            case _:
                if part == "[key]":
                    break
                section, field, kind = None, None, _item(kind)
        path.append(part)
    return Place(tuple(path), section, field)


def sections_of(kind: Any) -> list[type[Section]]:
    """Return the sections that a value of *kind* can be."""
    return [
        each
        for each in _alternatives(kind)
        if isinstance(each, type) and issubclass(each, Section)
    ]


def item_sections(kind: Any) -> list[type[Section]]:
    """Return the sections that *kind* is, or is a list or mapping of."""
    return sections_of(kind) or sections_of(_item(kind))


def _alternatives(kind: Any) -> list[Any]:
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        inner = [_alternatives(each) for each in get_args(kind) if each is not NoneType]
        return [each for several in inner for each in several]
    return [kind]


def _item(kind: Any) -> Any:
    for each in _alternatives(kind):
        if get_origin(each) is tuple:
            return get_args(each)[0]
        if get_origin(each) is dict:
            return get_args(each)[1]
    return None


def _is_chosen(section: type[Section], tag: str | int) -> bool:
    return any(
        tag in get_args(field.annotation) for field in section.model_fields.values()
    )
