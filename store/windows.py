"""DND windows as they are kept: of the YAML, of chats, of people.

A window of the YAML keeps what the YAML says (its baseline) beside what chat made of
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
from store.values import Channel, Destination, Window

YAML = "yaml"


async def get(tx: Tx, number: int) -> Window | None:
    """Return one window, or ``None``."""
    row = await tx.one("window_get", id=number)
    return None if row is None else rows.window(row)


async def of(tx: Tx, destination: Destination) -> list[Window]:
    """Return the windows of *destination*, oldest first, those turned off too."""
    found = await tx.all("windows_of", target=str(destination))
    return [rows.window(row) for row in found]


async def add(tx: Tx, window: Window) -> Window:
    """Keep a new window; return it with its number. An empty name becomes a number."""
    name = window.name or await _next_name(tx, window.owner)
    named = replace(window, name=name)
    number = await tx.value("window_insert", baseline=None, **_columns(named))
    return replace(named, id=int(number))


async def put(tx: Tx, window: Window, *, now: datetime) -> None:
    """Make the window what *window* says, under the number it has or had.

    A name that another window took meanwhile is replaced by a new one.
    """
    if await get(tx, window.id) is not None:
        columns = _columns(window)
        for fixed in ("name", "owner", "target", "created_by", "created_at"):
            del columns[fixed]
        columns["changed_at"] = to_ms(now)
        await tx.run("window_update", id=window.id, **columns)
        return
    owner, target = window.owner, str(window.target)
    if await tx.one("window_named", owner=owner, target=target, name=window.name):
        window = replace(window, name=await _next_name(tx, owner))
    await tx.run("window_restore", id=window.id, baseline=None, **_columns(window))


async def remove(tx: Tx, number: int) -> None:
    """Take the window away."""
    await tx.run("window_delete", id=number)


async def reset(tx: Tx, number: int, *, now: datetime) -> Window | None:
    """Make a YAML window what the YAML says; return it, or ``None`` for another."""
    row = await tx.one("window_get", id=number)
    if row is None or row["baseline"] is None:
        return None
    window = _from_baseline(rows.window(row), row["baseline"])
    await put(tx, window, now=now)
    return window


async def apply_baseline(
    tx: Tx, baseline: Sequence[Window], *, now: datetime
) -> list[str]:
    """Make the YAML's windows those of *baseline*, known by name and destination.

    What chat changed stays changed; what the YAML changed lets go of what it holds, to
    be decided again. Returns the names of windows that chat changed and that the YAML
    changed beneath it, or no longer has.
    """
    known = {
        (row["target"], row["name"]): row
        for row in await tx.all("windows_owned", owner=YAML)
    }
    beneath: list[str] = []
    for window in baseline:
        row = known.pop((str(window.target), window.name), None)
        written = _baseline(window)
        if row is None:
            kept = replace(
                window, owner=YAML, changed_by=None, enabled=True, created_at=now
            )
            await tx.value("window_insert", baseline=written, **_columns(kept))
        elif row["baseline"] != written:
            await tx.run("window_rebase", id=row["id"], baseline=written)
            if row["changed_by"] is None:
                await put(tx, _from_baseline(rows.window(row), written), now=now)
                await silences.release_cause(tx, f"window:{row['id']}", now=now)
            else:
                beneath.append(window.name)
    for (_, name), row in known.items():
        await remove(tx, row["id"])
        await silences.release_cause(tx, f"window:{row['id']}", now=now)
        if row["changed_by"] is not None:
            beneath.append(name)
    return beneath


async def _next_name(tx: Tx, owner: str) -> str:
    """Return the number after the highest that *owner* has for a name."""
    found = await tx.all("windows_owned", owner=owner)
    taken = [int(row["name"]) for row in found if row["name"].isdecimal()]
    return str(max(taken, default=0) + 1)


def _said(window: Window) -> dict[str, Any]:
    """Return what a window says, as columns: what the YAML can say of it too."""
    return {
        "patterns": rows.to_json(window.patterns),
        "start_minute": window.start,
        "end_minute": window.end,
        "days": window.days,
        "zone": window.zone,
        "calendar": window.calendar,
        "mutes": rows.to_json(sorted(window.mutes)),
        "spare_critical": int(window.spare_critical),
    }


def _columns(window: Window) -> dict[str, Any]:
    return {
        **_said(window),
        "name": window.name,
        "owner": window.owner,
        "target": str(window.target),
        "enabled": int(window.enabled),
        "created_by": window.created_by,
        "created_at": to_ms(window.created_at),
        "changed_by": window.changed_by,
        "changed_at": None,
    }


def _baseline(window: Window) -> str:
    return rows.to_json(_said(window))


def _from_baseline(window: Window, written: str) -> Window:
    said = orjson.loads(written)
    return replace(
        window,
        patterns=tuple(orjson.loads(said["patterns"])),
        start=said["start_minute"],
        end=said["end_minute"],
        days=said["days"],
        zone=said["zone"],
        calendar=said["calendar"],
        mutes=frozenset(map(Channel, orjson.loads(said["mutes"]))),
        spare_critical=bool(said["spare_critical"]),
        enabled=True,
        changed_by=None,
    )
