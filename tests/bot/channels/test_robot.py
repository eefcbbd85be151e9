"""Custom bots: what reaches the webhook, and that every attempt is signed anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
import pytest

from bot.cards.notice import notice_post
from bot.channels.posting import Posting
from bot.channels.robot import RobotChannel
from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.voice import Voice
from handlers.rules.types import Types
from sandbox import Chat, Fault, Kind, Lark
from sandbox import Robot as SandboxRobot
from store.lanes import Lane
from store.outbox import Outgoing
from store.robots import Hook, Robot
from store.values import Channel, Destination, Notification, Severity
from store.values import Kind as To
from tests.conftest import MONDAY, HandClock

BELL = Destination(To.ROBOT, "bell")
LANE = Lane(f"{BELL}/chat", BELL, Channel.CHAT)
SECRET = "the robot's secret"
DISK = Notification(
    number=1,
    source="test",
    type="product.alarm",
    severity=Severity.WARNING,
    title="Disk full",
    accepted_at=MONDAY,
)


@dataclass
class Room:
    """A group with a custom bot, and what we know of it."""

    lark: Lark
    chat: Chat
    theirs: SandboxRobot
    channel: RobotChannel
    ours: Robot
    hook: Hook

    def know(self, *, secret: str | None = SECRET, **changes: Any) -> None:
        self.ours = replace(self.ours, **changes)
        self.hook = Hook(self.hook.webhook, secret)

    async def send(self, payload: str | None = None) -> str:
        return await self.channel.send(self.posting(payload))

    def posting(self, payload: str | None = None) -> Posting:
        voice = Voice(types=Types(), zone="UTC")
        alert = voice.alert(DISK, lane=LANE, robot=self.ours, now=MONDAY)
        return posting(payload or alert, robot=self.ours, hook=self.hook)

    async def failure(self, payload: str | None = None) -> TransportError:
        with pytest.raises(TransportError) as raised:
            await self.send(payload)
        told = f"{raised.value!r} {raised.value.__cause__!r}"
        assert self.theirs.token not in told
        return raised.value


def posting(payload: str, *, robot: Robot | None, hook: Hook | None = None) -> Posting:
    outgoing = Outgoing(
        id=1,
        kind="delivery",
        payload=payload,
        address="",
        attempts=0,
        first_attempt=None,
        uncertain=False,
        since=MONDAY,
        rank=2,
        notification=DISK,
    )
    return Posting(
        lane=LANE,
        outgoing=outgoing,
        payload=payload,
        uuid="i-1",
        robot=robot,
        hook=hook,
    )


@pytest.fixture
async def room(clock: HandClock) -> AsyncIterator[Room]:
    lark = Lark(clock=clock.now)
    chat = lark.create_chat("ops", [lark.create_user("Ada")])
    theirs = lark.create_robot(chat, "bell", secret=SECRET)
    async with lark.serve() as url, aiohttp.ClientSession() as session:
        channel = RobotChannel(session, clock=clock)
        webhook = f"{url}/open-apis/bot/v2/hook/{theirs.token}"
        ours = Robot(name="bell", created_at=MONDAY)
        yield Room(lark, chat, theirs, channel, ours, Hook(webhook, SECRET))


async def test_a_post_is_signed_and_shown(room):
    assert await room.send() == ""

    (message,) = room.chat.messages
    assert (message.content["header"]["title"]["content"], message.sender) == (
        "Warning · Disk full",
        room.theirs,
    )


async def test_every_attempt_is_signed_with_the_time_it_is_made_at(room, clock):
    post = room.posting()
    clock.advance(hours=5)

    await room.channel.send(post)

    assert room.lark.answers == {("robot", 0): 1}


async def test_a_clock_that_is_wrong_parks_the_robot(room, clock):
    room.channel = RobotChannel(
        room.channel._session, clock=HandClock(datetime(2020, 1, 1, tzinfo=UTC))
    )

    error = await room.failure()

    assert (type(error), error.code) == (Parked, 19021)


async def test_another_secret_parks_the_robot(room):
    room.know(secret="another")

    assert str(await room.failure()) == (
        "the signature did not match: check the robot's secret and our clock "
        "(code 19021)"
    )


async def test_a_robot_without_a_secret_is_not_signed(room):
    room.theirs.secret = None
    room.know(secret=None)

    await room.send()

    assert len(room.chat.messages) == 1


async def test_the_keyword_is_in_every_message(room):
    room.theirs.keywords = ("zebra",)
    room.know(keyword="zebra")

    await room.send()
    await room.send(orjson.dumps(notice_post("Hello", [])).decode())

    assert [room.lark.text_of(message)[-5:] for message in room.chat.messages] == [
        "zebra",
        "zebra",
    ]


async def test_a_message_that_is_older_than_the_keyword_is_taken_too(room):
    frozen = room.posting().payload
    room.theirs.keywords = ("zebra",)
    assert (await room.failure(frozen)).code == 19024
    room.know(keyword="zebra")

    await room.send(frozen)

    assert room.lark.text_of(room.chat.messages[0]).splitlines()[-1] == "zebra"


@pytest.mark.parametrize("keyword", ["Disk", "div", '"quoted"', "号"])
async def test_the_keyword_stands_there_once(room, keyword):
    room.theirs.keywords = (keyword,)
    room.know(keyword=keyword)

    await room.send()

    assert room.lark.text_of(room.chat.messages[0]).count(keyword) == 1


async def test_everyone_is_mentioned_where_an_admin_asked_for_it(room):
    room.know(mention_all=True)

    await room.send()

    assert room.chat.messages[0].mentioned == ("all",)


async def test_a_robot_that_is_gone_is_parked(room):
    room.theirs.gone = True

    error = await room.failure()

    assert (type(error), error.code) == (Parked, 19001)


async def test_a_robot_that_we_do_not_know_any_more_is_parked(room):
    with pytest.raises(Parked):
        await room.channel.send(posting("{}", robot=None))


async def test_a_card_that_lark_cannot_show_is_refused(room):
    bad = {"msg_type": "interactive", "card": {"schema": "2.0", "body": {"x": 1}}}

    assert type(await room.failure(orjson.dumps(bad).decode())) is Refused


async def test_the_sixth_post_of_a_second_is_too_fast(room):
    for _ in range(5):
        await room.send()

    error = await room.failure()

    assert (type(error), error.code, error.retry_after.total_seconds()) == (
        Throttled,
        11232,
        60,
    )


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (Fault(Kind.BAD_GATEWAY, times=1), 0),
        (Fault(Kind.RESET_BEFORE, times=1), 0),
        (Fault(Kind.RESET_AFTER, times=1), 1),
    ],
)
async def test_a_lost_answer_leaves_it_open(room, fault, shown):
    room.lark.faults.add(fault)

    assert type(await room.failure()) is Unanswered
    assert len(room.chat.messages) == shown


async def test_an_answer_that_is_too_slow_leaves_it_open(room):
    room.channel = RobotChannel(
        room.channel._session, clock=room.channel._clock, timeout=0.05
    )
    room.lark.faults.add(Fault(Kind.SLOW, times=1, seconds=0.1))

    assert type(await room.failure()) is Unanswered
