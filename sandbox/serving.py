"""The platform behind a port."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable

from aiohttp import web

from sandbox.platform import Platform
from sandbox.push import Push
from sandbox.robots import HOOK, RobotDoor

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def application(
    platform: Platform,
    push: Push,
    routes: Iterable[Callable[[web.UrlDispatcher], None]],
    *,
    redeliver: bool,
) -> web.Application:
    """Return the application; with *redeliver* it delivers by itself what falls due."""
    app = web.Application()
    app.router.add_post(HOOK + "{token}", RobotDoor(platform).answer)
    for add_routes in routes:
        add_routes(app.router)

    async def background(_: web.Application) -> AsyncIterator[None]:
        delivering = asyncio.create_task(push.keep_delivering()) if redeliver else None
        yield
        if delivering is not None:
            delivering.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await delivering
        await push.close()

    app.cleanup_ctx.append(background)
    return app


@contextlib.asynccontextmanager
async def listening(app: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Listen on *host*, which must be loopback; yield the address."""
    if host not in LOOPBACK:
        raise ValueError("the sandbox listens on loopback only")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{bound}"
    finally:
        await runner.cleanup()
