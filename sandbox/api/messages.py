"""im/v1/messages: send, reply, update a card, read back."""

from __future__ import annotations

from datetime import timedelta

from sandbox import cards, content
from sandbox.api import recipients
from sandbox.api.call import Call, Operation
from sandbox.api.echo import message_json
from sandbox.api.existing import existing
from sandbox.content import Content
from sandbox.limits import PER_MESSAGE
from sandbox.refusal import Json, Refusal, bad_field, bad_parameter
from sandbox.state import Chat, Message, new_id

LONGEST_UUID = 50
#: How long a card can be updated.
UPDATABLE = timedelta(days=14)


def send(call: Call) -> Json:
    """Put a new message into a chat, or into the direct chat with a person."""
    call.needs_bot(230006)
    call.needs("receive_id", "msg_type", "content")
    return _say(call, recipients.receiving_chat(call))


def reply(call: Call) -> Json:
    """Answer a message, in the chat or in a thread."""
    call.needs_bot(230006)
    call.needs("msg_type", "content")
    target = existing(call)
    in_thread = call.body.get("reply_in_thread") is True
    if in_thread and not target.chat.threads:
        raise Refusal(230071)
    return _say(call, target.chat, target=target, in_thread=in_thread)


def update(call: Call) -> Json:
    """Replace a card that the bot sent by another one."""
    call.needs_bot(230006)
    call.needs("content")
    message = existing(call)
    if message.sender is not call.app:
        raise Refusal(230012)
    if message.msg_type != "interactive":
        raise bad_parameter("This message is NOT a card.")
    if call.now - message.created_at > UPDATABLE:
        raise Refusal(230031)
    recipients.check_chat(call, message.chat)
    content.check_size("interactive", call.size)
    around = call.platform.around(call.app, message.chat)
    new = content.parse("interactive", call.body["content"], around)
    _check_replaceable(message, new)
    limits = call.platform.limits
    limits.pace("message", message.message_id, PER_MESSAGE, now=call.now)
    message.versions.append(new.value)
    message.updated_at = call.now
    message.mentions = new.mentions
    return {}


def get(call: Call) -> Json:
    """Read one message. A card comes back as its texts, not as it was sent."""
    call.needs_bot(230006)
    message = call.tenant.messages.get(call.path["message_id"])
    if message is None:
        raise Refusal(99992354)
    if call.app not in message.chat:
        raise Refusal(230002)
    if message.deleted:
        raise Refusal(230110)
    return {"items": [message_json(message, call)]}


def _say(
    call: Call, chat: Chat, *, target: Message | None = None, in_thread: bool = False
) -> Json:
    uuid = _uuid(call)
    recipients.check_chat(call, chat)
    msg_type = str(call.body["msg_type"])
    content.check_size(msg_type, call.size)
    around = call.platform.around(call.app, chat)
    checked = content.parse(msg_type, call.body["content"], around)
    if uuid is not None:
        first = call.platform.sent_before(call.app, uuid, now=call.now)
        if first is not None:
            if call.now - first.created_at < call.platform.switches.in_flight:
                raise Refusal(230049)
            return message_json(first, call)
    recipients.pace(call, chat)
    message = Message(
        chat=chat,
        sender=call.app,
        msg_type=msg_type,
        versions=[checked.value],
        created_at=call.now,
        updated_at=call.now,
        mentions=checked.mentions,
        uuid=uuid,
    )
    _thread(message, target, in_thread=in_thread)
    call.tenant.post(message)
    if uuid is not None:
        call.platform.uuids[call.app.app_id, uuid] = message
    return message_json(message, call)


def _uuid(call: Call) -> str | None:
    uuid = call.body.get("uuid")
    if uuid is None:
        return None
    if not isinstance(uuid, str) or len(uuid) > LONGEST_UUID:
        raise bad_field("uuid", uuid, f"the max len is {LONGEST_UUID}")
    return uuid or None


def _thread(message: Message, target: Message | None, *, in_thread: bool) -> None:
    """Tie a reply to its target. In a thread every reply answers the first message."""
    if target is None:
        if message.chat.mode == "topic":
            message.thread_id = new_id("omt_")
        return
    if in_thread and target.thread_id is None:
        target.thread_id = new_id("omt_")
    message.root = target.root or target
    message.thread_id = target.thread_id
    message.parent = message.root if target.thread_id else target


def _check_replaceable(message: Message, new: Content) -> None:
    """Raise unless the card that *message* shows may become *new*."""
    if message.locked:
        locked = cards.CardError(cards.error.OVER_LIMIT, meaning="card action is lock")
        raise Refusal(230099, locked.message)
    if message.content.get("schema") == "2.0":
        if new.card is not None and new.card.schema != "2.0":
            downgrade = cards.CardError(cards.error.DOWNGRADE)
            raise Refusal(230099, downgrade.message)
        return
    if not cards.is_shared(message.content) or new.card is None or not new.card.shared:
        raise bad_parameter("update_multi must be true in the old and the new card")


_SENDING = ("im:message", "im:message:send_as_bot", "im:message:send")

OPERATIONS = (
    Operation(
        name="send",
        method="POST",
        path="/open-apis/im/v1/messages",
        answer=send,
        scopes=_SENDING,
    ),
    Operation(
        name="reply",
        method="POST",
        path="/open-apis/im/v1/messages/{message_id}/reply",
        answer=reply,
        scopes=_SENDING,
    ),
    Operation(
        name="patch",
        method="PATCH",
        path="/open-apis/im/v1/messages/{message_id}",
        answer=update,
        scopes=("im:message", "im:message:send_as_bot", "im:message:update"),
    ),
    Operation(
        name="get_message",
        method="GET",
        path="/open-apis/im/v1/messages/{message_id}",
        answer=get,
        scopes=("im:message", "im:message:readonly"),
    ),
)
