"""What /why says in words is what happens, now and at another time."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.commands import router
from handlers.context import Context
from handlers.language.moments import write_moment
from handlers.reply import Reply
from handlers.rules.digest import LIFETIME
from handlers.view import Panel, Style, Words
from handlers.why.requests import write
from store.values import Channel, Delivery, Destination, State
from tests.bot.foretelling import BELL, OPS, WEI, World, asked
from tests.conftest import HandClock
from tests.store.samples import sqlite_in

WORLDS, MOMENTS = 10, 8

Told = dict[tuple[Destination, str], str]

_PLACES = {"this group": OPS, "you": WEI, "robot bell": BELL}
_LINE = re.compile(r"(this group|you|robot bell), (\w+): (.*)\.", re.DOTALL)
_OUT = {State.DELIVERED, State.DIGESTED}


@pytest.mark.parametrize("seed", range(WORLDS))
async def test_what_is_said_is_what_the_ledger_has_then(
    tmp_path: Path, seed: int
) -> None:
    async with sqlite_in(tmp_path) as db:
        there = World(db, HandClock(), 1000 + seed)
        await there.settle()
        for direct in (False, True) * (MOMENTS // 2):
            await there.go_on()
            message = there.message()
            context = there.context(None, direct=direct)
            line = write(asked(message), context)
            assert router.read(line, context)[1] == asked(message)

            before = await there.say(line, direct=direct)
            (number,) = await there.accept([message])
            kept = (await there.ledger([number]))[number]
            kept = [each for each in kept if context.reaches(each.destination)]

            told = {_place(each): _in_short(each, context) for each in _first(kept)}
            assert _read(before) == told
            if kept:
                after = await there.say(f"/why M{number}", direct=direct)
                assert _seen(_read(after), context) == told
                for each in _first(kept):
                    _check_gates(after, each, context)


@pytest.mark.parametrize("seed", range(WORLDS))
async def test_what_is_said_of_another_time_is_what_the_ledger_has_then(
    tmp_path: Path, seed: int
) -> None:
    async with sqlite_in(tmp_path) as db:
        # What fills a robot, or closes a way, nobody knows before.
        there = World(db, HandClock(), 3000 + seed, steady=True)
        await there.settle()
        for direct in (False, True) * (MOMENTS // 2):
            await there.go_on()
            at = there.moment(within=100)
            context = there.context(None, direct=direct)
            for _try in range(6):
                message = replace(there.message(), accepted_at=at)
                line = write(replace(asked(message), at=at), context)
                before = await there.say(line, direct=direct)
                if "out" in _read(before).values():
                    break
            await there.run_until(at)
            (number,) = await there.accept([message])
            kept = (await there.ledger([number]))[number]
            kept = [each for each in kept if context.reaches(each.destination)]
            told = {_place(each): _in_short(each, context) for each in _first(kept)}
            assert _read(before) == told

            await there.hush()
            await there.run_until(there.moment())
            assert _read(await there.say(line, direct=direct)) == told


def _seen(told: Told, context: Context) -> Told:
    """Return what concerns the chat itself.

    A group is told beside it that nothing gets through to those whom it named.
    """
    return {
        place: state
        for place, state in told.items()
        if context.reaches(place[0]) or state != "undeliverable"
    }


def _first(kept: list[Delivery]) -> list[Delivery]:
    """Return what is told of in the first place: the inbox where it is alone."""
    beside = {x.destination for x in kept if x.channel is not Channel.INBOX}
    return [
        each
        for each in kept
        if each.channel is not Channel.INBOX or each.destination not in beside
    ]


def _place(delivery: Delivery) -> tuple[Destination, str]:
    return delivery.destination, delivery.channel


def _in_short(delivery: Delivery, context: Context) -> str:
    """Return what was to be said of a delivery that stands so."""
    if delivery.state is State.HELD and delivery.until is not None:
        if delivery.until - delivery.at > LIFETIME and "window" in delivery.rule:
            return "held until it is lifted"
        return f"held until {write_moment(delivery.until, context.clock)}"
    return "out" if delivery.state in _OUT else str(delivery.state)


def _read(reply: Reply) -> Told:
    """Return what an answer says of each place, in a word."""
    found = [each for each in map(_LINE.fullmatch, reply.lines) if each]
    # What goes on to where this chat has no say is not looked into.
    found = [each for each in found if not each[3].startswith("goes on ")]
    return {(_PLACES[each[1]], each[2]): _word(each[3]) for each in found}


def _word(said: str) -> str:
    if said.startswith("held until it is lifted"):
        return "held until it is lifted"
    if said.startswith("held until "):
        return said[: len("held until 2026-01-05 08:00")]
    if said.startswith(("goes out", "kept for", "delivered", "digested")):
        return "out"
    if said.startswith(("waits", "queued")):
        return "queued"
    return said.partition(",")[0].partition(" ")[0]


def _check_gates(reply: Reply, delivery: Delivery, context: Context) -> None:
    """Gates that stop it are told of one that was stopped, and of no other."""
    name = {place: said for said, place in _PLACES.items()}[delivery.destination]
    told = _section(reply, f"{name}, {delivery.channel}")
    stops = [each for each in told if re.match(r"– .* (keeps|stops) it", each)]
    if delivery.state in _OUT:
        assert stops == []
    elif delivery.state is State.HELD and delivery.until is not None:
        until = _in_short(delivery, context).removeprefix("held ")
        assert any(f"keeps it {until}" in each for each in stops)
    elif delivery.state is State.MUTED:
        assert stops != []


def _section(reply: Reply, name: str) -> list[str]:
    """Return what the details say of one place."""
    (panel,) = [each for each in reply.view if isinstance(each, Panel)] or [None]
    words = [each for each in panel.parts if isinstance(each, Words)] if panel else []
    found: list[str] = []
    here = False
    for each in words:
        here = each.text == name if each.style is Style.STRONG else here
        found += [each.text] if here else []
    return found
