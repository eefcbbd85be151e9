"""What somebody put into a form, to be made a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TIME = re.compile(r"([0-2][0-9]:[0-5][0-9])(?::[0-9]{2})?(?: [+-][0-9]{4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The fields of a form by name. ``zone`` is the clock of whoever filled it in.

    ``given`` is what the form carried along. Lark leaves out what nobody filled in.
    """

    fields: Mapping[str, str | tuple[str, ...]] = field(repr=False)
    given: Mapping[str, str] = field(default_factory=dict)
    zone: str = ""

    def one(self, name: str) -> str:
        """Return what stands in a field, on one line; empty where nothing does."""
        found = self.fields.get(name, "")
        text = found if isinstance(found, str) else next(iter(found), "")
        return " ".join(text.split())

    def many(self, name: str) -> tuple[str, ...]:
        """Return what was picked in a field, in order."""
        found = self.fields.get(name, ())
        if isinstance(found, str):
            return (found,) if found else ()
        return tuple(found)

    def time(self, name: str) -> str:
        """Return a picked time as ``HH:MM``; Lark says it with its offset."""
        found = _TIME.fullmatch(self.one(name))
        return found[1] if found else ""
