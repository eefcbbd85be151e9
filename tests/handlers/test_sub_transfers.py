"""/sub test and /sub copy: rules tried out, and given to others."""

from __future__ import annotations

import pytest

from handlers.context import Role
from handlers.errors import Forbidden, Unconfirmed
from store import notifications, outbox, subscriptions
from store.database import Tx
from store.values import Channel, Destination, Kind
from tests.handlers.crowd import ALICE, BOB, Crowd
from tests.handlers.talk import LIN, OPS, WEI

GROUP = Destination(Kind.CHAT, OPS)


@pytest.fixture
async def wei(db, clock) -> Crowd:
    """Wei, an editor of the group ops, where alice and bob are known."""
    wei = Crowd(db, clock)
    await wei.settle(ALICE, BOB, finance=("alice", "bob"))
    return wei


async def sent(wei: Crowd, number: int = 1) -> list[str]:
    """Where a test message goes, but for inboxes."""
    async with wei.db.reading() as tx:
        found = await outbox.deliveries_of(tx, number)
    return sorted(
        f"{each.destination} {each.channel} {each.state}"
        for each in found
        if each.channel is not Channel.INBOX
    )


async def rules(wei: Crowd, to: Destination) -> list[str]:
    async def read(tx: Tx) -> list[str]:
        found = await subscriptions.sent_to(tx, to)
        return [f"{' '.join(each.patterns)} {each.where}".strip() for each in found]

    return await wei.do(read)


async def test_a_test_message_goes_where_the_rules_of_this_chat_say(wei):
    await wei.say("/sub add finance.refund")
    await wei.say("/sub add finance.* to robot:ops-room")
    await wei.within("oc_dev").say("/sub add finance.refund")
    reply = await wei.say("/sub test finance.refund")

    assert await sent(wei) == [
        "chat:oc_ops chat queued",
        "robot:ops-room chat queued",
    ]
    assert reply.lines == (
        "this group: inbox and chat",
        "robot ops-room: inbox and chat",
    )
    assert [each.line for each in reply.buttons] == ["/why M1"]


async def test_a_test_message_says_that_it_is_one(wei):
    await wei.say("/sub add finance.refund")
    await wei.say("/sub test finance.refund")

    found = await wei.do(lambda tx: notifications.get(tx, 1))
    assert (found.source, found.title) == ("larkbell", "Test of Return and refund")


async def test_a_test_message_has_the_severity_and_labels_that_are_given(wei):
    await wei.say("/sub add product.alarm severity>=critical product=cvm")
    assert str(await wei.refused("/sub test product.alarm")).startswith("No rule here")

    reply = await wei.say("/sub test product.alarm severity=critical product=cvm")

    assert reply.canonical == "/sub test product.alarm severity=critical product=cvm"
    assert await sent(wei) == ["chat:oc_ops chat queued"]


async def test_somebody_else_gets_a_test_message_only_after_a_yes(wei):
    await wei.say("/sub add finance.refund via dm to alice")
    from dataclasses import replace

    doubtful = replace(wei, sure=False)
    refusal = await doubtful.refused("/sub test finance.refund")
    assert (type(refusal), str(refusal)) == (
        Unconfirmed,
        "It sends a test message to @alice.",
    )

    await wei.say("/sub test finance.refund")
    assert await sent(wei) == ["person:ou_alice dm queued"]


async def test_what_cannot_arrive_says_why(wei):
    me = wei.alone()
    await me.say("/sub add finance.refund via email to me")

    assert await me.said("/sub test finance.refund") == (
        "you: inbox · email: contact not verified: no e-mail address is known",
    )


@pytest.mark.parametrize("line", ["/sub test", "/sub test finance.*", "/sub test *"])
async def test_one_type_is_tried_at_a_time(wei, line):
    assert await wei.refused(line)


async def test_a_member_tries_nothing_in_a_group(wei):
    await wei.say("/sub add finance.refund")
    assert isinstance(await wei.by(LIN).refused("/sub test finance.refund"), Forbidden)


async def test_rules_are_copied_once(wei):
    await wei.say("/sub add finance.refund severity>=warning")
    await wei.say("/sub add product.alarm")
    me = Destination(Kind.PERSON, WEI)

    assert (await wei.said("/sub copy to me"))[0] == (
        "2 subscriptions copied from this group to you."
    )
    assert await rules(wei, me) == ["finance.refund severity>=warning", "product.alarm"]
    assert (await wei.said("/sub copy to me"))[0].startswith("There is nothing that")


async def test_a_copy_is_taken_back_as_one(wei):
    await wei.say("/sub add finance.refund product.alarm")
    await wei.say("/sub copy to me")
    await wei.say("/undo")

    assert await rules(wei, Destination(Kind.PERSON, WEI)) == []


async def test_somebody_else_is_told_what_was_copied_to_them(wei):
    await wei.say("/sub add finance.refund")
    reply = await wei.say("/sub copy to alice")

    assert [str(note.to) for note in reply.notes] == ["person:ou_alice"]


async def test_what_another_group_gets_is_copied_by_admins_alone(wei):
    await wei.within("oc_dev").say("/sub add finance.refund")
    assert isinstance(await wei.refused("/sub copy from chat:oc_dev"), Forbidden)

    admin = wei.by("ou_admin", Role.ADMIN, Role.EDITOR).alone()
    await admin.say("/sub copy from chat:oc_dev to chat:ops")
    assert await rules(wei, GROUP) == ["finance.refund"]


@pytest.mark.parametrize("line", ["/sub copy", "/sub copy from me to me"])
async def test_a_copy_needs_two(wei, line):
    assert await wei.refused(line)
