"""From a file to a configuration: everything that is wrong with it, at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from bot.config.advice import advise
from bot.config.checks import crosscheck
from bot.config.environment import read_env
from bot.config.mistakes import mistakes_of
from bot.config.models import Config
from bot.config.process import FOLDER
from bot.config.tree import Path as Place
from bot.config.tree import Tree, read_tree, written
from bot.errors import ConfigError, Mistake

ENV_FILE = ".env"
_READABLE_BY_OTHERS = 0o077

#: What tells one state of a file from another; ``None`` where there is no file.
Stamp = tuple[int, int, int] | None


def stamp(path: Path) -> Stamp:
    """Return what changes whenever the file at *path* does."""
    try:
        found = path.stat()
    except OSError:
        return None
    # The inode too: editors and Kubernetes put another file in its place.
    return found.st_mtime_ns, found.st_size, found.st_ino


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that can be used, and what its admin should know about it.

    ``files`` are all the files that it came from, as they were just before they were
    read: a change of one may change it.
    """

    config: Config
    warnings: tuple[Mistake, ...] = ()
    files: Mapping[Path, Stamp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a file, and what is only doubtful. Both in order of lines."""

    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]


def load(path: Path, environ: Mapping[str, str]) -> Loaded:
    """Return the configuration in the file at *path*.

    Variables come from *environ*, or else from ``.env`` beside the file. Raises
    ``ConfigError`` with every mistake.
    """
    file = _File(path, environ)
    file.read_env()
    text = file.read_text()
    if text is None:
        raise ConfigError(tuple(file.mistakes))
    return file.load(text)


def check(path: Path, environ: Mapping[str, str]) -> Checked:
    """Return everything that is wrong or doubtful in the file at *path*."""
    try:
        return Checked((), load(path, environ).warnings)
    except ConfigError as error:
        return Checked(error.mistakes, ())


def loads(text: str, environ: Mapping[str, str], *, path: Path) -> Loaded:
    """Return the configuration that *text* says, as if it stood in the file *path*.

    Variables come from *environ* alone. Raises ``ConfigError`` with every mistake.
    """
    return _File(path, environ).load(text)


class _File:
    """One file on its way to a configuration, and what was found wrong so far."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self.mistakes: list[Mistake] = []
        self._name = str(path)
        self._env = path.with_name(ENV_FILE)
        self._folder = path.absolute().parent
        self._path = path.absolute()
        self._files: dict[Path, Stamp] = {}
        self._warnings: list[Mistake] = []
        self._environ = environ

    def read_env(self) -> None:
        """Add the variables of ``.env``, where there is one and none is set already."""
        env = self._env
        self._note(env.absolute())
        try:
            text = env.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            self.mistakes.append(Mistake(str(env), 1, "", "cannot be read as UTF-8"))
            return
        variables, wrong = read_env(text)
        self._environ = {**variables, **self._environ}
        self.mistakes += [
            Mistake(str(env), line, "", "should be NAME=value") for line in wrong
        ]
        if os.name == "posix" and env.stat().st_mode & _READABLE_BY_OTHERS:
            reason = "others can read it: chmod 600"
            self._warnings.append(Mistake(str(env), 1, "", reason))

    def read_text(self) -> str | None:
        """Return the file's text, or ``None`` with the mistake told."""
        self._note(self._path)
        try:
            raw = self._path.read_bytes()
        except OSError as exc:
            missing = isinstance(exc, FileNotFoundError)
            what_next = ": make one with `larkbell init`" if missing else ""
            self._wrong(1, f"cannot be read, {exc.strerror}{what_next}")
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            line = raw.count(b"\n", 0, exc.start) + 1
            self._wrong(line, "is not UTF-8 text: save it as UTF-8")
            return None

    def load(self, text: str) -> Loaded:
        """Return the configuration; raise ``ConfigError`` with every mistake."""
        tree, mistakes = read_tree(
            text, file=self._name, environ=self._environ, read=self._read
        )
        self.mistakes += mistakes
        config = None if () in tree.broken else self._validate(tree)
        if self.mistakes or config is None:
            raise ConfigError(_in_order(self.mistakes))
        self._warnings += self._told(advise(config, tree), tree)
        return Loaded(config, _in_order(self._warnings), self._files)

    def _validate(self, tree: Tree) -> Config | None:
        self.mistakes += self._told(crosscheck(tree), tree)
        values = dict(tree.root)
        if values.get("database") is None:
            values["database"] = {}  # So that its default is seen from our folder.
        try:
            return Config.model_validate(values, context={FOLDER: self._folder})
        except ValidationError as error:
            self.mistakes += mistakes_of(error, tree, file=self._name)
            return None

    def _told(self, findings: Iterable[tuple[Place, str]], tree: Tree) -> list[Mistake]:
        return [
            Mistake(self._name, tree.line(path), written(path), reason)
            for path, reason in findings
            if path not in tree.broken
        ]

    def _read(self, path: str) -> str:
        where = self._folder / path
        self._note(where)
        return where.read_bytes().decode()

    def _note(self, path: Path) -> None:
        """Remember the file as it is before it is read."""
        self._files.setdefault(path, stamp(path))

    def _wrong(self, line: int, reason: str) -> None:
        self.mistakes.append(Mistake(self._name, line, "", reason))


def _in_order(mistakes: list[Mistake]) -> tuple[Mistake, ...]:
    """Return each once, by line; those of another file first."""
    order = {mistake.file: at for at, mistake in enumerate(mistakes)}
    unique = dict.fromkeys(mistakes)
    return tuple(sorted(unique, key=lambda each: (order[each.file], each.line)))
