"""What Larkbell is measured against: ``python -m bench.bare PORT``.

A handler of aiohttp on uvloop that answers 202 and does nothing else.
"""

from __future__ import annotations

import sys

import uvloop
from aiohttp import web


async def _accept(_: web.Request) -> web.Response:
    return web.Response(status=202)


def main(port: int) -> None:
    """Serve until told to stop."""
    app = web.Application()
    app.router.add_post("/v1/notifications", _accept)
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
