"""``migrate``, ``ledger``, ``dead`` and ``secrets rotate``: what needs the database."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from functools import partial
from pathlib import Path

from bot import config
from bot.app import open_store
from bot.clock import SystemClock
from bot.doors.asking import account
from store import dead_letters, robots, state
from store.database import Database
from store.dead_letters import Dead
from store.ledger import Ledger
from store.ledger import ledger as read_ledger


@asynccontextmanager
async def _database(path: Path) -> AsyncIterator[Database]:
    db = await open_store(config.load(path, os.environ).config)
    try:
        yield db
    finally:
        await db.close()


def migrate(parsed: argparse.Namespace) -> int:
    """Bring the schema up to date. ``serve`` does it as well."""

    async def run() -> int:
        async with _database(parsed.config) as db:
            print(f"The {db.engine} database is up to date.")
        return 0

    return asyncio.run(run())


def drift(parsed: argparse.Namespace) -> int:
    """Print where what holds now differs from the YAML; 1 where it does."""

    async def run() -> int:
        wanted = config.load(parsed.path, os.environ).config
        async with _database(parsed.path) as db, db.reading() as tx:
            now = await state.state(tx)
        lines = config.drift(config.baseline(wanted, now=SystemClock().now()), now)
        for line in lines:
            print(line)
        if not lines:
            print(f"All is as {parsed.path} says: chat changed nothing.")
        return 1 if lines else 0

    return asyncio.run(run())


def ledger(parsed: argparse.Namespace) -> int:
    """Print the account of everything; fail when it does not add up."""

    async def run() -> int:
        async with _database(parsed.config) as db, db.reading() as tx:
            found = await read_ledger(tx)
        if parsed.json:
            print(json.dumps(account(found), indent=2))
        else:
            print(_account(found))
        return 0 if found.adds_up else 1

    return asyncio.run(run())


def dead(parsed: argparse.Namespace) -> int:
    """Print what was given up, or send it again."""

    async def run() -> int:
        async with _database(parsed.config) as db:
            if parsed.replay:
                return await _replay(db, parsed.replay)
            async with db.reading() as tx:
                found = await dead_letters.latest(tx)
        for each in found:
            print(_letter(each))
        if found:
            print(f"\nSend one again: larkbell dead --replay {found[0].id}")
        else:
            print("Nothing was given up.")
        return 0

    return asyncio.run(run())


def rotate(parsed: argparse.Namespace) -> int:
    """Seal every secret with the first key of ``secrets.keys``."""

    async def run() -> int:
        if not config.load(parsed.config, os.environ).config.secrets.keys:
            print(
                "larkbell: secrets.keys is empty: make a key with "
                "`larkbell secrets generate`, and put it there",
                file=sys.stderr,
            )
            return 2
        async with _database(parsed.config) as db:
            count = await db.write(robots.reseal)
        print(
            f"Sealed the secrets of {count} robot(s) with the first key. "
            "The other keys can go once every process has the new list."
        )
        return 0

    return asyncio.run(run())


async def _replay(db: Database, numbers: list[int]) -> int:
    now = SystemClock().now()
    failures = 0
    for number in numbers:
        if await db.write(partial(dead_letters.replay, number=number, now=now)):
            print(f"{number} is queued again.")
        else:
            failures += 1
            print(f"{number} was not given up: larkbell dead lists what was.")
    if failures < len(numbers):
        print("A running process takes it up within a minute.")
    return 1 if failures else 0


def _account(found: Ledger) -> str:
    lines = ["Notifications"]
    lines += [f"  {name:<14}{count:>10,}" for name, count in found.messages.items()]
    lines += [f"  {'accepted':<14}{found.accepted:>10,}", "", "Deliveries"]
    lines += [f"  {name:<14}{count:>10,}" for name, count in found.deliveries.items()]
    lines += [f"  {'in all':<14}{sum(found.deliveries.values()):>10,}", ""]
    if found.adds_up:
        lines.append("It adds up: every routed notification has its deliveries.")
    else:
        lines.append(f"It does NOT add up: {found.unaccounted} have no delivery.")
    return "\n".join(lines)


def _letter(each: Dead) -> str:
    what = f"M{each.number} {_seen(each.title or '')}" if each.number else each.kind
    at = each.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return (
        f"{each.id:>8}  {at}  {each.destination} by {each.channel}: {what}\n"
        f"          {_seen(each.reason)} ({each.attempts} attempt(s))"
    )


def _seen(text: str) -> str:
    """Return *text* as a terminal may show it: others wrote it, and none may steer."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
