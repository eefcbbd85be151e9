from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from bot.cli import main
from bot.cli.serve import LOOK, listen
from bot.config.values import Address
from tests.bot.serving import PATIENCE, Serving, free_port
from tests.bot.sink import Sink, sink

__all__ = ["sink"]

YAML = """
server: {listen: "127.0.0.1:PORT", admin_token: "${ADMIN}"}
database: {url: "sqlite:larkbell.db"}
sources: [{name: scripts, kind: native, token: "${SCRIPTS}"}]
robots: [{name: pager, webhook: "${WEBHOOK}"}]
subscriptions: [{name: alarms, types: [product.alarm], to: [robot:pager]}]
limits: {robot: {per_second: 1000, per_minute: 60000}}
"""


@pytest.fixture
def config(tmp_path: Path, sink: Sink) -> Path:
    """A configuration, and the secrets beside it."""
    path, env = tmp_path / "config.yaml", tmp_path / ".env"
    path.write_text(YAML.replace("PORT", "0"))
    env.touch(mode=0o600)
    env.write_text(
        f"ADMIN=admin-token\nSCRIPTS=scripts-token\nWEBHOOK={sink.url}?key=webhook-key\n"
    )
    return path


@pytest.fixture
async def serve(config: Path) -> AsyncIterator[Callable[..., Awaitable[Serving]]]:
    """Starts processes, and leaves none behind."""
    async with AsyncExitStack() as started:

        async def go(**how: Any) -> Serving:
            made = await Serving.ready(config, **how)
            started.push_async_callback(_end, made)
            return made

        yield go


async def _end(serving: Serving) -> None:
    if serving.process.returncode is None:
        serving.process.kill()
        await serving.ended()


Serve = Callable[..., Awaitable[Serving]]


