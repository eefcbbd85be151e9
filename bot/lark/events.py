"""From what Lark posts to what happened: bytes, headers and keys in, values out.

Pure. Proof comes first, and is in ``envelope``; the words of a message are in
``lines``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.bodies import a_text, an_object, maybe_list, maybe_object, maybe_text
from bot.lark.envelope import Keys, open_envelope
from bot.lark.lines import Mention, spoken
from bot.lark.values import (
    BotAdded,
    BotRemoved,
    Challenge,
    ChatDisbanded,
    ChatUpdated,
    Event,
    Line,
    MenuClicked,
    P2pEntered,
    Tap,
    Unknown,
)

__all__ = [
    "BotAdded",
    "BotRemoved",
    "Challenge",
    "ChatDisbanded",
    "ChatUpdated",
    "Event",
    "Keys",
    "Line",
    "Mention",
    "MenuClicked",
    "P2pEntered",
    "Tap",
    "Unknown",
    "moment",
    "read",
    "understand",
]

_Reader = Callable[[str, datetime | None, Mapping[str, Any]], Event]


def read(
    body: bytes,
    headers: Mapping[str, str],
    *,
    keys: Keys,
    bot_open_id: str | None = None,
) -> Event:
    """Return what Lark tells us in a request.

    Raises ``SignatureError`` when it is not proved to be Lark's, and ``BadBody`` when
    it cannot be understood.
    """
    return understand(open_envelope(body, headers, keys=keys), bot_open_id=bot_open_id)


def understand(payload: Mapping[str, Any], *, bot_open_id: str | None = None) -> Event:
    """Return what an envelope means that has been proved, or came on our connection.

    Raises ``BadBody`` when it cannot be understood.
    """
    if payload.get("type") == "url_verification":
        return Challenge(a_text(payload, "challenge"))
    if "schema" not in payload:
        return _understand_first_schema(payload)
    header = an_object(payload, "header")
    event_type = a_text(header, "event_type")
    if event_type == "im.message.receive_v1":
        return _line(header, an_object(payload, "event"), bot_open_id)
    if (reader := _READERS.get(event_type)) is None:
        return Unknown(event_type)
    return reader(
        a_text(header, "event_id"),
        moment(header.get("create_time")),
        an_object(payload, "event"),
    )


def _understand_first_schema(payload: Mapping[str, Any]) -> Event:
    event = an_object(payload, "event")
    event_type = a_text(event, "type")
    if event_type != "p2p_chat_create":
        return Unknown(event_type)
    user = an_object(event, "user")
    return P2pEntered(
        event_id=a_text(payload, "uuid"),
        created_at=moment(payload.get("ts")),
        chat_id=a_text(event, "chat_id"),
        operator=a_text(user, "open_id"),
        name=maybe_text(user, "name"),
        first=True,
    )


def _line(
    header: Mapping[str, Any], event: Mapping[str, Any], bot_open_id: str | None
) -> Line | Unknown:
    sender = an_object(event, "sender")
    if sender.get("sender_type") not in (None, "user"):
        return Unknown("im.message.receive_v1")
    open_id = a_text(an_object(sender, "sender_id"), "open_id")
    if open_id == bot_open_id:
        return Unknown("im.message.receive_v1")
    message = an_object(event, "message")
    direct = a_text(message, "chat_type") == "p2p"
    said = spoken(message, bot_open_id=bot_open_id, direct=direct)
    return Line(
        event_id=maybe_text(header, "event_id") or "",
        message_id=a_text(message, "message_id"),
        chat_id=a_text(message, "chat_id"),
        chat_type="p2p" if direct else "group",
        sender=open_id,
        sender_name=maybe_text(sender, "name"),
        text=said.text,
        mentions=said.mentions,
        names_us=said.names_us,
        names_all=said.names_all,
        root_id=maybe_text(message, "root_id"),
        parent_id=maybe_text(message, "parent_id"),
        thread_id=maybe_text(message, "thread_id"),
        created_at=moment(message.get("create_time"))
        or moment(header.get("create_time")),
    )


def _tap(event_id: str, at: datetime | None, event: Mapping[str, Any]) -> Tap:
    action, context = an_object(event, "action"), maybe_object(event, "context")
    checked = action.get("checked")
    return Tap(
        event_id=event_id,
        created_at=at,
        operator=a_text(an_object(event, "operator"), "open_id"),
        message_id=maybe_text(context, "open_message_id"),
        chat_id=maybe_text(context, "open_chat_id"),
        value=_value(action.get("value")),
        form_value=maybe_object(action, "form_value"),
        name=maybe_text(action, "name"),
        option=maybe_text(action, "option"),
        options=tuple(
            each for each in maybe_list(action, "options") if isinstance(each, str)
        ),
        input_value=maybe_text(action, "input_value"),
        checked=checked if isinstance(checked, bool) else None,
        timezone=maybe_text(action, "timezone"),
        token=maybe_text(event, "token"),
    )


def _value(value: Any) -> dict[str, Any]:
    """Return a button's value. Ours are objects; some clients send them as text."""
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    return value if isinstance(value, dict) else {}


