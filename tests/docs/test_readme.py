"""What the README says of commands, settings, routes and the shell is so."""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest
import yaml

from bot.app import Larkbell
from bot.cli import arguments
from bot.clock import SystemClock
from bot.config import Config, changes, loads, new_key
from bot.metrics import Metrics
from bot.sources import ADAPTERS
from handlers.commands import router
from handlers.rules.filters import Draft, parse
from store.opening import open_database
from store.values import Severity
from tests.conftest import KEYRING
from tests.docs.pages import README, Block, code_in, commands
from tests.handlers.meaning import meaning
from tests.handlers.talk import context

ENVIRON = {
    "LARKBELL_KEY": new_key(),
    "OPS_WEBHOOK": "https://open.larksuite.com/open-apis/bot/v2/hook/x",
    "OPS_SECRET": "x",
}

# Commands typed in chat

ROWS = README.table("Commands")
EXAMPLES = [
    (english, chinese)
    for first, second, _ in ROWS
    for english, chinese in zip(code_in(first), code_in(second), strict=True)
]
#: Every line in the table, those in passing among them.
LINES = [line for row in ROWS for line in code_in(" ".join(row)) if line[0] == "/"]


@pytest.mark.parametrize(("english", "chinese"), EXAMPLES)
def test_a_command_means_the_same_in_both_languages(english: str, chinese: str) -> None:
    assert meaning(english) == meaning(chinese)


@pytest.mark.parametrize("line", LINES)
def test_a_command_in_the_table_can_be_typed(line: str) -> None:
    entry, _ = router.read(line, context())

    assert line.split()[0] == f"/{entry.noun}"


def test_every_command_is_in_the_table_with_every_verb() -> None:
    told = {tuple(line.split()[:2]) for line in LINES}
    nouns = {line.split()[0] for line in LINES}

    verbs = {
        (f"/{entry.noun}", verb)
        for entry in router.entries.values()
        for verb in entry.verbs
    }

    assert {f"/{noun}" for noun in router.entries} - nouns == set()
    # "/mute 2h" is the same as "/mute add 2h", which stands beside it.
    assert verbs - told == set()


# Settings


def test_every_section_of_the_settings_is_in_the_table() -> None:
    told = [name for row in README.table("Configure") for name in code_in(row[0])]

    assert sorted(told) == sorted(Config.setting_names())


def test_it_says_what_waits_for_a_restart() -> None:
    told = " ".join(README.section("Configure").split())
    (said,) = re.findall(r"\*\*Restart\.\*\* The sections (.+?) are", told)

    assert tuple(code_in(said)) == changes.AT_START


@pytest.mark.parametrize(
    "block", README.blocks("yaml"), ids=lambda block: f"line-{block.line}"
)
def test_a_piece_of_yaml_can_be_copied(block: Block) -> None:
    if block.text.startswith("# alertmanager.yml"):
        written = yaml.safe_load(block.text)
        (receiver,) = written["receivers"]
        (hook,) = receiver["webhook_configs"]
        assert written["route"]["receiver"] == receiver["name"]
        assert urlsplit(hook["url"]).path == "/v1/sources/prometheus"
    else:
        named = re.findall(r"\$\{(\w+)\}", block.text)
        environ = {name: f"the-{name}" for name in named} | ENVIRON
        loaded = loads(block.text, environ, path=Path("config.yaml"))
        # The pieces are parts: who is an admin does not stand in all of them.
        assert {each.path for each in loaded.warnings} <= {"roles.admins"}


def test_the_filter_that_it_shows_can_be_read_and_does_what_it_says() -> None:
    shown = parse(code_in(README.section("Filters"))[1])
    wanted = Draft(
        title="Disk is full",
        source="scripts",
        severity=Severity.WARNING,
        labels={"product": "cos", "env": "staging"},
    )
    elsewhere = replace(wanted, labels={**wanted.labels, "region": "na-ashburn"})

    assert [shown.matches(each) for each in (wanted, elsewhere)] == [True, False]


# Routes

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
            f"{route.method} {route.resource.canonical}"
            for route in bell.web().router.routes()
            if route.resource is not None and route.method != "HEAD"
        }
    await db.close()


async def test_every_route_is_in_the_table_and_no_other(served: set[str]) -> None:
    told = [code_in(row[0])[0] for row in ROUTES]

    assert sorted(told) == sorted(served)


def test_every_metric_is_named() -> None:
    kept = {family.name for family in Metrics().registry.collect()}
    told = {
        name.removesuffix("_total")
        for name in README.spans
        if re.fullmatch(r"larkbell_\w+", name)
    }

    assert told == kept


# What can be copied into a shell


def _shell() -> Iterator[str]:
    for block in README.blocks("sh"):
        yield from commands(block.text)


TYPED = [
    *(line for line in _shell() if line.startswith("larkbell ")),
    *(span for span in README.spans if span.startswith("larkbell ")),
]
#: What is announced in "Not there yet".
LATER = {"larkbell doctor", "larkbell backup"}


@pytest.mark.parametrize("line", [each for each in TYPED if each not in LATER])
def test_a_command_of_the_shell_is_one(line: str) -> None:
    words = shlex.split(line, comments=True)[1:]

    with pytest.raises(SystemExit) if words == ["--version"] else nullcontext():
        assert callable(arguments.parser().parse_args(words).run)


@pytest.mark.parametrize("line", sorted(LATER))
def test_what_is_announced_is_not_there_yet(line: str) -> None:
    with pytest.raises(SystemExit):
        arguments.parser().parse_args(line.split()[1:])

    assert line in code_in(README.section("Not there yet"))


def _subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return {
        name: each
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, each in action.choices.items()
    }


def test_every_command_of_the_shell_is_in_the_table_with_every_option() -> None:
    rows = {
        code_in(first)[0].split()[1]: f"{first} {second}"
        for first, second in README.table("In the shell")
    }
    missing = []
    found = _subcommands(arguments.parser())
    for name, parser in found.items():
        told = code_in(rows.get(name, ""))
        for verb, inner in _subcommands(parser).items():
            if f"larkbell {name} {verb}" not in told:
                missing.append(f"{name} {verb}")
            assert set(_options(inner)) <= {"--config"}
        words = {word for span in told for word in span.split()}
        missing += [
            f"{name} {option}"
            for option in _options(parser)
            if option not in words and option != "--config"
        ]

    assert missing == []
    assert sorted(rows) == sorted(found)
    assert "--config" in rows["serve"]


def _options(parser: argparse.ArgumentParser) -> list[str]:
    return [
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help"
    ]


POSTS = [line for line in _shell() if line.startswith("curl ")]


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


def test_the_lines_of_the_log_that_it_cites_are_logged() -> None:
    section = README.section("When something is wrong")
    cited = {
        each
        for each in code_in(section)
        if re.fullmatch(r"(?!larkbell )[a-z]+( [a-zA-Z]+)+", each)
    }
    logged = {
        line
        for path in (README.path.parent / "bot").rglob("*.py")
        for line in re.findall(r'log\.\w+\(\s*"([^"%]+)', path.read_text("utf-8"))
    }

    assert len(cited) == 4
    for each in cited:
        assert any(line.startswith(each) for line in logged), each


def test_the_service_starts_as_the_shell_would() -> None:
    (unit,) = README.blocks("ini")
    (start,) = re.findall(r"^ExecStart=\S+/larkbell (.+)$", unit.text, re.MULTILINE)

    assert arguments.parser().parse_args(start.split()).command == "serve"


def test_the_version_of_python_is_that_of_the_package() -> None:
    root = README.path.parent
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in README.prose
