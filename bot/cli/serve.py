"""``serve``: run until told to stop; take a changed file when there is one."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import uvloop
from aiohttp import web

from bot import config, logs
from bot.app import Larkbell, running
from bot.config import Loaded
from bot.errors import ConfigError
from store.errors import StoreRefused

#: How often the file is looked at.
LOOK = timedelta(seconds=1)

log = logging.getLogger(__name__)


def serve(parsed: argparse.Namespace) -> int:
    """Run the process; return 0 when it was told to stop."""
    logs.set_up()
    loaded = config.load(parsed.config, os.environ)
    for warning in loaded.warnings:
        log.warning("%s", warning)
    return uvloop.run(_serve(parsed.config, loaded))


async def _serve(path: Path, loaded: Loaded) -> int:
    stop = asyncio.Event()
    reload = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    async with asynccontextmanager(running)(loaded.config) as bell:
        runner = web.AppRunner(bell.web(), access_log=None, shutdown_timeout=5)
        await runner.setup()
        address = loaded.config.server.listen
        site = web.TCPSite(runner, address.host, address.port, backlog=1024)
        try:
            await site.start()
        except OSError as exc:
            print(f"larkbell: cannot listen on {address}: {exc}", file=sys.stderr)
            return 1
        log.info("ready", extra={"listen": str(address)})
        watch = Watch(path, loaded, bell)
        bell.scheduler.every(LOOK, "look at the file", watch.look)
        waiting = asyncio.create_task(_on_signal(reload, watch))
        try:
            await stop.wait()
        finally:
            log.info("stopping")
            waiting.cancel()
            # Whoever is connected is answered; nobody else is let in.
            await site.stop()
            await runner.cleanup()
    log.info("stopped")
    return 0


async def _on_signal(reload: asyncio.Event, watch: Watch) -> None:
    while True:
        await reload.wait()
        reload.clear()
        await watch.reload()


class Watch:
    """Takes a changed configuration; keeps the old one when the new one is broken."""

    def __init__(self, path: Path, loaded: Loaded, bell: Larkbell) -> None:
        self._path = path
        self._bell = bell
        self._files = loaded.files
        self._seen = _stamps(self._files)

    async def look(self) -> None:
        """Reload when one of the files is not what it was."""
        if _stamps(self._files) != self._seen:
            await self.reload()

    async def reload(self) -> None:
        """Load the file and act on it, or say what is wrong with it."""
        self._seen = _stamps(self._files)
        try:
            loaded = config.load(self._path, os.environ)
        except ConfigError as exc:
            for mistake in exc.mistakes:
                log.error("not reloaded: %s", mistake)
            return
        later = config.needs_restart(self._bell.config, loaded.config)
        try:
            await self._bell.apply(loaded.config)
        except StoreRefused as exc:
            log.error("not reloaded: %s", exc)
            self._seen = ()  # So that the next look tries again.
            return
        self._files = loaded.files
        self._seen = _stamps(self._files)
        for warning in loaded.warnings:
            log.warning("%s", warning)
        log.info("reloaded", extra={"after a restart": later} if later else {})


def _stamps(files: tuple[Path, ...]) -> tuple[tuple[int, int] | None, ...]:
    return tuple(map(_stamp, files))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    # The inode too: editors and Kubernetes put another file in its place.
    return found.st_mtime_ns, found.st_ino
