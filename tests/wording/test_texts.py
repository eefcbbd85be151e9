"""What people are shown is made of texts: a plain string has no other language.

Looks at the calls that make what is shown. What they are given under a name cannot be
seen here; what the nouns answer is looked at in ``tests/handlers``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.wording.sources import PACKAGES, ROOT

#: What is called → the arguments that are shown, by place and by name.
SHOWN = {
    **dict.fromkeys(("UserError", "Misunderstood", "Forbidden"), (0, "message")),
    **dict.fromkeys(
        ("TransportError", "Refused", "Parked", "Throttled", "Unanswered"),
        (0, "message"),
    ),
    **dict.fromkeys(("TokenRefused", "TargetGone"), (0, "message")),
    "Reply": (None, "title", "lines"),
    "Note": (None, "title", "lines"),
    "Button": (0, "label"),
    "Choice": (0, "label"),
    "Panel": (0, "title"),
    "Words": (0, "text"),
    "Gate": (4, "words", "short"),
    "Reading": (None, "problem"),
    "Planned": (None, "reason"),
    "finish": (None, "reason"),
    "close_deliveries": (None, "reason"),
    "close_destination": (None, "reason"),
    "close_lane": (None, "reason"),
    "keep_held": (None, "reason"),
    "open_hold": (None, "words"),
    "try_again": (None, "reason"),
}
#: Where there is nobody to read Chinese: the shell, and the play on a screen.
ENGLISH = ("bot/cli/", "bot/demo/", "bot/config/")


def test_what_is_shown_is_made_of_texts() -> None:
    assert [each for path in _sources() for each in _plain(path)] == []


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not str(path.relative_to(ROOT)).startswith(ENGLISH):
                yield path


def _plain(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node) in SHOWN:
            for shown in _shown(node):
                if _is_plain(shown):
                    where = path.relative_to(ROOT)
                    yield f"{where}:{shown.lineno}: {ast.unparse(shown)[:70]}"


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _shown(call: ast.Call) -> Iterator[ast.expr]:
    place, *names = SHOWN[_name(call)]
    given = [each.value for each in call.keywords if each.arg in names]
    if isinstance(place, int):
        given += call.args[place : place + 1]
    for each in given:
        yield from each.elts if isinstance(each, (ast.Tuple, ast.List)) else [each]


def _is_plain(shown: ast.expr) -> bool:
    """Whether it is a string that was written or put together there, with words."""
    match shown:
        case ast.Constant(value=str(text)):
            return _wordy(text)
        case ast.JoinedStr(values=parts):
            fixed = [each.value for each in parts if isinstance(each, ast.Constant)]
            return _wordy("".join(map(str, fixed)))
        case ast.BinOp(left=left, right=right):
            return _is_plain(left) or _is_plain(right)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_plain(body) or _is_plain(orelse)
        case _:
            return False


def _wordy(text: str) -> bool:
    """Whether it has words of a language: command lines and marks have none."""
    return not text.startswith("/") and any(letter.isalpha() for letter in text)
