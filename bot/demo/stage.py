"""The stage: the sandbox and the bot, started on loopback and cleared away after."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import aiohttp
from aiohttp import web

from bot import config
from bot.app import Larkbell, running
from bot.cli.serve import LOOK, Watch
from bot.config.loading import ENV_FILE
from bot.demo.cast import Cast, gather
from sandbox import Lark

LOOPBACK = "127.0.0.1"
HOOK = "/open-apis/bot/v2/hook/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Both sides as they run; ``bell`` and ``hall`` are the addresses of their doors.

    ``hall`` is the sandbox's: where Lark's API answers, and people are made to act.
    """

    lark: Lark
    cast: Cast
    larkbell: Larkbell
    session: aiohttp.ClientSession
    hall: str
    bell: str
    config: Path


@asynccontextmanager
async def stage(listener: socket.socket) -> AsyncIterator[Stage]:
    """Start both, the bot on *listener*; stop both and forget everything after."""
    lark = Lark()
    cast = gather(lark)
    port = listener.getsockname()[1]
    with listener, tempfile.TemporaryDirectory(prefix="larkbell-demo-") as folder:
        async with lark.serve() as hall, aiohttp.ClientSession() as session:
            path = _configure(Path(folder), _variables(cast, hall=hall, port=port))
            loaded = config.load(path, {})
            async with asynccontextmanager(running)(loaded.config) as larkbell:
                watch = Watch(path, loaded, larkbell)
                larkbell.scheduler.every(LOOK, "look at the file", watch.look)
                bell = f"http://{LOOPBACK}:{port}"
                async with _open_doors(larkbell, listener):
                    await lark.set_event_url(cast.app, f"{bell}/lark/events")
                    yield Stage(
                        lark=lark,
                        cast=cast,
                        larkbell=larkbell,
                        session=session,
                        hall=hall,
                        bell=bell,
                        config=path,
                    )


def listen(port: int) -> socket.socket:
    """Return a socket for the bot's doors; 0 takes a free port.

    Raises ``OSError`` when the port is taken or not ours, ``OverflowError`` when there
    is no such port.
    """
    return socket.create_server((LOOPBACK, port), backlog=128)


def token(source: str) -> str:
    """Return what *source* proves itself with. Easy to type: this is loopback only."""
    return f"demo-{source}"


def _configure(folder: Path, variables: Mapping[str, str]) -> Path:
    """Write the YAML and its ``.env``; return the YAML's path."""
    path = folder / "config.yaml"
    yaml = files("bot.demo").joinpath("config.yaml").read_text(encoding="utf-8")
    path.write_text(yaml, encoding="utf-8")
    env = folder / ENV_FILE
    env.touch(mode=0o600)
    # Named so that nothing of the machine's own environment stands in their place.
    lines = [f"DEMO_{name}={value}\n" for name, value in variables.items()]
    env.write_text("".join(lines), encoding="utf-8")
    return path


def _variables(cast: Cast, *, hall: str, port: int) -> dict[str, str]:
    app = cast.app
    return {
        "PORT": str(port),
        "LARK": hall,
        "LARK_APP_ID": app.app_id,
        "LARK_APP_SECRET": app.secret,
        "LARK_ENCRYPT_KEY": app.encrypt_key or "",
        "LARK_VERIFICATION_TOKEN": app.verification_token,
        "KEY": config.new_key(),
        "ADMIN_TOKEN": token("admin"),
        "PROMETHEUS_TOKEN": token("prometheus"),
        "SCRIPTS_TOKEN": token("scripts"),
        "CONSOLE_TOKEN": token("console"),
        "PAGER_WEBHOOK": hall + HOOK + cast.pager.token,
        "PAGER_SECRET": cast.pager.secret or "",
        "ALICE": app.open_id_of(cast.alice),
        "BOB": app.open_id_of(cast.bob),
        "WEI": app.open_id_of(cast.wei),
        "OPS": cast.ops.chat_id,
        "FINANCE": cast.finance.chat_id,
    }


@asynccontextmanager
async def _open_doors(
    larkbell: Larkbell, listener: socket.socket
) -> AsyncIterator[None]:
    runner = web.AppRunner(larkbell.web(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()
