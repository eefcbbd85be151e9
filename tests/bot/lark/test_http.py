"""One call: what certainly did not arrive, and what may have."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from bot.delivery import PATIENCE
from bot.errors import TransportError, Unanswered
from bot.lark.http import TIMEOUT, call
from store.lanes import LEASE

Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable]


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.fixture
def serve(aiohttp_server: Callable[..., Awaitable[object]]) -> Serve:
    """Serve one answer to everything; return the address."""

    async def start(
        answer: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> str:
        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", answer)
        return str((await aiohttp_server(app)).make_url("/hook/secret-token"))

    return start


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port whose queue is full: whoever connects waits for ever."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        address = listening.getsockname()
        queued = [socket.socket() for _ in range(4)]
        for each in queued:
            each.setblocking(False)
            each.connect_ex(address)
        yield address[1]
        for each in queued:
            each.close()


async def failure(
    session: aiohttp.ClientSession, url: str, within: float = TIMEOUT
) -> TransportError:
    with pytest.raises(TransportError) as raised:
        await call(session, "POST", url, body=b"{}", timeout=within)
    assert "secret-token" not in f"{raised.value!r} {raised.value.__cause__!r}"
    return raised.value


async def test_an_answer_is_read_with_its_status_and_headers(session, serve):
    async def answer(request: web.Request) -> web.Response:
        seen = {"is": await request.json(), "as": request.headers["Content-Type"]}
        return web.json_response(seen, status=418, headers={"X-Tt-Logid": "1"})

    status, body, headers = await call(
        session, "POST", await serve(answer), body=b'{"a": 1}'
    )

    assert (status, body, headers["x-tt-logid"]) == (
        418,
        {"is": {"a": 1}, "as": "application/json; charset=utf-8"},
        "1",
    )


@pytest.mark.parametrize("text", [b"<html>", b"", b"\xff\xfe", b'{"code": 0'])
async def test_an_answer_that_is_no_json_is_none(session, serve, text):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=text)

    assert (await call(session, "POST", await serve(answer)))[:2] == (200, None)


async def test_a_refused_connection_has_sent_nothing(session, closed_port):
    error = await failure(session, f"http://127.0.0.1:{closed_port}/hook/secret-token")

    assert (type(error), str(error)) == (
        TransportError,
        "could not reach Lark: ClientConnectorError",
    )


async def test_a_connection_that_is_never_made_has_sent_nothing(session, deaf_port):
    url = f"http://127.0.0.1:{deaf_port}/hook/secret-token"

    assert type(await failure(session, url, within=0.4)) is TransportError


@pytest.mark.parametrize("url", ["http:///hook/secret-token", "ftp://x/secret-token"])
async def test_an_address_that_is_none_has_sent_nothing(session, url):
    assert type(await failure(session, url)) is TransportError


async def test_an_answer_that_does_not_come_leaves_it_open(session, serve):
    async def answer(_: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    error = await failure(session, await serve(answer), within=0.1)

    assert (type(error), str(error)) == (
        Unanswered,
        "Lark did not answer: TimeoutError",
    )


async def test_a_broken_connection_leaves_it_open(session, serve):
    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    error = await failure(session, await serve(answer))

    assert (type(error), str(error)) == (
        Unanswered,
        "Lark did not answer: ServerDisconnectedError",
    )


async def test_half_an_answer_leaves_it_open(session, serve):
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"code": 0')
        assert request.transport is not None
        request.transport.close()
        return response

    assert type(await failure(session, await serve(answer))) is Unanswered


async def test_redirects_are_not_followed(session, serve):
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    status, body, _ = await call(session, "POST", await serve(answer), body=b"{}")

    assert (status, body, asked) == (307, None, ["/hook/secret-token"])


def test_no_send_lasts_longer_than_its_lease():
    assert PATIENCE + timedelta(seconds=TIMEOUT) < LEASE
