"""/why and /status: what became of a message here, and how things stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.commands import router
from handlers.context import Role
from handlers.errors import Misunderstood, UserError
from handlers.view import Panel
from handlers.why import Asked
from store import lanes, notifications, outbox
from store.values import Channel, Destination, Kind, Severity, State, Status
from tests.conftest import MONDAY
from tests.handlers.talk import ADMIN, DEV, LIN, OPS, WEI, context
from tests.handlers.test_dnd import from_yaml, hold
from tests.store.samples import accept, deliver, draft, lane_named

CHAT = Destination(Kind.CHAT, OPS)
ROOM = Destination(Kind.ROBOT, "ops-room")
NOW = "2026-01-05 09:00"
ACCEPTED = "accepted 2026-01-05 09:00 Asia/Shanghai"


def details(reply):
    """What stands in the panel of an answer."""
    (panel,) = reply.view
    assert isinstance(panel, Panel)
    return tuple(each.text for each in panel.parts)


async def sent(tx, now):
    """Let the only message of the group be delivered."""
    lane = lane_named(f"{CHAT}/chat")
    (first,) = await outbox.due(tx, lane, now=now, batch=9)
    await outbox.start_sending(tx, first, payload="{}", now=now)
    await outbox.finish(tx, first, State.DELIVERED, now=now)


async def test_a_queued_message_is_explained_gate_by_gate(wei):
    await wei.say("/sub add alarm severity>=warning")
    await wei.say("/dnd add 22:00-08:00")
    await wei.say("/mute 2h product=cdn because switchover")
    (number,) = await deliver(wei.db, "CPU above 90 %", to=CHAT)

    reply = await wei.say(f"/why M{number}")

    assert reply.title == f"M{number} CPU above 90 %"
    assert reply.lines == (
        f"product.alarm, warning, from scripts, {ACCEPTED} (in less than a minute).",
        "this group, chat: queued.",
    )
    assert details(reply) == (
        f"Rule 1 brings it: product.alarm severity>=warning, by you, {NOW}.",
        "this group, chat",
        "– routed 09:00:00.",
        (
            "– window lets it pass: it is not 22:00-08:00 daily Asia/Shanghai, "
            f"by you, {NOW}."
        ),
        (
            "– mute lets it pass: it is for product=cdn (it has no product), "
            f"by you, {NOW}."
        ),
    )
    assert (reply.canonical, reply.buttons) == (f"/why M{number}", ())


async def test_a_held_message_says_which_rule_keeps_it_until_when(wei):
    await from_yaml(wei)
    await hold(wei, "disk full")
    wei.clock.advance(hours=14)

    reply = await wei.say("/why M1")

    assert reply.lines[1:] == (
        (
            "this group, chat: held until 2026-01-06 09:00 Asia/Shanghai (in 10 h), "
            "nights, by yaml."
        ),
        (
            "To have it at once: /dnd remove nights. "
            "With severity=critical it would go out too."
        ),
    )
    assert [each.line for each in reply.buttons] == ["/dnd remove nights"]
    gate = details(reply)[-2]
    assert gate.startswith("– window keeps it until 2026-01-06 08:0")
    assert gate.endswith(f": nights: 22:00-08:00 daily Asia/Shanghai, by yaml, {NOW}.")
    assert details(reply)[-1] == "– that keeps messages here since 09:00:00."


async def test_who_may_not_change_it_sees_what_would_help_and_no_button(wei):
    await from_yaml(wei)
    await hold(wei, "disk full")
    wei.clock.advance(hours=14)

    reply = await wei.by(LIN).say("/why M1")

    assert reply.lines[-1] == (
        "Who may change this has it at once with: /dnd remove nights. "
        "With severity=critical it would go out too."
    )
    assert reply.buttons == ()


async def test_what_was_sent_is_asked_about_for_the_moment_when_it_was(wei):
    await from_yaml(wei)
    (number,) = await deliver(wei.db, "CPU above 90 %", to=CHAT)
    wei.clock.advance(minutes=1)
    await wei.do(lambda tx: sent(tx, wei.clock.now()))
    wei.clock.advance(hours=14)

    reply = await wei.say(f"/why M{number}")

    assert reply.lines[1:] == ("this group, chat: delivered 09:01:00.",)
    assert details(reply) == (
        "this group, chat",
        "– routed 09:00:00.",
        "– the rule that decided was removed since.",
        "– asked for 09:01:00, by the rules of now:",
        (
            "– window lets it pass: nights: it is not 22:00-08:00 daily "
            f"Asia/Shanghai, by yaml, {NOW}."
        ),
        "– sent 09:01:00.",
    )


async def test_a_digest_a_parked_lane_and_a_lost_answer_are_told(wei):
    first, second = await deliver(wei.db, "one", "two", to=CHAT)
    lane = lane_named(f"{CHAT}/chat")

    async def tell(tx):
        digest = await outbox.enqueue(
            tx,
            kind="digest",
            destination=CHAT,
            channel=Channel.CHAT,
            payload="{}",
            now=MONDAY,
        )
        await outbox.join_digest(tx, digest, [1], now=MONDAY)
        (told,) = [
            each
            for each in await outbox.due(tx, lane, now=MONDAY, batch=9)
            if each.kind == "digest"
        ]
        await outbox.start_sending(tx, told, payload="{}", now=MONDAY)
        await outbox.finish(tx, told, State.DELIVERED, now=MONDAY)
        (left,) = await outbox.due(tx, lane, now=MONDAY, batch=9)
        await outbox.start_sending(tx, left, payload="{}", now=MONDAY)
        await outbox.try_again(
            tx,
            left,
            at=MONDAY + timedelta(minutes=1),
            reason="no answer",
            uncertain=True,
            counts=True,
            now=MONDAY,
        )
        until = MONDAY + timedelta(hours=1)
        await lanes.park(tx, lane, words="not in the group", until=until, now=MONDAY)

    await wei.do(tell)

    assert details(await wei.say(f"/why M{first}"))[-1] == (
        "– told in a digest of 1 message, 09:00:00."
    )
    reply = await wei.say(f"/why M{second}")
    assert reply.lines[1] == "this group, chat: queued, no answer."
    assert details(reply)[-4:] == (
        "– sent 09:00:00.",
        "– an answer was lost: it may be there already.",
        "– tried again 09:01:00.",
        "– parked since 09:00:00: not in the group.",
    )


async def test_a_message_of_another_group_is_answered_like_one_that_never_was(wei):
    (number,) = await deliver(wei.db, "secret", to=CHAT)

    for asking in (wei.within(DEV), wei.alone(), wei.within(DEV).by(ADMIN, Role.ADMIN)):
        refusal = await asking.refused(f"/why M{number}")
        assert (type(refusal), str(refusal)) == (
            UserError,
            f"M{number} is not found here.",
        )
    assert str(await wei.refused("/why M999")) == "M999 is not found here."
    huge = "9" * 30
    assert str(await wei.refused(f"/why M{huge}")).endswith("is not found here.")


async def test_deliveries_elsewhere_are_not_told(wei):
    (number,) = await deliver(wei.db, "both", to=CHAT)
    await deliver(wei.db, "other", to=ROOM)

    assert "robot" not in " ".join(await wei.said(f"/why M{number}"))
    # The robot of this group is this group's.
    assert (await wei.said("/why M2"))[1] == "robot ops-room, chat: queued."


async def test_a_group_is_told_of_whom_it_named_that_nothing_gets_through(wei):
    lin = Destination(Kind.PERSON, LIN)
    await wei.say(f"/sub add alarm severity>=warning via inbox to person:{LIN}")
    (number,) = await deliver(wei.db, "disk", to=lin)

    async def end(tx):
        (row,) = await outbox.due(tx, lane_named(f"{lin}/chat"), now=MONDAY, batch=9)
        await outbox.finish(
            tx, row, State.UNDELIVERABLE, reason="contact not verified", now=MONDAY
        )

    assert str(await wei.refused(f"/why M{number}")) == "M1 is not found here."
    await wei.do(end)

    assert (await wei.said(f"/why M{number}"))[1].endswith("contact not verified.")
    assert str(await wei.within(DEV).refused(f"/why M{number}")) == (
        "M1 is not found here."
    )
    await wei.say(f"/sub remove alarm to person:{LIN}")
    assert str(await wei.refused(f"/why M{number}")) == "M1 is not found here."


async def test_an_admin_alone_sees_what_nobody_subscribed_to(wei):
    (accepted,) = await accept(
        wei.db,
        draft("lost", severity=Severity.CRITICAL, status=Status.FIRING),
    )
    boss = wei.by(ADMIN, Role.ADMIN).alone()

    assert (await boss.said("/why M1"))[-1] == "It waits to be routed."

    await wei.do(
        lambda tx: notifications.mark_routed(tx, routed=[], unrouted=[accepted.number])
    )
    lines = await boss.said("/why M1")
    assert lines[0].startswith("product.alarm, critical, firing, from scripts")
    assert lines[-1] == "Nobody subscribed to it: unrouted."


async def test_status_tells_how_things_stand(wei):
    await from_yaml(wei)
    await wei.say("/sub add refund, alarm")
    await wei.say("/mute 2h product=cdn")
    await deliver(wei.db, "waiting", to=CHAT)
    await hold(wei, "held", "held too")

    assert await wei.said("/status") == (
        f"This group: {OPS} (ops). Robots: night watch, ops-room.",
        "Subscriptions: 2.",
        ("Do not disturb: 1. Mutes: 1, until 2026-01-05 11:00 Asia/Shanghai (in 2 h)."),
        "Waiting: 1. Held: 2, until 2026-01-06 09:00 Asia/Shanghai (in 1 d) (nights).",
        "Last 24 h: 1 queued, 2 held.",
    )


async def test_status_says_when_a_window_is_open(wei):
    await from_yaml(wei)
    wei.clock.advance(hours=14)

    assert (await wei.said("/status"))[2] == (
        "Do not disturb: 1, open until 2026-01-06 08:00 Asia/Shanghai (in 9 h). "
        "Mutes: none."
    )


async def test_status_of_a_quiet_place(wei):
    assert await wei.within(DEV).said("/status") == (
        f"This group: {DEV} (dev). Robots: dev-room.",
        "Subscriptions: none. /types shows what there is.",
        "Do not disturb: none. Mutes: none.",
        "Waiting: 0. Held: 0.",
        "Last 24 h: no messages.",
    )
    alone = await wei.alone().said("/status")
    assert alone[0] == f"Direct chat: oc_with_{WEI}. You: {WEI}."
    assert wei.clock.now() == MONDAY


def test_in_reply_to_a_card_why_needs_no_number():
    replying = replace(context(), about=7)

    assert router.read("/why", replying)[1] == Asked(7)
    assert router.read("/why M3", replying)[1] == Asked(3)
    with pytest.raises(Misunderstood):
        router.read("/why", context())


async def test_what_came_says_how_such_messages_would_end(wei):
    await wei.say("/sub add alarm")
    (number,) = await deliver(wei.db, "CPU above 90 %", to=CHAT)
    await wei.do(lambda tx: sent(tx, wei.clock.now()))

    assert details(await wei.say(f"/why M{number}"))[-1] == (
        "To have no more of it there: /sub remove product.alarm."
    )
    await wei.say("/sub remove alarm")
    await wei.say("/sub add * severity>=warning")
    assert details(await wei.say(f"/why M{number}"))[-1] == (
        "To have no more of it there: /sub set 1 severity>=warning -type=product.alarm."
    )
    lin = await wei.by(LIN).say(f"/why M{number}")
    assert not details(lin)[-1].startswith("To have")
