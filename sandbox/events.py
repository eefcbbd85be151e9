"""What Lark tells an app: the bodies of events and callbacks, before encryption."""

from __future__ import annotations

import json
import secrets
from datetime import datetime

from sandbox.clock import microseconds, milliseconds
from sandbox.refusal import Json
from sandbox.state import App, Chat, Mention, Message, User

SEES_OPERATOR = "application:application.bot.operator_name:readonly"
SEES_USER_ID = "contact:user.employee_id:readonly"


def url_verification(app: App, challenge: str) -> Json:
    """Return what is posted when an address is saved in the console."""
    return {
        "challenge": challenge,
        "token": app.verification_token,
        "type": "url_verification",
    }


def envelope(
    event_type: str, event: Json, *, app: App, tenant_key: str, create_time: str
) -> Json:
    """Return an event of schema 2.0 with its header."""
    return {
        "schema": "2.0",
        "header": {
            "event_id": secrets.token_hex(16),
            "event_type": event_type,
            "create_time": create_time,
            "token": app.verification_token,
            "app_id": app.app_id,
            "tenant_key": tenant_key,
        },
        "event": event,
    }


def message_received(
    message: Message,
    content: Json,
    mentions: tuple[Mention, ...],
    *,
    app: App,
    tenant_key: str,
) -> Json:
    """Return ``im.message.receive_v1`` as *app* hears it."""
    assert isinstance(message.sender, User)  # noqa: S101 - only people are heard
    told = {
        "message_id": message.message_id,
        "root_id": message.root_id,
        "parent_id": message.parent_id,
        "thread_id": message.thread_id,
        "create_time": milliseconds(message.created_at),
        "update_time": milliseconds(message.updated_at),
        "chat_id": message.chat.chat_id,
        "chat_type": "p2p" if message.chat.mode == "p2p" else "group",
        "message_type": message.msg_type,
        "content": json.dumps(content, ensure_ascii=False),
        # Everyone stands in the text, and nowhere else.
        "mentions": [_mention(one, app, tenant_key) for one in mentions if one.who],
    }
    event = {
        "sender": {
            "sender_id": ids(message.sender, app),
            "sender_type": "user",
            "tenant_key": tenant_key,
        },
        "message": {key: value for key, value in told.items() if value},
    }
    return envelope(
        "im.message.receive_v1",
        event,
        app=app,
        tenant_key=tenant_key,
        create_time=milliseconds(message.created_at),
    )


def membership(
    event_type: str, chat: Chat, by: User, *, app: App, tenant_key: str, now: datetime
) -> Json:
    """Return that the bot was added or removed, or that the chat was disbanded."""
    event = {
        "chat_id": chat.chat_id,
        "operator_id": ids(by, app),
        "external": False,
        "operator_tenant_key": tenant_key,
        "name": chat.name,
        "i18n_names": {"zh_cn": "", "en_us": "", "ja_jp": ""},
    }
    return envelope(
        event_type,
        event,
        app=app,
        tenant_key=tenant_key,
        create_time=milliseconds(now),
    )


def direct_chat_created(
    chat: Chat, user: User, *, app: App, tenant_key: str, now: datetime
) -> Json:
    """Return ``p2p_chat_create``, which still is of schema 1.0."""
    who = {"open_id": app.open_id_of(user), "user_id": user.user_id}
    return {
        "ts": f"{now.timestamp():.7f}",
        "uuid": secrets.token_hex(16),
        "token": app.verification_token,
        "type": "event_callback",
        "event": {
            "type": "p2p_chat_create",
            "app_id": app.app_id,
            "chat_id": chat.chat_id,
            "operator": who,
            "tenant_key": tenant_key,
            "user": {"name": user.name, **who},
        },
    }


def direct_chat_entered(
    chat: Chat, user: User, *, app: App, tenant_key: str, now: datetime
) -> Json:
    """Return that *user* opened the direct chat; the last message only if any."""
    event: Json = {"chat_id": chat.chat_id, "operator_id": ids(user, app)}
    if chat.messages:
        last = chat.messages[-1]
        event["last_message_id"] = last.message_id
        event["last_message_create_time"] = milliseconds(last.created_at)
    return envelope(
        "im.chat.access_event.bot_p2p_chat_entered_v1",
        event,
        app=app,
        tenant_key=tenant_key,
        create_time=milliseconds(now),
    )


def menu_chosen(
    user: User,
    event_key: str,
    *,
    app: App,
    tenant_key: str,
    now: datetime,
    as_text: bool,
) -> Json:
    """Return ``application.bot.menu_v6``. It names no chat."""
    operator: Json = {"operator_id": ids(user, app)}
    if SEES_OPERATOR in app.scopes:
        operator["operator_name"] = user.name
    seconds = int(now.timestamp())
    event = {
        "operator": operator,
        "event_key": event_key,
        "timestamp": str(seconds) if as_text else seconds,
    }
    return envelope(
        "application.bot.menu_v6",
        event,
        app=app,
        tenant_key=tenant_key,
        create_time=milliseconds(now),
    )


def owner_changed(
    chat: Chat,
    before: User | App | None,
    by: User,
    *,
    app: App,
    tenant_key: str,
    now: datetime,
) -> Json:
    """Return ``im.chat.updated_v1`` with the owner, if a person, on both sides."""

    def owned_by(owner: User | App | None) -> Json:
        return {"owner_id": ids(owner, app)} if isinstance(owner, User) else {}

    event = {
        "chat_id": chat.chat_id,
        "operator_id": ids(by, app),
        "external": False,
        "operator_tenant_key": tenant_key,
        "before_change": owned_by(before),
        "after_change": owned_by(chat.owner),
    }
    return envelope(
        "im.chat.updated_v1",
        event,
        app=app,
        tenant_key=tenant_key,
        create_time=milliseconds(now),
    )


def card_tapped(
    message: Message,
    user: User,
    action: Json,
    *,
    token: str,
    app: App,
    tenant_key: str,
    now: datetime,
) -> Json:
    """Return ``card.action.trigger``. Its time is in microseconds."""
    event = {
        "operator": {"tenant_key": tenant_key, **ids(user, app)},
        "token": token,
        "action": action,
        "host": "im_message",
        "context": {
            "open_message_id": message.message_id,
            "open_chat_id": message.chat.chat_id,
        },
    }
    return envelope(
        "card.action.trigger",
        event,
        app=app,
        tenant_key=tenant_key,
        create_time=microseconds(now),
    )


def ids(user: User, app: App) -> Json:
    """Return by which ids *app* may know *user*."""
    known = {"open_id": app.open_id_of(user), "union_id": user.union_id}
    if SEES_USER_ID in app.scopes:
        known["user_id"] = user.user_id
    return known


def _mention(mention: Mention, app: App, tenant_key: str) -> Json:
    who = mention.who
    if isinstance(who, User):
        known, kind = ids(who, app), "user"
    else:
        assert who is not None  # noqa: S101 - everyone was left out
        open_id = app.open_id_of(who)
        known = {"open_id": open_id, "union_id": who.union_id, "user_id": ""}
        kind = "bot"
    return {
        "key": mention.key,
        "id": known,
        "mentioned_type": kind,
        "name": mention.name,
        "tenant_key": tenant_key,
    }
