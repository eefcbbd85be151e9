"""The quick ways in: one insertion by itself, and works that run aside."""

from __future__ import annotations

import asyncio

import pytest

from store import notifications
from store.database import Aside, Tx
from store.errors import Taken
from store.notifications import Accepted
from tests.conftest import MONDAY
from tests.store.samples import accept, draft


async def _insert(db, *drafts):
    return list(await db.write(notifications.insertion(drafts, now=MONDAY)))


async def _titles(db):
    async with db.reading() as tx:
        found = await notifications.waiting(tx, batch=1_000)
    return {each.number: each.title for each in found}


async def _put(tx: Tx, name: str) -> None:
    await tx.run("meta_put", name=name, value="1")


async def _get(db, name):
    async with db.reading() as tx:
        return await tx.value("meta_get", name=name)


async def test_an_insertion_answers_its_numbers_in_order(db):
    first = await _insert(db, draft("a", key="z"), draft("b"), draft("c", key="a"))
    second = await _insert(db, draft("d"))

    assert [*first, *second] == [1, 2, 3, 4]
    assert await _titles(db) == {1: "a", 2: "b", 3: "c", 4: "d"}


async def test_insertions_that_wait_together_each_answer_their_own(db):
    answers = await asyncio.gather(
        *(_insert(db, draft(f"{n}a"), draft(f"{n}b")) for n in range(80))
    )

    titles = await _titles(db)
    assert [[titles[number] for number in answer] for answer in answers] == [
        [f"{n}a", f"{n}b"] for n in range(80)
    ]


async def test_insertions_and_other_works_share_a_transaction(db):
    answers = await asyncio.gather(
        _insert(db, draft("a")),
        db.write(lambda tx: _put(tx, "b")),
        _insert(db, draft("c")),
        accept(db, draft("d")),
    )

    numbers = [*answers[0], *answers[2], answers[3][0].number]
    assert [(await _titles(db))[number] for number in numbers] == ["a", "c", "d"]
    assert await _get(db, "b") == "1"


async def test_an_insertion_of_what_is_known_writes_nothing_of_it(db):
    await _insert(db, draft("first", key="k"))
    with pytest.raises(Taken):
        await _insert(db, draft("new"), draft("again", key="k"))
    with pytest.raises(Taken):
        await _insert(db, draft("twice", key="l"), draft("twice", key="l"))

    assert await _titles(db) == {1: "first"}
    [number] = await _insert(db, draft("after"))
    assert number > 1


async def test_an_insertion_of_what_is_known_does_not_take_others_with_it(db):
    await _insert(db, draft("first", key="k"))
    answers = await asyncio.gather(
        _insert(db, draft("before")),
        _insert(db, draft("again", key="k")),
        db.write(lambda tx: _put(tx, "b")),
        _insert(db, draft("after")),
        return_exceptions=True,
    )

    assert [type(each) for each in answers] == [list, Taken, type(None), list]
    assert sorted((await _titles(db)).values()) == ["after", "before", "first"]
    assert await _get(db, "b") == "1"


async def test_a_number_is_not_used_twice_whichever_way_in(db):
    numbers = [
        *await _insert(db, draft("a", key="k")),
        (await accept(db, draft("b")))[0].number,
        *await _insert(db, draft("c")),
        (await accept(db, draft("again", key="k"), draft("d")))[1].number,
        *await _insert(db, draft("e")),
    ]

    assert len(set(numbers)) == 5
    assert numbers == sorted(numbers)
    assert await accept(db, draft("again", key="k")) == [Accepted(1, duplicate=True)]


async def test_nul_characters_are_left_out_of_insertions_too(db):
    await _insert(db, draft("a\x00b", key="k\x00"))
    assert await _titles(db) == {1: "ab"}

    with pytest.raises(Taken):
        await _insert(db, draft("again", key="k\x00"))
    assert await accept(db, draft("again", key="k\x00")) == [
        Accepted(1, duplicate=True)
    ]


async def test_works_aside_are_whole_or_not_at_all(db):
    async def broken(tx: Tx) -> None:
        await _put(tx, "half")
        raise LookupError("no")

    answers = await asyncio.gather(
        db.write(Aside(lambda tx: _put(tx, "before"))),
        db.write(Aside(broken)),
        db.write(Aside(lambda tx: _put(tx, "after"))),
        return_exceptions=True,
    )

    assert [type(each) for each in answers] == [type(None), LookupError, type(None)]
    assert [await _get(db, name) for name in ("before", "half", "after")] == [
        "1",
        None,
        "1",
    ]


async def test_works_aside_wait_with_all_others_in_one_group(db):
    await asyncio.gather(
        *(db.write(Aside(lambda tx, n=n: _put(tx, f"aside{n}"))) for n in range(70)),
        *(db.write(lambda tx, n=n: _put(tx, f"usual{n}")) for n in range(70)),
    )

    assert [
        await _get(db, name) for name in ("aside0", "aside69", "usual0", "usual69")
    ] == ["1"] * 4
