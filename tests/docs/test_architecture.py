"""The tree of ARCHITECTURE.md is the tree on disk, and its names lead to code."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from tests.docs.pages import ARCHITECTURE, ROOT

PACKAGES = ("bot", "handlers", "store", "sandbox")
#: Folders that are told as a whole, beside the packages.
BESIDE = ("tests", "bench")

_ENTRY = re.compile(r"^(?P<indent> *)(?P<name>[\w.]+/?)  +(?P<words>\S.*)$")
_FILE = re.compile(r"\b(\w+\.(?:py|sql|yaml))\b")
_NAME = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)`")


def _tree() -> dict[str, str]:
    """The entries of the tree by path, each with its words."""
    (block,) = ARCHITECTURE.blocks("text")
    entries: dict[str, str] = {}
    folder = last = ""
    for line in block.text.splitlines():
        found = _ENTRY.match(line)
        if found is None or len(found["indent"]) > 2:
            # A line that goes on with the words of the one above.
            entries[last] += f" {line.strip()}"
            continue
        if not found["indent"]:
            folder = last = found["name"]
        else:
            last = folder + found["name"]
        entries[last] = found["words"]
    return entries


TREE = _tree()


def _on_disk(package: str) -> Iterator[str]:
    for path in (ROOT / package).rglob("*"):
        if path.suffix in (".py", ".sql", ".yaml") and path.name != "__init__.py":
            yield path.relative_to(ROOT).as_posix()


def _told_by(path: str) -> str:
    """The entry that tells of a file: itself, or a folder above it."""
    parts = path.split("/")
    for length in range(len(parts), 0, -1):
        entry = "/".join(parts[:length]) + ("/" if length < len(parts) else "")
        if entry in TREE:
            return entry
    return ""


def _lists_files(folder: str) -> bool:
    return any(each.startswith(folder) and each != folder for each in TREE)


@pytest.mark.parametrize("entry", sorted(TREE))
def test_what_the_tree_names_is_there(entry: str) -> None:
    path = ROOT / entry

    assert path.is_dir() if entry.endswith("/") else path.is_file()


@pytest.mark.parametrize("entry", sorted(each for each in TREE if each.endswith("/")))
def test_the_files_that_a_line_names_are_in_its_folder(entry: str) -> None:
    named = set(_FILE.findall(TREE[entry]))
    there = {path.name for path in (ROOT / entry).rglob("*")}

    assert named - there == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_the_packages_is_in_the_tree(package: str) -> None:
    assert [path for path in _on_disk(package) if not _is_told(path)] == []


def _is_told(path: str) -> bool:
    """Whether a file has its line, or stands in that of its folder.

    Where the files of a folder have lines, each has one; a line that lists files lists
    all of them; one that names none, or points at some, tells of the folder as a whole.
    """
    entry = _told_by(path)
    if entry == path:
        return True
    if not entry or _lists_files(entry):
        return False
    named = set(_FILE.findall(TREE[entry]))
    lists = bool(named) and " · " in TREE[entry]
    return not lists or path.rpartition("/")[2] in named


def test_every_folder_at_the_root_that_holds_code_is_in_the_tree() -> None:
    holding = {
        path.relative_to(ROOT).parts[0]
        for path in ROOT.glob("*/*.py")
        if not path.relative_to(ROOT).parts[0].startswith(".")
    }

    assert holding - {"build", "dist"} == {*PACKAGES, *BESIDE}
    assert {f"{name}/" for name in (*PACKAGES, *BESIDE)} <= set(TREE)


def _resolved(name: str) -> Any:
    """Import *name* as far as it is modules, and take the rest from there."""
    parts = name.split(".")
    found: Any = import_module(parts[0])
    for index, part in enumerate(parts[1:], start=1):
        try:
            found = import_module(".".join(parts[: index + 1]))
        except ModuleNotFoundError:
            found = getattr(found, part)
    return found


@pytest.mark.parametrize("name", sorted(set(_NAME.findall(ARCHITECTURE.text))))
def test_a_name_leads_to_code(name: str) -> None:
    assert _resolved(name) is not None


def test_each_of_the_three_journeys_names_its_functions() -> None:
    _, *journeys = re.split(
        r"^\*\*(?=From )", ARCHITECTURE.section("Three journeys"), flags=re.MULTILINE
    )

    assert [len(_NAME.findall(each)) >= 8 for each in journeys] == [True] * 3


def test_the_order_of_imports_is_that_of_the_contract() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    contracts = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    (layers,) = [each["layers"] for each in contracts if each["type"] == "layers"]

    assert f"`{' → '.join(layers)}`" in ARCHITECTURE.section("Who may import whom")


def test_every_table_is_told_and_no_other() -> None:
    migrations = sorted((ROOT / "store/migrations").glob("*.sql"))
    text = "\n".join(each.read_text("utf-8") for each in migrations)
    made = set(re.findall(r"^CREATE TABLE (\w+)", text, re.MULTILINE))
    told = set(re.findall(r"`(\w+)`", ARCHITECTURE.section("The tables")))

    # "delivery" is a kind of row.
    assert told - {"delivery"} == made
