"""Scheduled digests: of the YAML and of chats, and what they let go of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.rules.schedules import COLLECTABLE
from store import mutes, outbox, schedules, silences, windows
from store.values import Channel, Destination, Kind, Mute, Schedule, Window
from tests.conftest import MONDAY
from tests.store.samples import OPS, deliver, lane_named, told, waiting_in

LIN = Destination(Kind.PERSON, "ou_lin")
LATER = MONDAY + timedelta(hours=1)
LANE = "chat:oc_ops/chat"
MORNINGS = Schedule(
    id=0,
    name="mornings",
    target=OPS,
    patterns=("finance.*", "product.alarm"),
    times=(9 * 60, 18 * 60),
    days="workdays",
    zone="Asia/Shanghai",
    collects=COLLECTABLE,
    created_at=MONDAY,
)


async def apply(db, *rules, now=MONDAY):
    return await db.write(lambda tx: schedules.apply_baseline(tx, rules, now=now))


async def of(db, target=OPS):
    async with db.reading() as tx:
        return await schedules.of(tx, target)


async def keep(db, schedule, *titles):
    """Let a schedule hold messages until later; return their numbers."""
    numbers = await deliver(db, *titles)

    async def hold(tx):
        kept = await silences.open_hold(
            tx,
            lane=LANE,
            cause=f"digest:{schedule.id}@1767607200000",
            words="daily 09:00",
            author="yaml",
            until=LATER,
            now=MONDAY,
        )
        members = await outbox.due(tx, lane_named(LANE), now=MONDAY, batch=10)
        await outbox.keep_held(
            tx,
            kept,
            [each.id for each in members],
            reason="daily 09:00",
            rule=f"digest:{schedule.id}",
            stale_at=LATER,
            now=MONDAY,
        )

    await db.write(hold)
    return numbers


async def test_one_that_chat_made_has_a_number_for_a_name(db):
    wanted = replace(MORNINGS, name="", owner="chat:oc_ops", created_by="ou_wei")

    made = await db.write(lambda tx: schedules.add(tx, wanted))

    assert made == replace(wanted, id=made.id, name="1")
    assert await of(db) == [made]


async def test_one_of_the_yaml_is_kept_as_it_is_written(db):
    of_lin = replace(MORNINGS, target=LIN, collects=frozenset({Channel.EMAIL}))
    assert await apply(db, MORNINGS, of_lin) == []

    (kept,), (other,) = await of(db), await of(db, LIN)

    assert kept == replace(MORNINGS, id=kept.id)
    assert other == replace(of_lin, id=other.id)


async def test_one_that_chat_turned_off_stays_off_until_it_is_reset(db):
    await apply(db, MORNINGS)
    (kept,) = await of(db)
    off = replace(kept, enabled=False, changed_by="ou_wei")
    await db.write(lambda tx: schedules.put(tx, off, now=LATER))
    daily = replace(MORNINGS, days="daily")

    assert await apply(db, MORNINGS) == []
    assert await apply(db, daily) == ["mornings"]
    assert await of(db) == [off]
    assert await db.write(lambda tx: schedules.reset(tx, kept.id, now=LATER)) == (
        replace(daily, id=kept.id)
    )


async def test_what_the_yaml_changes_or_drops_lets_go_of_what_it_holds(db):
    await apply(db, MORNINGS)
    (kept,) = await of(db)
    for rules in ((replace(MORNINGS, days="daily"),), ()):
        (number,) = await keep(db, kept, "CPU")
        (held,) = await told(db, number)
        assert (held.state, held.rule, held.until) == (
            "held",
            f"digest:{kept.id}",
            LATER,
        )

        assert await apply(db, *rules) == []

        (free,) = await told(db, number)
        assert free.until == MONDAY
    assert await of(db) == []


async def test_those_that_are_on_are_obeyed(db):
    await apply(db, MORNINGS, replace(MORNINGS, target=LIN, name="hers"))
    (kept,) = await of(db)
    off = replace(kept, enabled=False, changed_by="ou_wei")

    async with db.reading() as tx:
        both = await silences.schedules_obeyed(tx, (OPS, LIN))
    await db.write(lambda tx: schedules.put(tx, off, now=LATER))
    async with db.reading() as tx:
        left = await silences.schedules_obeyed(tx, (OPS, LIN))

    assert [each.name for each in both] == ["mornings", "hers"]
    assert [each.name for each in left] == ["hers"]


async def test_all_that_is_obeyed_is_found_in_one_look(db):
    nights = Window(
        id=0,
        name="nights",
        target=LIN,
        start=0,
        end=60,
        zone="UTC",
        mutes=COLLECTABLE,
        created_at=MONDAY,
    )
    mute = Mute(
        id=0,
        target=OPS,
        where="",
        until=LATER,
        mutes=COLLECTABLE,
        created_by="ou_wei",
        created_at=MONDAY,
    )
    await apply(db, MORNINGS)
    await db.write(lambda tx: windows.add(tx, nights))
    await db.write(lambda tx: mutes.add(tx, mute))

    async def found(*targets, now=MONDAY):
        async with db.reading() as tx:
            obeyed = await silences.obeyed(tx, targets, now=now)
        rules = (*obeyed.windows, *obeyed.mutes, *obeyed.schedules)
        return [type(each) for each in rules]

    assert await found(OPS) == [Mute, Schedule]
    assert await found(LIN) == [Window]
    assert await found(OPS, LIN) == [Window, Mute, Schedule]
    assert await found(OPS, now=LATER) == [Schedule]
    assert await found(Destination(Kind.PERSON, "ou_wei")) == []


async def test_a_rule_counts_and_lets_go_of_what_it_keeps_alone(db):
    await apply(db, MORNINGS)
    (kept,) = await of(db)
    await keep(db, kept, "CPU", "disk")

    async def release(tx):
        # digest:1 is not the beginning of digest:10.
        others = await silences.release_cause(tx, f"digest:{kept.id}0", now=MONDAY)
        own = await silences.release_cause(tx, f"digest:{kept.id}", now=MONDAY)
        return others, own

    assert await db.write(release) == (0, 2)


async def test_a_promise_not_to_expire_is_kept_through_a_later_hold(db):
    await apply(db, MORNINGS)
    (kept,) = await of(db)
    (number,) = await keep(db, kept, "CPU")

    async def hold_by_window(tx):
        (hold,) = await silences.holds_due(tx, lane=LANE, now=LATER)
        members = await outbox.held_members(tx, hold.id, batch=10)
        promises = [each.stale_at for each in members]
        ids = [each.id for each in members]
        await outbox.keep_held(
            tx, hold.id, ids, reason="nights", rule="window:1", now=LATER
        )
        await outbox.let_go(tx, ids, now=LATER)
        return promises

    assert await db.write(hold_by_window) == [LATER]
    (waiting,) = await waiting_in(db, LANE, now=LATER)
    assert (waiting.stale_at, waiting.since) == (LATER, MONDAY)
    (delivery,) = await told(db, number)
    assert (delivery.since, delivery.at) == (MONDAY, LATER)
