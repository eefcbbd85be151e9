"""What the README says of the shell, the service and the log is so."""

from __future__ import annotations

import argparse
import re
import shlex
import tomllib
from contextlib import nullcontext

import pytest

from bot.cli import arguments
from tests.docs.pages import README, ROOT, code_in

TYPED = [
    *(line for line in README.shell() if line.startswith("larkbell ")),
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


def test_the_lines_of_the_log_that_it_cites_are_logged() -> None:
    section = README.section("When something is wrong")
    cited = {
        each
        for each in code_in(section)
        if re.fullmatch(r"(?!larkbell )[a-z]+( [a-zA-Z]+)+", each)
    }
    logged = {
        line
        for path in (ROOT / "bot").rglob("*.py")
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
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11 or newer" in README.prose
