"""What /why advises turns what happens, line by line as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.rules.carrying import USUAL
from handlers.rules.steps import Step
from handlers.rules.turning import Goal, otherwise
from handlers.why.advice import how_to_end, lines_of, may_run, steps_for
from handlers.why.supposed import Foretold, foretell
from store import people
from store.database import Tx
from store.people import Addressee, Means
from store.values import Channel, Notification, State
from tests.bot.foretelling import World, asked
from tests.conftest import HandClock
from tests.store.samples import sqlite_in

WORLDS, MOMENTS = 12, 8

_OUT = {State.DELIVERED, State.DIGESTED}


@pytest.mark.parametrize("seed", range(WORLDS))
async def test_what_is_advised_turns_what_happens(tmp_path: Path, seed: int) -> None:
    async with sqlite_in(tmp_path) as db:
        there = World(db, HandClock(), 2000 + seed)
        await there.settle()
        for direct in (False, True) * (MOMENTS // 2):
            await there.go_on()
            message = there.message()
            async with db.reading() as tx:
                context = there.context(tx, direct=direct)
                told = await foretell(asked(message), context)
                goal = _goal(told, there)
                if goal is None:
                    continue
                steps = await steps_for(goal, told.world, context)
                other = otherwise(goal, told.world, told=lambda rule: True)
            if other is not None:
                as_advised = replace(other, number=0)
                assert await _goes_out(there, as_advised, goal), (goal, other)
            if steps is not None:
                assert steps, goal
                undo = await _make(there, steps, goal, direct=direct)
                again = replace(message, accepted_at=there.clock.now())
                assert await _goes_out(there, again, goal), (goal, steps)
                for line in reversed(undo):
                    await there.say(line, direct=direct)


@pytest.mark.parametrize("seed", range(WORLDS))
async def test_what_is_said_to_end_it_ends_it(tmp_path: Path, seed: int) -> None:
    async with sqlite_in(tmp_path) as db:
        there = World(db, HandClock(), 4000 + seed, steady=True)
        await there.settle()
        for direct in (False, True) * (MOMENTS // 2):
            await there.go_on()
            goal, lines = None, ()
            for message in [there.message() for _each in range(20)]:
                async with db.reading() as tx:
                    context = there.context(tx, direct=direct)
                    told = await foretell(asked(message), context)
                    out = [each for each in told.found if each.goes_out]
                    if not out:
                        continue
                    one = there.dice.choice(out)
                    goal = Goal(told.seen, one.destination, one.channel, told.at)
                    lines = await how_to_end(goal, told.world, context)
                    break
            if goal is None:
                continue
            for line in lines:
                await there.say(line, direct=direct)
            again = replace(message, accepted_at=there.clock.now())
            (number,) = await there.accept([again])
            places = [
                (each.destination, each.channel)
                for each in (await there.ledger([number]))[number]
            ]
            brought = (goal.destination, goal.channel) in places
            assert brought == (not lines)


def _goal(told: Foretold, there: World) -> Goal | None:
    """Return some delivery that does not go out, or that nothing brings."""
    kept = [
        (each.destination, each.channel)
        for each in told.found
        if each.destination in told.targets
        and each.channel is not Channel.INBOX
        and not each.goes_out
    ]
    somewhere = {each.destination for each in told.found}
    kept += [(x, USUAL[x.kind]) for x in told.targets if x not in somewhere]
    if not kept:
        return None
    destination, channel = there.dice.choice(kept)
    return Goal(told.seen, destination, channel, told.at)


async def _goes_out(there: World, message: Notification, goal: Goal) -> bool:
    """Accept *message*, and return whether it was sent as *goal* says."""
    (number,) = await there.accept([replace(message, accepted_at=there.clock.now())])
    return any(
        each.state in _OUT
        and (each.destination, each.channel) == (goal.destination, goal.channel)
        for each in (await there.ledger([number]))[number]
    )


async def _make(
    there: World, steps: Sequence[Step], goal: Goal, *, direct: bool
) -> list[str]:
    """Make *steps* as they are advised; return the lines that take them back."""
    undo = []
    for step in steps:
        if isinstance(step.now, Addressee):
            await there.do(lambda tx, step=step: _prove(tx, step.now, there))
            continue
        context = there.context(None, direct=direct)
        assert may_run(step, context), step
        for line in lines_of(step, goal.destination, context):
            reply = await there.say(line, direct=direct)
            taken = [x.line for x in reply.buttons if x.line.startswith("/undo")]
            assert taken, (line, reply.lines)
            undo += taken
    await there.run_until(there.clock.now())
    return undo


async def _prove(tx: Tx, who: Addressee, there: World) -> None:
    """Enter the codes that were sent to somebody's addresses."""
    for means in Means:
        found = who.contacts.get(means)
        if found is not None and found.verified:
            await people.prove_contact(
                tx,
                who.name,
                means,
                found.address,
                own=True,
                by="test",
                now=there.clock.now(),
            )
