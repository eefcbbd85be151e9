"""A bot as Lark's own SDK makes it: the SDK's client, and its dispatcher behind HTTP.

Run in a process of its own, for importing the SDK takes seconds and 170 MB. It takes
one JSON object a line on stdin, ``{"do": …}``, and answers each with one on stdout. To
have it do more, add a function to DEEDS.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

# The SDK logs to stdout, where only answers belong.
answers, sys.stdout = sys.stdout, sys.stderr

import lark_oapi as sdk  # noqa: E402
from aiohttp import web  # noqa: E402
from lark_oapi.api.contact.v3 import (  # noqa: E402
    BatchGetIdUserRequest,
    BatchGetIdUserRequestBody,
    GetUserRequest,
)
from lark_oapi.api.im.v1 import (  # noqa: E402
    CreateMessageRequest,
    CreateMessageRequestBody,
    GetChatMembersRequest,
    GetChatRequest,
    GetMessageRequest,
    IsInChatChatMembersRequest,
    ListChatRequest,
    PatchMessageRequest,
    PatchMessageRequestBody,
    ReplyMessageRequest,
    ReplyMessageRequestBody,
)
from lark_oapi.core.model import RawRequest  # noqa: E402
from lark_oapi.core.utils import AESCipher  # noqa: E402
from lark_oapi.event.callback.model.p2_card_action_trigger import (  # noqa: E402
    P2CardActionTriggerResponse,
)

Json = dict[str, Any]

TOAST = {"type": "success", "content": "Muted for 2 h"}


class Bot:
    """One app: what it calls, and what it has heard."""

    def __init__(self, asked: Json) -> None:
        self.heard: list[Json] = []
        self.client = (
            sdk.Client.builder()
            .domain(asked["domain"])
            .app_id(asked["app_id"])
            .app_secret(asked["app_secret"])
            .build()
        )
        builder = sdk.EventDispatcherHandler.builder(
            asked["encrypt_key"], asked["verification_token"]
        )
        self.dispatcher = (
            builder.register_p2_im_message_receive_v1(self._hear)
            .register_p2_im_chat_member_bot_added_v1(self._hear)
            .register_p1_customized_event("p2p_chat_create", self._hear)
            .register_p2_card_action_trigger(self._tapped)
            .build()
        )

    async def take(self, request: web.Request) -> web.Response:
        """Hand a push to the dispatcher, as the SDK's adapters do."""
        raw = RawRequest()
        raw.uri = request.path
        raw.headers = dict(request.headers)
        raw.body = await request.read()
        taken = self.dispatcher.do(raw)
        return web.Response(
            status=taken.status_code,
            body=taken.content,
            content_type="application/json",
        )

    def _hear(self, event: Any) -> None:
        self.heard.append(plain(event))

    def _tapped(self, event: Any) -> P2CardActionTriggerResponse:
        self._hear(event)
        return P2CardActionTriggerResponse({"toast": TOAST})


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
    "heard": heard,
    "decrypt": decrypt,
}


async def main() -> None:
    loop = asyncio.get_running_loop()
    bots: dict[str, Bot] = {}
    app = web.Application()

    async def take(request: web.Request) -> web.Response:
        return await bots[request.match_info["app_id"]].take(request)

    app.router.add_post("/{app_id}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    answer({"url": f"http://127.0.0.1:{runner.addresses[0][1]}"})
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(line)
        if asked["do"] == "start":
            bots[asked["app_id"]] = Bot(asked)
            answer({})
            continue
        deed = DEEDS[asked["do"]]
        bot = bots[asked["bot"]]
        try:
            # The SDK blocks: the dispatcher must hear while the client calls.
            answer(await loop.run_in_executor(None, deed, bot, asked))
        except Exception as failed:  # noqa: BLE001 - whatever the SDK raises is told
            answer({"raised": type(failed).__name__, "words": str(failed)})
    await runner.cleanup()


def answer(body: Json) -> None:
    answers.write(json.dumps(body) + "\n")
    answers.flush()


if __name__ == "__main__":
    asyncio.run(main())
