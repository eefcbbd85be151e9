"""Whom and what the bodies of the control door name, by any id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.refusal import Json
from sandbox.state import App, Chat, Message, User

if TYPE_CHECKING:
    from sandbox.lark import Lark


def member(lark: Lark, some_id: str) -> User | App:
    """Return the person or bot; raise ``ValueError`` for nobody."""
    found = lark.tenant.by_any_id(some_id, None)
    if found is None:
        raise ValueError(f"nobody is {some_id!r}")
    return found


def person(lark: Lark, some_id: str) -> User:
    """Return the person; raise ``ValueError`` for nobody and for bots."""
    found = member(lark, some_id)
    if not isinstance(found, User):
        raise ValueError(f"{some_id!r} must be a person")
    return found


def app(lark: Lark, body: Json) -> App:
    """Return the app that *body* names; raise ``KeyError`` for none."""
    return lark.tenant.apps[body["app_id"]]


def chat(lark: Lark, body: Json) -> Chat:
    """Return the chat that *body* names; raise ``KeyError`` for none."""
    return lark.tenant.chats[body["chat_id"]]


def message(lark: Lark, body: Json) -> Message:
    """Return the message that *body* names; raise ``KeyError`` for none."""
    return lark.tenant.messages[body["message_id"]]
