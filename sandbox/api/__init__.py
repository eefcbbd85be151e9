"""The open API, an operation a function: values in, values or a Refusal out."""

from __future__ import annotations

from sandbox.api import chats, messages, people
from sandbox.api.call import Call, Operation

OPERATIONS: tuple[Operation, ...] = (
    *messages.OPERATIONS,
    *chats.OPERATIONS,
    *people.OPERATIONS,
)

__all__ = ["OPERATIONS", "Call", "Operation"]
