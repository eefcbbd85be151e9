"""``larkbell serve`` as its users have it: another process, its log and its exit."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[2]
#: How long anything may take before a test gives up on it.
PATIENCE = 30


def free_port() -> int:
    """Return a port that nobody listens on, for a process that starts again."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


class Serving:
    """One process. ``lines`` is its log so far; ``url`` is where its doors are."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[Any] = []
        self.url = ""

    @classmethod
    async def start(
        cls, config: Path, *, program: Sequence[str] = ("-m", "bot")
    ) -> Serving:
        """Start it without waiting for it."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                *program,
                "serve",
                "-c",
                str(config),
                cwd=config.parent,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
        )

    @classmethod
    async def ready(cls, config: Path, **how: Any) -> Serving:
        """Start it, and wait until it says that it is ready."""
        made = await cls.start(config, **how)
        made.url = "http://" + (await made.says("ready"))["listen"]
        return made

    async def says(self, message: str) -> dict[str, Any]:
        """Wait for a line that begins so; return it with what stands beside it."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while raw := await self.process.stderr.readline():
                self.lines.append(line := json.loads(raw))
                if line["message"].startswith(message):
                    return dict(line)
        raise AssertionError(f"it ended without {message!r}: {self.lines}")

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stop it; return its exit code, and what it still said."""
        self.tell(number)
        return await self.ended()

    async def ended(self) -> tuple[int, str]:
        async with asyncio.timeout(PATIENCE):
            _, said = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, said.decode()

    async def send(self, token: str = "scripts-token", **body: Any) -> int:
        """Post a notification; return the status."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"{self.url}/v1/notifications",
                json={"title": "x", "type": "product.alarm", **body},
                headers={"Authorization": f"Bearer {token}"},
            ) as response,
        ):
            return response.status
