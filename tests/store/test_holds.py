"""Holds: what one window or mute keeps for one lane, as one row."""

from __future__ import annotations

from datetime import timedelta

from store import lanes, outbox, silences
from store.silences import Held, Hold
from store.values import Channel, Destination, Kind, State
from tests.conftest import MONDAY
from tests.known_robots import know
from tests.store.samples import (
    LIN,
    OPS,
    ROBOT,
    WEB,
    deliver,
    fates,
    told,
    waiting_in,
)

HOUR = timedelta(hours=1)
NIGHT = MONDAY + 8 * HOUR


async def _hold(db, *titles, to=OPS, cause="window:1", until=NIGHT, now=MONDAY):
    """Queue messages and let a rule keep them; return hold and numbers."""
    over = Channel.DM if to.kind is Kind.PERSON else Channel.CHAT
    lane = lanes.lane_id(to, over)
    numbers = await deliver(db, *titles, to=to, over=over, now=now)
    members = [each.id for each in await waiting_in(db, lane, now=now)]

    async def keep(tx):
        hold = await silences.open_hold(
            tx,
            lane=lane,
            cause=cause,
            words=f"{cause} says so",
            author="ou_wei",
            until=until,
            now=now,
        )
        await outbox.keep_held(
            tx, hold, members, reason=f"{cause} says so", rule=cause, now=now
        )
        return hold

    return await db.write(keep), numbers


async def _due(db, lane="chat:oc_ops/chat", *, now):
    async with db.reading() as tx:
        return await silences.holds_due(tx, lane=lane, now=now)


async def _members(db, hold):
    async with db.reading() as tx:
        found = await outbox.held_members(tx, hold, batch=100)
    return [each.notification.number for each in found]


async def _held(db, target):
    async with db.reading() as tx:
        return await silences.held(tx, target)


async def _release(db, target, *, now=MONDAY):
    return await db.write(lambda tx: silences.release(tx, target, now=now))


async def _claimable(db, *, now=MONDAY):
    found = await db.write(lambda tx: lanes.claim(tx, worker="w1", now=now, batch=10))
    return [each.id for each in found]


async def _robot(db, name="ops-room", chat="oc_ops"):
    await db.write(lambda tx: know(tx, name, chat=chat))


async def test_what_is_held_says_why_and_until_when(db):
    _, [number] = await _hold(db, "a")

    [delivery] = await told(db, number)
    assert (delivery.state, delivery.reason, delivery.rule, delivery.until) == (
        State.HELD,
        "window:1 says so",
        "window:1",
        NIGHT,
    )
    assert await waiting_in(db, "chat:oc_ops/chat", now=NIGHT) == []


async def test_one_rule_keeps_one_row_a_lane_whose_end_is_the_newest(db):
    first, one = await _hold(db, "a")
    second, two = await _hold(db, "b", until=NIGHT + HOUR)

    assert first == second
    assert await _members(db, first) == [*one, *two]
    assert await _due(db, now=NIGHT) == []
    assert await _due(db, now=NIGHT + HOUR) == [
        Hold(first, "window:1", "window:1 says so", MONDAY, NIGHT + HOUR)
    ]


async def test_each_rule_and_each_lane_has_its_own_row(db):
    holds = [
        (await _hold(db, "a"))[0],
        (await _hold(db, "b", cause="mute:1"))[0],
        (await _hold(db, "c", to=WEB))[0],
    ]

    assert len(set(holds)) == 3


async def test_holds_end_in_the_order_of_their_ends(db):
    late, _ = await _hold(db, "a", until=NIGHT)
    early, _ = await _hold(db, "b", cause="mute:1", until=NIGHT - HOUR)

    assert [each.id for each in await _due(db, now=NIGHT)] == [early, late]
    assert [each.id for each in await _due(db, now=NIGHT - HOUR)] == [early]


async def test_a_hold_that_keeps_something_is_not_forgotten(db):
    hold, [number] = await _hold(db, "a")

    await db.write(lambda tx: silences.close_hold(tx, hold))
    assert len(await _due(db, now=NIGHT)) == 1

    members = [each.id for each in await _raw_members(db, hold)]
    await db.write(lambda tx: outbox.let_go(tx, members, now=NIGHT))
    await db.write(lambda tx: silences.close_hold(tx, hold))
    assert await _due(db, now=NIGHT) == []
    assert await fates(db, number) == [("queued", "window:1 says so")]


async def _raw_members(db, hold):
    async with db.reading() as tx:
        return await outbox.held_members(tx, hold, batch=100)


async def test_what_is_let_go_is_sent_as_itself(db):
    hold, _ = await _hold(db, "a", "b")
    members = [each.id for each in await _raw_members(db, hold)]

    await db.write(lambda tx: outbox.let_go(tx, members, now=NIGHT))
    assert [
        each.id for each in await waiting_in(db, "chat:oc_ops/chat", now=NIGHT)
    ] == (members)
    assert await _members(db, hold) == []


