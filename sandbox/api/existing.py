"""The message that a call is about, if anything can still be done with it."""

from __future__ import annotations

from sandbox.api.call import Call
from sandbox.refusal import Refusal
from sandbox.state import Message


def existing(call: Call) -> Message:
    """Return the message that the path names, or raise what has become of it."""
    message = call.tenant.messages.get(call.path["message_id"])
    if message is None:
        raise Refusal(99992354)
    if message.deleted:
        raise Refusal(230110)
    if message.recalled:
        raise Refusal(230011)
    if message.only_for is not None:
        # A card for one person is nothing that can be answered, changed or buzzed.
        raise Refusal(230054)
    return message


def own(call: Call) -> Message:
    """Return the message if the bot sent it, and is still where it was sent."""
    message = existing(call)
    if message.sender is not call.app:
        raise Refusal(230012)
    if message.chat.status != "normal":
        raise Refusal(232009)
    if call.app not in message.chat:
        raise Refusal(230002)
    return message
