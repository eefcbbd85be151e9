"""What stands beside delivery in tests: a book of its attempts, and no chance."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from bot.channels.posting import Channel, Posting
from bot.errors import TransportError
from tests.conftest import HandClock


@dataclass(frozen=True, slots=True)
class Attempt:
    """One message on its way out: when, which, and what came of it."""

    at: datetime
    id: int
    uuid: str
    payload: str
    error: str


class Watched:
    """A channel, and the book in which it writes what it does."""

    def __init__(self, channel: Channel, book: list[Attempt], clock: HandClock) -> None:
        self._channel = channel
        self._book = book
        self._clock = clock

    async def send(self, posting: Posting) -> str:
        """Send, and write it down."""
        error = ""
        try:
            return await self._channel.send(posting)
        except TransportError as exc:
            error = type(exc).__name__
            raise
        finally:
            self._book.append(
                Attempt(
                    self._clock.now(),
                    posting.outgoing.id,
                    posting.uuid,
                    posting.payload,
                    error,
                )
            )


class Middling(random.Random):
    """Always half of what could be."""

    def random(self) -> float:
        """Return a half."""
        return 0.5
