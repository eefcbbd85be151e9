"""A robot's server, for tests that watch what a process sends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer


class Sink:
    """A robot's server that answers when it is told to."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.answers = asyncio.Event()
        self.posts: list[Any] = []
        self.url = ""

    async def post(self, request: web.Request) -> web.Response:
        self.posts.append(await request.json())
        self.arrived.set()
        await self.answers.wait()
        return web.json_response({"code": 0})


@pytest.fixture
async def sink(aiohttp_server: Callable[..., Awaitable[TestServer]]) -> Sink:
    made, app = Sink(), web.Application()
    app.router.add_post("/hook", made.post)
    made.url = str((await aiohttp_server(app)).make_url("/hook"))
    return made
