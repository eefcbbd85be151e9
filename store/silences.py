"""What keeps a delivery back: the rules that it obeys, and the holds they made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store import rows
from store.database import Tx
from store.times import from_ms, to_ms
from store.values import Destination, Kind, Mute, Schedule, Window
from store.wording import read, written


@dataclass(frozen=True, slots=True)
class Hold:
    """What one window, mute or time of a digest keeps for one lane."""

    id: int
    cause: str
    words: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """How much one rule holds for some destinations, and until when."""

    cause: str
    words: str
    until: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Obeyed:
    """What keeps deliveries to a destination back."""

    windows: Sequence[Window] = ()
    mutes: Sequence[Mute] = ()
    schedules: Sequence[Schedule] = ()


async def targets_of(tx: Tx, destination: Destination) -> tuple[Destination, ...]:
    """Return whose windows and mutes *destination* obeys: its own, its chat's."""
    if destination.kind is not Kind.ROBOT:
        return (destination,)
    robot = await tx.one("robot_named", name=destination.name)
    return targets_in(destination, robot["chat"] if robot else None)


def targets_in(destination: Destination, chat: str | None) -> tuple[Destination, ...]:
    """Return the same of a *destination* of which it is known in which *chat* it is."""
    return (destination, Destination(Kind.CHAT, chat)) if chat else (destination,)


async def obeyers_of(tx: Tx, target: Destination) -> tuple[Destination, ...]:
    """Return who obeys the windows and mutes of *target*: it, and its robots."""
    if target.kind is not Kind.CHAT:
        return (target,)
    robots = await tx.all("robots_of_chat", chat=target.name)
    return (target, *(Destination(Kind.ROBOT, row["name"]) for row in robots))


async def windows_obeyed(tx: Tx, targets: Sequence[Destination]) -> list[Window]:
    """Return the enabled windows of *targets*."""
    found = await tx.all("windows_obeyed", targets=_names(targets))
    return [rows.window(row) for row in found]


async def mutes_obeyed(
    tx: Tx, targets: Sequence[Destination], *, now: datetime
) -> list[Mute]:
    """Return the mutes of *targets* that have not ended."""
    found = await tx.all("mutes_obeyed", targets=_names(targets), now=to_ms(now))
    return [rows.mute(row) for row in found]


async def schedules_obeyed(tx: Tx, targets: Sequence[Destination]) -> list[Schedule]:
    """Return the enabled scheduled digests of *targets*."""
    found = await tx.all("schedules_obeyed", targets=_names(targets))
    return [rows.schedule(row) for row in found]


async def obeyed(tx: Tx, targets: Sequence[Destination], *, now: datetime) -> Obeyed:
    """Return all that keeps back what goes to *targets*."""
    found = await tx.all("silences_obeyed", targets=_names(targets), now=to_ms(now))
    kinds = {row["kind"] for row in found}
    return Obeyed(
        await windows_obeyed(tx, targets) if "windows" in kinds else [],
        await mutes_obeyed(tx, targets, now=now) if "mutes" in kinds else [],
        await schedules_obeyed(tx, targets) if "schedules" in kinds else [],
    )


async def open_hold(
    tx: Tx,
    *,
    lane: str,
    cause: str,
    words: str,
    author: str,
    until: datetime,
    now: datetime,
) -> int:
    """Return the hold of *cause* for *lane*, made where missing, ending at *until*."""
    number: int = await tx.value(
        "open_hold",
        lane=lane,
        cause=cause,
        words=written(words),
        author=author,
        until=to_ms(until),
        now=to_ms(now),
    )
    return number


async def holds_due(tx: Tx, *, lane: str, now: datetime) -> list[Hold]:
    """Return the holds of *lane* that are over."""
    return [
        Hold(
            row["id"],
            row["cause"],
            read(row["words"]),
            from_ms(row["created_at"]),
            from_ms(row["until"]),
        )
        for row in await tx.all("holds_due", lane=lane, now=to_ms(now))
    ]


async def close_hold(tx: Tx, hold: int) -> None:
    """Forget the hold when nothing is kept by it."""
    await tx.run("close_hold", hold=hold)


async def release(tx: Tx, target: Destination, *, now: datetime) -> int:
    """End every hold of those who obey *target*; return how many messages it keeps.

    They are decided again as they are sent: another rule may keep some of them.
    """
    names = _names(await obeyers_of(tx, target))
    kept = sum(each.count for each in await held(tx, target))
    await tx.run("release_holds", targets=names, now=to_ms(now))
    await tx.run("wake_released", now=to_ms(now))
    return kept


async def release_cause(tx: Tx, cause: str, *, now: datetime) -> int:
    """End every hold of one rule (``window:12``, ``mute:3``, ``digest:4``).

    In whichever lane. Returns how many messages that rule keeps; they are decided again
    as they are sent.
    """
    kept: int = await tx.value("kept_by", cause=cause)
    await tx.run("release_cause", cause=cause, now=to_ms(now))
    await tx.run("wake_released", now=to_ms(now))
    return kept


async def held(tx: Tx, target: Destination) -> list[Held]:
    """Return what is held for those who obey *target*, by rule."""
    names = _names(await obeyers_of(tx, target))
    return [
        Held(row["cause"], read(row["words"]), from_ms(row["until"]), row["count"])
        for row in await tx.all("held_by", targets=names)
    ]


def _names(targets: Sequence[Destination]) -> str:
    return rows.to_json([str(each) for each in targets])
