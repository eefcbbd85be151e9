"""``${NAME}``, ``${NAME:-default}`` and ``${file:PATH}`` inside strings.

What was put in is not read again, so a password may hold ``${``. ``$${`` stands for a
literal ``${``. As in a shell, the default is also taken for a variable that is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_REFERENCE = re.compile(r"\$\$\{|\$\{(?P<inside>[^}]*)(?P<closed>\}?)")
_VARIABLE = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL
)

#: Returns the text of a file, or raises ``OSError`` or ``ValueError``.
ReadFile = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A string with its references replaced.

    ``outside`` says that some of it came from the environment or a file. ``reasons``
    are the references that could not be replaced, each with what to do about it.
    """

    text: str
    outside: bool = False
    reasons: tuple[str, ...] = ()


def interpolate(text: str, environ: Mapping[str, str], read: ReadFile) -> Interpolated:
    """Return *text* with every reference replaced. What cannot be is in ``reasons``."""
    outside = False
    reasons: list[str] = []

    def replace(found: re.Match[str]) -> str:
        nonlocal outside
        if found["inside"] is None:
            return "${"
        value, came_from_outside = _value(found, environ, read, reasons)
        outside |= came_from_outside
        return value

    return Interpolated(_REFERENCE.sub(replace, text), outside, tuple(reasons))


def escape(text: str) -> str:
    """Return *text* so that ``interpolate`` gives it back as it is."""
    return text.replace("${", "$${")


def _value(
    found: re.Match[str], environ: Mapping[str, str], read: ReadFile, reasons: list[str]
) -> tuple[str, bool]:
    """Return what a reference stands for, and whether it came from outside."""
    inside = found["inside"]
    if not found["closed"]:
        reasons.append("${ is never closed: add a }, or write $${ for the text ${")
        return "", False
    if inside.startswith("file:"):
        return _file(inside.removeprefix("file:").strip(), read, reasons)
    variable = _VARIABLE.fullmatch(inside)
    if not variable or "${" in inside:
        reasons.append(
            "this is not ${NAME}, ${NAME:-default} or ${file:PATH}: "
            "correct it, or write $${ for the text ${"
        )
        return "", False
    name = variable["name"]
    if value := environ.get(name):
        return value, True
    if variable["default"] is None:
        state = "empty" if name in environ else "not set"
        reasons.append(
            f"the variable {name} is {state}: "
            "set it in the environment, or in .env beside this file"
        )
    return variable["default"] or "", False


def _file(path: str, read: ReadFile, reasons: list[str]) -> tuple[str, bool]:
    try:
        text = read(path)
    except OSError as exc:
        reasons.append(f"the file {path} cannot be read: {exc.strerror}")
        return "", False
    except ValueError:
        reasons.append(f"the file {path} cannot be read: it is not UTF-8 text")
        return "", False
    return text.removesuffix("\n").removesuffix("\r"), True
