"""Whatever /why has to say, its card is one that Lark takes, and shows all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.cards.frame import APP
from bot.cards.reply import reply_card
from handlers.context import Role
from handlers.rules.methods import ALL
from handlers.why.requests import write
from store import mutes, subscriptions, windows
from store.database import Tx
from store.values import Channel, Destination, Kind, Mute, Subscription, Window
from tests.bot.cards.reading import assert_sound, contents
from tests.bot.foretelling import OPS, World, asked
from tests.conftest import MONDAY, HandClock
from tests.store.samples import deliver, sqlite_in

#: As long as a reason may be, and as ill meant.
REASON = "<at id=all></at> **because of the switchover of all that we have here** " * 2


def assert_fits(card: Any) -> None:
    assert_sound(card)
    assert APP.weigh(card) <= APP.most
    left_out = [text for text in contents(card) if "Left out" in text or "未能" in text]
    assert left_out == []


@pytest.mark.parametrize("locale", ["en", "zh"])
@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_foretold_fits(
    tmp_path: Path, seed: int, locale: str
) -> None:
    async with sqlite_in(tmp_path) as db:
        there = World(db, HandClock(), 5000 + seed)
        await there.settle()
        for direct in (False, True):
            await there.go_on()
            message = there.message()
            (number,) = await there.accept([message])
            line = write(asked(message), there.context(None, direct=direct))
            assert_fits(reply_card(await there.say(line, direct=direct), locale=locale))
            everything = {"roles": frozenset(Role), "direct": True}
            told = await there.say(f"/why M{number}", **everything)
            assert_fits(reply_card(told, locale=locale))


@pytest.mark.parametrize("locale", ["en", "zh"])
async def test_the_most_that_there_is_to_say_fits(tmp_path: Path, locale: str) -> None:
    async with sqlite_in(tmp_path) as db:
        there = World(db, HandClock(), 1)
        await there.do(_much)
        numbers: list[int] = []
        for place in range(12):
            to = Destination(Kind.CHAT, f"oc_{place}" if place else OPS.name)
            numbers = numbers or await deliver(db, "x" * 200, to=to)
        line = f'/why if type=product.alarm severity=info title="{"x" * 200}"'
        many = " ".join(f"label{each}={'v' * 60}" for each in range(20))

        for said in (line, f"{line} {many}", f"/why M{numbers[0]}"):
            assert_fits(reply_card(await there.say(said), locale=locale))


async def _much(tx: Tx) -> None:
    """Write rules by the dozen, all of them about everything here."""
    for each in range(30):
        await subscriptions.add(
            tx,
            Subscription(
                id=0,
                name="",
                owner=str(OPS),
                patterns=("product.alarm",),
                where=f'severity>=warning product=cvm "{"w" * 150}"'
                if each % 2
                else "",
                to=(OPS,),
                created_by="ou_lin",
                created_at=MONDAY,
            ),
        )
    for start in range(12):
        window = Window(
            id=0,
            name="w" * 60 + str(start),
            target=OPS,
            start=None,
            end=None,
            zone="America/Argentina/ComodRivadavia",
            mutes=frozenset({Channel.CHAT}),
            created_by="ou_lin",
            created_at=MONDAY,
        )
        await windows.add(tx, window)
        mute = Mute(
            id=0,
            target=OPS,
            where="",
            until=MONDAY.replace(hour=5),
            mutes=ALL,
            reason=REASON,
            created_by="ou_lin",
            created_at=MONDAY,
        )
        await mutes.add(tx, mute)