def rows(config: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what another process sees in the database."""
    connection = sqlite3.connect(config.parent / "larkbell.db")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


# Starting

#: What takes long to import, and only some need.
ONLY_FOR_SOME = {
    "lark_oapi",
    "tencentcloud",
    "aiosmtplib",
    "jinja2",
    "babel",
    "phonenumbers",
    "asyncpg",
    "rich",
}


async def test_it_is_ready_soon_and_small_without_what_few_need(serve: Serve) -> None:
    told_at_the_end = (
        "import sys\n"
        "from bot.cli import main\n"
        "code = main()\n"
        f"print({ONLY_FOR_SOME} & sys.modules.keys() or 'none')\n"
        "sys.exit(code)\n"
    )
    serving = await serve(program=("-c", told_at_the_end))
    used = psutil.Process(serving.process.pid)
    spent, resident = used.cpu_times(), used.memory_info().rss
    answer = await serving.send()
    serving.tell(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE):
        out, err = await serving.process.communicate()

    assert (answer, serving.process.returncode, out) == (202, 0, b"none\n")
    # On a machine of its own that is the time it takes; here others work too.
    assert spent.user + spent.system < 2
    assert resident < 100 * 1024 * 1024
    messages = [json.loads(line)["message"] for line in err.splitlines()]
    assert [*(each["message"] for each in serving.lines), *messages] == [
        "ready",
        "stopping",
        "stopped",
    ]
    assert serving.lines[0].keys() == {"at", "level", "logger", "message", "listen"}


def test_a_port_that_is_taken_is_said_plainly_and_nothing_is_touched(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config.write_text(YAML.replace("PORT", str(port)))

        code = main(["serve", "-c", str(config)])

    assert (code, capsys.readouterr()) == (
        1,
        ("", f"larkbell: cannot listen on 127.0.0.1:{port}: Address already in use\n"),
    )
    assert not (config.parent / "larkbell.db").exists()


def test_a_name_that_nobody_knows_is_said_plainly(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = YAML.replace("127.0.0.1:PORT", "no-such-host.invalid:1")
    config.write_text(text)

    assert main(["serve", "-c", str(config)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("larkbell: cannot listen on no-such-host.invalid:1: ")
    assert "None" not in said


def test_a_file_that_is_wrong_is_told_in_full(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text("sources: [{name: x}]\nretention: 1\n")

    assert main(["serve", "-c", str(config)]) == 2
    mistakes = capsys.readouterr().err.splitlines()
    assert [each.split(": ")[:2] for each in mistakes] == [
        [f"{config}:1", "sources[0]"],
        [f"{config}:1", "sources[0].kind"],
        [f"{config}:2", "retention"],
    ]


def test_every_address_of_a_name_is_listened_on() -> None:
    port = free_port()
    expected = {
        each[4][0]
        for each in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)
    }

    sockets = listen(Address("localhost", port))

    found = {each.getsockname()[0] for each in sockets}
    for each in sockets:
        each.close()
    assert found <= expected
    assert "127.0.0.1" in found


# Stopping


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_message_on_its_way_is_finished_before_it_exits(
    serve: Serve, sink: Sink, config: Path, number: signal.Signals
) -> None:
    serving = await serve()
    await serving.send(title="only for the group")
    await serving.send("wrong-token")
    async with asyncio.timeout(PATIENCE):
        await sink.arrived.wait()
    serving.tell(number)
    await serving.says("stopping")
    began = time.monotonic()

    with pytest.raises(aiohttp.ClientConnectorError):
        await serving.send()
    sink.answers.set()
    code, said = await serving.ended()

    assert (code, json.loads(said)["message"]) == (0, "stopped")
    assert time.monotonic() - began < 10
    assert len(sink.posts) == 1
    assert rows(config, "SELECT state FROM outbox WHERE channel = 'chat'") == [
        ("delivered",)
    ]
    assert rows(config, "SELECT worker, lease_until FROM lanes") == [(None, 0)]
    log = json.dumps(serving.lines) + said
    secrets = ("-token", "webhook-key", "/hook", "only for the group")
    assert [each for each in secrets if each in log] == []


async def test_who_was_let_in_is_answered_before_it_exits(
    serve: Serve, config: Path
) -> None:
    serving = await serve()
    host, port = serving.url.removeprefix("http://").split(":")
    with busy(config) as let_go:
        reader, writer = await asyncio.open_connection(host, int(port))
        body = b'{"title":"let in"}'
        writer.write(
            b"POST /v1/notifications HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Authorization: Bearer scripts-token\r\nExpect: 100-continue\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        # So it is being worked on, and waits for the database.
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
        serving.tell(signal.SIGTERM)
        await serving.says("stopping")
        let_go()
        async with asyncio.timeout(PATIENCE):
            answer = await reader.read()
        writer.close()

    assert answer.splitlines()[1] == b"HTTP/1.1 202 Accepted"
    assert (await serving.ended())[0] == 0
    assert rows(config, "SELECT title FROM notifications") == [("let in",)]


@contextmanager
def busy(config: Path) -> Iterator[Callable[[], object]]:
    """Let nobody else write to the database, until it is let go."""
    connection = sqlite3.connect(
        config.parent / "larkbell.db", isolation_level=None, timeout=PATIENCE
    )
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield lambda: connection.execute("ROLLBACK")
    finally:
        connection.close()


# Reloading


def write(path: Path, text: str) -> None:
    path.write_text(text)


def read(path: Path) -> str:
    return path.read_text()


def replace(path: Path, text: str) -> None:
    """Save as editors do: another file is put in its place."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    os.replace(beside, path)


async def test_a_changed_file_is_taken_and_a_broken_one_is_not(
    serve: Serve, config: Path, sink: Sink
) -> None:
    sink.answers.set()
    serving = await serve()
    text = read(config)

    replace(config, text.replace("${SCRIPTS}", "${OTHER:-second-token}"))
    await serving.says("reloaded")
    assert [await serving.send(), await serving.send("second-token")] == [401, 202]

    replace(config, text.replace("sources", "sauces"))
    broken = await serving.says("not reloaded")
    assert broken["level"] == "error"
    assert broken["message"].startswith(f"not reloaded: {config}:4: sauces: ")
    assert [await serving.send(), await serving.send("second-token")] == [401, 202]

    env = config.parent / ".env"
    write(env, read(env).replace("scripts-token", "third-token"))
    write(config, text)
    await serving.says("reloaded")
    assert [await serving.send("second-token"), await serving.send("third-token")] == [
        401,
        202,
    ]
    assert (await serving.end())[0] == 0


async def test_sighup_takes_the_file_at_once_and_tells_what_waits_for_a_restart(
    serve: Serve, config: Path
) -> None:
    serving = await serve()
    text = read(config)

    write(config, text.replace("${ADMIN}", "another") + "retention: 90d\n")
    serving.tell(signal.SIGHUP)

    later = await serving.says("these act after a restart")
    assert (later["level"], later["settings"]) == ("warning", ["server.admin_token"])
    await serving.says("reloaded")

    os.unlink(config)
    serving.tell(signal.SIGHUP)
    missing = await serving.says("not reloaded")
    assert missing["message"].startswith(f"not reloaded: {config}:1: cannot be read")
    assert await serving.send() == 202
    assert (await serving.end())[0] == 0


# Dying


class Sender:
    """Sends notifications one after the other, each until it is accepted."""

    def __init__(self, url: str, name: str, session: aiohttp.ClientSession) -> None:
        self.accepted: list[str] = []
        self._url = url
        self._name = name
        self._session = session

    async def send(self, until: float) -> None:
        number = 0
        while time.monotonic() < until:
            number += 1
            severity = "critical" if number % 20 == 0 else "info"
            self.accepted.append(await self._accepted(number, severity))

    async def _accepted(self, number: int, severity: str) -> str:
        body = {
            "title": f"{self._name}-{number}",
            "id": f"{self._name}-{number}",
            "type": "product.alarm",
            "severity": severity,
        }
        for _ in range(1_000):
            try:
                async with self._session.post(
                    f"{self._url}/v1/notifications", json=body
                ) as response:
                    if response.status == 202:
                        return str((await response.json())["accepted"][0]["id"])
            except aiohttp.ClientError:
                pass  # Killed: this may have been kept, or not. It is sent again.
            await asyncio.sleep(0.02)
        raise AssertionError("nobody accepts anything any more")


async def test_killed_at_any_moment_it_loses_and_doubles_nothing_it_accepted(
    config: Path, sink: Sink
) -> None:
    sink.answers.set()
    url = f"http://127.0.0.1:{(port := free_port())}"
    write(config, YAML.replace("PORT", str(port)))
    chance = random.Random(5)
    headers = {"Authorization": "Bearer scripts-token"}
    async with aiohttp.ClientSession(
        headers=headers, timeout=aiohttp.ClientTimeout(total=5)
    ) as session:
        serving = await Serving.ready(config)
        senders = [Sender(url, f"s{each}", session) for each in range(4)]
        end = time.monotonic() + 1.5
        sending = asyncio.gather(*(each.send(end) for each in senders))
        for _ in range(2):
            await asyncio.sleep(chance.uniform(0.1, 0.5))
            serving.tell(signal.SIGKILL)
            await serving.ended()
            serving = await Serving.ready(config)
        await sending
        ledger = await _settled(url, session)
        fates = [
            await _fate(url, each, session)
            for sender in senders
            for each in sender.accepted
        ]
        code, _ = await serving.end()

    accepted = [each for sender in senders for each in sender.accepted]
    assert len(set(accepted)) == len(accepted) > 30
    # Every id was sent until it was accepted: so each is there, and once.
    assert ledger["accepted"] == len(accepted)
    assert (ledger["adds_up"], ledger["notifications"]["routed"]) == (
        True,
        len(accepted),
    )
    assert {len(each) for each in fates} == {2}
    assert {state for each in fates for state in each} <= {"delivered", "digested"}
    assert len(sink.posts) >= 1
    assert code == 0


async def _settled(url: str, session: aiohttp.ClientSession) -> Any:
    """Return the ledger once nothing waits any more."""
    ledger: Any = {}
    for _ in range(20 * PATIENCE):
        async with session.get(
            f"{url}/v1/ledger", headers={"Authorization": "Bearer admin-token"}
        ) as response:
            ledger = await response.json()
        waits = {"queued", "sending", "held"} & ledger["deliveries"].keys()
        if not waits and not ledger["notifications"]["waiting"]:
            return ledger
        await asyncio.sleep(0.05)
    raise AssertionError(f"something waits for ever: {ledger}")


async def _fate(url: str, number: str, session: aiohttp.ClientSession) -> list[str]:
    async with session.get(f"{url}/v1/notifications/{number}") as response:
        return [each["state"] for each in (await response.json())["deliveries"]]


def test_a_file_is_looked_at_often_enough_to_be_taken_within_two_seconds() -> None:
    assert timedelta(seconds=2) >= 3 * LOOK
