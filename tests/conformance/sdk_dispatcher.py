"""What Lark's own SDK makes of callbacks: JSON in on stdin, its verdicts on stdout.

Run in a process of its own, for importing the SDK takes seconds and 170 MB.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from lark_oapi import EventDispatcherHandler
from lark_oapi.core.model import RawRequest
from lark_oapi.core.utils import AESCipher
from lark_oapi.event.callback.model.p2_card_action_trigger import (
    P2CardActionTriggerResponse,
)

heard: list[dict[str, Any]] = []


def on_message(event: Any) -> None:
    message, sender = event.event.message, event.event.sender
    heard.append(
        {
            "event_id": event.header.event_id,
            "message_id": message.message_id,
            "chat_id": message.chat_id,
            "chat_type": message.chat_type,
            "sender": sender.sender_id.open_id,
            "root_id": message.root_id,
            "parent_id": message.parent_id,
            "create_time": message.create_time,
            "content": message.content,
            "mentions": {
                each.key: [each.id.open_id, each.name]
                for each in message.mentions or ()
            },
        }
    )


def on_tap(event: Any) -> P2CardActionTriggerResponse:
    tapped = event.event
    heard.append(
        {
            "event_id": event.header.event_id,
            "operator": tapped.operator.open_id,
            "message_id": tapped.context.open_message_id,
            "chat_id": tapped.context.open_chat_id,
            "value": tapped.action.value,
            "form_value": tapped.action.form_value,
            "token": tapped.token,
        }
    )
    return P2CardActionTriggerResponse({})


def on_added(event: Any) -> None:
    heard.append(
        {
            "event_id": event.header.event_id,
            "chat_id": event.event.chat_id,
            "operator": event.event.operator_id.open_id,
            "name": event.event.name,
            "external": event.event.external,
        }
    )


def decrypted(key: str, sealed: str) -> str | None:
    try:
        return AESCipher(key).decrypt_str(sealed)
    except ValueError:
        return None


def main() -> None:
    asked = json.load(sys.stdin)
    dispatcher = (
        EventDispatcherHandler.builder(asked["key"], asked["token"])
        .register_p2_im_message_receive_v1(on_message)
        .register_p2_card_action_trigger(on_tap)
        .register_p2_im_chat_member_bot_added_v1(on_added)
        .build()
    )
    verdicts = []
    for request in asked["requests"]:
        raw = RawRequest()
        raw.uri = "/lark/events"
        raw.body = base64.b64decode(request["body"])
        raw.headers = request["headers"]
        heard.clear()
        answer = dispatcher.do(raw)
        verdicts.append(
            {
                "status": answer.status_code,
                "content": answer.content.decode(),
                "heard": list(heard),
            }
        )
    texts = [decrypted(asked["key"], sealed) for sealed in asked["sealed"]]
    json.dump({"verdicts": verdicts, "decrypted": texts}, sys.stdout)


if __name__ == "__main__":
    main()
