"""The YAML's rules, what chat made of them, and what survives a reload."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers.rules.methods import ALL
from store import matching, subscriptions, windows
from store.values import Channel, Destination, Kind, Subscription, Window
from tests.conftest import MONDAY

OPS = Destination(Kind.CHAT, "oc_ops")
ROOM = Destination(Kind.ROBOT, "ops-room")
LATER = MONDAY + timedelta(hours=1)

MONEY = Subscription(
    id=0,
    name="money",
    owner="yaml",
    patterns=("finance.*", "product.expiry"),
    where="severity>=warning",
    to=(OPS, ROOM),
    via=(Channel.CHAT,),
    created_at=MONDAY,
)
NIGHTS = Window(
    id=0,
    name="nights",
    target=OPS,
    start=22 * 60,
    end=8 * 60,
    zone="Asia/Shanghai",
    mutes=ALL,
    created_at=MONDAY,
)


async def apply(db, *rules):
    return await db.write(
        lambda tx: subscriptions.apply_baseline(tx, rules, now=MONDAY)
    )


async def apply_windows(db, *rules):
    return await db.write(lambda tx: windows.apply_baseline(tx, rules, now=MONDAY))


async def rules_of(db, owner="yaml"):
    async with db.reading() as tx:
        return await subscriptions.owned_by(tx, owner)


async def windows_of(db, target=OPS):
    async with db.reading() as tx:
        return await windows.of(tx, target)


async def change(db, now):
    await db.write(lambda tx: subscriptions.put(tx, now, now=LATER))


async def test_a_rule_of_the_yaml_is_kept_as_it_is_written(db):
    assert await apply(db, MONEY) == []

    (kept,) = await rules_of(db)
    assert kept == replace(MONEY, id=kept.id)


async def test_a_rule_is_found_by_its_patterns_and_its_destinations(db):
    await apply(db, MONEY)

    async with db.reading() as tx:
        by_pattern = await matching.rules_naming(tx, ["finance.*", "*"])
        by_target = await subscriptions.sent_to(tx, ROOM)

    assert [rule.name for rule in by_pattern] == ["money"]
    assert [rule.name for rule in by_target] == ["money"]


async def test_the_same_yaml_again_changes_nothing(db):
    await apply(db, MONEY)
    before = await rules_of(db)

    assert await apply(db, MONEY) == []
    assert await rules_of(db) == before


async def test_a_rule_that_changes_in_the_yaml_changes(db):
    await apply(db, MONEY)
    wider = replace(MONEY, patterns=("*",), where="", via=None, to=(OPS,))

    assert await apply(db, wider) == []

    (kept,) = await rules_of(db)
    assert kept == replace(wider, id=kept.id)
    async with db.reading() as tx:
        assert await matching.rules_naming(tx, ["finance.*"]) == []
        assert await subscriptions.sent_to(tx, ROOM) == []


async def test_a_rule_that_the_yaml_no_longer_has_goes(db):
    await apply(db, MONEY)

    assert await apply(db) == []
    assert await rules_of(db) == []


async def test_what_chat_changed_stays_across_reloads(db):
    await apply(db, MONEY)
    (rule,) = await rules_of(db)
    off = replace(rule, enabled=False, changed_by="ou_wei")
    await change(db, off)

    assert await apply(db, MONEY) == []
    assert await rules_of(db) == [off]


async def test_a_yaml_rule_that_changes_beneath_what_chat_made_of_it_is_told(db):
    await apply(db, MONEY)
    (rule,) = await rules_of(db)
    narrower = replace(rule, where="severity=critical", changed_by="ou_wei")
    await change(db, narrower)
    wider = replace(MONEY, where="")

    assert await apply(db, wider) == ["money"]
    assert await rules_of(db) == [narrower]
    # Told once: the next reload finds nothing new.
    assert await apply(db, wider) == []


async def test_a_changed_rule_that_the_yaml_drops_goes_and_is_told(db):
    await apply(db, MONEY)
    (rule,) = await rules_of(db)
    await change(db, replace(rule, enabled=False, changed_by="ou_wei"))

    assert await apply(db) == ["money"]
    assert await rules_of(db) == []


async def test_resetting_a_rule_gives_what_the_yaml_says_now(db):
    await apply(db, MONEY)
    (rule,) = await rules_of(db)
    await change(db, replace(rule, enabled=False, changed_by="ou_wei"))
    wider = replace(MONEY, where="")
    await apply(db, wider)

    async def reset(tx):
        return await subscriptions.reset(tx, rule.id, now=LATER)

    assert await db.write(reset) == replace(wider, id=rule.id)
    assert await rules_of(db) == [replace(wider, id=rule.id)]


async def test_only_the_yamls_rules_can_be_reset(db):
    made = replace(MONEY, name="", owner="chat:oc_ops", created_by="ou_wei")
    kept = await db.write(lambda tx: subscriptions.add(tx, made))

    async def reset(tx):
        return await subscriptions.reset(tx, kept.id, now=LATER)

    assert await db.write(reset) is None


async def test_rules_of_a_chat_are_numbered(db):
    made = replace(MONEY, name="", owner="chat:oc_ops", created_by="ou_wei")
    other = replace(made, owner="chat:oc_dev")

    async def add(tx):
        return [
            (await subscriptions.add(tx, rule)).name for rule in (made, made, other)
        ]

    assert await db.write(add) == ["1", "2", "1"]


async def test_a_rule_that_was_removed_comes_back_under_its_number_and_name(db):
    made = replace(MONEY, name="", owner="chat:oc_ops", created_by="ou_wei")
    kept = await db.write(lambda tx: subscriptions.add(tx, made))
    await db.write(lambda tx: subscriptions.remove(tx, kept.id))
    assert await rules_of(db, "chat:oc_ops") == []

    await change(db, kept)

    assert await rules_of(db, "chat:oc_ops") == [kept]
    async with db.reading() as tx:
        found = await matching.rules_naming(tx, ["finance.*"])
    assert found == [kept]


async def test_a_name_that_was_taken_meanwhile_is_replaced(db):
    made = replace(MONEY, name="", owner="chat:oc_ops", created_by="ou_wei")
    first = await db.write(lambda tx: subscriptions.add(tx, made))
    await db.write(lambda tx: subscriptions.remove(tx, first.id))
    await db.write(lambda tx: subscriptions.add(tx, made))

    await change(db, first)

    assert sorted(rule.name for rule in await rules_of(db, "chat:oc_ops")) == ["1", "2"]


async def test_a_window_of_the_yaml_is_kept_as_it_is_written(db):
    elsewhere = replace(NIGHTS, target=ROOM, days="mon,tue", spare_critical=False)
    assert await apply_windows(db, NIGHTS, elsewhere) == []

    (kept,), (other,) = await windows_of(db), await windows_of(db, ROOM)
    assert (kept, other) == (
        replace(NIGHTS, id=kept.id),
        replace(elsewhere, id=other.id),
    )


async def test_a_window_that_chat_turned_off_stays_off_across_reloads(db):
    await apply_windows(db, NIGHTS)
    (kept,) = await windows_of(db)
    off = replace(kept, enabled=False, changed_by="ou_wei")
    await db.write(lambda tx: windows.put(tx, off, now=LATER))
    longer = replace(NIGHTS, end=9 * 60)

    assert await apply_windows(db, NIGHTS) == []
    assert await apply_windows(db, longer) == ["nights"]
    assert await windows_of(db) == [off]

    async def reset(tx):
        return await windows.reset(tx, kept.id, now=LATER)

    assert await db.write(reset) == replace(longer, id=kept.id)


async def test_a_window_that_the_yaml_changes_or_drops_follows(db):
    await apply_windows(db, NIGHTS)
    whole = replace(NIGHTS, start=None, end=None, days="weekends")

    assert await apply_windows(db, whole) == []
    (kept,) = await windows_of(db)
    assert kept == replace(whole, id=kept.id)

    assert await apply_windows(db) == []
    assert await windows_of(db) == []
