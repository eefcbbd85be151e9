"""A request's body, up to a limit. Beyond it: 413, and nothing was read as JSON."""

from __future__ import annotations

from aiohttp import web

MEGABYTE = 1024 * 1024
#: What a door takes unless it says otherwise.
LIMIT = MEGABYTE
#: NDJSON is for bulk.
NDJSON_LIMIT = 10 * MEGABYTE


class TooLarge(Exception):
    """A body is longer than its door takes."""


async def read_body(request: web.Request, *, limit: int = LIMIT) -> bytes:
    """Return the body; raise ``TooLarge`` as soon as it is longer than *limit*."""
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge
    try:
        body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        # Our server stops reading at the largest limit of any door.
        raise TooLarge from None
    if len(body) > limit:
        raise TooLarge
    return body
