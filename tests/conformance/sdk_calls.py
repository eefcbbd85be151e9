"""What a bot calls through Lark's SDK: a function for each deed, JSON in and out.

To have it do more, add a function to DEEDS.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

import lark_oapi as sdk
from lark_oapi.api.contact.v3 import (
    BatchGetIdUserRequest,
    BatchGetIdUserRequestBody,
    BatchUserRequest,
    GetUserRequest,
)
from lark_oapi.api.im.v1 import (
    CreateMessageReactionRequest,
    CreateMessageReactionRequestBody,
    CreateMessageRequest,
    CreateMessageRequestBody,
    DeleteMessageReactionRequest,
    DeleteMessageRequest,
    Emoji,
    GetChatMembersRequest,
    GetChatRequest,
    GetMessageRequest,
    IsInChatChatMembersRequest,
    ListChatRequest,
    PatchMessageRequest,
    PatchMessageRequestBody,
    ReplyMessageRequest,
    ReplyMessageRequestBody,
    UrgentAppMessageRequest,
    UrgentPhoneMessageRequest,
    UrgentReceivers,
    UrgentSmsMessageRequest,
)
from lark_oapi.core.enum import AccessTokenType, HttpMethod
from lark_oapi.core.model import BaseRequest
from lark_oapi.core.utils import AESCipher

Json = dict[str, Any]


class Bot(Protocol):
    """One app: its client, what it has heard, and what it answers taps with."""

    client: Any
    heard: list[Json]
    answer: Json


def plain(value: Any) -> Any:
    """Return one of the SDK's objects as JSON."""
    return json.loads(sdk.JSON.marshal(value) or "null")


def told(response: Any) -> Json:
    """Return what the SDK read in an answer."""
    headers = {k.lower(): v for k, v in response.raw.headers.items()}
    return {
        "success": response.success(),
        "code": response.code,
        "msg": response.msg,
        "data": plain(getattr(response, "data", None)),
        "error": plain(response.error),
        "log_id": response.get_log_id(),
        "limit": headers.get("x-ogw-ratelimit-limit"),
        "reset": headers.get("x-ogw-ratelimit-reset"),
    }


def _creation(asked: Json) -> Any:
    body = (
        CreateMessageRequestBody.builder()
        .receive_id(asked["receive_id"])
        .msg_type(asked["msg_type"])
        .content(asked["content"])
        .uuid(asked.get("uuid", ""))
        .build()
    )
    builder = CreateMessageRequest.builder().request_body(body)
    return builder.receive_id_type(asked["receive_id_type"]).build()


def send(bot: Bot, asked: Json) -> Json:
    return told(bot.client.im.v1.message.create(_creation(asked)))


def send_async(bot: Bot, asked: Json) -> Json:
    created = bot.client.im.v1.message.acreate(_creation(asked))
    return told(asyncio.run(created))


def reply(bot: Bot, asked: Json) -> Json:
    body = (
        ReplyMessageRequestBody.builder()
        .content(asked["content"])
        .msg_type(asked["msg_type"])
        .reply_in_thread(asked.get("reply_in_thread", False))
        .build()
    )
    builder = ReplyMessageRequest.builder().message_id(asked["message_id"])
    return told(bot.client.im.v1.message.reply(builder.request_body(body).build()))


def patch(bot: Bot, asked: Json) -> Json:
    body = PatchMessageRequestBody.builder().content(asked["content"]).build()
    builder = PatchMessageRequest.builder().message_id(asked["message_id"])
    return told(bot.client.im.v1.message.patch(builder.request_body(body).build()))


def read(bot: Bot, asked: Json) -> Json:
    request = GetMessageRequest.builder().message_id(asked["message_id"]).build()
    return told(bot.client.im.v1.message.get(request))


def chats(bot: Bot, asked: Json) -> Json:
    request = ListChatRequest.builder().page_size(asked["page_size"])
    if asked.get("page_token"):
        request = request.page_token(asked["page_token"])
    return told(bot.client.im.v1.chat.list(request.build()))


def chat(bot: Bot, asked: Json) -> Json:
    request = GetChatRequest.builder().chat_id(asked["chat_id"]).build()
    return told(bot.client.im.v1.chat.get(request))


