"""Lanes: who may speak where, in which order, and for how long."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from store import lanes, outbox, silences
from store.lanes import LEASE, Lane, Waking
from store.opening import open_database
from store.outbox import CRITICAL, ORDINARY, REPLY
from store.values import Channel, Destination, Kind, Severity, State
from tests.conftest import KEYRING, MONDAY
from tests.store.samples import LIN, OPS, ROBOT, WEB, deliver, waiting_in

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DUE_IN_OPS = Waking(OPS, Channel.CHAT, MONDAY)
DUE_IN_WEB = Waking(WEB, Channel.CHAT, MONDAY)


def _lane(to: Destination, over: Channel = Channel.CHAT) -> Lane:
    return Lane(lanes.lane_id(to, over), to, over)


async def _claim(db, worker="w1", *, now=MONDAY, batch=10):
    found = await db.write(
        lambda tx: lanes.claim(tx, worker=worker, now=now, batch=batch)
    )
    return [each.id for each in found]


async def _touch(db, *wakings):
    await db.write(lambda tx: lanes.touch(tx, wakings))


async def _release(db, to, worker="w1", *, pace_until=MONDAY):
    return await db.write(
        lambda tx: lanes.release(tx, _lane(to), worker=worker, pace_until=pace_until)
    )


async def _renew(db, to, worker="w1", *, now):
    return await db.write(lambda tx: lanes.renew(tx, _lane(to), worker=worker, now=now))


async def _next_due(db):
    async with db.reading() as tx:
        return await lanes.next_due(tx)


async def test_a_claim_names_where_the_lane_leads(db):
    await _touch(
        db, Waking(ROBOT, Channel.CHAT, MONDAY), Waking(LIN, Channel.DM, MONDAY)
    )

    claimed = await db.write(
        lambda tx: lanes.claim(tx, worker="w1", now=MONDAY, batch=10)
    )
    assert claimed == [_lane(LIN, Channel.DM), _lane(ROBOT)]


async def test_the_most_urgent_lane_is_claimed_first_then_the_longest_waiting(db):
    await _touch(
        db,
        Waking(OPS, Channel.CHAT, MONDAY - HOUR, ORDINARY),
        Waking(WEB, Channel.CHAT, MONDAY - 2 * HOUR, ORDINARY),
        Waking(ROBOT, Channel.CHAT, MONDAY, CRITICAL),
        Waking(LIN, Channel.DM, MONDAY, REPLY),
        Waking(LIN, Channel.CHAT, MONDAY + SECOND, REPLY),
    )

    assert [await _claim(db, batch=2), await _claim(db, batch=2), await _claim(db)] == [
        ["person:ou_lin/dm", "robot:ops-room/chat"],
        ["chat:oc_web/chat", "chat:oc_ops/chat"],
        [],
    ]


async def test_a_lane_that_is_touched_again_is_never_due_later_or_less_urgent(db):
    await _touch(db, Waking(OPS, Channel.CHAT, MONDAY, CRITICAL))
    await _touch(db, Waking(OPS, Channel.CHAT, MONDAY + HOUR, ORDINARY))
    await _touch(db, Waking(WEB, Channel.CHAT, MONDAY, CRITICAL + 1))

    assert await _claim(db) == ["chat:oc_ops/chat", "chat:oc_web/chat"]


async def test_the_earliest_of_many_touches_at_once_counts(db):
    await _touch(
        db,
        Waking(OPS, Channel.CHAT, MONDAY + HOUR, CRITICAL),
        Waking(OPS, Channel.CHAT, MONDAY, ORDINARY),
        Waking(WEB, Channel.CHAT, MONDAY, ORDINARY),
    )

    assert await _claim(db) == ["chat:oc_ops/chat", "chat:oc_web/chat"]


async def test_a_lease_is_exclusive_until_it_runs_out(db):
    await _touch(db, DUE_IN_OPS)
    await _claim(db, "w1")

    just_before = MONDAY + LEASE - timedelta(milliseconds=1)
    assert await _claim(db, "w2", now=just_before) == []
    assert await _claim(db, "w1", now=just_before) == []
    assert await _claim(db, "w2", now=MONDAY + LEASE) == ["chat:oc_ops/chat"]


async def test_only_the_worker_that_holds_the_lease_can_renew_it(db):
    await _touch(db, DUE_IN_OPS)
    await _claim(db, "w1")

    later = MONDAY + LEASE - SECOND
    assert await _renew(db, OPS, "w2", now=later) is False
    assert await _renew(db, OPS, "w1", now=later) is True
    assert await _claim(db, "w2", now=MONDAY + LEASE) == []
    assert await _claim(db, "w2", now=later + LEASE) == ["chat:oc_ops/chat"]


async def test_a_lease_that_ran_out_cannot_be_renewed(db):
    """Somebody else may have looked at the lane by now, and sent."""
    await _touch(db, DUE_IN_OPS)
    await _claim(db, "w1")

    assert await _renew(db, OPS, "w1", now=MONDAY + LEASE) is False


async def test_only_the_worker_that_holds_a_lane_gives_it_back(db):
    await deliver(db, "waits")
    await _claim(db, "w1")
    await _claim(db, "w2", now=MONDAY + LEASE)

    assert await _release(db, OPS, "w1") is False
    assert await _claim(db, "w3", now=MONDAY + LEASE) == []
    assert await _release(db, OPS, "w2") is True
    assert await _claim(db, "w3", now=MONDAY + LEASE) == ["chat:oc_ops/chat"]


async def test_a_lane_given_back_is_closed_until_its_pace_allows(db):
    await deliver(db, "waits")
    await _claim(db)
    await _release(db, OPS, pace_until=MONDAY + SECOND)

    assert await _claim(db, now=MONDAY + SECOND - timedelta(milliseconds=1)) == []
    assert await _claim(db, now=MONDAY + SECOND) == ["chat:oc_ops/chat"]


async def test_a_lane_given_back_empty_is_not_due(db):
    await _touch(db, DUE_IN_OPS)
    await _claim(db)
    await _release(db, OPS)

    assert await _next_due(db) is None
    assert await _claim(db, now=MONDAY + timedelta(days=365)) == []


async def test_a_lane_given_back_is_due_with_its_next_message(db):
    await deliver(db, "to be tried again")
    await _claim(db)
    [first] = await waiting_in(db, "chat:oc_ops/chat")
    await db.write(lambda tx: outbox.start_sending(tx, first, payload="{}", now=MONDAY))
    await db.write(
        lambda tx: outbox.try_again(
            tx,
            first,
            at=MONDAY + HOUR,
            reason="",
            uncertain=False,
            counts=True,
            now=MONDAY,
        )
    )
    await _release(db, OPS)

    assert await _next_due(db) == MONDAY + HOUR


async def test_a_lane_given_back_is_as_urgent_as_what_is_left_in_it(db):
    await deliver(db, "bad", severity=Severity.CRITICAL)
    await deliver(db, "so so")
    await deliver(db, "bad too", to=WEB, severity=Severity.CRITICAL)
    await _claim(db)
    [bad, _] = await waiting_in(db, "chat:oc_ops/chat")
    await db.write(lambda tx: outbox.finish(tx, bad, State.DELIVERED, now=MONDAY))
    await _release(db, OPS)
    await _release(db, WEB)

    assert await _claim(db) == ["chat:oc_web/chat", "chat:oc_ops/chat"]


async def test_a_lane_given_back_is_due_with_the_end_of_its_hold(db):
    await _touch(db, DUE_IN_OPS)
    await _claim(db)
    for cause, hours in (("window:1", 8), ("mute:1", 2)):
        await db.write(
            lambda tx, cause=cause, hours=hours: silences.open_hold(
                tx,
                lane="chat:oc_ops/chat",
                cause=cause,
                words="",
                author="",
                until=MONDAY + hours * HOUR,
                now=MONDAY,
            )
        )
    await _release(db, OPS)

    assert await _next_due(db) == MONDAY + 2 * HOUR


async def test_what_arrives_while_a_lane_is_held_is_due_when_it_is_given_back(db):
    await _touch(db, DUE_IN_OPS)
    await _claim(db)
    await deliver(db, "meanwhile")
    await _release(db, OPS)

    assert await _claim(db) == ["chat:oc_ops/chat"]


async def test_a_start_returns_all_leases(db):
    await _touch(
        db, Waking(OPS, Channel.CHAT, MONDAY), Waking(WEB, Channel.CHAT, MONDAY)
    )
    await _claim(db, "w0", batch=1)

    assert await db.write(lanes.return_leases) == 1
    assert await _claim(db, "w1") == ["chat:oc_ops/chat", "chat:oc_web/chat"]


async def test_a_worker_that_stops_returns_its_own_leases(db):
    await _touch(
        db, Waking(OPS, Channel.CHAT, MONDAY), Waking(WEB, Channel.CHAT, MONDAY)
    )
    await _claim(db, "w1", batch=1)
    await _claim(db, "w2", batch=1)

    assert await db.write(lambda tx: lanes.return_leases_of(tx, "w1")) == 1
    assert await _claim(db, "w3") == ["chat:oc_ops/chat"]


async def _park(db, to, *, until, words="the webhook is gone", now=MONDAY):
    return await db.write(
        lambda tx: lanes.park(tx, _lane(to), words=words, until=until, now=now)
    )


async def test_a_parked_lane_is_skipped_until_it_is_tried_again(db):
    await _touch(
        db, Waking(OPS, Channel.CHAT, MONDAY), Waking(WEB, Channel.CHAT, MONDAY)
    )

    assert await _park(db, OPS, until=MONDAY + HOUR) is True
    assert await _claim(db, "w1") == ["chat:oc_web/chat"]
    await _release(db, WEB)
    assert await _next_due(db) == MONDAY + HOUR
    assert await _claim(db, now=MONDAY + HOUR) == ["chat:oc_ops/chat"]


async def test_a_lane_is_parked_once_and_knows_why(db):
    await _touch(db, DUE_IN_OPS)

    assert await _park(db, OPS, until=MONDAY + HOUR) is True
    assert await _park(db, OPS, until=MONDAY + 2 * HOUR) is False
    async with db.reading() as tx:
        assert [(each.destination, each.words) for each in await lanes.parked(tx)] == [
            (OPS, "the webhook is gone")
        ]
    assert await _next_due(db) == MONDAY + 2 * HOUR


async def test_a_lane_that_opens_again_is_due_at_once(db):
    await deliver(db, "waits")
    await _claim(db)
    await _park(db, OPS, until=MONDAY + HOUR)
    await _release(db, OPS)

    assert await db.write(lambda tx: lanes.unpark(tx, _lane(OPS))) is True
    assert await db.write(lambda tx: lanes.unpark(tx, _lane(OPS))) is False
    assert await _claim(db) == ["chat:oc_ops/chat"]


async def test_a_destination_opens_with_all_its_lanes_and_no_other(db):
    everywhere = [(LIN, Channel.DM), (LIN, Channel.EMAIL), (OPS, Channel.CHAT)]
    for to, over in everywhere:
        await _touch(db, Waking(to, over, MONDAY))
        await db.write(
            lambda tx, to=to, over=over: lanes.park(
                tx, _lane(to, over), words="", until=MONDAY + HOUR, now=MONDAY
            )
        )

    assert await db.write(lambda tx: lanes.unpark_destination(tx, LIN)) is True
    assert await db.write(lambda tx: lanes.unpark_destination(tx, LIN)) is False
    assert await _claim(db) == ["person:ou_lin/dm", "person:ou_lin/email"]


async def test_it_is_known_whether_anything_was_ever_for_somebody(db):
    await _touch(db, DUE_IN_OPS)

    async with db.reading() as tx:
        assert [await lanes.exist_for(tx, OPS), await lanes.exist_for(tx, WEB)] == [
            True,
            False,
        ]


def _many(count: int) -> list[Waking]:
    return [
        Waking(Destination(Kind.CHAT, f"oc_{n:03}"), Channel.CHAT, MONDAY)
        for n in range(count)
    ]


async def test_replicas_that_claim_at_once_never_hold_the_same_lane(postgres_url):
    replicas = [await open_database(postgres_url, keyring=KEYRING) for _ in range(3)]
    await _touch(replicas[0], *_many(60))

    async def work(number: int) -> list[str]:
        """Claim in a transaction of one's own: the group commit would queue up."""
        held: list[str] = []
        for _ in range(6):
            async with replicas[number % 3].transaction() as tx:
                found = await lanes.claim(tx, worker=f"w{number}", now=MONDAY, batch=4)
                # Others claim while this transaction is still open.
                await asyncio.sleep(0)
                held += [each.id for each in found]
        return held

    claimed = await asyncio.gather(*(work(n) for n in range(9)))

    assert sorted(lane for held in claimed for lane in held) == [
        f"chat:oc_{n:03}/chat" for n in range(60)
    ]
    for replica in replicas:
        await replica.close()


async def test_a_claim_does_not_wait_for_another_that_is_not_over(postgres_url):
    replica = await open_database(postgres_url, keyring=KEYRING)
    await _touch(replica, *_many(5))

    async with replica.transaction() as open_tx:
        mine = await lanes.claim(open_tx, worker="w1", now=MONDAY, batch=2)
        yours = await _claim(replica, "w2")

    assert [each.id for each in mine] == ["chat:oc_000/chat", "chat:oc_001/chat"]
    assert yours == ["chat:oc_002/chat", "chat:oc_003/chat", "chat:oc_004/chat"]
    await replica.close()
