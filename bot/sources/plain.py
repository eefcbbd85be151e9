"""Native notifications that there is nothing unusual about, decoded in one pass.

The hottest path of the house, and only a shorter way: what is taken here is right by
``native`` too, and what is not taken is judged there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Literal

import msgspec

from bot.sources import limits
from handlers.rules.patterns import valid_id

#: In an array; longer ones are told so.
_MOST = 1_000

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=limits.ID)]


class _Field(msgspec.Struct, forbid_unknown_fields=True):
    name: _Id
    value: Annotated[str, msgspec.Meta(max_length=limits.FIELD_VALUE)]


_Labels = Annotated[dict[str, str], msgspec.Meta(max_length=limits.LABELS)]
_Fields = Annotated[list[_Field], msgspec.Meta(max_length=limits.FIELDS)]


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """A notification as its sender wrote it."""

    title: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.TITLE)]
    id: _Id | None = None
    type: str | None = None
    body: str | None = None
    severity: Literal["info", "warning", "critical"] | None = None
    status: Literal["firing", "resolved"] | None = None
    fingerprint: _Id | None = None
    labels: _Labels | None = None
    fields: _Fields | None = None
    link: str | None = None
    occurred_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


_ONE = msgspec.json.Decoder(Said)
_MANY = msgspec.json.Decoder(list[Said])

# A sender has few types, and names them again and again.
_is_type = lru_cache(maxsize=1_000)(valid_id)


def one(body: bytes) -> Said | None:
    """Return the notification in *body*, or ``None`` if it needs a closer look."""
    try:
        said = _ONE.decode(body)
    except (ValueError, RecursionError):
        return None
    return said if _is_plain(said) else None


def many(body: bytes) -> Sequence[Said] | None:
    """Return the notifications in *body*, or ``None`` if one needs a closer look."""
    try:
        said = _MANY.decode(body)
    except (ValueError, RecursionError):
        return None
    return said if len(said) <= _MOST and all(map(_is_plain, said)) else None


def _is_plain(said: Said) -> bool:
    """Whether *said* is right in what msgspec cannot be told to look at.

    A text that may be too long in bytes, or a time with a fraction or in another zone,
    may be right too: that is for ``native`` to say.
    """
    at = said.occurred_at
    return (
        not said.title.isspace()
        and (said.type is None or _is_type(said.type))
        and (said.body is None or len(said.body) * 4 <= limits.BODY)
        and (said.link is None or limits.is_web_link(said.link))
        and (at is None or (at.tzinfo is UTC and at.microsecond == 0))
    )
