"""ephemeral/v1: cards in a group that one person alone sees."""

from __future__ import annotations

from datetime import timedelta

from sandbox import content
from sandbox.api import recipients
from sandbox.api.call import Call, Operation
from sandbox.refusal import Json, Refusal, bad_field, bad_parameter
from sandbox.state import Chat, Message, User

#: Cards a second to one group.
PER_CHAT = ((40, timedelta(seconds=1)),)
#: Of several ids the first of these counts.
NAMED_BY = ("open_id", "user_id", "email")


def send(call: Call) -> Json:
    """Show a card to one person. Without a client that runs, nobody sees it."""
    call.needs_bot(11205)
    call.needs("chat_id", "msg_type", "card")
    chat = call.tenant.chats.get(str(call.body["chat_id"]))
    if chat is None:
        raise Refusal(230034)
    if chat.mode != "group":
        raise bad_parameter("the chat must be an ordinary group")
    if call.body["msg_type"] != "interactive":
        raise bad_parameter("invalid msg_type")
    recipients.check_chat(call, chat)
    user = _person(call, chat)
    content.check_size("interactive", call.size)
    around = call.platform.around(call.app, chat)
    try:
        card = content.parse_card(call.body["card"], around)
    except Refusal as refusal:
        raise Refusal(11246, refusal.message) from None
    key = ("ephemeral", chat.chat_id)
    if call.platform.limits.admit(key, PER_CHAT, now=call.now) is not None:
        raise Refusal(11233)
    # Nobody is notified, whomever the card mentions.
    message = Message(
        chat=chat,
        sender=call.app,
        msg_type="interactive",
        versions=[card.value],
        created_at=call.now,
        updated_at=call.now,
        only_for=user,
    )
    call.tenant.messages[message.message_id] = message
    if user.online:
        chat.ephemeral.append(message)
    return {"message_id": message.message_id}


def delete(call: Call) -> Json:
    """Take such a card away, without a trace."""
    call.needs_bot(11205)
    call.needs("message_id")
    message = call.tenant.messages.get(str(call.body["message_id"]))
    if message is None or message.only_for is None or message.sender is not call.app:
        raise Refusal(99992354)
    if message.deleted:
        raise Refusal(18051)
    message.deleted = True
    if message in message.chat.ephemeral:
        message.chat.ephemeral.remove(message)
    return {}


def _person(call: Call, chat: Chat) -> User:
    kind = next((one for one in NAMED_BY if call.body.get(one)), None)
    if kind is None:
        raise bad_field("open_id", "", "one of open_id, user_id, email is required")
    user = recipients.find_person(call, kind, str(call.body[kind]))
    if user not in chat:
        raise Refusal(230002)
    return user


_SCOPES = ("im:message", "im:message:send_as_bot", "im:message:update")

OPERATIONS = (
    Operation(
        name="ephemeral",
        method="POST",
        path="/open-apis/ephemeral/v1/send",
        answer=send,
        scopes=_SCOPES,
    ),
    Operation(
        name="delete_ephemeral",
        method="POST",
        path="/open-apis/ephemeral/v1/delete",
        answer=delete,
        scopes=_SCOPES,
    ),
)
