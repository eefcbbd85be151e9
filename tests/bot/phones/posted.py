"""What the tests of phones share: a message, a moment, a gateway that listens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.phones.said import Said
from sandbox.serving import listening

NUMBER = "+6580000000"
DISK = Said(
    text='Critical: Disk "full" (prometheus, Alarm) M7',
    severity="Critical",
    title='Disk "full"',
    source="prometheus",
    type="Alarm",
    id="M7",
)


@dataclass
class Posted:
    """What came to the gateway."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class GatewayDoor:
    """A gateway on loopback: what came, and what it answers."""

    posted: list[Posted] = field(default_factory=list)
    status: int = 200
    answer: bytes = b'{"code": 0}'
    headers: dict[str, str] = field(default_factory=dict)
    url: str = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.posted.append(
            Posted(
                request.method,
                request.path_qs,
                {name.lower(): value for name, value in request.headers.items()},
                await request.read(),
            )
        )
        return web.Response(status=self.status, body=self.answer, headers=self.headers)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[GatewayDoor]:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self.take)
        async with listening(app, "127.0.0.1", 0) as url:
            self.url = f"{url}/send?token=t0ken"
            yield self


def secrets_in(shown: str, *secrets: str) -> list[str]:
    """Return which *secrets* can be read in what is shown."""
    return [each for each in secrets if each in shown]


def words(error: Any) -> str:
    """Return all that an error shows of itself."""
    return f"{error!r} {error} {error.__cause__!r} {error.__dict__!r}"
