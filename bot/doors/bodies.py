"""A request's body, up to a limit. Beyond it: 413, and nothing was read as JSON."""

from __future__ import annotations

from aiohttp import StreamReader, web

from bot.bodies import NotJson

MEGABYTE = 1024 * 1024
#: What a door takes unless it says otherwise.
LIMIT = MEGABYTE
#: NDJSON is for bulk.
NDJSON_LIMIT = 10 * MEGABYTE


class TooLarge(Exception):
    """A body is longer than its door takes."""


class Broken(NotJson):
    """A body broke off, or is not compressed as its header says."""


async def read_body(request: web.Request, *, limit: int = LIMIT) -> bytes:
    """Return the body, unpacked.

    Raises ``TooLarge`` as soon as it is longer than *limit*, and ``Broken`` when it
    cannot be read to its end.
    """
    if request.content_length is not None and request.content_length > limit:
        raise TooLarge
    try:
        body = await _read(request.content, limit)
    except (web.RequestPayloadError, ConnectionError):
        # The cause may quote the body, so it goes no further.
        raise Broken("the body could not be read to its end") from None
    if len(body) > limit:
        raise TooLarge
    return body


async def _read(content: StreamReader, limit: int) -> bytes:
    # Not request.read(), which knows one limit for all doors.
    if content.is_eof():
        return content.read_nowait()  # Most bodies arrive together with their heads.
    body = bytearray()
    while len(body) <= limit and (chunk := await content.readany()):
        body += chunk
    return bytes(body)
