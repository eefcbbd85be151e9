"""``send``: hand over a notification, through the door like everybody else."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from typing import Any

import aiohttp
import orjson

from bot import config
from bot.config import Config
from bot.config.values import Address

TIMEOUT = 10.0
#: Listening everywhere is no place to go to.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def send(parsed: argparse.Namespace) -> int:
    """Post one notification; print its id."""
    if parsed.url:
        url, token = parsed.url.rstrip("/"), parsed.token or ""
    else:
        loaded = config.load(parsed.config, os.environ).config
        found = _native(loaded, parsed.source)
        if found is None:
            print(
                "larkbell: the YAML has no native source with a token"
                + (f" called {parsed.source}" if parsed.source else "")
                + ": add one under sources, or give --url and --token",
                file=sys.stderr,
            )
            return 2
        host, port = loaded.server.listen
        url, token = f"http://{Address(_EVERYWHERE.get(host, host), port)}", found
    body = _notification(parsed)
    if body is None:
        return 2
    return asyncio.run(_post(url, token, body))


def _native(loaded: Config, name: str | None) -> str | None:
    """Return the token of the native source called *name*, or of the first."""
    for each in loaded.sources:
        if each.kind == "native" and each.token and name in (None, each.name):
            return each.token.reveal()
    return None


def _notification(parsed: argparse.Namespace) -> dict[str, Any] | None:
    labels = {}
    for each in parsed.label:
        name, equals, value = each.partition("=")
        if not equals or not name:
            print(f"larkbell: --label {each}: write NAME=VALUE", file=sys.stderr)
            return None
        labels[name] = value
    said = {
        "title": parsed.title,
        "body": parsed.body,
        "type": parsed.type,
        "severity": parsed.severity,
        "status": parsed.status,
        "fingerprint": parsed.fingerprint,
        "labels": labels,
        "link": parsed.link,
        "id": parsed.id,
    }
    return {name: value for name, value in said.items() if value}


async def _post(url: str, token: str, body: dict[str, Any]) -> int:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT)
            ) as session,
            session.post(
                f"{url}/v1/notifications",
                data=orjson.dumps(body),
                headers=headers,
                # The token goes to whom it was meant for, or to nobody.
                allow_redirects=False,
            ) as response,
        ):
            answer = await response.read()
    except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
        print(
            f"larkbell: {url} does not answer ({type(exc).__name__}): "
            "is larkbell serve running?",
            file=sys.stderr,
        )
        return 1
    if response.status != 202:
        print(f"larkbell: refused: {answer.decode(errors='replace')}", file=sys.stderr)
        return 1
    for each in orjson.loads(answer)["accepted"]:
        print(each["id"] + (" (a duplicate)" if each["duplicate"] else ""))
    return 0
