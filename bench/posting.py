"""The sender of notifications, in a process of its own: ``python -m bench.posting``.

Everything is built before the clock starts, and an answer is not read beyond its status
and length, so that the server is what is measured. Each connection sends its next
request when the last one was answered. Takes a ``Task`` as JSON, prints a ``Load``.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil
import uvloop

from bench.bodies import bodies

#: Requests of each connection before the clock starts.
WARM_UP = 2

_LENGTH = b"Content-Length: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to post where. ``batch`` begins every id; ``differing`` is in every body."""

    port: int
    token: str
    batch: str
    requests: int
    connections: int
    watch: int
    differing: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of it. The server's CPU is counted from when the clock starts."""

    seconds: float
    refused: int
    sender_cpu: float
    server_cpu_before: float


class _Connection(asyncio.Protocol):
    """One keep-alive connection that takes its next request from the common heap."""

    def __init__(self, requests: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._done = done
        self._received = b""
        self.refused = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        if self._received:
            data = self._received + data
        head = data.find(b"\r\n\r\n")
        if head < 0 or len(data) < head + 4 + _length(data):
            self._received = data
            return
        self._received = b""
        if not data.startswith(b"HTTP/1.1 202"):
            self.refused += 1
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server hung up"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        else:
            self._done.set_result(None)
            self._transport.close()


def _length(data: bytes) -> int:
    start = data.index(_LENGTH) + len(_LENGTH)
    return int(data[start : data.index(b"\r", start)])


def _built(task: Task, batch: str, count: int) -> list[bytes]:
    """Return *count* requests, ready for the wire."""
    head = (
        "POST /v1/notifications HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{task.port}\r\n"
        f"Authorization: Bearer {task.token}\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: "
    ).encode()
    return [
        head + b"%d\r\n\r\n%b" % (len(body), body)
        for body in bodies(batch, count, **task.differing)
    ]


async def _post(port: int, requests: Sequence[bytes], *, connections: int) -> int:
    """Send all *requests* over so many connections; return how many were refused."""
    loop = asyncio.get_running_loop()
    heap = iter(requests)
    opened: list[_Connection] = []
    done: list[asyncio.Future[None]] = []
    for _ in range(connections):
        done.append(loop.create_future())
        opened.append(_Connection(heap, done[-1]))
        await loop.create_connection(lambda: opened[-1], "127.0.0.1", port)
    await asyncio.gather(*done)
    return sum(each.refused for each in opened)


async def _load(task: Task) -> Load:
    connections = task.connections
    warm_up = _built(task, f"{task.batch}-warm", WARM_UP * connections)
    requests = _built(task, task.batch, task.requests)
    await _post(task.port, warm_up, connections=connections)
    before = psutil.Process(task.watch).cpu_times()
    cpu, began = time.process_time(), time.perf_counter()
    refused = await _post(task.port, requests, connections=connections)
    return Load(
        seconds=time.perf_counter() - began,
        refused=refused,
        sender_cpu=time.process_time() - cpu,
        server_cpu_before=before.user + before.system,
    )


if __name__ == "__main__":
    given = Task(**json.loads(sys.argv[1]))
    print(json.dumps(asdict(uvloop.run(_load(given)))))
