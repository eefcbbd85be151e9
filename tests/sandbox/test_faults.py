"""What goes wrong on demand, and what was done all the same."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox import Chat, Fault, Kind, Lark
from sandbox.robots import HOOK
from tests.sandbox.conftest import SEND, Api, Client

TEXT = {"msg_type": "text", "content": {"text": "x"}}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    # A connection each: a kept one that breaks would be tried again by the client.
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        yield session


async def post(session: aiohttp.ClientSession, api: Api, chat: Chat) -> int:
    """Send a text without the client's own retries; return the HTTP status."""
    if not api.token:
        await api.fetch_token()
    content = '{"text":"x"}'
    body = {"receive_id": chat.chat_id, "msg_type": "text", "content": content}
    url = api.client.make_url(SEND)
    async with session.post(
        url,
        params={"receive_id_type": "chat_id"},
        json=body,
        headers={"Authorization": f"Bearer {api.token}"},
    ) as response:
        await response.read()
        return response.status


async def test_a_bad_gateway_is_an_html_page_and_nothing_is_done(
    api: Api, lark: Lark, ops: Chat, client: Client
) -> None:
    await api.fetch_token()
    lark.faults.add(Fault(Kind.BAD_GATEWAY, "send", times=1))
    headers = {"Authorization": f"Bearer {api.token}"}

    async with client.post(SEND, headers=headers, json={}) as response:
        assert (response.status, response.content_type) == (502, "text/html")
        assert "502 Bad Gateway" in await response.text()
    assert ops.messages == []
    assert (await api.text(ops.chat_id)).verdict == (200, 0)


async def test_a_reset_before_the_commit_leaves_no_message(
    api: Api, lark: Lark, ops: Chat, session: aiohttp.ClientSession
) -> None:
    lark.faults.add(Fault(Kind.RESET_BEFORE, "send", times=1))

    with pytest.raises(aiohttp.ClientConnectionError):
        await post(session, api, ops)
    assert ops.messages == []
    assert await post(session, api, ops) == 200


async def test_a_reset_after_the_commit_leaves_the_message_and_loses_the_answer(
    api: Api, lark: Lark, ops: Chat, session: aiohttp.ClientSession
) -> None:
    lark.faults.add(Fault(Kind.RESET_AFTER, "send", times=1))

    with pytest.raises(aiohttp.ClientConnectionError):
        await post(session, api, ops)
    assert len(ops.messages) == 1
    assert lark.answers["send", 0] == 1


async def test_a_reset_is_a_reset_and_not_an_end(
    api: Api, lark: Lark, client: Client
) -> None:
    lark.faults.add(Fault(Kind.RESET_BEFORE))
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /open-apis/bot/v3/info HTTP/1.1\r\nHost: x\r\n\r\n")

    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


async def test_a_slow_answer_is_slow_and_what_was_asked_is_done(
    api: Api, lark: Lark, ops: Chat, session: aiohttp.ClientSession
) -> None:
    await api.fetch_token()
    lark.faults.add(Fault(Kind.SLOW, "send", times=1, seconds=0.05))

    started = asyncio.get_running_loop().time()
    assert await post(session, api, ops) == 200
    assert asyncio.get_running_loop().time() - started >= 0.05
    assert len(ops.messages) == 1


async def test_any_code_can_be_had(api: Api, lark: Lark, ops: Chat) -> None:
    lark.faults.add(Fault(Kind.CODE, "send", times=2, code=230020))

    verdicts = [(await api.text(ops.chat_id)).verdict for _ in range(3)]
    assert verdicts == [(400, 230020), (400, 230020), (200, 0)]
    assert len(ops.messages) == 1


async def test_a_fault_lasts_until_it_is_cleared(
    api: Api, lark: Lark, ops: Chat
) -> None:
    lark.faults.add(Fault(Kind.CODE, "send", code=5000, status=500))
    verdicts = {(await api.text(ops.chat_id)).verdict for _ in range(5)}
    assert verdicts == {(500, 5000)}

    lark.faults.clear()
    assert (await api.text(ops.chat_id)).verdict == (200, 0)


async def test_a_fault_meets_its_target_only(api: Api, lark: Lark, ops: Chat) -> None:
    lark.faults.add(Fault(Kind.CODE, "reply", times=1, code=5000, status=500))

    assert (await api.text(ops.chat_id)).verdict == (200, 0)
    answer = await api.reply(ops.messages[0].message_id)
    assert answer.verdict == (500, 5000)


async def test_the_token_endpoint_can_fail_too(api: Api, lark: Lark) -> None:
    lark.faults.add(Fault(Kind.CODE, "token", times=1, code=5000, status=500))

    assert (await api.fetch_token()).verdict == (500, 5000)
    assert (await api.fetch_token()).verdict == (200, 0)


async def test_one_robot_can_fail_while_another_works(
    client: Client, lark: Lark, ops: Chat
) -> None:
    broken, sound = lark.create_robot(ops), lark.create_robot(ops)
    lark.faults.add(Fault(Kind.CODE, broken.token, code=11232))
    lark.faults.add(Fault(Kind.BAD_GATEWAY, broken.token, times=1))

    codes = []
    for token in (broken.token, sound.token):
        async with client.post(HOOK + token, json=TEXT) as response:
            codes.append((response.status, (await response.json())["code"]))
    assert codes == [(200, 11232), (200, 0)]
    lark.faults.pending.pop(0)
    async with client.post(HOOK + broken.token, json=TEXT) as response:
        assert response.status == 502
    async with client.post(HOOK + broken.token, json=TEXT) as response:
        assert response.status == 200
    assert len(ops.messages) == 2


async def test_a_robots_answer_can_be_lost_after_the_post_was_shown(
    client: Client,
    lark: Lark,
    ops: Chat,
    session: aiohttp.ClientSession,
) -> None:
    robot = lark.create_robot(ops)
    lark.faults.add(Fault(Kind.RESET_AFTER, robot.token, times=1))

    with pytest.raises(aiohttp.ClientConnectionError):
        await session.post(client.make_url(HOOK + robot.token), json=TEXT)
    assert len(ops.messages) == 1
