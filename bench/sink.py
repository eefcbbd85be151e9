"""What Lark would answer to a post, and how many there were: ``bench.sink PORT``.

A handler of aiohttp on uvloop that counts and answers code 0.
"""

from __future__ import annotations

import sys

import uvloop
from aiohttp import web

_TAKEN = (
    b'{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}'
)


def main(port: int) -> None:
    """Serve until told to stop."""
    posts = 0

    async def take(_: web.Request) -> web.Response:
        nonlocal posts
        posts += 1
        return web.Response(body=_TAKEN, content_type="application/json")

    async def count(_: web.Request) -> web.Response:
        return web.Response(text=str(posts))

    app = web.Application()
    app.router.add_post("/hook/{token}", take)
    app.router.add_get("/count", count)
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]))
