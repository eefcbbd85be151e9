"""Letters of our own: a subject, and plain lines."""

from __future__ import annotations

from datetime import datetime

from bot.cards import defuse
from bot.letters.letter import Letter
from bot.letters.pages import drawn


def note(subject: str, text: str, *, locale: str, at: datetime) -> Letter:
    """Return a letter of our own: a subject, and plain lines."""
    said = defuse.plain(text)
    return Letter(
        subject=defuse.line(subject),
        text=said,
        html=str(drawn("note", text=said)),
        locale=locale,
        at=at,
    )
