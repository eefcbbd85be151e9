"""How the doors answer: JSON, short, and never an exception's own text."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from aiohttp import web

_JSON = "application/json"

#: How long somebody should wait when the database takes nothing, or tells nothing.
RETRY_AFTER = timedelta(seconds=5)


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


def unproved(reason: str) -> web.Response:
    """Return the refusal of somebody whom no credential proves."""
    return error(401, reason, headers={"WWW-Authenticate": "Bearer"})


def later(status: int, reason: str, wait: timedelta = RETRY_AFTER) -> web.Response:
    """Return a refusal that ends by itself: come back after *wait*."""
    seconds = str(max(1, math.ceil(wait.total_seconds())))
    return error(status, reason, headers={"Retry-After": seconds})
