"""What every source's adapter is: bytes in, notifications out, or what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.errors import BadBody
from store.values import Incoming, Json


@dataclass(frozen=True, slots=True)
class Handed:
    """What one request handed over.

    ``answer`` is the body of the answer where the sender asks for one of its own.
    """

    messages: tuple[Incoming, ...]
    answer: Json | None = None


class Adapter(Protocol):
    """How bodies of one kind are read. Pure."""

    def __call__(self, body: bytes, *, content_type: str = "") -> Handed:
        """Return what *body* hands over, in its order.

        Raises ``NotJson`` for a body that is not JSON, ``Invalid`` where each mistake
        can be named, and ``BadBody`` for a body that is not of the kind.
        """


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a body: where, as ``[1].title``, and why in plain words."""

    path: str
    reason: str


class Invalid(BadBody):
    """A body is of the right kind, and wrong in places. All of them are told."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "; ".join(f"{fault.path or 'body'} {fault.reason}" for fault in faults[:3])
        )
        self.faults = faults
