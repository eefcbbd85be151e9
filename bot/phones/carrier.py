"""Who carries messages to phones."""

from __future__ import annotations

from typing import Protocol

from bot.phones.said import Said


class Carrier(Protocol):
    """A provider of text messages, or one of calls."""

    async def carry(self, number: str, said: Said, *, key: str) -> str:
        """Send *said* once to *number* (+6580000000); return its id there, if any.

        *key* is the same at every attempt; few providers look at it. Raises a
        ``TransportError`` that says whether, and when, to try again.
        """
        ...
