"""init, check and secrets generate: what needs the YAML only."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cli import main

Out = pytest.CaptureFixture[str]


# init


def test_init_writes_a_configuration_that_works_as_it_is(
    tmp_path: Path, capsys: Out
) -> None:
    path = tmp_path / "config.yaml"

    assert main(["init", str(path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Wrote {path}, and its secrets to {tmp_path}/.env (readable by you alone).",
        f"Next: larkbell check {path}, then larkbell serve -c {path}",
    ]
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert main(["check", str(path)]) == 0
    assert capsys.readouterr() == (f"{path} is well.\n", "")


def test_init_writes_into_this_folder_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["init"]) == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == [".env", "config.yaml"]


@pytest.mark.parametrize("there", ["config.yaml", ".env"])
def test_init_changes_no_file_that_is_there(
    tmp_path: Path, capsys: Out, there: str
) -> None:
    (tmp_path / there).write_text("mine")

    assert main(["init", str(tmp_path / "config.yaml")]) == 1
    assert capsys.readouterr() == (
        "",
        f"larkbell: {tmp_path / there} exists: larkbell init changes no file\n",
    )
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [
        (there, "mine")
    ]


def test_init_says_where_it_cannot_write(tmp_path: Path, capsys: Out) -> None:
    assert main(["init", str(tmp_path / "nowhere" / "config.yaml")]) == 1
    assert capsys.readouterr().err == (
        f"larkbell: {tmp_path}/nowhere/.env: No such file or directory\n"
    )


# check


def test_check_tells_every_mistake_at_once(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "server: {listen: nowhere}\n"
        "databse: {}\n"
        "sources:\n"
        '  - {name: a, kind: native, token: "${MISSING_1}"}\n'
        '  - {name: b, kind: native, token: "${MISSING_2}"}\n'
        "  - {name: b, kind: carrier-pigeon, token: x}\n"
        "retention: soon\n"
    )

    assert main(["check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert [line.split(": ")[:2] for line in err.splitlines()] == [
        [f"{path}:1", "server.listen"],
        [f"{path}:2", "databse"],
        [f"{path}:4", "sources[0].token"],
        [f"{path}:5", "sources[1].token"],
        [f"{path}:6", "sources[2].name"],
        [f"{path}:6", "sources[2].kind"],
        [f"{path}:7", "retention"],
    ]


def test_check_warns_of_what_loads_all_the_same(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("sources: [{name: a, kind: native, token: in-plain-sight}]\n")

    assert main(["check", str(path)]) == 0
    out, err = capsys.readouterr()
    assert out == f"{path} is well.\n"
    assert err.startswith(f"{path}:1: sources[0].token: is a secret in plain sight")
    assert err.endswith(" (warning)\n")
    assert "in-plain-sight" not in err


def test_check_of_no_file_says_how_to_make_one(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "config.yaml"

    assert main(["check", str(path)]) == 2
    assert capsys.readouterr().err == (
        f"{path}:1: cannot be read, No such file or directory: "
        "make one with `larkbell init`\n"
    )


def test_the_schema_is_for_editors(capsys: Out) -> None:
    from jsonschema import Draft202012Validator

    assert main(["check", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)

    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert list(validator.iter_errors({"retention": "90d"})) == []
    assert len(list(validator.iter_errors({"databse": {}}))) == 1


# secrets generate


def test_a_key_is_made_anew_each_time(capsys: Out) -> None:
    codes = [main(["secrets", "generate"]) for _ in range(2)]
    first, second = capsys.readouterr().out.split()

    assert codes == [0, 0]
    assert first != second
    assert Fernet(first).decrypt(Fernet(first).encrypt(b"x")) == b"x"


# What is no command


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (["dance"], "invalid choice: 'dance'"),
        ([], "the following arguments are required: COMMAND"),
        (["secrets"], "the following arguments are required: VERB"),
        (["serve", "--fast"], "unrecognized arguments: --fast"),
        (["send"], "the following arguments are required: title"),
        (["dead", "--replay", "x"], "invalid int value: 'x'"),
    ],
)
def test_what_is_no_command_is_said_so(capsys: Out, line: list[str], says: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line)

    assert ended.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("line", [["--help"], ["serve", "--help"], ["--version"]])
def test_help_is_no_mistake(capsys: Out, line: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line)

    assert ended.value.code == 0
    assert "larkbell" in capsys.readouterr().out
