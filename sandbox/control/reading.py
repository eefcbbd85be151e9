"""What the control door tells: people, chats, messages, what can be tapped, counts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sandbox.drawing import option_label
from sandbox.filling import fields
from sandbox.reader import ANYBODY
from sandbox.refusal import Json
from sandbox.state import App, Chat, Message, Robot
from sandbox.tappable import Tappable, label_of

if TYPE_CHECKING:
    from sandbox.lark import Lark


def people(lark: Lark, _: str) -> Json:
    """Return everybody, with the ids by which each app knows them."""
    apps = lark.tenant.apps.values()
    return {
        "people": [
            {
                "name": user.name,
                "user_id": user.user_id,
                "union_id": user.union_id,
                "open_ids": {app.app_id: app.open_id_of(user) for app in apps},
                "email": user.email,
                "mobile": user.mobile,
                "locale": user.locale,
                "timezone": user.timezone,
                "unread_urgents": user.unread_urgents,
            }
            for user in lark.tenant.users.values()
        ]
    }


def chats(lark: Lark, _: str) -> Json:
    """Return all groups and direct chats, and who is in them."""
    return {"chats": [_chat(chat) for chat in lark.tenant.chats.values()]}


def messages(lark: Lark, chat_id: str) -> Json | None:
    """Return what was said in a chat; None for a chat that is not there."""
    chat = lark.tenant.chats.get(chat_id)
    if chat is None:
        return None
    return {
        "messages": [told(lark, message) for message in chat.messages],
        "ephemeral": [told(lark, message) for message in chat.ephemeral],
    }


def message(lark: Lark, message_id: str) -> Json | None:
    """Return one message and what can be tapped on it; None when it is not there."""
    found = lark.tenant.messages.get(message_id)
    if found is None:
        return None
    offered = [_offered(one) for one in lark.buttons(found)]
    return {**told(lark, found), "tappable": offered}


def counters(lark: Lark, _: str) -> Json:
    """Return how often each operation answered what, and every delivery."""
    answers: dict[str, dict[str, int]] = {}
    for (operation, code), count in lark.answers.items():
        answers.setdefault(operation, {})[str(code)] = count
    deliveries = [
        {**asdict(delivery), "at": delivery.at.isoformat()}
        for delivery in lark.deliveries
    ]
    return {
        "answers": answers,
        "calls_this_month": lark.calls_this_month,
        "deliveries": deliveries,
    }


def told(lark: Lark, said: Message) -> Json:
    """Return one message as JSON."""
    return {
        "message_id": said.message_id,
        "chat_id": said.chat.chat_id,
        "sender": said.sender.name,
        "sender_type": _kind(said),
        "msg_type": said.msg_type,
        "content": said.content,
        "text": lark.text_of(said),
        "root_id": said.root_id,
        "parent_id": said.parent_id,
        "thread_id": said.thread_id,
        "versions": len(said.versions),
        "mentioned": list(said.mentioned),
        "only_for": said.only_for.name if said.only_for else None,
        "urgents": [
            {"kind": urgent.kind, "user": urgent.user.name} for urgent in said.urgents
        ],
        "reactions": [
            {"emoji": reaction.emoji, "by": reaction.by.name}
            for reaction in said.reactions
        ],
        "recalled": said.recalled,
        "created_at": said.created_at.isoformat(),
        "updated_at": said.updated_at.isoformat(),
    }


def _kind(said: Message) -> str:
    match said.sender:
        case App():
            return "app"
        case Robot():
            return "robot"
    return "user"


def _chat(chat: Chat) -> Json:
    return {
        "chat_id": chat.chat_id,
        "name": chat.name,
        "mode": chat.mode,
        "status": chat.status,
        "owner": chat.owner.name if chat.owner else None,
        "members": [member.name for member in chat.members],
    }


def _offered(one: Tappable) -> Json:
    return {
        "tag": one.element.get("tag"),
        "label": one.label,
        "name": one.name,
        "value": one.value,
        "choices": list(one.choices),
        "beside": list(one.beside),
        "asks": one.asks,
        "fields": [_field(field) for field in fields(one.form or {})],
    }


def _field(field: Json) -> Json:
    options = field.get("options") or ()
    return {
        "tag": field.get("tag"),
        "label": label_of(field),
        "name": field.get("name"),
        "required": field.get("required") is True,
        "choices": [option_label(option, ANYBODY) for option in options],
    }
