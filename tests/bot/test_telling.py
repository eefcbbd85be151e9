"""What admins are told of our own accord, and by which way."""

from __future__ import annotations

import pytest

from bot.telling import Telling
from bot.voice import Voice
from handlers.rules.types import Types
from store import directory, outbox, preferences
from store.directory import Chat
from store.lanes import Lane
from store.outbox import Outgoing
from store.preferences import Choice
from store.values import Channel, Destination, Kind
from store.wording import _
from tests.bot.routes import notices
from tests.conftest import MONDAY
from tests.store.samples import LIN, OPS, ROBOT, message

ADMINS = [Destination(Kind.PERSON, name) for name in ("ou_ada", "ou_bo")]
OPS_LANE = Lane("chat:oc_ops/chat", OPS, Channel.CHAT)


@pytest.fixture
def telling():
    return Telling(
        voice=Voice(types=Types()), admins=tuple(each.name for each in ADMINS)
    )


async def _told(db, work, to=ADMINS[0]):
    """Let *work* happen; return the notices that wait for an admin."""
    await db.write(work)
    return await notices(db, to)


def _outgoing(kind="delivery", *, title="CPU above 90 %"):
    return Outgoing(
        id=42,
        kind=kind,
        payload="{}",
        address="",
        attempts=3,
        first_attempt=MONDAY,
        uncertain=False,
        since=MONDAY,
        rank=2,
        notification=message(title, number=7) if kind == "delivery" else None,
    )


async def _dies(db, telling, outgoing, reason="refused", *, lane=OPS_LANE):
    """Give a message up; return what the first admin is told."""
    await db.write(lambda tx: telling.died(tx, lane, outgoing, reason, now=MONDAY))
    return await notices(db, ADMINS[0])


async def test_every_admin_is_told_of_what_is_closed(db, telling):
    await db.write(
        lambda tx: telling.parked(tx, OPS_LANE, "the bot is not there", now=MONDAY)
    )

    told = (
        "Nothing gets through to group oc_ops",
        (
            "The bot is not there.\n"
            "Its messages wait and go out as soon as it works again."
        ),
    )
    assert [await notices(db, admin) for admin in ADMINS] == [[told], [told]]


async def test_a_group_is_called_by_its_name(db, telling):
    async def name_it(tx, **names):
        await directory.put_chat(tx, Chat(id="oc_ops", **names), now=MONDAY)
        await telling.reopened(tx, OPS_LANE, now=MONDAY)

    await db.write(lambda tx: name_it(tx, name="Operations"))
    await db.write(lambda tx: name_it(tx, alias="ops"))
    assert await notices(db, ADMINS[0]) == [
        ("Group Operations works again", ""),
        ("Group ops works again", ""),
    ]


async def test_a_notice_does_not_take_the_way_that_it_is_about(db, telling):
    lane = Lane("person:ou_ada/dm", ADMINS[0], Channel.DM)
    await db.write(lambda tx: telling.parked(tx, lane, "blocked", now=MONDAY))

    assert await notices(db, ADMINS[0]) == []
    [(title, _)] = await notices(db, ADMINS[1])
    assert title == "Nothing gets through to person ou_ada"


async def test_what_was_given_up_is_told_with_how_to_send_it_again(db, telling):
    assert await _dies(db, telling, _outgoing(), "tried for 24 h") == [
        (
            "Not delivered to group oc_ops",
            (
                "“CPU above 90 %” (M7): tried for 24 h.\n"
                "Send it again with: larkbell dead --replay 42"
            ),
        )
    ]


async def test_what_is_no_notification_is_called_what_it_is(db, telling):
    lane = Lane("robot:ops-room/chat", ROBOT, Channel.CHAT)
    [(title, text)] = await _dies(db, telling, _outgoing("digest"), lane=lane)

    assert title == "Not delivered to robot ops-room"
    assert text.startswith("A digest: refused.\n")


async def test_each_admin_is_told_in_their_language(db, telling):
    chinese = Choice(ADMINS[1], "lang", "zh")

    async def work(tx):
        await preferences.choose(tx, chinese, by="ou_bo", now=MONDAY)
        await telling.parked(tx, OPS_LANE, _("the message is too big"), now=MONDAY)
        await telling.reopened(tx, OPS_LANE, now=MONDAY)
        await telling.died(tx, OPS_LANE, _outgoing(), _("replayed"), now=MONDAY)

    await db.write(work)
    assert await notices(db, ADMINS[0]) == [
        (
            "Nothing gets through to group oc_ops",
            (
                "The message is too big.\n"
                "Its messages wait and go out as soon as it works again."
            ),
        ),
        ("Group oc_ops works again", ""),
        (
            "Not delivered to group oc_ops",
            (
                "“CPU above 90 %” (M7): replayed.\n"
                "Send it again with: larkbell dead --replay 42"
            ),
        ),
    ]
    assert await notices(db, ADMINS[1]) == [
        (
            "消息无法送达：群 oc_ops",
            "消息过大。\n发往它的消息会保留，恢复后立即发出。",
        ),
        ("已恢复正常：群 oc_ops", ""),
        (
            "未能送达：群 oc_ops",
            (
                "“CPU above 90 %”（M7）：已重新发送。\n"
                "重新发送：larkbell dead --replay 42"
            ),
        ),
    ]


async def test_a_notice_that_dies_is_no_news(db, telling):
    lane = Lane("person:ou_lin/dm", LIN, Channel.DM)

    assert await _dies(db, telling, _outgoing("notice"), lane=lane) == []


async def test_without_admins_nobody_is_told(db):
    nobody = Telling(voice=Voice(types=Types()))
    await db.write(lambda tx: nobody.tell(tx, "Hello", now=MONDAY))

    async with db.reading() as tx:
        assert await outbox.count_open(tx) == 0


async def test_what_is_told_is_kept_with_what_it_is_about_or_not_at_all(db, telling):
    async def told_and_failed(tx):
        await telling.tell(tx, "Hello", now=MONDAY)
        raise LookupError

    with pytest.raises(LookupError):
        await db.write(told_and_failed)
    assert await notices(db, ADMINS[0]) == []


async def test_a_title_of_an_alert_mentions_nobody(db, telling):
    [(_, text)] = await _dies(db, telling, _outgoing(title="<at id=all></at> down"))

    assert "<at" not in text
