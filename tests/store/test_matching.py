"""Which rules name a type: found by index, whatever their number."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.patterns import matches, patterns_for
from store import matching, subscriptions
from store.values import Subscription
from tests.conftest import MONDAY
from tests.store.samples import LIN, OPS, WEB, sqlite_in


def _rule(*patterns: str, **changes: object) -> Subscription:
    made = Subscription(
        id=0,
        name="",
        owner="chat:oc_ops",
        patterns=patterns,
        to=(OPS,),
        created_by="ou_lin",
        created_at=MONDAY,
    )
    return replace(made, **changes)


async def _add(db, *rules):
    """Keep the rules; return their numbers."""
    added = [
        await db.write(lambda tx, r=rule: subscriptions.add(tx, r)) for rule in rules
    ]
    return [each.id for each in added]


async def _naming(db, type_id):
    async with db.reading() as tx:
        return await matching.rules_naming(tx, patterns_for(type_id))


async def test_exact_names_categories_and_the_star_are_found(db):
    exact, category, everything, _ = await _add(
        db,
        _rule("finance.refund"),
        _rule("finance.*"),
        _rule("*"),
        _rule("finance.refund-late", "product.*"),
    )

    assert [each.id for each in await _naming(db, "finance.refund")] == [
        exact,
        category,
        everything,
    ]
    assert [each.id for each in await _naming(db, "custom.x")] == [everything]


async def test_a_rule_that_names_a_type_twice_is_found_once(db):
    [number] = await _add(db, _rule("finance.refund", "finance.*", "*", "*"))

    assert [each.id for each in await _naming(db, "finance.refund")] == [number]


async def test_a_rule_comes_back_as_it_was_kept(db):
    kept = await db.write(
        lambda tx: subscriptions.add(
            tx,
            _rule("finance.*", where='"overdue" -region=na*', to=(OPS, WEB, LIN)),
        )
    )

    assert await _naming(db, "finance.refund") == [kept]


async def test_what_is_turned_off_or_removed_is_not_found(db):
    first, second = await _add(db, _rule("*"), _rule("*"))
    [off] = [each for each in await _naming(db, "a.b") if each.id == first]

    await db.write(
        lambda tx: subscriptions.put(tx, replace(off, enabled=False), now=MONDAY)
    )
    assert [each.id for each in await _naming(db, "a.b")] == [second]

    await db.write(lambda tx: subscriptions.remove(tx, second))
    assert await _naming(db, "a.b") == []


async def test_a_rule_is_found_by_what_it_says_now(db):
    [number] = await _add(db, _rule("finance.*"))
    [rule] = await _naming(db, "finance.refund")

    await db.write(
        lambda tx: subscriptions.put(
            tx, replace(rule, patterns=("product.alarm",)), now=MONDAY
        )
    )
    assert await _naming(db, "finance.refund") == []
    assert [each.id for each in await _naming(db, "product.alarm")] == [number]


_TYPES = st.lists(st.sampled_from(["a", "b", "c-d"]), min_size=2, max_size=4).map(
    ".".join
)
_PATTERNS = st.one_of(
    _TYPES, _TYPES.map(lambda each: f"{each}.*"), st.sampled_from(["*", "a.*"])
)


@given(
    rules=st.lists(st.lists(_PATTERNS, min_size=1, max_size=3), max_size=6),
    type_id=_TYPES,
)
@settings(max_examples=25)
async def test_the_index_finds_what_the_patterns_cover(
    tmp_path_factory, rules, type_id
):
    async with sqlite_in(tmp_path_factory.mktemp("rules")) as db:
        await _add(db, *(_rule(*patterns) for patterns in rules))
        found = [each.patterns for each in await _naming(db, type_id)]

    assert found == [
        tuple(patterns)
        for patterns in rules
        if any(matches(pattern, type_id) for pattern in patterns)
    ]
