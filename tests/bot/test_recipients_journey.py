"""From a typed address to a letter: Lark, a mail server and a person in between."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from itertools import count

import pytest

from bot.asking import Settings
from bot.channels.email import EmailChannel, Postman
from bot.channels.smtp import MailHost, MailServer
from bot.errands import Errands
from bot.errands.performers import performers
from bot.errands.robots import RobotTest
from bot.hearing import Hearing
from bot.lark.client import LarkClient
from bot.lark.values import Line, Tap
from bot.routing import Routing
from bot.routing import Settings as RoutingSettings
from bot.secret import Secret
from bot.telling import Telling
from handlers import commands
from sandbox import Chat, User
from store import directory
from store.values import Channel, Kind
from tests.bot.house import House
from tests.bot.mailroom import LOOPBACK, Mailroom, mailroom
from tests.bot.routes import WAYS
from tests.conftest import MONDAY
from tests.store.samples import accept, draft

EMAIL = Channel.EMAIL


class Team:
    """Wei, an editor, Lin and an admin in the group ops; a mail server beside."""

    def __init__(self, house: House, room: Mailroom) -> None:
        self.house, self.room = house, room
        lark = house.lark
        self.wei = lark.create_user("Wei", email="wei@example.com")
        self.lin = lark.create_user("Lin", email="lin@example.com")
        house.app.scopes |= {"contact:user.base:readonly"}
        for user in (self.wei, self.lin):
            house.ops.members.append(user)
        host = MailHost(host=LOOPBACK, port=room.port, tls="none")
        server = MailServer(host, house.clock, 0.5)
        postman = Postman(server, sender="bell@example.com", clock=house.clock)
        house.others[Kind.PERSON, EMAIL] = EmailChannel(postman)
        house.delivery = house.worker("w1")
        settings = Settings(
            voice=house.voice,
            types=house.voice.types,
            zone="UTC",
            admins=frozenset(house.admins),
            channels=frozenset({Channel.INBOX, Channel.CHAT, Channel.DM, EMAIL}),
        )
        self.hearing = Hearing(
            house.db,
            clock=house.clock,
            settings=settings,
            book=commands.router,
            queued=lambda: None,
        )
        client = LarkClient(
            house.session,
            base=house.url,
            app_id=house.app.app_id,
            app_secret=Secret(house.app.secret),
            clock=house.clock,
        )
        self.errands = Errands(
            house.db,
            clock=house.clock,
            settings=settings,
            performers=performers(
                client=client,
                carriers={},
                post=postman,
                robot_test=RobotTest(
                    house.db, house.session, clock=house.clock, locale="en"
                ),
            ),
            answer=commands.router.performed,
            worker="w1",
            queued=lambda: None,
        )
        self.routing = Routing(
            house.db,
            clock=house.clock,
            settings=RoutingSettings(
                types=house.voice.types,
                telling=Telling(voice=house.voice, admins=()),
                ways=WAYS | {(Kind.PERSON, EMAIL)},
            ),
            routed=lambda: None,
        )
        self._numbers = count(1)

    def alone(self, user: User) -> Chat:
        """Return the direct chat of somebody with us."""
        house = self.house
        return house.lark.tenant.open_direct_chat(
            user, house.app, now=house.clock.now()
        )

    async def say(self, user: User, text: str, *, alone: bool = False) -> None:
        """Let somebody type a line, and everything happen that follows."""
        number = next(self._numbers)
        chat = self.alone(user) if alone else self.house.ops
        line = Line(
            event_id=f"e{number}",
            message_id=f"om_{number}",
            chat_id=chat.chat_id,
            chat_type="p2p" if alone else "group",
            sender=self.house.app.open_id_of(user),
            sender_name=None,
            text=text,
            mentions={},
            names_us=not alone,
            names_all=False,
            root_id=None,
            parent_id=None,
            thread_id=None,
            created_at=self.house.clock.now(),
        )
        await self.hearing.hear(line)
        await self.settle()
        if asks := re.search("/confirm [A-Z0-9]{8}", self.said(chat)):
            # The house asks before others are subscribed.
            await self.say(user, asks[0], alone=alone)

    async def tap(self, user: User, chat: Chat, line: str) -> None:
        """Let somebody tap a button of ours."""
        tap = Tap(
            event_id=f"t{next(self._numbers)}",
            created_at=self.house.clock.now(),
            operator=self.house.app.open_id_of(user),
            message_id=chat.messages[-1].message_id,
            chat_id=chat.chat_id,
            value={"line": line},
        )
        await self.hearing.hear(tap)
        await self.settle()
        if asks := re.search("/confirm [A-Z0-9]{8}", self.said(chat)):
            await self.say(user, asks[0], alone=chat.mode == "p2p")

    async def settle(self) -> None:
        """Let tasks be performed, and what waits be sent."""
        await self.errands.run_once()
        await self.house.run(seconds=2)

    async def notify(self, title: str) -> dict[str, str]:
        """Let a refund be told; return how each delivery of it ended."""
        [added] = await accept(self.house.db, draft(title, type="finance.refund"))
        await self.routing.run_once()
        await self.house.run(seconds=2)
        return {
            f"{each.destination}/{each.channel}": f"{each.state} {each.reason}".strip()
            for each in await self.house.deliveries(added.number)
        }

    def said(self, chat: Chat | None = None) -> str:
        """Return the last thing that was said in a chat."""
        return self.house.text(chat=chat)

    def codes(self) -> list[str]:
        """Return the codes that were sent by letter."""
        subjects = [str(each.read().message["Subject"]) for each in self.room.letters]
        found = (re.match("([0-9]{6}) is your", each) for each in subjects)
        return [each[1] for each in found if each]


@pytest.fixture
async def team(house: House) -> AsyncIterator[Team]:
    ops = {"ops": house.ops.chat_id}
    await house.db.write(lambda tx: directory.apply_aliases(tx, ops, now=MONDAY))
    async with mailroom() as room:
        yield Team(house, room)


async def test_whom_lark_knows_is_told_and_confirms_the_address_alone(team):
    lin = team.house.app.open_id_of(team.lin)
    await team.say(team.wei, "/recipients add lin@example.com for refund via dm,email")
    assert "finance.refund: off → on for @Lin, by dm and email." in team.said()
    told = team.said(team.alone(team.lin))
    assert "You get messages from group ops" in told
    assert "Nothing goes by email until you confirm your address: /verify." in told
    fates = await team.notify("first")
    assert fates[f"person:{lin}/dm"] == "delivered"
    assert fates[f"person:{lin}/email"] == (
        "undeliverable contact not verified: the code for l***@example.com was not "
        "entered yet"
    )
    assert team.room.letters == []

    await team.say(team.lin, "/verify", alone=True)
    [code] = team.codes()
    await team.say(team.lin, f"verify {code}", alone=True)
    assert "l***@example.com is verified." in team.said(team.alone(team.lin))
    fates = await team.notify("second")
    assert fates[f"person:{lin}/email"] == "delivered"
    assert [each.to for each in team.room.letters] == [("lin@example.com",)] * 2

    await team.tap(
        team.lin,
        team.alone(team.lin),
        f"/recipients stop finance.refund from chat:{team.house.ops.chat_id}",
    )
    assert "finance.refund: on → off for you" in team.said(team.alone(team.lin))
    assert await team.notify("third") == {}


async def test_whom_lark_does_not_know_gets_letters_once_an_admin_entered_the_code(
    team,
):
    await team.say(team.wei, "/recipients add eve@partner.example for refund")
    assert "Lark knows nobody with e***@partner.example." in team.said()
    await team.tap(
        team.wei,
        team.house.ops,
        "/recipients add person:P1 for finance.refund via email",
    )
    assert "A code is on its way to e***@partner.example." in team.said()
    [code] = team.codes()
    fates = await team.notify("first")
    assert fates["person:P1/email"].startswith("undeliverable contact not verified")

    await team.say(team.wei, f"/verify {code} for P1")
    assert "Only an admin can enter the code" in team.said()
    await team.say(team.house.admin, f"/verify {code} for P1")
    assert "e***@partner.example is verified." in team.said()
    assert (await team.notify("second"))["person:P1/email"] == "delivered"
    assert team.room.letters[-1].to == ("eve@partner.example",)

    await team.say(team.wei, "/recipients")
    assert "finance.refund · e***@partner.example (P1) · email" in team.said()
    shown = "\n".join(team.house.lark.text_of(m) for m in team.house.ops.messages)
    assert "eve@partner.example" not in shown


async def test_why_says_that_an_address_is_not_verified(team):
    await team.say(team.wei, "/contact add me@home.example", alone=True)
    await team.say(team.wei, "/sub add refund via email", alone=True)
    [added] = await accept(team.house.db, draft("x", type="finance.refund"))
    await team.routing.run_once()
    await team.say(team.wei, f"/why M{added.number}", alone=True)

    assert "contact not verified: the code for m***@home.example" in team.said(
        team.alone(team.wei)
    )