async def test_another_rule_can_keep_what_one_lets_go(db):
    hold, one = await _hold(db, "a")
    _, two = await _hold(db, "b")
    [first, second] = await _raw_members(db, hold)

    async def decide_again(tx):
        other = await silences.open_hold(
            tx,
            lane="chat:oc_ops/chat",
            cause="mute:1",
            words="muted",
            author="",
            until=NIGHT + HOUR,
            now=NIGHT,
        )
        await outbox.keep_held(
            tx, other, [second.id], reason="muted", rule="mute:1", now=NIGHT
        )
        await outbox.let_go(tx, [first.id], now=NIGHT)
        await silences.close_hold(tx, hold)
        return other

    other = await db.write(decide_again)
    assert await _members(db, other) == two
    assert [str((await told(db, n))[0].state) for n in (*one, *two)] == [
        "queued",
        "held",
    ]
    assert [each.cause for each in await _due(db, now=NIGHT + HOUR)] == ["mute:1"]


async def test_what_expires_in_a_hold_leaves_it(db):
    hold, [number] = await _hold(db, "a")
    [member] = await _raw_members(db, hold)

    await db.write(
        lambda tx: outbox.close_deliveries(
            tx, [member.id], State.EXPIRED, reason="held for longer", now=NIGHT
        )
    )
    await db.write(lambda tx: silences.close_hold(tx, hold))
    assert await fates(db, number) == [("expired", "held for longer")]
    assert await _due(db, now=NIGHT) == []


async def test_what_is_held_is_counted_by_rule(db):
    await _robot(db)
    await _hold(db, "a", "b")
    await _hold(db, "c", cause="mute:1", until=MONDAY + HOUR)
    await _hold(db, "d", to=ROBOT)
    await _hold(db, "e", to=WEB)

    assert await _held(db, OPS) == [
        Held("mute:1", "mute:1 says so", MONDAY + HOUR, 1),
        Held("window:1", "window:1 says so", NIGHT, 3),
    ]
    assert await _held(db, LIN) == []


async def test_releasing_a_group_releases_its_robots_and_nobody_else(db):
    await _robot(db)
    await _robot(db, "web-room", "oc_web")
    await _hold(db, "a", "b")
    await _hold(db, "c", to=ROBOT)
    await _hold(db, "d", to=Destination(Kind.ROBOT, "web-room"))
    await _hold(db, "e", to=WEB)
    await _hold(db, "f", to=LIN)
    await _empty_the_lanes(db)

    assert await _release(db, OPS) == 3
    assert await _claimable(db) == ["chat:oc_ops/chat", "robot:ops-room/chat"]
    assert len(await _due(db, now=MONDAY)) == 1
    assert len(await _due(db, "robot:ops-room/chat", now=MONDAY)) == 1
    assert await _due(db, "chat:oc_web/chat", now=MONDAY) == []


async def _empty_the_lanes(db):
    """Let a worker look at every lane, so that only holds make them due."""
    found = await db.write(
        lambda tx: lanes.claim(tx, worker="w0", now=MONDAY, batch=100)
    )
    for lane in found:
        await db.write(
            lambda tx, lane=lane: lanes.release(
                tx, lane, worker="w0", pace_until=MONDAY
            )
        )


async def test_releasing_a_robot_leaves_its_group_alone(db):
    await _robot(db)
    await _hold(db, "a")
    await _hold(db, "b", to=ROBOT)

    assert await _release(db, ROBOT) == 1
    assert await _due(db, now=MONDAY) == []


async def test_nothing_held_is_nothing_released(db):
    assert await _release(db, OPS) == 0


async def test_one_rule_ends_in_every_lane_and_the_others_stay(db):
    await _hold(db, "a")
    await _hold(db, "b", to=WEB)
    await _hold(db, "c", cause="window:11")
    await _empty_the_lanes(db)

    await db.write(lambda tx: silences.release_cause(tx, "window:1", now=MONDAY + HOUR))
    assert [each.cause for each in await _due(db, now=MONDAY + HOUR)] == ["window:1"]
    assert await _claimable(db, now=MONDAY + HOUR) == [
        "chat:oc_ops/chat",
        "chat:oc_web/chat",
    ]


async def test_a_release_does_not_put_off_what_is_over_already(db):
    await _hold(db, "a", until=MONDAY - HOUR)
    await _release(db, OPS)

    [hold] = await _due(db, now=MONDAY)
    assert hold.until == MONDAY - HOUR


async def test_a_robot_obeys_itself_and_the_group_it_posts_in(db):
    await _robot(db)
    await _robot(db, "loose", None)

    async with db.reading() as tx:
        assert [
            await silences.targets_of(tx, destination)
            for destination in (
                OPS,
                LIN,
                ROBOT,
                Destination(Kind.ROBOT, "loose"),
                Destination(Kind.ROBOT, "gone"),
            )
        ] == [
            (OPS,),
            (LIN,),
            (ROBOT, OPS),
            (Destination(Kind.ROBOT, "loose"),),
            (Destination(Kind.ROBOT, "gone"),),
        ]
        assert await silences.obeyers_of(tx, OPS) == (OPS, ROBOT)
        assert await silences.obeyers_of(tx, ROBOT) == (ROBOT,)
