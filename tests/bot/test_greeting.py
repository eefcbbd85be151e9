"""First contact: one card in a new group or direct chat; the menu answers."""

from __future__ import annotations

import orjson
import pytest

from bot.lark.values import BotAdded, BotRemoved, MenuClicked, P2pEntered
from store import outbox, preferences, subscriptions
from store.lanes import Lane
from store.values import Channel, Destination, Kind, Subscription
from tests.bot.room import GROUP, LIN, WEI, Room, event
from tests.bot.test_tapping import texts

OPS = Destination(Kind.CHAT, GROUP)


@pytest.fixture
def room(db, clock):
    return Room(db, clock)


async def said(room, to):
    """What waits to be said to a chat or person: the texts of each card."""
    channel = Channel.CHAT if to.kind is Kind.CHAT else Channel.DM
    async with room.db.reading() as tx:
        found = await outbox.due(
            tx, Lane(f"{to}/{channel}", to, channel), now=room.clock.now(), batch=10
        )
    return [texts(orjson.loads(each.payload or "")) for each in found]


def joined(clock, number=1):
    return event(BotAdded, clock, number, external=False)


def entered(clock, number=1, *, first=False):
    return P2pEntered(
        event_id=f"p{number}",
        created_at=clock.now(),
        chat_id="oc_with_lin",
        operator=LIN,
        name=None,
        first=first,
    )


async def test_a_group_that_we_join_is_greeted_once(room, clock):
    await room.hear(joined(clock), joined(clock), joined(clock, 2))

    (card,) = await said(room, OPS)
    assert card[0] == "Hello, this is Larkbell"
    assert card[2:] == [
        "Choose messages",
        "Do not disturb",
        "What I understand",
        "中文",
    ]


async def test_a_group_is_greeted_in_its_language(room, clock):
    zh = preferences.Choice(OPS, "lang", "zh")
    await room.db.write(lambda tx: preferences.choose(tx, zh, by=WEI, now=clock.now()))
    await room.hear(joined(clock))

    (card,) = await said(room, OPS)
    assert (card[0], card[-1]) == ("你好，我是 Larkbell", "English")


async def test_a_group_that_has_us_back_is_told_what_works_again(room, clock):
    await room.hear(joined(clock))
    rule = Subscription(
        id=0,
        name="",
        owner=str(OPS),
        patterns=("*",),
        to=(OPS,),
        created_by=WEI,
        created_at=clock.now(),
    )
    await room.db.write(lambda tx: subscriptions.add(tx, rule))
    await room.hear(event(BotRemoved, clock, 2), joined(clock, 3))

    assert (await said(room, OPS))[1:] == [
        [
            "Larkbell is back",
            (
                "1 subscription of this group works again.\n"
                "What waited meanwhile comes now."
            ),
            "What comes here",
        ]
    ]


async def test_a_person_is_greeted_when_they_first_open_the_direct_chat(room, clock):
    await room.hear(entered(clock), entered(clock, 2), entered(clock, 3, first=True))

    (card,) = await said(room, Destination(Kind.PERSON, LIN))
    assert card[0] == "Hello, this is Larkbell"


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("put", "/put"),
        ("/Put", "/put"),
        ("PUT_all", "/put"),
        ("quiet", "/dnd"),
        ("account", "/whoami"),
        ("what-is-this", "/help"),
    ],
)
async def test_an_entry_of_the_menu_is_a_line(room, clock, key, line):
    await room.hear(menu(clock, key))

    assert room.ran == [line]


async def test_the_menu_is_answered_in_private_once(room, clock):
    await room.hear(menu(clock, "help"), menu(clock, "help"))

    assert await said(room, Destination(Kind.PERSON, LIN)) == [["No."]]
    assert room.contexts[0].is_group is False


async def test_the_menu_knows_the_direct_chat_where_we_do(room, clock):
    await room.hear(entered(clock), menu(clock, "help"))

    assert room.contexts[0].chat == "oc_with_lin"


def menu(clock, key):
    return MenuClicked(
        event_id="menu1",
        created_at=clock.now(),
        operator=LIN,
        name=None,
        event_key=key,
    )
