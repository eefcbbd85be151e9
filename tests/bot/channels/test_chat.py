"""The app's bot: to a group, to a person, as an answer. And what it tells of Lark."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import orjson
import pytest

from bot.cards.notice import notice_card
from bot.channels.chat import AppChannel
from bot.channels.posting import Posting
from bot.errors import TransportError
from bot.lark.client import LarkClient
from bot.lark.codes import TargetGone
from bot.secret import Secret
from sandbox import App, Chat, Fault, Kind, Lark, User
from store.lanes import Lane
from store.outbox import Outgoing
from store.values import Channel, Destination
from store.values import Kind as To
from tests.conftest import MONDAY, HandClock

CARD = orjson.dumps(notice_card("Hello", [])).decode()


@dataclass
class Room:
    lark: Lark
    app: App
    ada: User
    ops: Chat
    channel: AppChannel
    heard: list[str] = field(default_factory=list)

    async def send(
        self, to: Destination | None = None, *, address: str = "", uuid: str = "i-1"
    ) -> str:
        destination = to or Destination(To.CHAT, self.ops.chat_id)
        channel = Channel.CHAT if destination.kind is To.CHAT else Channel.DM
        outgoing = Outgoing(
            id=1,
            kind="reply",
            payload=CARD,
            address=address,
            attempts=0,
            first_attempt=None,
            uncertain=False,
            since=MONDAY,
            rank=0,
            notification=None,
        )
        lane = Lane(f"{destination}/{channel}", destination, channel)
        return await self.channel.send(
            Posting(lane=lane, outgoing=outgoing, payload=CARD, uuid=uuid)
        )


@pytest.fixture
async def room(clock: HandClock) -> AsyncIterator[Room]:
    lark = Lark(clock=clock.now)
    app, ada = lark.create_app("Bell"), lark.create_user("Ada")
    ops = lark.create_chat("ops", [ada, app])
    heard: list[str] = []
    async with lark.serve() as url, aiohttp.ClientSession() as session:
        client = LarkClient(
            session,
            base=url,
            app_id=app.app_id,
            app_secret=Secret(app.secret),
            clock=clock,
        )
        channel = AppChannel(client, heard=heard.append)
        yield Room(lark, app, ada, ops, channel, heard)


async def test_a_group_gets_it_by_its_id_under_our_uuid(room):
    message_id = await room.send()

    (message,) = room.ops.messages
    assert (message.message_id, message.uuid, message.content) == (
        message_id,
        "i-1",
        orjson.loads(CARD),
    )


async def test_a_person_gets_it_by_open_id(room):
    await room.send(Destination(To.PERSON, room.app.open_id_of(room.ada)))

    chat = room.lark.tenant.direct_chat(room.ada, room.app)
    assert len(chat.messages) == 1


async def test_an_answer_hangs_on_what_it_answers(room):
    asked = await room.lark.say(room.ops, room.ada, "/help")

    await room.send(address=asked.message_id)

    answer = room.ops.messages[-1]
    assert (answer.parent, answer.uuid) == (asked, "i-1")


async def test_an_answer_to_what_was_recalled_is_said_to_be_gone(room):
    asked = await room.lark.say(room.ops, room.ada, "/help")
    room.lark.recall(asked)

    with pytest.raises(TargetGone):
        await room.send(address=asked.message_id)


async def test_it_tells_whether_lark_answers(room):
    faults = [
        Fault(Kind.CODE, "send", 1, code=230002),
        Fault(Kind.CODE, "send", 1, code=230001),
        Fault(Kind.CODE, "send", 1, code=230020),
        Fault(Kind.BAD_GATEWAY, "send", 1),
        Fault(Kind.CODE, "send", 1, code=123456),
    ]
    await room.send()
    for fault in faults:
        room.lark.faults.add(fault)
        with pytest.raises(TransportError):
            await room.send()

    assert room.heard == [
        *[""] * 4,
        "Lark answered HTTP 502",
        "Lark refused (code 123456): injected by the sandbox",
    ]
