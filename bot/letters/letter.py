"""A letter as the outbox keeps it: what it says, before it is known how it travels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says, in plain text and as a piece of HTML; ``at`` is its date.

    ``types`` are the message types that it tells of: what whoever has enough of it can
    stop. ``thread`` is what the letters on one incident share. ``urgent`` asks for
    attention.
    """

    subject: str
    text: str
    html: str
    locale: str
    at: datetime
    types: tuple[str, ...] = ()
    thread: str = ""
    urgent: bool = False

    def frozen(self) -> str:
        """Return it as the outbox keeps it."""
        return orjson.dumps(self).decode()

    @classmethod
    def thawed(cls, payload: str) -> Letter:
        """Return the letter in *payload*; raise ``ValueError`` when there is none."""
        try:
            said = orjson.loads(payload)
            return cls(
                subject=said["subject"],
                text=said["text"],
                html=said["html"],
                locale=said["locale"],
                at=datetime.fromisoformat(said["at"]),
                types=tuple(said["types"]),
                thread=said["thread"],
                urgent=said["urgent"],
            )
        except (KeyError, TypeError) as exc:
            raise ValueError("there is no letter in it") from exc
