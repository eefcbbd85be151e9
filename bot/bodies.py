"""JSON as it comes in through a door: readable, or ``BadBody`` with safe text.

Texts of errors name the key and never the value: bodies are other people's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from bot.errors import BadBody

#: ``\u0000`` as JSON spells it, after an even number of backslashes.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_BOM = b"\xef\xbb\xbf"


class NotJson(BadBody):
    """A body is not JSON at all."""


def tidy(body: bytes) -> bytes:
    """Return *body* without a byte-order mark and without NUL characters.

    PostgreSQL takes no NUL in a text. It is shown as U+FFFD, like any lost character.
    """
    if body.startswith(_BOM):
        body = body[3:]
    if b"\\u0000" in body:
        body = _NUL.sub(rb"\1\\ufffd", body)
    return body


def parse(body: bytes) -> Any:
    """Return what *body* says; raise ``NotJson`` when it says nothing in JSON."""
    try:
        return orjson.loads(tidy(body))
    except orjson.JSONDecodeError:
        # The cause quotes the body, so it goes no further.
        raise NotJson("the body is not JSON") from None


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object in *body*; raise ``BadBody`` when it is anything else."""
    found = parse(body)
    if not isinstance(found, dict):
        raise BadBody("the body is not a JSON object")
    return found


def an_object(parent: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object under *key*; raise ``BadBody`` where there is none."""
    found = parent.get(key)
    if not isinstance(found, dict):
        raise BadBody(f"{key} is missing or not an object")
    return found


def a_text(parent: Mapping[str, Any], key: str) -> str:
    """Return the text under *key*; raise ``BadBody`` where there is none."""
    found = parent.get(key)
    if not isinstance(found, str) or not found:
        raise BadBody(f"{key} is missing or not a text")
    return found


def maybe_object(parent: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object under *key*, or an empty one."""
    found = parent.get(key)
    return found if isinstance(found, dict) else {}


def maybe_list(parent: Mapping[str, Any], key: str) -> list[Any]:
    """Return the list under *key*, or an empty one."""
    found = parent.get(key)
    return found if isinstance(found, list) else []


def maybe_text(parent: Mapping[str, Any], key: str) -> str | None:
    """Return the text under *key*, or ``None`` for anything else and for no text."""
    found = parent.get(key)
    return found if isinstance(found, str) and found else None
