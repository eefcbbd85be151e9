"""/why and /status: what became of a message here, and how things stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.commands import router
from handlers.context import Role
from handlers.errors import Misunderstood, UserError
from handlers.why import Asked
from store import notifications
from store.values import Destination, Kind, Severity, Status
from tests.conftest import MONDAY
from tests.handlers.talk import ADMIN, DEV, OPS, WEI, context
from tests.handlers.test_dnd import from_yaml, hold
from tests.store.samples import accept, deliver, draft

CHAT = Destination(Kind.CHAT, OPS)
ROOM = Destination(Kind.ROBOT, "ops-room")
ACCEPTED = "accepted 2026-01-05 09:00 Asia/Shanghai"


async def test_a_queued_message_is_explained_gate_by_gate(wei):
    await wei.say("/sub add alarm severity>=warning")
    await wei.say("/dnd add 22:00-08:00")
    await wei.say("/mute 2h product=cdn because switchover")
    (number,) = await deliver(wei.db, "CPU above 90 %", to=CHAT)

    reply = await wei.say(f"/why M{number}")

    assert reply.title == f"M{number} CPU above 90 %"
    assert reply.lines == (
        f"product.alarm, warning, from scripts, {ACCEPTED} (in less than a minute).",
        "Rule 1 brings it: product.alarm severity>=warning, by you.",
        "this group, chat: queued.",
        "– window lets it pass: it is not 22:00-08:00 daily Asia/Shanghai, by you.",
        ("– mute lets it pass: it is for product=cdn (it has no product), by you."),
    )
    assert reply.canonical == f"/why M{number}"


async def test_a_held_message_says_which_rule_keeps_it_until_when(wei):
    await from_yaml(wei)
    await hold(wei, "disk full")
    wei.clock.advance(hours=14)

    lines = await wei.said("/why M1")

    assert lines[1] == (
        "this group, chat: held until 2026-01-06 09:00 Asia/Shanghai (in 10 h), nights."
    )
    assert lines[2].startswith("– window keeps it until 2026-01-06 08:0")
    assert lines[2].endswith(": nights: 22:00-08:00 daily Asia/Shanghai, by yaml.")


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