def members(bot: Bot, asked: Json) -> Json:
    request = GetChatMembersRequest.builder().chat_id(asked["chat_id"]).build()
    return told(bot.client.im.v1.chat_members.get(request))


def is_in_chat(bot: Bot, asked: Json) -> Json:
    request = IsInChatChatMembersRequest.builder().chat_id(asked["chat_id"]).build()
    return told(bot.client.im.v1.chat_members.is_in_chat(request))


def user(bot: Bot, asked: Json) -> Json:
    request = GetUserRequest.builder().user_id(asked["user_id"])
    return told(bot.client.contact.v3.user.get(request.user_id_type("open_id").build()))


def find_users(bot: Bot, asked: Json) -> Json:
    body = BatchGetIdUserRequestBody.builder().emails(asked["emails"]).build()
    request = BatchGetIdUserRequest.builder().user_id_type("open_id").request_body(body)
    return told(bot.client.contact.v3.user.batch_get_id(request.build()))


def urgent(bot: Bot, asked: Json) -> Json:
    """Buzz people: ``kind`` is ``app``, ``sms`` or ``phone``."""
    request = {
        "app": UrgentAppMessageRequest,
        "sms": UrgentSmsMessageRequest,
        "phone": UrgentPhoneMessageRequest,
    }[asked["kind"]]
    body = UrgentReceivers.builder().user_id_list(asked["people"]).build()
    builder = request.builder().message_id(asked["message_id"])
    call = getattr(bot.client.im.v1.message, f"urgent_{asked['kind']}")
    return told(call(builder.user_id_type("open_id").request_body(body).build()))


def recall(bot: Bot, asked: Json) -> Json:
    request = DeleteMessageRequest.builder().message_id(asked["message_id"]).build()
    return told(bot.client.im.v1.message.delete(request))


def react(bot: Bot, asked: Json) -> Json:
    emoji = Emoji.builder().emoji_type(asked["emoji"]).build()
    body = CreateMessageReactionRequestBody.builder().reaction_type(emoji).build()
    builder = CreateMessageReactionRequest.builder().message_id(asked["message_id"])
    request = builder.request_body(body).build()
    return told(bot.client.im.v1.message_reaction.create(request))


def unreact(bot: Bot, asked: Json) -> Json:
    builder = DeleteMessageReactionRequest.builder().message_id(asked["message_id"])
    request = builder.reaction_id(asked["reaction_id"]).build()
    return told(bot.client.im.v1.message_reaction.delete(request))


def users(bot: Bot, asked: Json) -> Json:
    request = BatchUserRequest.builder().user_ids(asked["user_ids"])
    return told(
        bot.client.contact.v3.user.batch(request.user_id_type("open_id").build())
    )


def post(bot: Bot, asked: Json) -> Json:
    """Call what the SDK has no class for."""
    builder = BaseRequest.builder().http_method(HttpMethod.POST).uri(asked["uri"])
    # The SDK's own classes say of what type the body is; a bare request does not.
    builder = builder.headers({"Content-Type": "application/json; charset=utf-8"})
    builder = builder.token_types({AccessTokenType.TENANT}).body(asked["body"])
    response = bot.client.request(builder.build())
    return {**told(response), "data": json.loads(response.raw.content).get("data")}


def answer_taps(bot: Bot, asked: Json) -> Json:
    """Answer taps with this from now on."""
    bot.answer = asked["answer"]
    return {}


def heard(bot: Bot, asked: Json) -> Json:
    """Return what was heard since the last time."""
    news, bot.heard = bot.heard, []
    return {"heard": news}


def decrypt(bot: Bot, asked: Json) -> Json:
    return {"text": AESCipher(asked["key"]).decrypt_str(asked["sealed"])}


DEEDS: dict[str, Callable[[Bot, Json], Json]] = {
    "send": send,
    "send_async": send_async,
    "reply": reply,
    "patch": patch,
    "read": read,
    "chats": chats,
    "chat": chat,
    "members": members,
    "is_in_chat": is_in_chat,
    "user": user,
    "find_users": find_users,
    "users": users,
    "urgent": urgent,
    "recall": recall,
    "react": react,
    "unreact": unreact,
    "post": post,
    "answer_taps": answer_taps,
    "heard": heard,
    "decrypt": decrypt,
}
