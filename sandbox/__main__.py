"""``python -m sandbox``: a Lark tenant on loopback, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import secrets
import sys

from sandbox.lark import Lark
from sandbox.robots import HOOK


def main(arguments: list[str] | None = None) -> int:
    """Serve a tenant with one app, two people, a group and a custom bot."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=9000, help="0 takes a free one")
    options = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(options.port))
    return 0


async def _run(port: int) -> None:
    lark = Lark()
    app = lark.create_app("Larkbell", encrypt_key=secrets.token_hex(16))
    people = [
        lark.create_user(name, email=f"{name.lower()}@example.com")
        for name in ("Alice", "Bob")
    ]
    ops = lark.create_chat("ops", [*people, app])
    robot = lark.create_robot(ops, "ops-robot", secret=secrets.token_hex(16))
    async with lark.serve(port=port) as url:
        made = {
            "domain": url,
            "app_id": app.app_id,
            "app_secret": app.secret,
            "encrypt_key": app.encrypt_key,
            "verification_token": app.verification_token,
            "chat_id": ops.chat_id,
            "users": {user.name: app.open_id_of(user) for user in people},
            "robot": {"webhook": url + HOOK + robot.token, "secret": robot.secret},
            "control": f"{url}/sandbox/ - see sandbox/control/__init__.py",
        }
        sys.stdout.write(json.dumps(made, indent=2) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
