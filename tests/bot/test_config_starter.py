from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.config import check, load, loads, new_key, starter, write_starter
from bot.config.environment import read_env


def test_the_first_configuration_works_as_it_is(tmp_path: Path) -> None:
    config, env = write_starter(tmp_path / "config.yaml")

    loaded = load(config, {})

    assert loaded.warnings == ()
    assert [source.name for source in loaded.config.sources] == ["scripts"]
    assert len(loaded.config.secrets.keys) == 1
    assert env == tmp_path / ".env"
    assert env.stat().st_mode & 0o777 == 0o600


def test_what_is_commented_out_works_once_its_variables_are_set() -> None:
    first = starter()
    environ, _ = read_env(first.env)
    blocks = first.config.split("sources:")[1].splitlines()
    text = first.config.split("sources:")[0] + "sources:\n"
    text += "\n".join(
        line.removeprefix("# ") if ":" in line and not line.endswith(".") else line
        for line in blocks
    )
    empty = [name for name, value in environ.items() if not value]
    filled = (
        environ | dict.fromkeys(empty, "x") | {"OPS_WEBHOOK": "https://a.example/b"}
    )

    loaded = loads(text, filled, path=Path("config.yaml"))

    assert loaded.warnings == ()
    assert loaded.config.lark
    assert [robot.name for robot in loaded.config.robots] == ["ops-room"]
    assert loaded.config.roles.admins == ("ou_yours",)


def test_secrets_are_made_afresh_each_time_and_stand_in_env_alone() -> None:
    one, other = starter(), starter()
    values = [value for value in read_env(one.env)[0].values() if value]

    assert one.config == other.config
    assert len(values) == 3
    assert not [value for value in values if value in one.config + other.env]
    assert repr(one) == "Starter(…)"


@pytest.mark.parametrize("existing", ["config.yaml", ".env"])
def test_no_file_is_overwritten(tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("mine")

    with pytest.raises(FileExistsError, match=existing):
        write_starter(tmp_path / "config.yaml")

    assert [path.name for path in tmp_path.iterdir()] == [existing]
    assert (tmp_path / existing).read_text() == "mine"


def test_a_key_is_one_that_fernet_takes() -> None:
    fernet = Fernet(new_key())

    assert fernet.decrypt(fernet.encrypt(b"webhook")) == b"webhook"


def test_an_unfilled_variable_is_named_with_its_file(tmp_path: Path) -> None:
    config, _ = write_starter(tmp_path / "config.yaml")
    config.write_text(config.read_text() + "email: {host: a, sender: '${OPS_SECRET}'}")

    [mistake] = check(config, {}).mistakes

    assert mistake.reason == (
        "the variable OPS_SECRET is empty: "
        "set it in the environment, or in .env beside this file"
    )
