"""The open API, an operation a function: values in, values or a Refusal out."""

from __future__ import annotations

from sandbox.api import (
    chats,
    delayed,
    ephemeral,
    messages,
    people,
    reactions,
    recall,
    urgent,
)
from sandbox.api.call import Call, Operation

OPERATIONS: tuple[Operation, ...] = (
    *messages.OPERATIONS,
    *recall.OPERATIONS,
    *urgent.OPERATIONS,
    *reactions.OPERATIONS,
    *ephemeral.OPERATIONS,
    *delayed.OPERATIONS,
    *chats.OPERATIONS,
    *people.OPERATIONS,
)

__all__ = ["OPERATIONS", "Call", "Operation"]
