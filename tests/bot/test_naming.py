"""Cards call people what Lark calls them, and ask Lark for whom they cannot."""

from __future__ import annotations

import orjson

from bot import naming
from bot.acquaintance import AGAIN, Acquaintance
from bot.lark.client import LarkClient
from bot.secret import Secret
from store import people


def _card(**content) -> str:
    return orjson.dumps(content).decode()


async def _named(db, card: str, asker: str = "") -> str:
    return await db.write(lambda tx: naming.named(tx, card, asker=asker))


async def _strangers(db, now) -> list[str]:
    async with db.reading() as tx:
        return await people.strangers(tx, before=now - AGAIN, most=9)


async def test_a_person_is_called_by_name_and_the_command_keeps_the_id(db, clock):
    await db.write(lambda tx: people.meet(tx, "ou_wei", "Wei", now=clock.now()))
    card = _card(
        text={"tag": "plain_text", "content": "paused by @ou_wei"},
        value={"line": "/sub list for @ou_wei"},
        content="@ou_wei",
    )

    assert await _named(db, card) == _card(
        text={"tag": "plain_text", "content": "paused by @Wei"},
        value={"line": "/sub list for @ou_wei"},
        content="@Wei",
    )


async def test_cells_of_a_table_call_by_name_too(db, clock):
    await db.write(lambda tx: people.meet(tx, "ou_wei", "Wei", now=clock.now()))

    card = _card(tag="table", rows=[{"c0": "@ou_wei", "c1": 2}])

    assert await _named(db, card) == _card(tag="table", rows=[{"c0": "@Wei", "c1": 2}])


async def test_a_name_can_neither_mention_nor_break_the_card(db, clock):
    name = '<at id=all></at> "A"\nB' + "x" * 60
    await db.write(lambda tx: people.meet(tx, "ou_a", name, now=clock.now()))

    said = await _named(db, _card(tag="plain_text", content="by @ou_a."))

    shown = 'by @‹at id=all›‹/at› "A" B' + "x" * 17 + "…."
    assert orjson.loads(said)["content"] == shown


async def test_what_lark_interprets_keeps_the_id(db, clock):
    await db.write(lambda tx: people.meet(tx, "ou_a", "**A**", now=clock.now()))
    card = _card(tag="markdown", content="by @ou_a")

    assert await _named(db, card) == card


async def test_whoever_is_shown_by_id_is_asked_for_and_so_is_the_asker(db, clock):
    await _named(db, _card(content="@ou_b and @ou_a"), asker="ou_c")
    await _named(db, _card(content="@ou_b"), asker="ou_c")

    assert await _strangers(db, clock.now()) == ["ou_a", "ou_b", "ou_c"]


async def test_a_card_that_names_nobody_is_left_as_it_is(db, clock):
    card = _card(content="mail ou@example.com")

    assert await _named(db, card) == card
    assert await _strangers(db, clock.now()) == []


def _acquaintance(house, url: str = "") -> Acquaintance:
    client = LarkClient(
        house.session,
        base=url or house.url,
        app_id=house.app.app_id,
        app_secret=Secret(house.app.secret),
        clock=house.clock,
    )
    return Acquaintance(house.db, client=client, clock=house.clock)


async def test_lark_tells_the_name_and_the_next_card_says_it(house):
    wei = house.app.open_id_of(house.lark.create_user("Wei"))
    card = _card(content=f"@{wei}")

    assert await _named(house.db, card) == card
    await _acquaintance(house).run_once()

    assert await _named(house.db, card) == _card(content="@Wei")


async def test_whom_lark_does_not_know_is_asked_for_once_a_day(house):
    await _named(house.db, _card(content="@ou_nobody"))
    await _acquaintance(house).run_once()

    assert await _strangers(house.db, house.clock.now()) == []
    assert await _strangers(house.db, house.clock.advance(days=1)) == ["ou_nobody"]


async def test_a_lark_that_does_not_answer_is_asked_again_soon(house):
    await _named(house.db, _card(content="@ou_nobody"))
    await _acquaintance(house, "http://127.0.0.1:9").run_once()

    assert await _strangers(house.db, house.clock.now()) == ["ou_nobody"]
