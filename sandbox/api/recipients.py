"""Where a message goes, and whether it may."""

from __future__ import annotations

from sandbox.api.call import Call
from sandbox.limits import PER_CHAT, PER_USER
from sandbox.refusal import Refusal, bad_field
from sandbox.state import Chat, Member, User

ID_TYPES = ("open_id", "user_id", "union_id", "email", "chat_id")


def receiving_chat(call: Call) -> Chat:
    """Return the chat that ``receive_id`` stands for, or raise why there is none."""
    kind = call.query.get("receive_id_type", "")
    if kind not in ID_TYPES:
        raise bad_field("receive_id_type", kind, f"options: {', '.join(ID_TYPES)}")
    receive_id = str(call.body["receive_id"])
    if kind == "chat_id":
        chat = call.tenant.chats.get(receive_id)
        if chat is None:
            raise Refusal(230034)
        return chat
    user = find_person(call, kind, receive_id)
    check_person(call, user)
    return call.tenant.open_direct_chat(user, call.app, now=call.now)


def check_chat(call: Call, chat: Chat) -> None:
    """Raise unless the bot may speak in *chat*."""
    if chat.status != "normal":
        raise Refusal(232009)
    if call.app not in chat:
        raise Refusal(230002)
    if not chat.bots_may_speak:
        raise Refusal(230018)
    if chat.silenced:
        raise Refusal(230035)
    if chat.mode == "p2p":
        check_person(call, chat.users[0])


def check_person(call: Call, user: User) -> None:
    """Raise unless the bot may write to *user*."""
    if user.resigned:
        raise Refusal(230029)
    if call.app.available_to is not None and user not in call.app.available_to:
        raise Refusal(230013)
    if call.app.app_id in user.stopped:
        raise Refusal(230053)


def pace(call: Call, chat: Chat) -> None:
    """Raise 230020 for the sixth message a second to one chat or one person."""
    limits = call.platform.limits
    if chat.mode == "p2p":
        limits.pace("user", chat.users[0].union_id, PER_USER, now=call.now)
    else:
        limits.pace("chat", chat.chat_id, PER_CHAT, now=call.now)


def find_person(call: Call, kind: str, receive_id: str) -> User:
    """Return whom an id of this *kind* names, or raise that it names nobody."""
    tenant = call.tenant
    if kind == "open_id" and tenant.of_another_app(receive_id, call.app):
        raise Refusal(99992361)
    found: Member | None = None
    match kind:
        case "open_id":
            found = tenant.by_open_id(receive_id, call.app)
        case "user_id":
            found = tenant.by_user_id(receive_id)
        case "union_id":
            found = tenant.users.get(receive_id)
        case "email":
            found = tenant.by_email(receive_id)
    if not isinstance(found, User):
        raise Refusal(230034)
    return found
