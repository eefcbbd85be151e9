"""How the doors answer: JSON, short, and never an exception's own text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

_JSON = "application/json"


def json_answer(
    value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return *value* as JSON."""
    return web.Response(
        body=orjson.dumps(value), status=status, headers=headers, content_type=_JSON
    )


def error(
    status: int, reason: str, *, headers: Mapping[str, str] | None = None
) -> web.Response:
    """Return a refusal: what is wrong, and what to do about it."""
    return json_answer({"error": reason}, status=status, headers=headers)
