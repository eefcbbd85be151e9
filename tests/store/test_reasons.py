"""Reasons are kept as what they are made of, and are plain words to whoever asks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.language.catalogues import say
from store import dead_letters, lanes, outbox, silences
from store.values import Channel, State
from store.wording import _, capital, read, titled, written
from tests.conftest import MONDAY
from tests.store.samples import OPS, deliver, fates, lane_named, told, waiting_in

LANE = "chat:oc_ops/chat"
HOUR = timedelta(hours=1)
NIGHT = titled("Nights {x}", "夜间 {x}")
REASON = _("Held back: {rule}", rule=NIGHT)
IN_CHINESE = "暂存的消息：夜间 {x}"


async def _first(db):
    return (await waiting_in(db, LANE))[0]


async def _raw(db, column, table):
    """Return what a row has in *column*, as it stands there."""
    async with db.reading() as tx:
        match table:
            case "outbox":
                row = await tx.one("outbox_get", id=1)
            case _:
                row = (await tx.all("lanes_parked"))[0]
    return row[column]


def _both(text):
    return text, say(text, "zh")


BOTH = ("Held back: Nights {x}", IN_CHINESE)


async def test_why_a_message_was_given_up_is_said_in_either_language(db):
    [number] = await deliver(db, "a")
    outgoing = await _first(db)
    await db.write(
        lambda tx: outbox.finish(tx, outgoing, State.DEAD, reason=REASON, now=MONDAY)
    )
    [delivery] = await told(db, number)
    async with db.reading() as tx:
        [dead] = await dead_letters.latest(tx)
    assert (_both(delivery.reason), _both(dead.reason)) == (BOTH, BOTH)
    assert await _raw(db, "reason", "outbox") == written(REASON)


async def test_why_a_message_waits_is_said_in_either_language(db):
    [number] = await deliver(db, "a")
    outgoing = await _first(db)

    async def again(tx):
        await outbox.start_sending(tx, outgoing, payload="{}", now=MONDAY)
        await outbox.try_again(
            tx,
            outgoing,
            at=MONDAY,
            reason=REASON,
            uncertain=False,
            counts=True,
            now=MONDAY,
        )

    await db.write(again)
    [delivery] = await told(db, number)
    assert _both(delivery.reason) == BOTH


async def test_what_a_rule_keeps_back_is_said_in_either_language(db):
    [number] = await deliver(db, "a")
    members = [each.id for each in await waiting_in(db, LANE)]

    async def keep(tx):
        hold = await silences.open_hold(
            tx,
            lane=LANE,
            cause="window:1",
            words=REASON,
            author="yaml",
            until=MONDAY + HOUR,
            now=MONDAY,
        )
        await outbox.keep_held(
            tx, hold, members, reason=REASON, rule="window:1", now=MONDAY
        )

    await db.write(keep)
    async with db.reading() as tx:
        [held] = await silences.held(tx, OPS)
        [due] = await silences.holds_due(tx, lane=LANE, now=MONDAY + HOUR)
    [delivery] = await told(db, number)
    said = [_both(each) for each in (held.words, due.words, delivery.reason)]
    assert said == [BOTH, BOTH, BOTH]


async def test_what_ends_without_being_sent_says_why_in_either_language(db):
    muted, gone = await deliver(db, "a", "b")
    first, _later = await waiting_in(db, LANE)

    async def end(tx):
        await outbox.close_deliveries(
            tx, [first.id], State.MUTED, reason=REASON, now=MONDAY
        )
        await outbox.close_destination(tx, OPS, reason=REASON, now=MONDAY)

    await db.write(end)
    said = [_both(each.reason) for n in (muted, gone) for each in await told(db, n)]
    assert said == [BOTH, BOTH]


async def test_what_waited_in_a_lane_that_leads_nowhere_says_why_in_either_language(
    db,
):
    [number] = await deliver(db, "a")
    await db.write(
        lambda tx: outbox.close_lane(tx, lane_named(LANE), reason=REASON, now=MONDAY)
    )
    [delivery] = await told(db, number)
    assert (delivery.state, _both(delivery.reason)) == (State.UNDELIVERABLE, BOTH)


async def test_why_a_lane_is_parked_is_said_in_either_language_where_a_message_waits(
    db,
):
    [number] = await deliver(db, "a")
    await db.write(
        lambda tx: lanes.park(
            tx, lane_named(LANE), words=REASON, until=MONDAY + HOUR, now=MONDAY
        )
    )
    async with db.reading() as tx:
        [parked] = await lanes.parked(tx)
    [delivery] = await told(db, number)
    assert (_both(parked.words), _both(delivery.reason)) == (BOTH, BOTH)
    assert await _raw(db, "parked_words", "lanes") == written(REASON)


async def test_what_a_digest_told_says_so_in_either_language(db):
    [number] = await deliver(db, "a")
    members = [each.id for each in await waiting_in(db, LANE)]

    async def tell(tx):
        digest = await outbox.enqueue(
            tx,
            kind="digest",
            destination=OPS,
            channel=Channel.CHAT,
            payload="{}",
            reason=REASON,
            now=MONDAY,
        )
        await outbox.join_digest(tx, digest, members, now=MONDAY)

    await db.write(tell)
    digest = await _first(db)
    await db.write(
        lambda tx: outbox.finish(tx, digest, State.DELIVERED, now=MONDAY + HOUR)
    )
    [delivery] = await told(db, number)
    assert _both(delivery.reason) == ("told in a digest", "已并入摘要发送")


async def test_what_is_sent_once_more_says_so_in_either_language(db):
    [number] = await deliver(db, "a")
    outgoing = await _first(db)

    async def replay(tx):
        await outbox.finish(tx, outgoing, State.DEAD, reason=REASON, now=MONDAY)
        return await dead_letters.replay(tx, outgoing.id, now=MONDAY)

    assert await db.write(replay) is True
    [delivery] = await told(db, number)
    assert _both(delivery.reason) == ("replayed", "已重新发送")


@pytest.mark.parametrize("plain", ["", "502", "50 % {off}", '\x1e["{x}","",1,{},{}]'])
async def test_what_others_wrote_is_never_taken_for_a_text_of_ours(db, plain):
    [number] = await deliver(db, "a")
    outgoing = await _first(db)
    await db.write(
        lambda tx: outbox.finish(tx, outgoing, State.DEAD, reason=plain, now=MONDAY)
    )
    assert await fates(db, number) == [("dead", plain.lstrip("\x1e"))]


def test_a_row_keeps_how_a_sentence_begins():
    begun = read(written(capital(_("told in a digest"))))
    assert _both(begun) == ("Told in a digest", "已并入摘要发送")
