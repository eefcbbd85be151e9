"""``serve``: run until told to stop; take a changed file when there is one."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from errno import EADDRNOTAVAIL
from pathlib import Path

import uvloop
from aiohttp import web

from bot import config, logs
from bot.app import Larkbell, running
from bot.config import Loaded
from bot.config.values import Address
from bot.errors import ConfigError
from store.errors import StoreRefused

#: How often the file is looked at. It is taken once it stood still from one look to the
#: next: half a file may be a configuration too, and not the one that was meant.
LOOK = timedelta(seconds=0.5)
#: How many connections may wait to be let in.
BACKLOG = 1024

log = logging.getLogger(__name__)


def serve(parsed: argparse.Namespace) -> int:
    """Run the process; return 0 when it was told to stop."""
    loaded = config.load(parsed.config, os.environ)
    address = loaded.config.server.listen
    try:
        # Before anything is touched: a second process on the same port must not take
        # the lanes from the first.
        sockets = listen(address)
    except OSError as exc:
        print(f"larkbell: cannot listen on {address}: {_why(exc)}", file=sys.stderr)
        return 1
    logs.set_up()
    for warning in loaded.warnings:
        log.warning("%s", warning)
    return uvloop.run(_serve(parsed.config, loaded, sockets))


def listen(address: Address) -> list[socket.socket]:
    """Return a socket for every address of that name; raise ``OSError`` for none.

    Who connects before the doors open waits for them.
    """
    found = socket.getaddrinfo(
        address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    sockets: list[socket.socket] = []
    try:
        for family, where in dict.fromkeys((each[0], each[4][:2]) for each in found):
            try:
                sockets.append(
                    socket.create_server(where, family=family, backlog=BACKLOG)
                )
            except OSError as exc:
                # A name may have an address of a kind that this machine does not use.
                if exc.errno != EADDRNOTAVAIL or len(found) == 1:
                    raise
        if not sockets:
            raise OSError(EADDRNOTAVAIL, os.strerror(EADDRNOTAVAIL))
    except OSError:
        for each in sockets:
            each.close()
        raise
    return sockets


def _why(error: OSError) -> str:
    # A name that nobody knows has a negative number, and words of its own.
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or type(error).__name__


async def _serve(path: Path, loaded: Loaded, sockets: Sequence[socket.socket]) -> int:
    stop = asyncio.Event()
    reload = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, reload.set)
    async with asynccontextmanager(running)(loaded.config) as bell:
        runner = web.AppRunner(bell.web(), access_log=None, shutdown_timeout=5)
        await runner.setup()
        for each in sockets:
            await web.SockSite(runner, each, backlog=BACKLOG).start()
        # What there is now stays. The collector need not go through all of it each time
        # that it looks for what a request has left behind.
        gc.collect()
        gc.freeze()
        places = [Address(*each.getsockname()[:2]) for each in sockets]
        log.info("ready", extra={"listen": ", ".join(map(str, places))})
        watch = Watch(path, loaded, bell)
        bell.scheduler.every(LOOK, "look at the file", watch.look)
        waiting = asyncio.create_task(_on_signal(reload, watch))
        try:
            await stop.wait()
        finally:
            waiting.cancel()
            for site in list(runner.sites):
                await site.stop()
            log.info("stopping")
            # Nobody else is let in; whoever is connected is answered.
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
        self._seen = dict(loaded.files)
        self._last = self._seen
        self._one_at_a_time = asyncio.Lock()

    async def look(self) -> None:
        """Reload when one of the files is not what it was, and is written to its end.

        That is: when it is the same as at the last look.
        """
        last, self._last = self._last, self._stamps()
        if self._last == last != self._seen:
            await self.reload()

    async def reload(self) -> None:
        """Load the file and act on it, or say what is wrong with it."""
        async with self._one_at_a_time:
            # Noted before it is read: what changes meanwhile is seen by the next look.
            self._seen = self._stamps()
            try:
                # In a thread: a long file must not keep Lark waiting.
                loaded = await asyncio.to_thread(config.load, self._path, os.environ)
                await self._take(loaded)
            except ConfigError as exc:
                for mistake in exc.mistakes:
                    log.error("not reloaded: %s", mistake)
            except StoreRefused as exc:
                log.error("not reloaded: %s", exc)
                self._seen = {}  # So that the next look tries again.
            except Exception:
                # Whatever it is, the old configuration runs on, and so do we.
                log.exception("not reloaded")

    async def _take(self, loaded: Loaded) -> None:
        later = config.needs_restart(self._bell.config, loaded.config)
        await self._bell.apply(loaded.config)
        self._seen = dict(loaded.files)
        for warning in loaded.warnings:
            log.warning("%s", warning)
        if later:
            log.warning("these act after a restart", extra={"settings": later})
        log.info("reloaded")

    def _stamps(self) -> dict[Path, config.Stamp]:
        return {path: config.stamp(path) for path in self._seen or self._last}
