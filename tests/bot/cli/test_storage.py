"""migrate, ledger, dead and secrets rotate: what needs the database."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography.fernet import Fernet, InvalidToken

from bot.cli import main
from store import outbox, robots
from store.database import Database, Tx
from store.opening import open_database
from store.outbox import Outgoing
from store.robots import Hook
from store.secrets import Keyring
from store.values import State
from store.wording import _
from tests.conftest import MONDAY
from tests.known_robots import know
from tests.store.samples import accept, deliver, draft

T = TypeVar("T")
Out = pytest.CaptureFixture[str]
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


class Shell:
    """A folder with a configuration, where commands are typed."""

    def __init__(self, folder: Path, capsys: Out) -> None:
        self.config = folder / "config.yaml"
        self.database = folder / "larkbell.db"
        self._capsys = capsys
        self.write()

    def write(self, *keys: str, **more: Any) -> None:
        """Write the configuration with these keys."""
        said = {"secrets": {"keys": list(keys)}, **more}
        self.config.write_text(json.dumps(said))

    def run(self, *line: str) -> tuple[int, str, str]:
        """Type a command; return its code, and what it said on both sides."""
        code = main([*line, "-c", str(self.config)])
        out, err = self._capsys.readouterr()
        return code, out, err

    def keep(self, work: Callable[[Database], Awaitable[T]], *keys: str) -> T:
        """Do something to the database, as another process would."""

        async def run() -> T:
            url = f"sqlite:{self.database}"
            db = await open_database(url, keyring=Keyring(keys or [OLD]))
            try:
                return await work(db)
            finally:
                await db.close()

        return asyncio.run(run())


@pytest.fixture
def shell(tmp_path: Path, capsys: Out) -> Shell:
    return Shell(tmp_path, capsys)


# migrate


def test_migrate_makes_the_database_and_says_so(shell: Shell) -> None:
    said = (0, "The sqlite database is up to date.\n", "")

    assert not shell.database.exists()
    assert [shell.run("migrate"), shell.run("migrate")] == [said, said]
    assert shell.database.exists()


def test_a_database_that_cannot_be_opened_is_told(shell: Shell) -> None:
    shell.write(database={"url": "sqlite:nowhere/larkbell.db"})

    code, out, err = shell.run("migrate")

    assert (code, out) == (1, "")
    assert err.startswith("larkbell: cannot open the database ")
    assert err.count("\n") == 1


def test_a_database_of_a_newer_larkbell_is_left_alone(shell: Shell) -> None:
    shell.run("migrate")
    connection = sqlite3.connect(shell.database)
    connection.execute("UPDATE schema_version SET version = 99")
    connection.commit()
    connection.close()

    for command in ("migrate", "ledger", "dead"):
        code, out, err = shell.run(command)
        assert (code, out) == (1, "")
        assert err.startswith("larkbell: the database has schema 99, ")


def test_a_configuration_that_is_wrong_is_told(shell: Shell) -> None:
    shell.config.write_text("databse: {}")

    for command in ("migrate", "ledger", "dead", "send x"):
        code, out, err = shell.run(*command.split())
        assert (code, out) == (2, "")
        assert err.startswith(f"{shell.config}:1: databse: ")


def test_a_database_that_is_busy_is_told(shell: Shell) -> None:
    dead(shell)
    connection = sqlite3.connect(shell.database, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("PRAGMA user_version = 1")

    code, out, err = _impatient(lambda: shell.run("dead", "--replay", "2"))
    connection.close()

    assert (code, out) == (1, "")
    assert re.fullmatch(r"larkbell: [^\n]*(locked|busy)[^\n]*\n", err)


def _impatient(work: Callable[[], T]) -> T:
    """Do *work* without waiting five seconds for a lock."""
    import store.sqlite

    patience, store.sqlite.BUSY_MS = store.sqlite.BUSY_MS, 20
    try:
        return work()
    finally:
        store.sqlite.BUSY_MS = patience


# ledger


def some(shell: Shell) -> None:
    async def work(db: Database) -> None:
        await deliver(db, "one", "two")
        await accept(db, draft())

    shell.keep(work)


def test_the_ledger_of_nothing_adds_up(shell: Shell) -> None:
    code, out, _ = shell.run("ledger")

    assert code == 0
    assert out.endswith("It adds up: every routed notification has its deliveries.\n")


def test_the_ledger_accounts_for_everything(shell: Shell) -> None:
    some(shell)

    code, out, err = shell.run("ledger")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Notifications",
        "  waiting                1",
        "  routed                 2",
        "  unrouted               0",
        "  accepted               3",
        "",
        "Deliveries",
        "  queued                 2",
        "  in all                 2",
        "",
        "It adds up: every routed notification has its deliveries.",
    ]


def test_the_ledger_is_told_to_machines_as_the_door_tells_it(shell: Shell) -> None:
    some(shell)

    code, out, _ = shell.run("ledger", "--json")

    assert code == 0
    assert json.loads(out) == {
        "accepted": 3,
        "notifications": {"waiting": 1, "routed": 2, "unrouted": 0},
        "deliveries": {"queued": 2},
        "total_deliveries": 2,
        "unaccounted": 0,
        "adds_up": True,
    }


def test_a_ledger_that_does_not_add_up_fails(shell: Shell) -> None:
    some(shell)
    connection = sqlite3.connect(shell.database)
    connection.execute("DELETE FROM outbox WHERE id = 1")
    connection.commit()
    connection.close()

    code, out, _ = shell.run("ledger")
    told, machines, _ = shell.run("ledger", "--json")

    assert (code, told) == (1, 1)
    assert out.splitlines()[-1] == "It does NOT add up: 1 have no delivery."
    assert json.loads(machines)["adds_up"] is False


# dead


#: Kept as what it is made of; the shell says its English.
REASON = _("tried for 24 h: {error}", error=_("the message is too big"))


def dead(shell: Shell, title: str = "disk full") -> None:
    """Let one delivery be given up, and one still wait."""

    async def work(db: Database) -> None:
        await deliver(db, "waits")
        await deliver(db, title)

        async def give_up(tx: Tx) -> None:
            await outbox.finish(tx, _outgoing(2), State.DEAD, reason=REASON, now=MONDAY)

        await db.write(give_up)

    shell.keep(work)


def _outgoing(number: int) -> Outgoing:
    return Outgoing(
        id=number,
        kind="delivery",
        payload=None,
        address="",
        attempts=0,
        first_attempt=None,
        uncertain=False,
        since=MONDAY,
        rank=2,
        notification=None,
    )


def states(shell: Shell) -> list[str]:
    connection = sqlite3.connect(shell.database)
    found = [row[0] for row in connection.execute("SELECT state FROM outbox")]
    connection.close()
    return found


def test_where_nothing_was_given_up_dead_says_so(shell: Shell) -> None:
    assert shell.run("dead") == (0, "Nothing was given up.\n", "")


def test_dead_lists_what_was_given_up_and_how_to_send_it_again(shell: Shell) -> None:
    dead(shell)

    assert shell.run("dead") == (
        0,
        (
            "       2  2026-01-05 01:00 UTC  chat:oc_ops by chat: M2 disk full\n"
            "          tried for 24 h: the message is too big (0 attempt(s))\n"
            "\n"
            "Send one again: larkbell dead --replay 2\n"
        ),
        "",
    )


def test_a_title_steers_no_terminal(shell: Shell) -> None:
    dead(shell, "\x1b]0;evil\x07\x1b[2J余额\n预警 ✓")

    _, out, _ = shell.run("dead")

    assert out.splitlines()[0].endswith("M2 �]0;evil��[2J余额�预警 ✓")


def test_what_was_given_up_is_sent_again(shell: Shell) -> None:
    dead(shell)

    code, out, err = shell.run("dead", "--replay", "2")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "2 is queued again.",
        "A running process takes it up within a minute.",
    ]
    assert states(shell) == ["queued", "queued"]
    assert shell.run("dead")[1] == "Nothing was given up.\n"


def test_only_what_was_given_up_is_sent_again(shell: Shell) -> None:
    dead(shell)

    code, out, _ = shell.run("dead", "--replay", "1", "--replay", "2", "--replay", "99")

    assert code == 1
    assert out.splitlines() == [
        "1 was not given up: larkbell dead lists what was.",
        "2 is queued again.",
        "99 was not given up: larkbell dead lists what was.",
        "A running process takes it up within a minute.",
    ]


def test_where_nothing_is_sent_again_nothing_is_promised(shell: Shell) -> None:
    dead(shell)

    code, out, _ = shell.run("dead", "--replay", "1")

    assert (code, out) == (1, "1 was not given up: larkbell dead lists what was.\n")
    assert states(shell) == ["queued", "dead"]


# secrets rotate


HOOK = Hook("https://example.com/hook", "s3cret")


async def pager(db: Database) -> None:
    await db.write(
        lambda tx: know(tx, "pager", webhook=HOOK.webhook, secret=HOOK.secret)
    )


def hook(shell: Shell, *keys: str) -> Hook | None:
    async def work(db: Database) -> Hook | None:
        async with db.reading() as tx:
            robot = await robots.named(tx, "pager")
            assert robot is not None
            return await robots.hook(tx, robot)

    return shell.keep(work, *keys)


def sealed(shell: Shell) -> list[str]:
    connection = sqlite3.connect(shell.database)
    [row] = connection.execute("SELECT webhook, secret FROM robot_hooks").fetchall()
    connection.close()
    return list(row)


def test_rotate_seals_everything_with_the_first_key_so_that_the_old_can_go(
    shell: Shell,
) -> None:
    shell.keep(pager, OLD)
    before = sealed(shell)
    shell.write(NEW, OLD)

    assert shell.run("secrets", "rotate") == (
        0,
        (
            "Sealed the secrets of 1 robot(s) with the first key. "
            "The other keys can go once every process has the new list.\n"
        ),
        "",
    )
    after = sealed(shell)
    assert [Fernet(NEW).decrypt(each).decode() for each in after] == [
        HOOK.webhook,
        HOOK.secret,
    ]
    for each in after:
        assert each not in before
        with pytest.raises(InvalidToken):
            Fernet(OLD).decrypt(each)
    assert hook(shell, NEW) == HOOK


def test_rotate_without_the_key_that_it_was_sealed_with_changes_nothing(
    shell: Shell,
) -> None:
    shell.keep(pager, OLD)
    before = sealed(shell)
    shell.write(NEW)

    code, out, err = shell.run("secrets", "rotate")

    assert (code, out) == (1, "")
    assert err.startswith("larkbell: a secret in the database opens with none of ")
    assert "s3cret" not in err
    assert sealed(shell) == before


def test_rotate_without_any_key_says_how_to_make_one(shell: Shell) -> None:
    assert shell.run("secrets", "rotate") == (
        2,
        "",
        (
            "larkbell: secrets.keys is empty: make a key with "
            "`larkbell secrets generate`, and put it there\n"
        ),
    )
    assert not shell.database.exists()


def test_drift_is_told_by_the_shell(shell: Shell) -> None:
    line = ["check", str(shell.config), "--drift"]

    assert (main(line), shell._capsys.readouterr().out) == (
        0,
        f"All is as {shell.config} says: chat changed nothing.\n",
    )
