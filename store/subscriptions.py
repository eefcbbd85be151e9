"""Subscriptions as they are kept: of the YAML, of chats, of people.

A rule of the YAML keeps what the YAML says (its baseline) beside what chat made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from store import rows
from store.database import Tx
from store.times import to_ms
from store.values import Channel, Destination, Subscription

YAML = "yaml"


async def get(tx: Tx, number: int) -> Subscription | None:
    """Return one rule, or ``None``."""
    row = await tx.one("subscription_get", id=number)
    return None if row is None else rows.subscription(row)


async def sent_to(tx: Tx, destination: Destination) -> list[Subscription]:
    """Return the rules that name *destination*, oldest first, those turned off too."""
    found = await tx.all("subscriptions_to", target=str(destination))
    return [rows.subscription(row) for row in found]


async def owned_by(tx: Tx, owner: str) -> list[Subscription]:
    """Return the rules of *owner*, oldest first."""
    found = await tx.all("subscriptions_owned", owner=owner)
    return [rows.subscription(row) for row in found]


async def add(tx: Tx, subscription: Subscription) -> Subscription:
    """Keep a new rule; return it with its number. An empty name becomes a number."""
    name = subscription.name or await _next_name(tx, subscription.owner)
    named = replace(subscription, name=name)
    number = await tx.value("subscription_insert", baseline=None, **_columns(named))
    kept = replace(named, id=int(number))
    await _index(tx, kept)
    return kept


async def put(tx: Tx, subscription: Subscription, *, now: datetime) -> None:
    """Make the rule what *subscription* says, under the number it has or had.

    A name that another rule took meanwhile is replaced by a new one.
    """
    if await get(tx, subscription.id) is not None:
        columns = _columns(subscription)
        for fixed in ("name", "owner", "created_by", "created_at"):
            del columns[fixed]
        columns["changed_at"] = to_ms(now)
        await tx.run("subscription_update", id=subscription.id, **columns)
        await _unindex(tx, subscription.id)
    else:
        owner, name = subscription.owner, subscription.name
        if await tx.one("subscription_named", owner=owner, name=name) is not None:
            subscription = replace(subscription, name=await _next_name(tx, owner))
        await tx.run(
            "subscription_restore",
            id=subscription.id,
            baseline=None,
            **_columns(subscription),
        )
    await _index(tx, subscription)


async def remove(tx: Tx, number: int) -> None:
    """Take the rule away."""
    await _unindex(tx, number)
    await tx.run("subscription_delete", id=number)


async def reset(tx: Tx, number: int, *, now: datetime) -> Subscription | None:
    """Make a YAML rule what the YAML says; return it, or ``None`` for another rule."""
    row = await tx.one("subscription_get", id=number)
    if row is None or row["baseline"] is None:
        return None
    rule = _from_baseline(rows.subscription(row), row["baseline"])
    await put(tx, rule, now=now)
    return rule


async def apply_baseline(
    tx: Tx, baseline: Sequence[Subscription], *, now: datetime
) -> list[str]:
    """Make the YAML's rules those of *baseline*, known by name.

    What chat changed stays changed. Returns the names of rules that chat changed and
    that the YAML changed beneath it, or no longer has.
    """
    known = {
        row["name"]: row for row in await tx.all("subscriptions_owned", owner=YAML)
    }
    beneath: list[str] = []
    for rule in baseline:
        row = known.pop(rule.name, None)
        written = _baseline(rule)
        if row is None:
            await _add_from_yaml(tx, rule, written, now=now)
        elif row["baseline"] != written:
            await tx.run("subscription_rebase", id=row["id"], baseline=written)
            if row["changed_by"] is None:
                await put(tx, _from_baseline(rows.subscription(row), written), now=now)
            else:
                beneath.append(rule.name)
    for name, row in known.items():
        await remove(tx, row["id"])
        if row["changed_by"] is not None:
            beneath.append(name)
    return beneath


async def _add_from_yaml(
    tx: Tx, rule: Subscription, written: str, *, now: datetime
) -> None:
    rule = replace(rule, owner=YAML, changed_by=None, enabled=True, created_at=now)
    number = await tx.value("subscription_insert", baseline=written, **_columns(rule))
    await _index(tx, replace(rule, id=int(number)))


async def _next_name(tx: Tx, owner: str) -> str:
    """Return the number after the highest that *owner* has for a name."""
    found = await tx.all("subscriptions_owned", owner=owner)
    taken = [int(row["name"]) for row in found if row["name"].isdecimal()]
    return str(max(taken, default=0) + 1)


async def _index(tx: Tx, rule: Subscription) -> None:
    await tx.many(
        "subscription_index_pattern",
        [
            {"pattern": each, "subscription": rule.id}
            for each in dict.fromkeys(rule.patterns)
        ],
    )
    await tx.many(
        "subscription_index_target",
        [
            {"target": str(each), "subscription": rule.id}
            for each in dict.fromkeys(rule.to)
        ],
    )


async def _unindex(tx: Tx, number: int) -> None:
    await tx.run("subscription_unindex_patterns", subscription=number)
    await tx.run("subscription_unindex_targets", subscription=number)


def _said(rule: Subscription) -> dict[str, Any]:
    """Return what a rule says, as columns: what the YAML can say of it too."""
    via = None if rule.via is None else rows.to_json(rule.via)
    return {
        "patterns": rows.to_json(rule.patterns),
        "filter": rule.where,
        "targets": rows.to_json([str(each) for each in rule.to]),
        "via": via,
    }


def _columns(rule: Subscription) -> dict[str, Any]:
    return {
        **_said(rule),
        "name": rule.name,
        "owner": rule.owner,
        "enabled": int(rule.enabled),
        "created_by": rule.created_by,
        "created_at": to_ms(rule.created_at),
        "changed_by": rule.changed_by,
        "changed_at": None,
    }


def _baseline(rule: Subscription) -> str:
    return rows.to_json(_said(rule))


def _from_baseline(rule: Subscription, written: str) -> Subscription:
    said = orjson.loads(written)
    via = said["via"]
    return replace(
        rule,
        patterns=tuple(orjson.loads(said["patterns"])),
        where=said["filter"],
        to=tuple(Destination.parse(each) for each in orjson.loads(said["targets"])),
        via=None if via is None else tuple(map(Channel, orjson.loads(via))),
        enabled=True,
        changed_by=None,
    )
