"""The YAML as plain values that remember their lines, with references replaced.

Every plain value but ``null`` is read as text: the setting knows what it should be.
So ``NO`` is a country, ``on`` a word, and ``+6580000000`` a phone number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml

from bot.config.interpolation import Interpolated, ReadFile, interpolate
from bot.errors import Mistake

#: ``("robots", 0, "webhook")``, written ``robots[0].webhook``.
Path = tuple[str | int, ...]
#: A path, and what is wrong there.
Finding = tuple[Path, str]

_NULL = "tag:yaml.org,2002:null"
_TEXT = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool")
)
_PLAIN = frozenset(("tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"))
_MERGE = "<<"
#: What YAML forbids, and line breaks that no editor shows or counts.
_STRANGE = re.compile(f"{yaml.reader.Reader.NON_PRINTABLE.pattern}|[\x85\u2028\u2029]")
_LEFT_OUT = object()
_DEEPEST = 50


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A YAML loader to which only ``null``, ``~`` and nothing are not text."""

    # mypy cannot see the base: it is C where PyYAML was built with it.
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own shape


_Loader.add_implicit_resolver(
    _NULL, re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)


@dataclass(frozen=True, slots=True)
class Tree:
    """The YAML's values, and where they came from.

    ``lines`` has the line of every path. ``outside`` are the paths of texts that came
    from the environment or a file. ``broken`` are paths whose mistake is already told.
    """

    root: Mapping[str, Any]
    lines: Mapping[Path, int]
    outside: frozenset[Path]
    broken: frozenset[Path]

    def at(self, path: Path) -> Any:
        """Return the value at *path*, or ``None`` where there is none."""
        value: Any = self.root
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def items(self, *path: str | int) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield what is written as settings in the list at *path*. Skips all else."""
        values = self.at(path)
        for index, item in enumerate(values if isinstance(values, list) else ()):
            if isinstance(item, dict):
                yield (*path, index), item

    def texts(self, *path: str | int) -> Iterator[tuple[Path, str]]:
        """Yield the text at *path*, or those of the list there. Skips all else."""
        values = self.at(path)
        if isinstance(values, str):
            yield path, values
        for index, item in enumerate(values if isinstance(values, list) else ()):
            if isinstance(item, str):
                yield (*path, index), item

    def line(self, path: Path) -> int:
        """Return the line of *path*, or of the nearest thing above it."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def written(path: Path) -> str:
    """Return *path* as people read it: ``robots[0].webhook``."""
    shown = ""
    for part in path:
        if isinstance(part, int):
            shown += f"[{part}]"
        else:
            shown += f".{part}" if shown else part
    return shown


def read_tree(
    text: str, *, file: str, environ: Mapping[str, str], read: ReadFile
) -> tuple[Tree, list[Mistake]]:
    """Return what *text* says, and everything in it that cannot be read.

    Text that is no YAML at all gives an empty tree and one mistake.
    """
    try:
        node = _compose(text)
        builder = _Builder(file, environ, read)
        root = builder.build(node, ())
    except yaml.MarkedYAMLError as exc:
        mistake = Mistake(file, _line_of(exc, text), "", _words(exc, text))
        return Tree({}, {(): 1}, frozenset(), frozenset({()})), [mistake]
    return builder.tree(root), builder.mistakes


def _compose(text: str) -> yaml.Node:
    if strange := _STRANGE.search(text):
        code = f"U+{ord(strange[0]):04X}"
        raise yaml.scanner.ScannerError(
            problem=f"the character {code} cannot stand in YAML: take it out",
            problem_mark=_mark(text.count("\n", 0, strange.start())),
        )
    _check_depth(text)
    node = yaml.compose(text, Loader=_Loader)
    return node or yaml.ScalarNode(_NULL, "", _mark(0))


def _check_depth(text: str) -> None:
    # The C composer calls itself for every level, and would crash the process.
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.composer.ComposerError(
                problem="it is nested too deeply",
                problem_mark=_mark(event.start_mark.line if event.start_mark else 0),
            )


def _mark(line: int) -> yaml.Mark:
    return yaml.Mark("", 0, line, 0, None, 0)


