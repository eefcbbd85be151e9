"""Digests by the clock as they are kept: of the YAML, of chats, of people.

One of the YAML keeps what the YAML says (its baseline) beside what chat made of
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from store import rows, silences
from store.database import Tx
from store.times import to_ms
from store.values import Channel, Destination, Schedule

YAML = "yaml"


async def get(tx: Tx, number: int) -> Schedule | None:
    """Return one schedule, or ``None``."""
    row = await tx.one("schedule_get", id=number)
    return None if row is None else rows.schedule(row)


async def of(tx: Tx, destination: Destination) -> list[Schedule]:
    """Return those of *destination*, oldest first, those turned off too."""
    found = await tx.all("schedules_of", target=str(destination))
    return [rows.schedule(row) for row in found]


async def add(tx: Tx, schedule: Schedule) -> Schedule:
    """Keep a new one; return it with its number. An empty name becomes a number."""
    name = schedule.name or await _next_name(tx, schedule.owner)
    named = replace(schedule, name=name)
    number = await tx.value("schedule_insert", baseline=None, **_columns(named))
    return replace(named, id=int(number))


async def put(tx: Tx, schedule: Schedule, *, now: datetime) -> None:
    """Make it what *schedule* says, under the number it has or had.

    A name that another took meanwhile is replaced by a new one.
    """
    if await get(tx, schedule.id) is not None:
        columns = _columns(schedule)
        for fixed in ("name", "owner", "target", "created_by", "created_at"):
            del columns[fixed]
        columns["changed_at"] = to_ms(now)
        await tx.run("schedule_update", id=schedule.id, **columns)
        return
    owner, target = schedule.owner, str(schedule.target)
    if await tx.one("schedule_named", owner=owner, target=target, name=schedule.name):
        schedule = replace(schedule, name=await _next_name(tx, owner))
    await tx.run(
        "schedule_restore", id=schedule.id, baseline=None, **_columns(schedule)
    )


async def remove(tx: Tx, number: int) -> None:
    """Take it away."""
    await tx.run("schedule_delete", id=number)


async def reset(tx: Tx, number: int, *, now: datetime) -> Schedule | None:
    """Make one of the YAML what the YAML says; return it, or ``None`` for another."""
    row = await tx.one("schedule_get", id=number)
    if row is None or row["baseline"] is None:
        return None
    schedule = _from_baseline(rows.schedule(row), row["baseline"])
    await put(tx, schedule, now=now)
    return schedule


async def apply_baseline(
    tx: Tx, baseline: Sequence[Schedule], *, now: datetime
) -> list[str]:
    """Make the YAML's those of *baseline*, known by name and destination.

    What chat changed stays changed; what the YAML changed lets go of what it holds, to
    be decided again. Returns the names of those that chat changed and that the YAML
    changed beneath it, or no longer has.
    """
    known = {
        (row["target"], row["name"]): row
        for row in await tx.all("schedules_owned", owner=YAML)
    }
    beneath: list[str] = []
    for schedule in baseline:
        row = known.pop((str(schedule.target), schedule.name), None)
        written = _baseline(schedule)
        if row is None:
            kept = replace(
                schedule, owner=YAML, changed_by=None, enabled=True, created_at=now
            )
            await tx.value("schedule_insert", baseline=written, **_columns(kept))
        elif row["baseline"] != written:
            await tx.run("schedule_rebase", id=row["id"], baseline=written)
            if row["changed_by"] is None:
                await put(tx, _from_baseline(rows.schedule(row), written), now=now)
                await silences.release_cause(tx, f"digest:{row['id']}", now=now)
            else:
                beneath.append(schedule.name)
    for (_, name), row in known.items():
        await remove(tx, row["id"])
        await silences.release_cause(tx, f"digest:{row['id']}", now=now)
        if row["changed_by"] is not None:
            beneath.append(name)
    return beneath


async def _next_name(tx: Tx, owner: str) -> str:
    """Return the number after the highest that *owner* has for a name."""
    found = await tx.all("schedules_owned", owner=owner)
    taken = [int(row["name"]) for row in found if row["name"].isdecimal()]
    return str(max(taken, default=0) + 1)


def _said(schedule: Schedule) -> dict[str, Any]:
    """Return what it says, as columns: what the YAML can say of it too."""
    return {
        "patterns": rows.to_json(schedule.patterns),
        "times": rows.to_json(schedule.times),
        "days": schedule.days,
        "zone": schedule.zone,
        "calendar": schedule.calendar,
        "collects": rows.to_json(sorted(schedule.collects)),
        "spare_critical": int(schedule.spare_critical),
    }


def _columns(schedule: Schedule) -> dict[str, Any]:
    return {
        **_said(schedule),
        "name": schedule.name,
        "owner": schedule.owner,
        "target": str(schedule.target),
        "enabled": int(schedule.enabled),
        "created_by": schedule.created_by,
        "created_at": to_ms(schedule.created_at),
        "changed_by": schedule.changed_by,
        "changed_at": None,
    }


def _baseline(schedule: Schedule) -> str:
    return rows.to_json(_said(schedule))


def _from_baseline(schedule: Schedule, written: str) -> Schedule:
    said = orjson.loads(written)
    return replace(
        schedule,
        patterns=tuple(orjson.loads(said["patterns"])),
        times=tuple(orjson.loads(said["times"])),
        days=said["days"],
        zone=said["zone"],
        calendar=said["calendar"],
        collects=frozenset(map(Channel, orjson.loads(said["collects"]))),
        spare_critical=bool(said["spare_critical"]),
        enabled=True,
        changed_by=None,
    )
