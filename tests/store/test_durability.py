"""What was answered is kept, though the process is killed the next instant."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from store import notifications
from store.opening import open_database
from store.values import Notification
from tests.conftest import KEYRING
from tests.store.samples import sqlite_in

ROOT = Path(__file__).parents[2]

#: Accepts for ever, many at once, and says each number after its commit.
ACCEPTS = textwrap.dedent(
    """
    import asyncio, os, sys
    from datetime import UTC, datetime

    from store import notifications
    from store.notifications import Draft
    from store.opening import open_database
    from store.secrets import Keyring
    from store.values import Notification, Severity

    NOW = datetime(2026, 1, 5, tzinfo=UTC)


    async def sender(db, name):
        count = 0
        while True:
            count += 1
            draft = Draft(
                Notification(
                    number=0, source="s", type="custom.s", severity=Severity.INFO,
                    title=f"{name} {count}", accepted_at=NOW,
                )
            )
            [accepted] = await db.write(
                lambda tx: notifications.add(tx, [draft], now=NOW)
            )
            os.write(1, f"{accepted.number} {name} {count}\\n".encode())


    async def main():
        db = await open_database("sqlite:" + sys.argv[1], keyring=Keyring())
        await asyncio.gather(*(sender(db, f"sender{n}") for n in range(8)))


    asyncio.run(main())
    """
)


@pytest.mark.parametrize("answers", [1, 40, 150])
async def test_every_number_that_was_answered_survives_a_kill(tmp_path, answers):
    path = tmp_path / "larkbell.db"
    said = _kill_after(path, answers)

    db = await open_database(f"sqlite:{path}", keyring=KEYRING)
    async with db.reading() as tx:
        kept = {n: _title(await notifications.get(tx, n)) for n in said}
        check = await tx._connection.execute_fetchall("PRAGMA integrity_check")
    await db.close()

    assert kept == said
    assert len(said) >= answers
    assert [tuple(row) for row in check] == [("ok",)]


async def test_a_commit_waits_for_the_disk(tmp_path):
    async with sqlite_in(tmp_path) as db:
        for connection in (db._writer, db._reader):
            [(mode,)] = await connection.execute_fetchall("PRAGMA journal_mode")
            [(level,)] = await connection.execute_fetchall("PRAGMA synchronous")
            assert (mode, level) == ("wal", 2)


def _kill_after(path: Path, answers: int) -> dict[int, str]:
    """Let it accept until it said so many numbers; return all that it said."""
    with subprocess.Popen(
        [sys.executable, "-c", ACCEPTS, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as process:
        said = [process.stdout.readline() for _ in range(answers)]
        process.send_signal(signal.SIGKILL)
        # What it wrote to the pipe before it died, it had answered.
        said += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    return dict(_read(line) for line in said if line.endswith(b"\n"))


def _read(line: bytes) -> tuple[int, str]:
    number, _, title = line.decode().strip().partition(" ")
    return int(number), title


def _title(kept: Notification | None) -> str | None:
    return kept and kept.title
