"""The outbox: everything to be sent, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from store import dead_letters, notifications, outbox
from store.dead_letters import Dead
from store.outbox import CRITICAL, ORDINARY, REPLY, Planned
from store.values import Channel, Severity, State
from tests.conftest import MONDAY
from tests.store.samples import (
    LIN,
    OPS,
    ROBOT,
    WEB,
    accept,
    deliver,
    draft,
    fates,
    lane_named,
    told,
    waiting_in,
)

HOUR = timedelta(hours=1)
OPS_LANE = "chat:oc_ops/chat"


async def _say(db, text="{}", *, kind="reply", to=OPS, rank=REPLY, now=MONDAY):
    return await db.write(
        lambda tx: outbox.enqueue(
            tx,
            kind=kind,
            destination=to,
            channel=Channel.CHAT,
            payload=text,
            rank=rank,
            now=now,
        )
    )


async def _start(db, outgoing, payload="{}", *, now=MONDAY):
    return await db.write(
        lambda tx: outbox.start_sending(tx, outgoing, payload=payload, now=now)
    )


async def _finish(db, outgoing, state, reason="", *, now=MONDAY):
    await db.write(
        lambda tx: outbox.finish(tx, outgoing, state, reason=reason, now=now)
    )


async def _again(db, outgoing, *, counts=True, uncertain=False, now=MONDAY):
    await db.write(
        lambda tx: outbox.try_again(
            tx,
            outgoing,
            at=now,
            reason="502",
            uncertain=uncertain,
            counts=counts,
            now=now,
        )
    )


async def _first(db, lane=OPS_LANE, *, now=MONDAY):
    return (await waiting_in(db, lane, now=now))[0]


async def _digest(db, members, *, lane=OPS_LANE):
    """Let one digest tell what waits for *members*, and return it."""
    number = await _say(db, "digest", kind="digest", rank=ORDINARY)
    await db.write(lambda tx: outbox.join_digest(tx, number, members, now=MONDAY))
    [digest] = [each for each in await waiting_in(db, lane) if each.id == number]
    return digest


async def _replay(db, number, *, now=MONDAY):
    return await db.write(lambda tx: dead_letters.replay(tx, number, now=now))


async def _dead(db):
    async with db.reading() as tx:
        return await dead_letters.latest(tx)


async def test_answers_go_first_then_criticals_then_the_oldest(db):
    await deliver(db, "first", "second")
    await deliver(db, "bad", severity=Severity.CRITICAL)
    await _say(db, "answer")

    assert [
        (each.rank, each.notification and each.notification.title)
        for each in await waiting_in(db, OPS_LANE)
    ] == [(REPLY, None), (CRITICAL, "bad"), (ORDINARY, "first"), (ORDINARY, "second")]


async def test_what_waits_for_its_time_does_not_hold_up_the_next(db):
    await deliver(db, "first", "second")
    first = await _first(db)
    await _start(db, first)
    await db.write(
        lambda tx: outbox.try_again(
            tx,
            first,
            at=MONDAY + HOUR,
            reason="502",
            uncertain=False,
            counts=True,
            now=MONDAY,
        )
    )

    assert [each.notification.title for each in await waiting_in(db, OPS_LANE)] == [
        "second"
    ]
    assert len(await waiting_in(db, OPS_LANE, now=MONDAY + HOUR)) == 2


async def test_a_delivery_that_ends_as_it_begins_wakes_nobody(db):
    await accept(db, draft("a"))
    async with db.reading() as tx:
        seen = await notifications.get(tx, 1)
    planned = [
        Planned(
            notification=seen,
            destination=OPS,
            channel=channel,
            rule="subscription:7",
            state=state,
            reason=reason,
        )
        for channel, state, reason in (
            (Channel.INBOX, State.DELIVERED, ""),
            (Channel.CHAT, State.UNDELIVERABLE, "this group was disbanded"),
        )
    ]
    await db.write(lambda tx: outbox.enqueue_deliveries(tx, planned, now=MONDAY))

    assert [
        (str(each.channel), str(each.state), each.reason, each.rule)
        for each in await told(db, 1)
    ] == [
        ("inbox", "delivered", "", "subscription:7"),
        ("chat", "undeliverable", "this group was disbanded", "subscription:7"),
    ]
    assert await _next_due(db) is None


async def _next_due(db):
    from store import lanes

    async with db.reading() as tx:
        return await lanes.next_due(tx)


async def test_only_one_worker_starts_to_send_a_message(db):
    await deliver(db, "a")
    first = await _first(db)

    assert [await _start(db, first), await _start(db, first)] == [True, False]


async def test_what_was_being_sent_when_its_worker_died_is_uncertain(db):
    [number] = await deliver(db, "a")
    await _start(db, await _first(db), '{"as":"it was"}')
    assert await waiting_in(db, OPS_LANE) == []

    reclaimed = await db.write(lambda tx: outbox.reclaim(tx, lane_named(OPS_LANE)))
    assert reclaimed == 1
    again = await _first(db)
    assert (again.uncertain, again.payload, again.attempts) == (
        True,
        '{"as":"it was"}',
        1,
    )
    assert await fates(db, number) == [("queued", "")]


async def test_only_the_lane_of_the_dead_worker_is_reclaimed(db):
    await deliver(db, "here")
    await deliver(db, "there", to=WEB)
    for lane in (OPS_LANE, "chat:oc_web/chat"):
        await _start(db, await _first(db, lane))

    await db.write(lambda tx: outbox.reclaim(tx, lane_named(OPS_LANE)))
    assert await fates(db, 1, 2) == [("queued", ""), ("sending", "")]


async def test_an_attempt_counts_and_a_throttle_does_not(db):
    await deliver(db, "a")

    async def attempt(now, *, counts):
        outgoing = await _first(db, now=now)
        await _start(db, outgoing, now=now)
        await _again(db, outgoing, counts=counts, now=now)
        after = await _first(db, now=now)
        return after.attempts, after.first_attempt

    assert [
        await attempt(MONDAY, counts=False),
        await attempt(MONDAY + HOUR, counts=True),
        await attempt(MONDAY + 2 * HOUR, counts=True),
    ] == [(0, None), (1, MONDAY + HOUR), (2, MONDAY + HOUR)]


async def test_a_last_state_is_never_written_over(db):
    [number] = await deliver(db, "a")
    first = await _first(db)
    await _start(db, first)
    await _finish(db, first, State.DELIVERED)

    await _finish(db, first, State.DEAD, "too late")
    await _again(db, first)
    await db.write(
        lambda tx: outbox.close_deliveries(
            tx, [first.id], State.EXPIRED, reason="too late", now=MONDAY
        )
    )
    await db.write(
        lambda tx: outbox.close_destination(tx, OPS, reason="too late", now=MONDAY)
    )
    assert await fates(db, number) == [("delivered", "")]


async def test_the_members_of_a_digest_become_digested_when_it_is_delivered(db):
    numbers = await deliver(db, "a", "b", "c")
    members = [each.id for each in await waiting_in(db, OPS_LANE)]
    digest = await _digest(db, members[:2])

    assert [each.id for each in await waiting_in(db, OPS_LANE)] == [
        members[2],
        digest.id,
    ]
    await _start(db, digest)
    await _finish(db, digest, State.DELIVERED)
    assert await fates(db, *numbers) == [
        ("digested", "told in a digest"),
        ("digested", "told in a digest"),
        ("queued", ""),
    ]


async def test_the_members_of_a_digest_share_its_death_and_its_second_life(db):
    numbers = await deliver(db, "a", "b")
    members = [each.id for each in await waiting_in(db, OPS_LANE)]
    digest = await _digest(db, members)
    await _start(db, digest, digest.payload)
    await _finish(db, digest, State.DEAD, "refused: 230022")
    assert await fates(db, *numbers) == [("dead", "refused: 230022")] * 2

    assert await _replay(db, digest.id) is True
    assert await fates(db, *numbers) == [("queued", "replayed")] * 2
    [again] = await waiting_in(db, OPS_LANE)
    assert (again.id, again.payload) == (digest.id, "digest")
    await _start(db, again)
    await _finish(db, again, State.DELIVERED)
    assert await fates(db, *numbers) == [("digested", "told in a digest")] * 2


async def test_a_member_of_a_dead_digest_can_be_replayed_by_itself(db):
    numbers = await deliver(db, "a", "b")
    members = [each.id for each in await waiting_in(db, OPS_LANE)]
    digest = await _digest(db, members)
    await _finish(db, digest, State.DEAD, "refused")

    assert await _replay(db, members[0]) is True
    [alone] = await waiting_in(db, OPS_LANE)
    assert (alone.id, alone.payload) == (members[0], None)
    assert await fates(db, *numbers) == [("queued", "replayed"), ("dead", "refused")]

    await _replay(db, digest.id)
    await _finish(db, digest, State.DELIVERED)
    assert await fates(db, *numbers) == [
        ("queued", "replayed"),
        ("digested", "told in a digest"),
    ]


async def test_a_dead_message_is_tried_again_as_if_for_the_first_time(db):
    [number] = await deliver(db, "a")
    first = await _first(db)
    await _start(db, first, "frozen")
    await _finish(db, first, State.DEAD, "tried for 24 h")

    assert await _replay(db, first.id, now=MONDAY + HOUR) is True
    again = await _first(db, now=MONDAY + HOUR)
    assert (again.attempts, again.first_attempt, again.payload, again.uncertain) == (
        0,
        None,
        None,
        False,
    )
    assert await _next_due(db) == MONDAY
    assert await fates(db, number) == [("queued", "replayed")]


async def test_only_what_is_dead_is_replayed(db):
    await deliver(db, "a")

    assert await _replay(db, (await _first(db)).id) is False
    assert await _replay(db, 4711) is False


async def test_the_dead_are_listed_newest_first(db):
    await deliver(db, "a", severity=Severity.CRITICAL)
    first = await _first(db)
    await _start(db, first)
    await _finish(db, first, State.DEAD, "refused", now=MONDAY + HOUR)
    answer = await _say(db)
    await _finish(db, await _first(db), State.DEAD, "gone")

    assert await _dead(db) == [
        Dead(answer, "reply", "chat:oc_ops", "chat", "gone", 0, MONDAY, None, None),
        Dead(
            first.id,
            "delivery",
            "chat:oc_ops",
            "chat",
            "refused",
            1,
            MONDAY + HOUR,
            1,
            "a",
        ),
    ]


async def test_an_answer_whose_question_is_gone_is_sent_by_itself(db):
    await db.write(
        lambda tx: outbox.enqueue(
            tx,
            kind="reply",
            destination=OPS,
            channel=Channel.CHAT,
            payload="{}",
            address="om_1",
            now=MONDAY,
        )
    )
    first = await _first(db)
    await db.write(lambda tx: outbox.drop_address(tx, first))

    assert [first.address, (await _first(db)).address] == ["om_1", ""]


async def test_a_destination_that_is_no_more_ends_what_waits_for_it(db):
    numbers = await deliver(db, "a", "b", "c")
    [elsewhere] = await deliver(db, "d", to=WEB)
    sending, *members = await waiting_in(db, OPS_LANE)
    await _start(db, sending)
    await _digest(db, [each.id for each in members])

    closed = await db.write(
        lambda tx: outbox.close_destination(
            tx, OPS, reason="this group was disbanded", now=MONDAY
        )
    )
    assert closed == 3
    assert await fates(db, *numbers, elsewhere) == [
        ("sending", ""),
        ("undeliverable", "this group was disbanded"),
        ("undeliverable", "this group was disbanded"),
        ("queued", ""),
    ]
    assert await waiting_in(db, OPS_LANE) == []


async def test_what_a_digest_tells_that_is_being_sent_ends_as_the_digest_does(db):
    numbers = await deliver(db, "a", "b")
    digest = await _digest(db, [each.id for each in await waiting_in(db, OPS_LANE)])
    await _start(db, digest)

    closed = await db.write(
        lambda tx: outbox.close_destination(tx, OPS, reason="removed", now=MONDAY)
    )
    assert (closed, await fates(db, *numbers)) == (0, [("queued", "")] * 2)
    await _finish(db, digest, State.DELIVERED)
    assert await fates(db, *numbers) == [("digested", "told in a digest")] * 2


async def test_what_was_tried_before_stands_behind_what_is_new(db):
    await deliver(db, "failed", "new")
    failed = await _first(db)
    await _start(db, failed)
    await _again(db, failed)

    waiting = await waiting_in(db, OPS_LANE)
    assert [each.notification.title for each in waiting] == ["new", "failed"]


async def test_open_is_what_waits_is_sent_or_is_held(db):
    await deliver(db, "a", "b")
    await deliver(db, "c", to=ROBOT)
    await _say(db)
    await _start(db, (await waiting_in(db, OPS_LANE))[0])
    await _finish(db, await _first(db, "robot:ops-room/chat"), State.DELIVERED)

    async with db.reading() as tx:
        assert await outbox.count_open(tx) == 3


async def test_old_answers_are_forgotten_and_open_ones_and_deliveries_are_not(db):
    await deliver(db, "a", to=LIN, over=Channel.DM)
    delivery = await _first(db, "person:ou_lin/dm")
    await _finish(db, delivery, State.DELIVERED)
    await _say(db, "done")
    await _finish(db, await _first(db), State.DELIVERED)
    await _say(db, "open")
    await _say(db, "young", now=MONDAY + HOUR)

    def prune(tx):
        return outbox.prune(tx, before=MONDAY + timedelta(minutes=1))

    assert [await db.write(prune), await db.write(prune)] == [1, 0]
    left = await waiting_in(db, OPS_LANE, now=MONDAY + HOUR)
    assert [each.payload for each in left] == ["open", "young"]
    assert await fates(db, 1) == [("delivered", "")]


async def test_a_message_in_lark_is_known_by_what_it_shows(db):
    (number,) = await deliver(db, "disk", to=OPS)

    async def sent(tx):
        (waiting,) = await outbox.due(tx, lane_named(OPS_LANE), now=MONDAY, batch=1)
        await outbox.finish(tx, waiting, State.DELIVERED, remote="om_1", now=MONDAY)

    await db.write(sent)
    async with db.reading() as tx:
        shown = [
            await outbox.message_shown_by(tx, each) for each in ("om_1", "om_2", "")
        ]

    assert shown == [number, None, None]
