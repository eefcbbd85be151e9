"""/undo: a change is taken back for ten minutes, unless it was changed since."""

from __future__ import annotations

from handlers.context import Role
from handlers.errors import Forbidden, UserError
from handlers.reply import Button, Reply, Tone
from tests.handlers.talk import ADMIN, DEV, LIN
from tests.handlers.test_dnd import windows_of
from tests.handlers.test_sub import brings, from_yaml, rules


async def test_a_change_is_taken_back(wei):
    await wei.say("/sub add refund")

    reply = await wei.say("/undo 1")

    assert reply == Reply(
        title="Undone",
        lines=(
            "Taken back: /sub add finance.refund",
            "It cannot unsend what was sent.",
        ),
        canonical="/undo 1",
        buttons=(Button("Redo", "/undo 2"),),
        tone=Tone.DONE,
    )
    assert await rules(wei) == []
    assert await brings(wei, "finance.refund") == []


async def test_an_undo_is_undone(wei):
    await wei.say("/sub add refund product=cvm via inbox")
    before = await rules(wei)
    await wei.say("/undo")

    await wei.say("/undo 2")

    assert await rules(wei) == before
    assert await brings(wei, "finance.refund") == ["chat:oc_ops"]


async def test_undo_twice_takes_back_two_changes(wei):
    await wei.say("/sub add refund")
    await wei.say("/sub add voucher")

    await wei.say("/undo")
    assert [rule[1] for rule in await rules(wei)] == ["finance.refund"]
    await wei.say("/undo")
    assert await rules(wei) == []
    assert str(await wei.refused("/undo")) == (
        "You changed nothing here in the last 10 minutes."
    )


async def test_a_removal_and_a_setting_are_taken_back(wei):
    await wei.say("/sub add refund, voucher product=cvm")
    before = await rules(wei)

    await wei.say("/sub remove refund, voucher")
    await wei.say("/undo")
    assert await rules(wei) == before

    await wei.say("/sub set refund no filter via inbox")
    await wei.say("/undo")
    assert await rules(wei) == before


async def test_what_was_changed_since_is_left_alone(wei):
    await wei.say("/sub add refund")
    await wei.say("/sub set refund via inbox")

    assert str(await wei.refused("/undo 1")) == (
        "This was changed again since, so I leave it as it is. "
        "/sub, /dnd, /digest and /mute show how it stands."
    )
    assert [rule[3] for rule in await rules(wei)] == ["inbox"]


async def test_a_change_is_taken_back_once(wei):
    await wei.say("/sub add refund")
    await wei.say("/undo 1")

    assert str(await wei.refused("/undo 1")) == "This is undone already."


async def test_after_ten_minutes_it_is_too_late(wei):
    await wei.say("/dnd add 22-8")
    wei.clock.advance(minutes=10)
    await wei.say("/undo 1")
    await wei.say("/undo 2")

    wei.clock.advance(minutes=10, seconds=1)

    assert "more than 10 minutes ago" in str(await wei.refused("/undo 3"))
    assert "You changed nothing" in str(await wei.refused("/undo"))
    assert len(await windows_of(wei)) == 1


async def test_undo_without_a_number_takes_ones_own_change(wei):
    await wei.say("/sub add refund")
    lin = wei.by(LIN, Role.EDITOR)
    await lin.say("/sub add voucher")

    await wei.say("/undo")

    assert [rule[1] for rule in await rules(wei)] == ["finance.voucher"]


async def test_who_may_change_a_thing_may_take_its_change_back(wei):
    await wei.say("/sub add refund")

    assert type(await wei.by(LIN).refused("/undo 1")) is Forbidden
    await wei.by(LIN, Role.EDITOR).say("/undo 1")

    assert await rules(wei) == []


async def test_a_change_of_another_group_is_not_known(wei):
    await wei.say("/sub add refund")

    for elsewhere in (wei.within(DEV), wei.alone(), wei.by(ADMIN, Role.ADMIN).alone()):
        refusal = await elsewhere.refused("/undo 1")
        assert (type(refusal), str(refusal)) == (
            UserError,
            "There is no change 1 here.",
        )
    assert len(await rules(wei)) == 1


async def test_an_override_of_the_yaml_is_taken_back_to_what_the_yaml_says(wei):
    await from_yaml(wei)
    before = await rules(wei, "yaml")
    await wei.say("/sub remove rule:money")

    await wei.say("/undo")

    assert await rules(wei, "yaml") == before
    assert (await wei.said("/sub list"))[0].endswith("· yaml")
    await wei.say("/sub set rule:money via inbox")
    await wei.say("/sub reset money")
    await wei.say("/undo")
    assert [rule[3] for rule in await rules(wei, "yaml")] == ["inbox"]
