"""send: a notification from the shell, through the door like everybody else's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.cli import main
from tests.bot.doors.conftest import Open, clock, open_hall
from tests.bot.doors.hall import SECRETS, Hall
from tests.bot.serving import free_port

__all__ = ["clock", "open_hall"]

Out = pytest.CaptureFixture[str]
NOBODY = "larkbell: the YAML has no native source with a token"
WHAT_NEXT = ": add one under sources, or give --url and --token\n"


class Shell:
    """A folder with a configuration whose server is there, or is not."""

    def __init__(self, config: Path, capsys: Out, url: str) -> None:
        self.config = config
        self.url = url
        self._capsys = capsys

    async def send(self, *line: str) -> tuple[int, str, str]:
        """Type ``larkbell send …``; return its code, and what it said."""
        # In a thread: the server runs here.
        typed = ["send", *line, "-c", str(self.config)]
        code = await asyncio.to_thread(main, typed)
        out, err = self._capsys.readouterr()
        return code, out, err


def configured(tmp_path: Path, listen: str, sources: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(f"server: {{listen: '{listen}'}}\nsources: {sources}\n")
    return path


SOURCES = (
    f"[{{name: signed, kind: native, secret: {SECRETS['SCRIPTS_SECRET']}}},"
    f" {{name: prom, kind: alertmanager, token: {SECRETS['PROM']}}},"
    f" {{name: scripts, kind: native, token: {SECRETS['SCRIPTS']}}},"
    f" {{name: hurried, kind: native, token: {SECRETS['HURRIED']}}}]"
)


@pytest.fixture
async def hall(open_hall: Open) -> Hall:
    return await open_hall()


@pytest.fixture
def shell(hall: Hall, tmp_path: Path, capsys: Out) -> Shell:
    port = hall.client.server.port
    path = configured(tmp_path, f"127.0.0.1:{port}", SOURCES)
    return Shell(path, capsys, f"http://127.0.0.1:{port}")


async def test_a_title_is_enough(hall: Hall, shell: Shell) -> None:
    assert await shell.send("disk full") == (0, "n_1\n", "")
    [kept] = (await hall.kept())["notifications"]
    assert (kept["source"], kept["title"]) == ("scripts", "disk full")


async def test_everything_can_be_said(hall: Hall, shell: Shell) -> None:
    code, _, _ = await shell.send(
        "CPU",
        "--body=**web-1**",
        "--type=product.alarm",
        "--severity=critical",
        "--status=firing",
        "--fingerprint=web-1/cpu",
        "--label=product=cvm",
        "--label=note=a=b",
        "--link=https://example.com/1",
        "--id=deploy-42",
    )

    assert code == 0
    [kept] = (await hall.kept())["notifications"]
    content = json.loads(kept["content"])
    said = ("type", "severity", "status", "fingerprint", "key")
    assert [kept[each] for each in said] == [
        "product.alarm",
        2,
        "firing",
        "web-1/cpu",
        "deploy-42",
    ]
    assert content["labels"] == {"product": "cvm", "note": "a=b"}
    assert (content["body"], content["link"]) == ("**web-1**", "https://example.com/1")


async def test_the_same_id_again_is_said_to_be_a_duplicate(shell: Shell) -> None:
    said = [await shell.send("x", "--id=a") for _ in range(2)]

    assert said == [(0, "n_1\n", ""), (0, "n_1 (a duplicate)\n", "")]


async def test_another_source_may_be_named(hall: Hall, shell: Shell) -> None:
    assert (await shell.send("x", "--source=hurried"))[0] == 0
    [kept] = (await hall.kept())["notifications"]
    assert kept["source"] == "hurried"


@pytest.mark.parametrize("name", ["prom", "signed", "nobody"])
async def test_a_source_that_cannot_send_from_here_is_told(
    hall: Hall, shell: Shell, name: str
) -> None:
    assert await shell.send("x", f"--source={name}") == (
        2,
        "",
        f"{NOBODY} called {name}{WHAT_NEXT}",
    )
    assert await hall.count("notifications") == 0


async def test_without_a_source_it_says_what_to_do(
    hall: Hall, shell: Shell, tmp_path: Path
) -> None:
    configured(tmp_path, "127.0.0.1:1", "[]")

    assert await shell.send("x") == (2, "", f"{NOBODY}{WHAT_NEXT}")


async def test_what_the_door_refuses_is_told(hall: Hall, shell: Shell) -> None:
    code, out, err = await shell.send("x", "--type=Not A Type")

    assert (code, out) == (1, "")
    assert err == (
        'larkbell: refused: {"errors":[{"path":"type","reason":"must be category.name '
        'in a-z, 0-9 and -"}]}\n'
    )
    assert await hall.count("notifications") == 0


async def test_a_label_without_a_value_is_told(hall: Hall, shell: Shell) -> None:
    for label in ("product", "=cvm"):
        assert await shell.send("x", f"--label={label}") == (
            2,
            "",
            f"larkbell: --label {label}: write NAME=VALUE\n",
        )
    assert await hall.count("notifications") == 0


async def test_another_server_may_be_named(hall: Hall, shell: Shell) -> None:
    shell.config.unlink()  # Nobody asks for it.

    token = SECRETS["HURRIED"]
    taken = await shell.send("x", f"--url={shell.url}/", f"--token={token}")
    refused = await shell.send("x", f"--url={shell.url}")

    assert taken == (0, "n_1\n", "")
    assert (refused[0], refused[2].startswith("larkbell: refused: ")) == (1, True)


async def test_a_server_that_is_not_there_is_told(tmp_path: Path, capsys: Out) -> None:
    port = free_port()
    shell = Shell(configured(tmp_path, f"127.0.0.1:{port}", SOURCES), capsys, "")

    assert await shell.send("x") == (
        1,
        "",
        (
            f"larkbell: http://127.0.0.1:{port} does not answer "
            "(ClientConnectorError): is larkbell serve running?\n"
        ),
    )


async def test_a_server_that_listens_everywhere_is_reached_here(
    hall: Hall, shell: Shell, tmp_path: Path
) -> None:
    port = hall.client.server.port
    configured(tmp_path, f"0.0.0.0:{port}", SOURCES)

    assert await shell.send("x") == (0, "n_1\n", "")


async def test_the_token_goes_to_nobody_else(
    shell: Shell, aiohttp_server: Callable[..., Awaitable[TestServer]]
) -> None:
    asked: list[Any] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.headers)
        return web.Response(status=307, headers={"Location": "/again"})

    app = web.Application()
    app.router.add_post("/{path:.*}", elsewhere)
    url = str((await aiohttp_server(app)).make_url(""))

    code, _, err = await shell.send("x", f"--url={url}", "--token=t")

    assert (code, len(asked)) == (1, 1)
    assert err.startswith("larkbell: refused: ")