def _operator(event: Mapping[str, Any]) -> str | None:
    return maybe_text(maybe_object(event, "operator_id"), "open_id")


def _bot_added(event_id: str, at: datetime | None, event: Mapping[str, Any]) -> Event:
    return BotAdded(
        event_id=event_id,
        created_at=at,
        chat_id=a_text(event, "chat_id"),
        operator=_operator(event),
        name=maybe_text(event, "name"),
        external=event.get("external") is True,
    )


def _bot_removed(event_id: str, at: datetime | None, event: Mapping[str, Any]) -> Event:
    return BotRemoved(
        event_id=event_id,
        created_at=at,
        chat_id=a_text(event, "chat_id"),
        operator=_operator(event),
        name=maybe_text(event, "name"),
    )


def _disbanded(event_id: str, at: datetime | None, event: Mapping[str, Any]) -> Event:
    return ChatDisbanded(
        event_id=event_id,
        created_at=at,
        chat_id=a_text(event, "chat_id"),
        operator=_operator(event),
        name=maybe_text(event, "name"),
    )


def _chat_updated(
    event_id: str, at: datetime | None, event: Mapping[str, Any]
) -> ChatUpdated:
    after = maybe_object(event, "after_change")
    return ChatUpdated(
        event_id=event_id,
        created_at=at,
        chat_id=a_text(event, "chat_id"),
        operator=_operator(event),
        name=maybe_text(after, "name"),
        owner=maybe_text(maybe_object(after, "owner_id"), "open_id"),
    )


def _p2p_entered(
    event_id: str, at: datetime | None, event: Mapping[str, Any]
) -> P2pEntered:
    return P2pEntered(
        event_id=event_id,
        created_at=at,
        chat_id=a_text(event, "chat_id"),
        operator=a_text(an_object(event, "operator_id"), "open_id"),
        name=None,
        first=False,
    )


def _menu_clicked(
    event_id: str, at: datetime | None, event: Mapping[str, Any]
) -> MenuClicked:
    operator = an_object(event, "operator")
    return MenuClicked(
        event_id=event_id,
        created_at=moment(event.get("timestamp")) or at,
        operator=a_text(an_object(operator, "operator_id"), "open_id"),
        name=maybe_text(operator, "operator_name"),
        event_key=a_text(event, "event_key"),
    )


_READERS: Mapping[str, _Reader] = {
    "card.action.trigger": _tap,
    "im.chat.member.bot.added_v1": _bot_added,
    "im.chat.member.bot.deleted_v1": _bot_removed,
    "im.chat.disbanded_v1": _disbanded,
    "im.chat.updated_v1": _chat_updated,
    "im.chat.access_event.bot_p2p_chat_entered_v1": _p2p_entered,
    "application.bot.menu_v6": _menu_clicked,
}


def moment(value: Any) -> datetime | None:
    """Return the time that *value* tells, or ``None``.

    Lark writes seconds, milliseconds and microseconds, as text or as a number, and does
    not say which: their length does.
    """
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    digits, _, fraction = str(value).partition(".")
    if not (digits + fraction).isascii() or not (digits + fraction).isdigit():
        return None
    if not 0 < len(digits) <= 17:
        return None
    scale = 1 if len(digits) <= 11 else 1_000 if len(digits) <= 14 else 1_000_000
    return datetime.fromtimestamp(int(digits) / scale, UTC)
