"""What a channel is given, and what a channel is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from store.lanes import Lane
from store.outbox import Outgoing
from store.robots import Hook, Robot


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One message on its way out: frozen bytes, and where they go.

    ``uuid`` is the same at every attempt. ``robot`` and ``hook`` are set where a robot
    posts, ``contact`` where it goes to a person: an open_id, an e-mail address, or a
    phone number (+6580000000). ``turn_at`` is when it may pass the gate that it shares
    with others.
    """

    lane: Lane
    outgoing: Outgoing
    payload: str
    uuid: str
    robot: Robot | None = None
    hook: Hook | None = None
    contact: str = ""
    turn_at: datetime | None = None


class Channel(Protocol):
    """A way out of the house."""

    async def send(self, posting: Posting) -> str:
        """Send once; return the message's id there, empty where there is none.

        Raises a ``TransportError`` that says whether, and when, to try again.
        """
        ...
