"""Lark's side of a callback, written apart from ours: it encrypts and signs."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY = "test key"
TOKEN = "vt-1"
BOT = "ou_bot"


def encrypted(payload: Any, *, key: str = KEY) -> bytes:
    plain = json.dumps(payload).encode() if not isinstance(payload, bytes) else payload
    pad = 16 - len(plain) % 16
    iv = bytes(range(16))
    cipher = Cipher(
        algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv)
    )
    encryptor = cipher.encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return json.dumps({"encrypt": base64.b64encode(iv + sealed).decode()}).encode()


def signature_headers(body: bytes, *, key: str = KEY) -> dict[str, str]:
    timestamp, nonce = "1700000000", "nonce"
    digest = hashlib.sha256((timestamp + nonce + key).encode() + body).hexdigest()
    return {
        "X-Lark-Request-Timestamp": timestamp,
        "X-Lark-Request-Nonce": nonce,
        "X-Lark-Signature": digest,
    }


def envelope(event_type: str, event: Any, **header: Any) -> dict[str, Any]:
    return {
        "schema": "2.0",
        "header": {
            "event_id": "e1",
            "event_type": event_type,
            "create_time": "1700000000000",
            "token": TOKEN,
            "app_id": "cli_x",
            "tenant_key": "tk",
            **header,
        },
        "event": event,
    }


def message(text: str | None = None, **changes: Any) -> dict[str, Any]:
    """An ``im.message.receive_v1`` of one member who mentions the bot."""
    fields = {
        "message_id": "om_1",
        "root_id": "om_0",
        "parent_id": "om_0",
        "create_time": "1700000000123",
        "update_time": "1700000000123",
        "chat_id": "oc_1",
        "chat_type": "group",
        "message_type": "text",
        "content": json.dumps({"text": text}),
        "mentions": [mention("@_user_1", BOT, "Larkbell", mentioned_type="bot")],
        **changes,
    }
    return envelope(
        "im.message.receive_v1",
        {
            "sender": {
                "sender_id": {"open_id": "ou_a", "union_id": "on_a", "user_id": None},
                "sender_type": "user",
                "tenant_key": "tk",
            },
            "message": {key: value for key, value in fields.items() if value != "-"},
        },
    )


def mention(key: str, open_id: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "id": {"open_id": open_id, "union_id": "on_b", "user_id": ""},
        "name": name,
        "tenant_key": "tk",
        **more,
    }


def tap(**action: Any) -> dict[str, Any]:
    return envelope(
        "card.action.trigger",
        {
            "operator": {"tenant_key": "tk", "open_id": "ou_a", "union_id": "on_a"},
            "token": "c-xyz",
            "host": "im_message",
            "action": {"tag": "button", "value": {"a": "mute"}, **action},
            "context": {"open_message_id": "om_1", "open_chat_id": "oc_1"},
        },
        event_id="e2",
        create_time="1700000000000000",
    )
