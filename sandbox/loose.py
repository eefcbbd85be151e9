"""Reading JSON that nobody has checked: what is not there, or is not so, is empty."""

from __future__ import annotations

from typing import Any

from sandbox.refusal import Json


def an_object(value: Any) -> Json:
    """Return *value* if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def a_list(value: Any) -> list[Any]:
    """Return *value* if it is a list, else an empty one."""
    return value if isinstance(value, list) else []
