"""A tenant with one bot, two people and a group; a client; an app that listens."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox import App, Chat, Lark, User
from sandbox.crypto import decrypt
from tests.conftest import HandClock

SEND = "/open-apis/im/v1/messages"
KEY = "the encrypt key"

Client = TestClient[Any, Any]


@pytest.fixture
def lark(clock: HandClock) -> Lark:
    return Lark(clock=clock.now)


@pytest.fixture
def bell(lark: Lark) -> App:
    return lark.create_app("Bell", encrypt_key=KEY)


@pytest.fixture
def alice(lark: Lark) -> User:
    return lark.create_user("Alice", email="alice@example.com", mobile="+6580000000")


@pytest.fixture
def bob(lark: Lark) -> User:
    return lark.create_user("Bob")


@pytest.fixture
def ops(lark: Lark, alice: User, bell: App, bob: User) -> Chat:
    return lark.create_chat("ops", [alice, bell, bob])


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def verdict(self) -> tuple[int, int]:
        return self.status, self.body["code"]


class Api:
    """Calls the API as an app would, and keeps its token."""

    def __init__(self, client: Client, app: App) -> None:
        self.client = client
        self.app = app
        self.token = ""

    async def fetch_token(self, **wrong: str) -> Answer:
        body = {"app_id": self.app.app_id, "app_secret": self.app.secret, **wrong}
        path = "/open-apis/auth/v3/tenant_access_token/internal"
        answer = await self.call("POST", path, json=body, auth=False)
        self.token = answer.body.get("tenant_access_token", "")
        return answer

    async def call(
        self, method: str, path: str, *, auth: bool = True, **options: Any
    ) -> Answer:
        headers = dict(options.pop("headers", {}))
        if auth and not self.token:
            await self.fetch_token()
        if auth:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        async with self.client.request(
            method, path, headers=headers, **options
        ) as response:
            return Answer(response.status, await response.json(), response.headers)

    async def send(
        self,
        to: str,
        content: Any,
        msg_type: str = "text",
        *,
        kind: str = "chat_id",
        **more: Any,
    ) -> Answer:
        body = {"receive_id": to, "msg_type": msg_type, **_content(content), **more}
        return await self.call(
            "POST", SEND, params={"receive_id_type": kind}, json=body
        )

    async def text(self, to: str, text: str = "hello", **more: Any) -> Answer:
        return await self.send(to, {"text": text}, **more)

    async def card(self, to: str, card: Any, **more: Any) -> Answer:
        return await self.send(to, card, "interactive", **more)

    async def reply(self, message_id: str, **body: Any) -> Answer:
        told = {"msg_type": "text", **_content({"text": "yes"}), **body}
        return await self.call("POST", f"{SEND}/{message_id}/reply", json=told)

    async def patch(self, message_id: str, card: Any) -> Answer:
        return await self.call("PATCH", f"{SEND}/{message_id}", json=_content(card))


def _content(content: Any) -> dict[str, Any]:
    return {"content": json.dumps(content, ensure_ascii=False)}


@pytest.fixture
async def client(
    lark: Lark, aiohttp_client: Callable[..., Awaitable[Client]]
) -> Client:
    return await aiohttp_client(lark.app())


@pytest.fixture
def api(client: Client, bell: App) -> Api:
    return Api(client, bell)


@dataclass
class Heard:
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any]


@dataclass
class Listener:
    """An app's server: echoes challenges, keeps what it hears, answers as told."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    #: What to answer to events, one after the other; then 200.
    statuses: list[int] = field(default_factory=list)
    #: What to answer to card callbacks.
    reply: Any = field(default_factory=dict)
    reply_text: str | None = None
    silent: asyncio.Event | None = None
    #: One item for every request that was heard: to wait for it.
    news: asyncio.Queue[Heard] = field(default_factory=asyncio.Queue)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw)
        if "encrypt" in body:
            body = json.loads(decrypt(body["encrypt"], key=KEY))
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": body["challenge"]})
        self.heard.append(Heard(dict(request.headers), raw, body))
        self.news.put_nowait(self.heard[-1])
        if self.silent is not None:
            await self.silent.wait()
        status = self.statuses.pop(0) if self.statuses else 200
        if status in (301, 302, 307):
            # To ourselves: whoever followed it would be answered 200.
            return web.Response(status=status, headers={"Location": self.url})
        if self.reply_text is not None:
            return web.Response(text=self.reply_text, status=status)
        return web.json_response(self.reply, status=status)

    @property
    def texts(self) -> list[str]:
        """What was said, as the app heard it."""
        contents = [heard.body["event"]["message"]["content"] for heard in self.heard]
        return [json.loads(content)["text"] for content in contents]


@pytest.fixture
async def listener(
    lark: Lark,
    client: Client,
    bell: App,
    aiohttp_server: Callable[..., Awaitable[TestServer]],
) -> Listener:
    """An app's server whose address the console has accepted."""
    listening = Listener()
    app = web.Application()
    app.router.add_post("/lark/events", listening.answer)
    server = await aiohttp_server(app)
    listening.url = str(server.make_url("/lark/events"))
    await lark.set_event_url(bell, listening.url)
    return listening


def card(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a JSON 2.0 card with these elements."""
    return {"schema": "2.0", "body": {"elements": list(elements)}, **more}


def markdown(text: str = "hello") -> dict[str, Any]:
    return {"tag": "markdown", "content": text}


def button(label: str = "Mute", value: Any = None, **more: Any) -> dict[str, Any]:
    callback = {"type": "callback", "value": value or {"act": "mute"}}
    text = {"tag": "plain_text", "content": label}
    return {"tag": "button", "text": text, "behaviors": [callback], **more}


def panel(*elements: dict[str, Any], title: str = "More") -> dict[str, Any]:
    """Return a collapsible panel, closed."""
    header = {"title": {"tag": "plain_text", "content": title}}
    return {"tag": "collapsible_panel", "header": header, "elements": list(elements)}
