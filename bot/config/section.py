"""What all sections of the YAML have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator

from bot.config.tree import Path


class Section(BaseModel):
    """Settings under one name. Immutable; a setting that is not known is a mistake.

    ``name:`` with nothing behind it is as good as left out: that is what remains when
    all of a list is commented out. Only the settings in ``may_be_null`` mean something
    by it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    may_be_null: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _leave_out_nulls(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        known = cls.setting_names().keys() - cls.may_be_null
        return {
            name: value
            for name, value in values.items()
            if value is not None or name not in known
        }

    @classmethod
    def setting_names(cls) -> dict[str, str]:
        """Return what settings are called in the YAML → their field's name."""
        fields = cls.model_fields.items()
        return {field.alias or name: name for name, field in fields}

    def settings(self) -> Iterator[tuple[str, Any]]:
        """Yield every setting by its name in the YAML, and its value."""
        for setting, name in self.setting_names().items():
            yield setting, getattr(self, name)


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value inside *value* that holds no further settings, and its path."""
    match value:
        case Section():
            for name, inner in value.settings():
                yield from walk(inner, (*path, name))
        case dict():
            for name, inner in value.items():
                yield from walk(inner, (*path, name))
        case tuple() if type(value) is tuple:
            for index, inner in enumerate(value):
                yield from walk(inner, (*path, index))
        case _:
            yield path, value
