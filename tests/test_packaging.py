"""The wheel holds all that runs and nothing that does not, and it runs by itself.

It is installed into a venv of its own that sees the libraries of the running one, but
not this checkout.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "store", "sandbox")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without asking any index."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir"]
    _run([sys.executable, *build, str(folder), str(ROOT)])
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh venv with the wheel in it."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    pip = ["-m", "pip", "--disable-pip-version-check", "--python"]
    install = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    python = str(folder / "bin" / "python")
    _run([sys.executable, *pip, python, *install, str(wheel)])
    (packages,) = (folder / "lib").glob("python*/site-packages")
    # The path alone: the .pth files over there, and with them the editable install of
    # this checkout, are not read a second time.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder


def _run(
    command: list[str], *, cwd: Path | None = None, fails: bool = False
) -> subprocess.CompletedProcess[str]:
    environ = {
        name: value for name, value in os.environ.items() if name != "PYTHONPATH"
    }
    done = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done


def _held(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(
    wheel: Path,
) -> None:
    written = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }

    held = {name for name in _held(wheel) if ".dist-info/" not in name}

    assert held == written


@pytest.mark.parametrize(
    "name",
    [
        "store/sql/outbox.sql",
        "store/sql/postgres/lanes.sql",
        "store/migrations/0001_start.sql",
        "bot/demo/config.yaml",
    ],
)
def test_the_wheel_holds_what_is_read_at_run_time(wheel: Path, name: str) -> None:
    assert name in _held(wheel)


def test_the_wheel_holds_no_tests_and_no_benchmarks(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in _held(wheel)}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_wheel_says_what_it_is_and_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (about,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        told = archive.read(about).decode().partition("\n\n")[0].splitlines()

    assert "Name: larkbell" in told
    assert f"Version: {PROJECT['version']}" in told
    assert "License-Expression: MIT" in told
    assert "Requires-Dist: lark-oapi>=1.7.5" in told
    assert "Requires-Dist: asyncpg>=0.30; extra == 'postgres'" in told


def test_what_is_installed_is_not_this_checkout(home: Path, tmp_path: Path) -> None:
    code = "import bot, handlers, sandbox, store; print(*(each.__file__ for each in "
    code += "(bot, handlers, sandbox, store)), sep='\\n')"

    told = _run([str(home / "bin" / "python"), "-c", code], cwd=tmp_path).stdout

    assert all(Path(line).is_relative_to(home) for line in told.splitlines())
    assert len(told.splitlines()) == len(PACKAGES)


@pytest.mark.parametrize("started", [["larkbell"], ["python", "-m", "bot"]])
def test_the_installed_program_tells_its_version(
    home: Path, tmp_path: Path, started: list[str]
) -> None:
    program = str(home / "bin" / started[0])

    told = _run([program, *started[1:], "--version"], cwd=tmp_path)

    assert told.stdout == f"larkbell {PROJECT['version']}\n"


def test_the_installed_program_writes_a_first_configuration_and_works_on_it(
    home: Path, tmp_path: Path
) -> None:
    larkbell = str(home / "bin" / "larkbell")

    _run([larkbell, "init"], cwd=tmp_path)
    told = [
        _run([larkbell, *words], cwd=tmp_path).stdout.splitlines()[0]
        for words in (["check"], ["migrate"], ["dead"], ["ledger"])
    ]

    assert told == [
        "config.yaml is well.",
        "The sqlite database is up to date.",
        "Nothing was given up.",
        "Notifications",
    ]


def test_the_installed_program_tells_what_is_wrong_with_a_configuration(
    home: Path, tmp_path: Path
) -> None:
    (tmp_path / "config.yaml").write_text("server: {}\ndatabse: {}\n")

    told = _run([str(home / "bin" / "larkbell"), "check"], cwd=tmp_path, fails=True)

    assert told.returncode == 2
    assert told.stderr.startswith("config.yaml:2: databse: ")


def test_the_installed_demo_plays_to_its_end(home: Path, tmp_path: Path) -> None:
    larkbell = str(home / "bin" / "larkbell")

    told = _run([larkbell, "demo", "--once", "--port", "0"], cwd=tmp_path)

    assert told.stdout.rstrip().endswith("Every step held.")
