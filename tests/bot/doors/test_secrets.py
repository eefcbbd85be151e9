"""Nothing secret shows itself: not in what is printed, not in what is logged."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from bot.logs import JsonLines
from bot.secret import Secret
from store import robots
from tests.bot.doors.hall import NATIVE, SAID, SECRETS, Hall, note

OURS = ("bot.", "handlers.", "store.")


def parts_of(thing: Any) -> Iterable[Any]:
    """Yield what *thing* holds."""
    if isinstance(thing, Mapping):
        yield from thing.keys()
        yield from thing.values()
    elif isinstance(thing, list | tuple | set | frozenset):
        yield from thing
    elif type(thing).__module__.startswith(OURS):
        yield from vars(thing).values() if hasattr(thing, "__dict__") else ()
        for kind in type(thing).__mro__:
            for name in getattr(kind, "__slots__", ()):
                if hasattr(thing, name):
                    yield getattr(thing, name)


def house_of(start: Any) -> list[Any]:
    """Return every object of ours that can be reached from *start*."""
    seen: dict[int, Any] = {}
    waiting = [start]
    while waiting:
        thing = waiting.pop()
        if id(thing) not in seen:
            seen[id(thing)] = thing
            waiting += parts_of(thing)
    return [each for each in seen.values() if type(each).__module__.startswith(OURS)]


async def test_no_object_of_the_process_shows_a_secret(hall: Hall) -> None:
    async with hall.bell.db.reading() as tx:
        known = await robots.every(tx)
        hooks = [await robots.hook(tx, each) for each in known]
    house = house_of([hall.bell, hall.client.app, known, hooks])
    kinds = {type(each).__name__ for each in house}

    assert {"Config", "Credential", "LarkClient", "Keys", "Keyring"} <= kinds
    assert {"Hook", "Robot"} <= kinds
    assert [
        (type(each).__name__, secret)
        for each in house
        for secret in SECRETS.values()
        if secret in f"{each!r} {each}"
    ] == []


async def test_the_secrets_are_there_all_the_same(hall: Hall) -> None:
    # Or the test above would prove nothing.
    told = {each.reveal() for each in house_of(hall.bell) if isinstance(each, Secret)}

    assert set(SECRETS.values()) <= told


async def raw(hall: Hall, request: bytes) -> bytes:
    """Send bytes that no client would; return the first line of the answer."""
    host, port = hall.client.server.host, hall.client.server.port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(request)
    answer = await reader.readline()
    writer.close()
    return answer.strip()


@pytest.mark.parametrize(
    "request_line",
    [
        f"POST {NATIVE}?token={SECRETS['SCRIPTS']} HTTP/9.1",
        f"POST {NATIVE} HTTP/1.1\r\nAuthorization: Bearer {SECRETS['SCRIPTS']}\x01",
        f"POST {NATIVE} HTTP/1.1\r\nAuthorization: {SECRETS['SCRIPTS'] * 1000}",
        f"POST {NATIVE} HTTP/1.1\r\nContent-Length: {SECRETS['SCRIPTS']}",
        f"POST {NATIVE} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{SAID}",
    ],
)
async def test_what_is_no_http_is_refused_and_not_quoted_in_the_log(
    hall: Hall, caplog: pytest.LogCaptureFixture, request_line: str
) -> None:
    answer = await raw(hall, f"{request_line}\r\nHost: x\r\n\r\n".encode())

    assert answer == b"HTTP/1.0 400 Bad Request"
    [record] = caplog.records
    assert (record.levelno, record.exc_info) == (logging.WARNING, None)
    # The fixture of every test here looks for secrets in it.
    assert "Error handling request" in JsonLines().format(record)


async def test_a_webhook_that_does_not_answer_is_not_named(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    await hall.send(note("x", type="security.event"))
    await hall.bell.routing.run_once()

    assert await hall.bell.delivery.run_once() == 1

    [row] = [row for row in (await hall.kept())["outbox"] if row["state"] == "queued"]
    del row["payload"]
    shown = f"{row} {caplog.text}"
    assert [each for each in SECRETS.values() if each in shown] == []


async def test_a_fault_of_our_own_tells_the_sender_nothing(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    hall.bell.intake.types = None  # type: ignore[assignment]

    answer = await hall.send(note())

    assert answer.status == 500
    assert answer.body == "500 Internal Server Error\n\nServer got itself in trouble"
    assert [each.levelname for each in caplog.records] == ["ERROR"]
