"""Messages as the API returns them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sandbox import readable
from sandbox.api.call import Call
from sandbox.clock import milliseconds
from sandbox.loose import a_list, an_object
from sandbox.mentions import rewrite
from sandbox.refusal import Json
from sandbox.state import App, Message, Robot


def message_json(message: Message, call: Call) -> Json:
    """Return *message* as a send, a reply and a read answer it."""
    told: Json = {
        "message_id": message.message_id,
        "root_id": message.root_id,
        "parent_id": message.parent_id,
        "thread_id": message.thread_id,
        "msg_type": message.msg_type,
        "create_time": milliseconds(message.created_at),
        "update_time": milliseconds(message.updated_at),
        "deleted": message.recalled,
        "updated": len(message.versions) > 1,
        "chat_id": message.chat.chat_id,
        "sender": _sender(message, call),
        "body": {"content": _content(message, call)},
        "mentions": mentions_json(message, call),
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def mentions_json(message: Message, call: Call) -> list[Json]:
    """Return whom *message* mentions; everyone is not in the list."""
    return [
        {
            "key": mention.key,
            "id": call.app.open_id_of(mention.who),
            "id_type": "open_id",
            "name": mention.name,
            "tenant_key": call.tenant.key,
        }
        for mention in message.mentions
        if mention.who is not None
    ]


def _sender(message: Message, call: Call) -> Json:
    sender = message.sender
    app = isinstance(sender, App | Robot)
    if isinstance(sender, App):
        sender_id = sender.app_id
    elif isinstance(sender, Robot):
        sender_id = ""
    else:
        sender_id = call.app.open_id_of(sender)
    return {
        "id": sender_id,
        "id_type": "app_id" if app else "open_id",
        "sender_type": "app" if app else "user",
        "tenant_key": call.tenant.key,
    }


def _content(message: Message, call: Call) -> str:
    shown = message.content
    if message.recalled:
        shown = {"text": "This message was recalled"}
    elif message.msg_type == "text":
        around = call.platform.around(call.app, message.chat)
        shown = {**shown, "text": rewrite(str(shown.get("text", "")), around)[0]}
    elif message.msg_type == "interactive":
        lines = texts(readable.elements_of(shown))
        paragraphs = [[{"tag": "text", "text": line}] for line in lines if line]
        shown = {"title": readable.title(shown), "elements": paragraphs}
    elif message.msg_type == "post" and "content" not in shown:
        # The wrapper of languages is gone from what comes back.
        shown = next(iter(shown.values()))
    return json.dumps(shown, ensure_ascii=False)


def texts(value: Any) -> Iterator[str]:
    """Yield the bare texts of the elements of a card, from top to bottom."""
    for item in a_list(value):
        yield from texts(item)
    element = an_object(value)
    if "content" in element:
        yield str(element["content"])
    for name in ("title", "text", "header", "elements", "columns", "actions", "fields"):
        if name in element:
            yield from texts(element[name])
