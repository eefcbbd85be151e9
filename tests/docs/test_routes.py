"""What the README says of routes and of calls to them is so."""

from __future__ import annotations

import re
import shlex
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest

from bot.app import Larkbell
from bot.clock import SystemClock
from bot.config import loads, new_key
from bot.metrics import Metrics
from bot.sources import ADAPTERS
from store.opening import open_database
from tests.conftest import KEYRING
from tests.docs.pages import README, Block, code_in

ROUTES = README.table("Routes")


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[set[str]]:
    """Every route of a Larkbell that has an app."""
    text = "lark: {app_id: cli_a, app_secret: s, encrypt_key: e}\n"
    text += f"secrets: {{keys: ['{new_key()}']}}"
    loaded = loads(text, {}, path=tmp_path / "config.yaml")
    db = await open_database(f"sqlite:{tmp_path / 'l.db'}", keyring=KEYRING)
    async with aiohttp.ClientSession() as session:
        bell = Larkbell(loaded.config, db, session, clock=SystemClock(), instance="i")
        yield {
            f"{route.method} {route.resource.canonical.rstrip('/')}"
            for route in bell.web().router.routes()
            if route.resource is not None and route.method != "HEAD"
        }
    await db.close()


async def test_every_route_is_in_the_table_and_no_other(served: set[str]) -> None:
    told = [code_in(row[0])[0] for row in ROUTES]

    assert sorted(told) == sorted(served)


POSTS = [line for line in README.shell() if line.startswith("curl ")]


@pytest.mark.parametrize("line", POSTS)
async def test_a_call_goes_to_a_route_and_its_body_is_taken(
    line: str, served: set[str]
) -> None:
    words = shlex.split(line)
    path = urlsplit(words[1]).path
    body = words[words.index("-d") + 1] if "-d" in words else None

    assert f"{'POST' if body else 'GET'} {path}" in served
    if body:
        (handed,) = ADAPTERS["native"](body.encode()).messages
        assert handed.key == "deploy-42"


@pytest.mark.parametrize(
    "block", README.blocks("json"), ids=lambda block: f"line-{block.line}"
)
def test_a_piece_of_json_is_json(block: Block) -> None:
    assert orjson.loads(block.text)


def test_every_metric_is_named() -> None:
    kept = {family.name for family in Metrics().registry.collect()}
    told = {
        name.removesuffix("_total")
        for name in README.spans
        if re.fullmatch(r"larkbell_\w+", name)
    }

    assert told == kept