class _Builder:
    """Turns nodes into values, and collects what is wrong with them."""

    def __init__(self, file: str, environ: Mapping[str, str], read: ReadFile) -> None:
        self.mistakes: list[Mistake] = []
        self._file = file
        self._environ = environ
        self._read = read
        self._lines: dict[Path, int] = {}
        self._outside: set[Path] = set()
        self._broken: set[Path] = set()
        self._open: list[yaml.Node] = []

    def tree(self, root: object) -> Tree:
        if root is None:
            root = {}
        if not isinstance(root, dict):
            self._broke((), 1, "the file should hold settings, such as server: {…}")
            root = {}
        self._lines.setdefault((), 1)
        broken = frozenset(self._broken)
        return Tree(root, self._lines, frozenset(self._outside), broken)

    def build(self, node: yaml.Node, path: Path) -> Any:
        """Return the value of *node*, which stands at *path*."""
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        if node.tag not in _TEXT | _PLAIN | {_NULL}:
            return self._broke(path, line, f"the tag {node.tag} is not known: omit it")
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL else self._text(node.value, path)
        if any(node is above for above in self._open):
            return self._broke(path, line, "an alias cannot stand inside its own value")
        self._open.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return self._list(node, path)
            return self._mapping(cast("yaml.MappingNode", node), path)
        finally:
            self._open.pop()

    def _text(self, text: str, path: Path) -> object:
        found: Interpolated = interpolate(text, self._environ, self._read)
        if found.outside:
            self._outside.add(path)
        for reason in found.reasons:
            self._broke(path, self._lines[path], reason)
        left_out = not found.text and text and not found.reasons
        return _LEFT_OUT if left_out else found.text

    def _list(self, node: yaml.SequenceNode, path: Path) -> list[Any]:
        values: list[Any] = []
        for item in node.value:
            value = self.build(item, (*path, len(values)))
            if value is not _LEFT_OUT:
                values.append(value)
            else:
                self._lines.pop((*path, len(values)))
        return values

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, item in self._pairs(node, path):
            inner = (*path, key.value)
            self._lines[inner] = key.start_mark.line + 1
            value = self.build(item, inner)
            if value is not _LEFT_OUT:
                values[key.value] = value
        return values

    def _pairs(
        self, node: yaml.MappingNode, path: Path
    ) -> list[tuple[yaml.Node, yaml.Node]]:
        """Return keys and values, those of ``<<`` last, each key once."""
        own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        merged: list[tuple[yaml.Node, yaml.Node]] = []
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(path, line, "the name of a setting should be one word")
            elif key.value == _MERGE and not key.style:
                merged += self._merged(value, path, line)
            elif key.value in own:
                first = own[key.value][0].start_mark.line + 1
                reason = f"is set twice: keep this or the one on line {first}"
                self._wrong((*path, key.value), line, reason)
            else:
                own[key.value] = key, value
        for key, value in merged:
            own.setdefault(key.value, (key, value))
        return list(own.values())

    def _merged(
        self, node: yaml.Node, path: Path, line: int
    ) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for source in sources:
            inside = any(source is above for above in self._open)
            if inside or not isinstance(source, yaml.MappingNode):
                self._wrong(path, line, "<< takes settings from an &anchor elsewhere")
                continue
            self._open.append(source)
            yield from self._pairs(source, path)
            self._open.pop()

    def _broke(self, path: Path, line: int, reason: str) -> None:
        """Tell a mistake that says all there is to say about *path*."""
        self._broken.add(path)
        self._wrong(path, line, reason)

    def _wrong(self, path: Path, line: int, reason: str) -> None:
        self.mistakes.append(Mistake(self._file, line, written(path), reason))


def _line_of(exc: yaml.MarkedYAMLError, text: str) -> int:
    mark = exc.problem_mark or exc.context_mark
    # The end of the text is told as the line after the last.
    last = len(re.findall(r"\r\n|\r|\n", text.removesuffix("\n"))) + 1
    return min(mark.line + 1, last) if mark else 1


def _words(exc: yaml.MarkedYAMLError, text: str) -> str:
    reason = f"this is not YAML: {exc.problem or 'it cannot be read'}"
    if exc.context and exc.context_mark:
        reason += f" ({exc.context} that begins on line {exc.context_mark.line + 1})"
    line = text.splitlines()[_line_of(exc, text) - 1 :][:1]
    if line and re.search(r"[\[{,:]\s*\$\{", line[0]) and re.search(r"[\[{]", line[0]):
        reason += '; inside [ ] and { } write references in quotes: "${NAME}"'
    return reason
