"""A bot as Lark's own SDK makes it: the SDK's client, and its dispatcher behind HTTP.

Run in a process of its own, for importing the SDK takes seconds and 170 MB. It takes
one JSON object a line on stdin, ``{"do": …}``, and answers each with one on stdout.
What it can do is in ``sdk_calls.py``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

# The SDK logs to stdout, where only answers belong.
answers, sys.stdout = sys.stdout, sys.stderr

import lark_oapi as sdk  # noqa: E402
from aiohttp import web  # noqa: E402
from lark_oapi.core.model import RawRequest  # noqa: E402
from lark_oapi.event.callback.model.p2_card_action_trigger import (  # noqa: E402
    P2CardActionTriggerResponse,
)

from tests.conformance.sdk_calls import DEEDS, plain  # noqa: E402

Json = dict[str, Any]

TOAST = {"type": "success", "content": "Muted for 2 h"}


class Bot:
    """One app: what it calls, and what it has heard."""

    def __init__(self, asked: Json) -> None:
        self.heard: list[Json] = []
        self.answer: Json = {"toast": TOAST}
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
            .register_p2_im_chat_updated_v1(self._hear)
            .register_p2_im_chat_disbanded_v1(self._hear)
            .register_p2_im_chat_access_event_bot_p2p_chat_entered_v1(self._hear)
            .register_p2_application_bot_menu_v6(self._hear)
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
        return P2CardActionTriggerResponse(self.answer)


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
