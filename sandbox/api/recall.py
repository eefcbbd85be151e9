"""DELETE im/v1/messages/…: taking a message back."""

from __future__ import annotations

from datetime import timedelta

from sandbox.api.call import Call, Operation
from sandbox.api.existing import existing
from sandbox.refusal import Json, Refusal

#: For how long whoever runs a group may take back what others wrote there.
OTHERS = timedelta(days=365)


def recall(call: Call) -> Json:
    """Take a message back: the bot's own, or any in a group that the bot runs."""
    call.needs_bot(230006)
    message = existing(call)
    chat = message.chat
    if chat.status != "normal":
        raise Refusal(232009)
    if call.app not in chat:
        raise Refusal(230002)
    window = call.platform.switches.recall_window
    if message.sender is not call.app:
        if not chat.is_run_by(call.app):
            raise Refusal(230026)
        window = OTHERS
    if window is not None and call.now - message.created_at > window:
        raise Refusal(230009)
    message.recalled = True
    return {}


OPERATIONS = (
    Operation(
        name="recall",
        method="DELETE",
        path="/open-apis/im/v1/messages/{message_id}",
        answer=recall,
        scopes=("im:message", "im:message:send_as_bot", "im:message:recall"),
    ),
)
