"""The recipes of CONTRIBUTING.md work as they are written."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import aiosql
import pytest

from bot.channels.posting import Posting
from bot.errors import BadBody, Unanswered
from bot.sources.adapter import Handed
from handlers.commands import router
from handlers.language.lexicon import HEADS, Head
from handlers.router import Router
from store.database import Tx
from store.lanes import Lane
from store.opening import open_database
from store.outbox import Outgoing
from store.times import to_ms
from store.values import Channel, Destination, Incoming, Kind, Status
from tests.conftest import KEYRING, MONDAY
from tests.docs.pages import CONTRIBUTING, ROOT
from tests.handlers.talk import context

_PATH = re.compile(r"`([\w./-]+/[\w./-]*|[\w.-]+\.(?:toml|txt|yaml))`( \(new\))?")

_COMMAND = ("Add a command", "python")


def _block(heading: str, language: str, holding: str = "") -> str:
    """The block of *language* under *heading*, without the indent of its list."""
    start = CONTRIBUTING.text.index(f"\n## {heading}\n") + 1
    end = CONTRIBUTING.text.find("\n## ", start)
    indented = re.findall(
        rf"^   ```{language}\n(.*?)^   ```$",
        CONTRIBUTING.text[start:end],
        re.MULTILINE | re.DOTALL,
    )
    (found,) = [each for each in indented if holding in each]
    return re.sub(r"^   ", "", found, flags=re.MULTILINE)


def _module(source: str, **beside: Any) -> ModuleType:
    made = ModuleType("recipe")
    vars(made).update(beside)
    # As a new module would be compiled: ours has imports of its own from the future.
    exec(compile(source, "recipe.py", "exec", dont_inherit=True), vars(made))
    return made


@pytest.mark.parametrize(
    ("path", "new"), sorted(set(_PATH.findall(CONTRIBUTING.prose)))
)
def test_a_path_is_there_unless_it_is_new(path: str, new: str) -> None:
    assert (ROOT / path).exists() == (not new)


async def test_the_recipe_for_a_command_makes_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = _module(_block(*_COMMAND, "def ping"))
    (noun, words) = re.findall(r'`\(Head\("(\w+)"\), "(.+?)"\),`', CONTRIBUTING.prose)[
        0
    ]
    for word in words.split(" | "):
        monkeypatch.setitem(HEADS, word, Head(noun))
    book = Router()
    book.include(router, made.router)
    said = re.search(r'said\("(.+)"\) == \("(.+)",\)', _block(*_COMMAND, "wei:"))
    assert said

    for line in ("/ping", said[1]):
        reply = await book.answer(line, context())
        assert reply.lines == (said[2],)
    entry = book.entries["ping"]
    assert (entry.summary, entry.examples) == ("Say that we listen.", ("/ping",))


def test_the_recipe_for_a_source_reads_a_body() -> None:
    made = _module(_block("Add a source", "python"))

    assert made.read(b'{"check": "shop", "up": false}') == Handed(
        (Incoming(title="shop is down", status=Status.FIRING, fingerprint="shop"),)
    )
    with pytest.raises(BadBody, match="up is neither true nor false"):
        made.read(b'{"check": "shop"}')


async def test_the_recipe_for_a_channel_sends_once() -> None:
    made = _module(_block("Add a channel", "python"))
    sent = []

    async def post(address: str, text: str) -> None:
        sent.append((address, text))
        if text == "late":
            raise TimeoutError

    channel = made.PagerChannel(post)

    assert await channel.send(_posting("hello")) == ""
    with pytest.raises(Unanswered):
        await channel.send(_posting("late"))
    assert sent == [("+6580000000", "hello"), ("+6580000000", "late")]


def _posting(text: str) -> Posting:
    lane = Lane("person:ou_lin/sms", Destination(Kind.PERSON, "ou_lin"), Channel.SMS)
    outgoing = Outgoing.__new__(Outgoing)  # It does not look at it.
    return Posting(
        lane=lane, outgoing=outgoing, payload=text, uuid="i-1", contact="+6580000000"
    )


async def test_the_recipe_for_a_query_counts(tmp_path: Path) -> None:
    db = await open_database(f"sqlite:{tmp_path / 'l.db'}", keyring=KEYRING)
    await db.close()
    sql = _block("Add a query", "sql")
    queries = aiosql.from_str(sql, "sqlite3", mandatory_parameters=False)
    connection = sqlite3.connect(tmp_path / "l.db")
    connection.execute(
        "INSERT INTO audit (at, actor, place, command, subject) VALUES (?,?,'','','')",
        (to_ms(MONDAY), "ou_wei"),
    )

    class Run:
        async def value(self, query: str, /, **parameters: Any) -> Any:
            return getattr(queries, query)(connection, **parameters)

    made = _module(
        f"from datetime import datetime\n{_block('Add a query', 'python')}",
        Tx=Tx,
        to_ms=to_ms,
    )

    assert await made.count(Run(), "ou_wei", since=MONDAY) == 1
    assert await made.count(Run(), "ou_lin", since=MONDAY) == 0
    connection.close()
