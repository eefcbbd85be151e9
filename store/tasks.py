"""What was asked that needs the network: done beside the requests, answered later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson

from store.database import Row, Tx
from store.errors import StoreError
from store.rows import to_json
from store.times import from_ms, maybe_from_ms, to_ms
from store.values import Json

#: How long a worker may take over one task.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, and with what. The details may hold secrets."""

    kind: str
    details: Json = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A task that this worker holds. ``asked`` says who asked, and where."""

    id: int
    task: Task
    asked: Json
    attempts: int
    created_at: datetime


async def add(tx: Tx, task: Task, *, asked: Json, now: datetime) -> int:
    """Keep a task, its details sealed; return its number."""
    number = await tx.value(
        "task_insert",
        kind=task.kind,
        details=tx.keyring.seal(to_json(task.details)),
        asked=to_json(asked),
        now=to_ms(now),
    )
    return int(number)


async def claim(tx: Tx, *, worker: str, now: datetime) -> Claimed | None:
    """Lease the task that has waited longest, or return ``None``."""
    row = await tx.one(
        "claim_task",
        worker=worker,
        now=to_ms(now),
        lease_until=to_ms(now + LEASE),
    )
    return None if row is None else _claimed(tx, row)


async def finish(tx: Tx, task: Claimed, *, worker: str) -> bool:
    """Forget a task that is done; ``False`` when another has it by now."""
    return await tx.run("finish_task", id=task.id, worker=worker) == 1


async def postpone(tx: Tx, task: Claimed, *, worker: str, until: datetime) -> None:
    """Give a task back, to be tried again at *until*."""
    await tx.run("postpone_task", id=task.id, worker=worker, due_at=to_ms(until))


async def return_leases(tx: Tx) -> int:
    """Give back what was held before this process started; return how many."""
    return await tx.run("return_tasks")


async def next_due(tx: Tx) -> datetime | None:
    """Return when the next task can be claimed, or ``None``."""
    return maybe_from_ms(await tx.value("next_task"))


def _details(tx: Tx, row: Row) -> Json:
    """Return the details; nothing where no key opens them: it ends, and says so."""
    try:
        opened: Json = orjson.loads(tx.keyring.open(row["details"]))
    except StoreError:
        return {}
    return opened


def _claimed(tx: Tx, row: Row) -> Claimed:
    return Claimed(
        id=row["id"],
        task=Task(row["kind"], _details(tx, row)),
        asked=orjson.loads(row["asked"]),
        attempts=row["attempts"],
        created_at=from_ms(row["created_at"]),
    )
