"""What a form is, and for whom it puts a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.rules.digest import Digest
from store.robots import Robot
from store.values import Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a message is put: the language, the clock, and the robot that posts.

    ``type_title`` says what a type is called in that language. ``own_clock``: nobody
    told us their zone, so that their own clock helps.
    """

    locale: str
    zone: str
    type_title: Callable[[str], str]
    robot: Robot | None = None
    own_clock: bool = False


class Form(Protocol):
    """How a channel puts what it sends: values → the text that the outbox freezes.

    The same values make the same text. Pure; defuses what others wrote.
    """

    def alert(
        self, notification: Notification, *, reader: Reader, now: datetime
    ) -> str:
        """Return one notification."""
        ...

    def digest(
        self, digest: Digest, *, headline: str, reader: Reader, now: datetime
    ) -> str:
        """Return many notifications as one message; *headline* says why."""
        ...
