"""A string that will not show itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A string that will not show itself in a log, a traceback or a template."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the string. Only whoever signs, sends or compares may ask."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__
