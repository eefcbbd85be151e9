"""The audit log: every change, with what was and what is, so that it can be undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from store.database import Row, Tx
from store.preferences import Choice
from store.robots import Robot
from store.times import from_ms, maybe_from_ms, to_ms
from store.values import (
    Channel,
    Destination,
    Json,
    Mute,
    Schedule,
    Subscription,
    Window,
)

#: What people change from the chat.
Setting = Subscription | Window | Schedule | Mute | Choice | Robot


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. A setting in ``was`` alone was removed, in ``became`` alone made."""

    id: int
    at: datetime
    actor: str
    place: str
    command: str
    subject: str
    was: tuple[Setting, ...]
    became: tuple[Setting, ...]
    undone_at: datetime | None = None


async def record(tx: Tx, change: Change) -> Change:
    """Keep *change*; return it with its number."""
    number = await tx.value(
        "audit_insert",
        at=to_ms(change.at),
        actor=change.actor,
        place=change.place,
        command=change.command,
        subject=change.subject,
        was=_written(change.was),
        became=_written(change.became),
    )
    return Change(
        id=int(number),
        at=change.at,
        actor=change.actor,
        place=change.place,
        command=change.command,
        subject=change.subject,
        was=change.was,
        became=change.became,
    )


async def get(tx: Tx, number: int) -> Change | None:
    """Return one change, or ``None``."""
    row = await tx.one("audit_get", id=number)
    return None if row is None else _change(row)


async def latest(
    tx: Tx, place: str, *, since: datetime, limit: int = 20
) -> list[Change]:
    """Return the changes made in *place* since *since*, newest first."""
    rows = await tx.all("audit_latest", place=place, since=to_ms(since), limit=limit)
    return [_change(row) for row in rows]


async def page(
    tx: Tx, *, place: str, actor: str, skip: int, limit: int
) -> list[Change]:
    """Return changes, newest first; an empty *place* or *actor* stands for all."""
    rows = await tx.all("audit_page", place=place, actor=actor, skip=skip, limit=limit)
    return [_change(row) for row in rows]


async def mark_undone(tx: Tx, number: int, *, now: datetime) -> bool:
    """Say that the change was taken back; ``False`` when somebody did so before."""
    return await tx.run("audit_undone", id=number, now=to_ms(now)) > 0


async def prune(tx: Tx, *, before: datetime) -> int:
    """Forget the changes made before *before*; return how many."""
    return await tx.run("audit_prune", before=to_ms(before))


def _change(row: Row) -> Change:
    return Change(
        id=row["id"],
        at=from_ms(row["at"]),
        actor=row["actor"],
        place=row["place"],
        command=row["command"],
        subject=row["subject"],
        was=_read(row["was"]),
        became=_read(row["became"]),
        undone_at=maybe_from_ms(row["undone_at"]),
    )


def _written(settings: tuple[Setting, ...]) -> str:
    return json.dumps([_to_json(each) for each in settings], ensure_ascii=False)


def _read(written: str | None) -> tuple[Setting, ...]:
    return tuple(_from_json(each) for each in json.loads(written or "[]"))


def _to_json(setting: Setting) -> Json:
    said: Json = {"kind": type(setting).__name__.lower()}
    for name in setting.__slots__:
        value: Any = getattr(setting, name)
        match value:
            case datetime():
                value = to_ms(value)
            case Destination():
                value = str(value)
            case frozenset():
                value = sorted(value)
            case tuple():
                value = [each if isinstance(each, int) else str(each) for each in value]
        said[name] = value
    return said


def _from_json(said: Json) -> Setting:
    return _READERS[said.pop("kind")](said)


def _subscription(said: Json) -> Subscription:
    said["created_at"] = from_ms(said["created_at"])
    said["patterns"] = tuple(said["patterns"])
    said["to"] = tuple(Destination.parse(each) for each in said["to"])
    via = said["via"]
    said["via"] = None if via is None else tuple(map(Channel, via))
    return Subscription(**said)


def _window(said: Json) -> Window:
    said["created_at"] = from_ms(said["created_at"])
    said["patterns"] = tuple(said["patterns"])
    said["target"] = Destination.parse(said["target"])
    said["mutes"] = frozenset(map(Channel, said["mutes"]))
    return Window(**said)


def _schedule(said: Json) -> Schedule:
    said["created_at"] = from_ms(said["created_at"])
    said["patterns"] = tuple(said["patterns"])
    said["times"] = tuple(said["times"])
    said["target"] = Destination.parse(said["target"])
    said["collects"] = frozenset(map(Channel, said["collects"]))
    return Schedule(**said)


def _mute(said: Json) -> Mute:
    said["created_at"] = from_ms(said["created_at"])
    said["target"] = Destination.parse(said["target"])
    said["mutes"] = frozenset(map(Channel, said["mutes"]))
    said["until"] = from_ms(said["until"])
    return Mute(**said)


def _choice(said: Json) -> Choice:
    return Choice(Destination.parse(said["subject"]), said["name"], said["value"])


def _robot(said: Json) -> Robot:
    said["created_at"] = from_ms(said["created_at"])
    said["draft_until"] = maybe_from_ms(said["draft_until"])
    said["allow"], said["deny"] = tuple(said["allow"]), tuple(said["deny"])
    return Robot(**said)


#: How each kind of setting is read back.
_READERS: Mapping[str, Callable[[Json], Setting]] = {
    "subscription": _subscription,
    "window": _window,
    "schedule": _schedule,
    "mute": _mute,
    "choice": _choice,
    "robot": _robot,
}
