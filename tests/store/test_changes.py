"""Mutes, and the audit log."""

from __future__ import annotations

from datetime import timedelta

from handlers.rules.methods import ALL
from store import audit, mutes
from store.audit import Change
from store.values import Channel, Destination, Kind, Mute, Subscription, Window
from tests.conftest import MONDAY

OPS = Destination(Kind.CHAT, "oc_ops")

QUIET = Mute(
    id=0,
    target=OPS,
    where="product=cdn",
    until=MONDAY + timedelta(hours=2),
    mutes=frozenset({Channel.SMS, Channel.VOICE}),
    spare_critical=False,
    reason="切换 “now”",
    created_by="ou_wei",
    created_at=MONDAY,
)
RULE = Subscription(
    id=4,
    name="1",
    owner="chat:oc_ops",
    patterns=("finance.*",),
    where='"a, b"',
    to=(OPS, Destination(Kind.ROBOT, "ops-room")),
    via=(Channel.INBOX, Channel.CHAT),
    created_by="ou_wei",
    created_at=MONDAY,
)
NIGHTS = Window(
    id=5,
    name="nights",
    target=OPS,
    start=None,
    end=None,
    zone="Asia/Shanghai",
    mutes=ALL,
    created_at=MONDAY,
    changed_by="ou_wei",
)


async def mutes_at(db, now):
    async with db.reading() as tx:
        return await mutes.of(tx, OPS, now=now)


async def test_a_mute_is_kept_as_it_was_made_until_its_end(db):
    kept = await db.write(lambda tx: mutes.add(tx, QUIET))

    assert await mutes_at(db, MONDAY) == [kept]
    assert await mutes_at(db, QUIET.until - timedelta(milliseconds=1)) == [kept]
    assert await mutes_at(db, QUIET.until) == []


async def test_a_mute_that_was_lifted_can_be_brought_back(db):
    kept = await db.write(lambda tx: mutes.add(tx, QUIET))

    await db.write(lambda tx: mutes.lift(tx, kept.id, now=MONDAY))
    assert await mutes_at(db, MONDAY) == []

    await db.write(lambda tx: mutes.revive(tx, kept.id))
    assert await mutes_at(db, MONDAY) == [kept]


async def test_mutes_of_long_ago_are_forgotten(db):
    await db.write(lambda tx: mutes.add(tx, QUIET))
    over = QUIET.until + timedelta(seconds=1)

    assert await db.write(lambda tx: mutes.prune(tx, before=MONDAY)) == 0
    assert await db.write(lambda tx: mutes.prune(tx, before=over)) == 1


def a_change(**fields):
    return Change(
        **{
            "id": 0,
            "at": MONDAY,
            "actor": "ou_wei",
            "place": "oc_ops",
            "command": "/sub add finance.*",
            "subject": "chat:oc_ops",
            "was": (),
            "became": (RULE,),
        }
        | fields
    )


async def test_a_change_is_kept_with_what_was_and_what_is(db):
    change = a_change(was=(RULE, NIGHTS), became=(NIGHTS, QUIET, RULE))

    kept = await db.write(lambda tx: audit.record(tx, change))

    async with db.reading() as tx:
        assert await audit.get(tx, kept.id) == kept
        assert (kept.was, kept.became) == (change.was, change.became)
        assert await audit.get(tx, kept.id + 1) is None


async def test_the_latest_changes_of_a_place_come_first(db):
    later = MONDAY + timedelta(minutes=5)

    async def record(tx):
        return [
            (await audit.record(tx, each)).id
            for each in (
                a_change(),
                a_change(place="oc_dev"),
                a_change(at=later),
                a_change(at=later),
            )
        ]

    first, _, third, fourth = await db.write(record)

    async def latest(since):
        async with db.reading() as tx:
            return [each.id for each in await audit.latest(tx, "oc_ops", since=since)]

    assert await latest(MONDAY) == [fourth, third, first]
    assert await latest(later) == [fourth, third]


async def test_a_change_is_undone_once(db):
    kept = await db.write(lambda tx: audit.record(tx, a_change()))

    async def undo(tx):
        return await audit.mark_undone(tx, kept.id, now=MONDAY)

    assert await db.write(undo) is True
    assert await db.write(undo) is False
    async with db.reading() as tx:
        assert (await audit.get(tx, kept.id)).undone_at == MONDAY


async def test_changes_of_long_ago_are_forgotten(db):
    await db.write(lambda tx: audit.record(tx, a_change()))

    assert await db.write(lambda tx: audit.prune(tx, before=MONDAY)) == 0
    later = MONDAY + timedelta(seconds=1)
    assert await db.write(lambda tx: audit.prune(tx, before=later)) == 1
