"""A yes runs a line once, for whoever typed it, where they typed it."""

from __future__ import annotations

import pytest

from handlers import confirming
from handlers.context import Role
from handlers.errors import Forbidden
from tests.handlers.talk import LIN, Talk, context


async def question(wei: Talk, line: str = "/whoami") -> str:
    """Ask Wei whether *line* is meant; return the line that says yes."""

    async def ask(tx):
        asked = context(tx=tx, now=wei.clock.now())
        return await confirming.ask(asked, line, ("It is broad.",))

    reply = await wei.do(ask)
    (button,) = reply.buttons
    assert (button.only, button.line) == (wei.asker, reply.canonical)
    return button.line


async def test_a_yes_runs_the_line(wei: Talk) -> None:
    assert await wei.said(await question(wei)) == await wei.said("/whoami")


async def test_a_yes_may_be_typed_in_small_letters(wei: Talk) -> None:
    line = await question(wei)

    assert await wei.said(f"确认 {line.split()[1].lower()}")


async def test_a_yes_counts_once(wei: Talk) -> None:
    line = await question(wei)
    await wei.say(line)

    assert str(await wei.refused(line)) == "This is confirmed already."


async def test_a_yes_is_the_askers_alone(wei: Talk) -> None:
    refusal = await wei.by(LIN, Role.ADMIN).refused(await question(wei))

    assert (type(refusal), str(refusal)) == (
        Forbidden,
        "Only whoever asked can confirm this.",
    )


async def test_a_yes_counts_for_ten_minutes(wei: Talk) -> None:
    line = await question(wei)
    wei.clock.advance(minutes=10)

    assert str(await wei.refused(line)) == (
        "That was more than 10 minutes ago. Please give the command again."
    )


async def test_a_yes_counts_where_the_question_was_asked(wei: Talk) -> None:
    refusal = await wei.within("oc_dev").refused(await question(wei))

    assert str(refusal) == "There is nothing here to confirm with that code."


@pytest.mark.parametrize("line", ["/confirm", "/confirm what"])
async def test_a_yes_to_nothing_is_refused(wei: Talk, line: str) -> None:
    assert await wei.refused(line)


async def test_a_refused_line_can_be_confirmed_again(wei: Talk) -> None:
    line = await question(wei, "/undo 99")

    assert [str(await wei.refused(line)) for _each in range(2)] == [
        "There is no change 99 here."
    ] * 2
