"""Bots made with Lark's SDK, as the tests drive them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import App, Lark

ROOT = Path(__file__).parents[2]
SCRIPT = "tests.conformance.sdk_bot"


@dataclass
class Sdk:
    """The process in which the SDK runs."""

    process: Process
    url: str = ""

    async def ask(self, do: str, **more: Any) -> Any:
        """Return what the process answers to one order."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": do, **more}).encode() + b"\n")
        return await self.hear()

    async def hear(self) -> Any:
        """Return the next line the process says."""
        assert self.process.stdout is not None
        return json.loads(await self.process.stdout.readline())


@dataclass
class SdkBot:
    """One app in the sandbox, run by the SDK."""

    sdk: Sdk
    app: App
    url: str

    async def __call__(self, do: str, **more: Any) -> Any:
        """Return what came of *do*."""
        return await self.sdk.ask(do, bot=self.app.app_id, **more)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Sdk]:
    """Run the SDK in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", SCRIPT, cwd=ROOT, stdin=PIPE, stdout=PIPE
    )
    sdk = Sdk(process)
    sdk.url = (await sdk.hear())["url"]
    try:
        yield sdk
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def bot(sdk: Sdk, lark: Lark, *, domain: str, **settings: Any) -> SdkBot:
    """Make an app in *lark*, and a bot for it that the console has accepted."""
    app = lark.create_app("Bell", encrypt_key="the encrypt key", **settings)
    made = SdkBot(sdk, app, f"{sdk.url}/{app.app_id}")
    await sdk.ask(
        "start",
        domain=domain,
        app_id=app.app_id,
        app_secret=app.secret,
        encrypt_key=app.encrypt_key,
        verification_token=app.verification_token,
    )
    return made
