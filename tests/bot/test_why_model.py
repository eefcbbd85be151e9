"""What /why foretells is what happens: for random rules, messages and moments.

Ten thousand triples and more. Each is foretold by the code behind ``/why if …``, then
the message is accepted, routed and sent by the very workers that do so in the house.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest

from handlers.rules.foresight import Foreseen, foresee
from handlers.rules.foresight import World as Deciding
from handlers.why.supposed import targets_of
from handlers.why.world import shown, world
from store.values import Channel, Delivery, Destination, Notification, State
from tests.bot.foretelling import World, asked, utc
from tests.conftest import HandClock
from tests.store.samples import sqlite_in

#: Worlds of rules, moments in each, messages at each: 10,080 triples.
WORLDS, MOMENTS, MESSAGES = 20, 6, 84

#: Place → state, reason, rule and end.
Told = dict[tuple[Destination, Channel], tuple[str, str, str, datetime | None]]
#: What was sent alone, and what was sent with others because many came at once.
SENT = {State.DELIVERED: "sent", State.DIGESTED: "sent"}


@pytest.mark.parametrize("seed", range(WORLDS))
async def test_what_is_foretold_happens(tmp_path: Path, seed: int) -> None:
    async with sqlite_in(tmp_path) as db:
        there = World(db, HandClock(), seed)
        await there.settle()
        for _moment in range(MOMENTS):
            await there.go_on()
            messages = [there.message() for _each in range(MESSAGES)]
            foretold = await _foretold(there, messages)
            numbers = await there.accept(messages)
            happened = await there.ledger(numbers)
            for message, number, told in zip(messages, numbers, foretold, strict=True):
                found = _happened(happened[number], there.asked_about)
                assert found == told, (number, message)


async def _foretold(there: World, messages: list[Notification]) -> list[Told]:
    """Return what is foretold of each message in the group, and to Wei alone."""
    told: list[Told] = [{} for _each in messages]
    async with there.db.reading() as tx:
        for direct in (False, True):
            context = there.context(tx, direct=direct)
            first = asked(messages[0])
            targets = targets_of(first, context)
            deciding = await world(context, messages[0], targets, at=context.now)
            for known, message in zip(told, messages, strict=True):
                seen = asked(message).message(context.now)
                here = Deciding(
                    rules=deciding.rules,
                    known=deciding.known,
                    obeyed=deciding.obeyed,
                    shown=await shown(context, seen, targets),
                    parked=deciding.parked,
                )
                known.update(_expected(foresee(seen, here, now=context.now), targets))
    return told


def _expected(found: Iterable[Foreseen], targets: tuple[Destination, ...]) -> Told:
    """Return what the ledger should say. What waits has its reason in its lane."""
    told: Told = {}
    for each in found:
        if each.destination not in targets:
            continue
        state: str = SENT.get(each.state, each.state)
        rule = f"subscription:{each.rule}"
        if each.decision is not None and each.decision.cause:
            rule = each.decision.cause
        says = state not in ("sent", "queued")
        told[each.destination, each.channel] = (
            state,
            each.reason if says and each.channel is not Channel.INBOX else "",
            rule if says else "",
            each.until and utc(each.until),
        )
    return told


def _happened(deliveries: list[Delivery], places: tuple[Destination, ...]) -> Told:
    """Return what the ledger says of *places*."""
    told: Told = {}
    for each in deliveries:
        state: str = SENT.get(each.state, each.state)
        says = state not in ("sent", "queued")
        if each.destination in places:
            told[each.destination, each.channel] = (
                state,
                each.reason if says else "",
                each.rule if says else "",
                each.until,
            )
    return told
