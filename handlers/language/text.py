"""A line as it was typed becomes a line as it is read.

Full width, curly quotes, Chinese punctuation, odd dashes and invisible characters are
what keyboards do to a command; none of them carries meaning. Inside quotes everything
stays as written, but for the quote marks themselves, which become ``"``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.errors import Misunderstood
from store.wording import _

#: Longer lines are refused: no command needs them.
LONGEST = 2000

_DOUBLE = '"＂“”„‟″〝〞'
_SINGLE = "'‘’‚‛′"
# What closes a quote, by what opens it. A curly one that is not closed by its like is
# closed by any: keyboards mix them.
_CLOSING = {
    **dict.fromkeys(_DOUBLE, '"'),
    **dict.fromkeys("“„‟", "”"),
    **dict.fromkeys("”〝〞", "”〞"),
    **dict.fromkeys(_SINGLE, _SINGLE),
    "`": "`",
    **{pair[0]: pair[1] for pair in ("「」", "『』", "《》", "〈〉", "«»", "【】")},
}
# These are letters as often as they are quotes: they open only where a word begins.
_SHY = _SINGLE + "`"

#: Around the word that was not understood, in a line that is shown again.
MARKS = "▸◂"

_READ_AS = {
    **dict.fromkeys("‐‑‒–—―−⸺⸻", "-"),
    **dict.fromkeys("〜∼∽˜", "~"),
    **dict.fromkeys("、﹑;；", ","),
    **dict.fromkeys("∶꞉", ":"),
    "。": ".",
    "≥": ">=",
    "⩾": ">=",
    "≧": ">=",
    "≤": "<=",
    "⩽": "<=",
    "≦": "<=",
    "≠": "!=",
    "→": "->",
    "⇒": "->",
    "`": " ",
}
# Lark turns what looks like an address into [text](address) before we see it.
_LINKED = re.compile(r"\[([^\[\]]+)\]\((?:https?://|mailto:)?\1/?\)")


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named with @ in a line. ``key`` is what stands for them in the text."""

    key: str
    person: str
    name: str
    us: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A cleaned line, and where in *source* each of its characters came from."""

    text: str
    origins: tuple[int, ...]
    source: str

    def as_typed(self, start: int, end: int) -> str:
        """Return what was typed where the cleaned line has ``[start:end]``."""
        return self.source[self.origins[start] : self.origins[end]].strip()


@dataclass(frozen=True, slots=True)
class _Piece:
    """One character of the line, or somebody mentioned in it."""

    shown: str
    at: int
    person: str = ""


def clean(line: str, mentions: Sequence[Mention] = ()) -> Written:
    """Return *line* as it is read.

    Raises ``Misunderstood`` when it is too long or a quote is never closed.
    """
    if len(line) > LONGEST:
        raise Misunderstood(
            _(
                "That line has {length} characters; I read up to {most}.",
                length=len(line),
                most=LONGEST,
            )
        )
    printable = "".join(letter for letter in line if _printable(letter))
    pieces, source = _pieces(_LINKED.sub(r"\1", printable), mentions)
    pieces = _unwrapped(pieces)
    out: list[str] = []
    origins: list[int] = []
    at = 0
    while at < len(pieces):
        text, after = _next(pieces, at, out[-1] if out else " ")
        for letter in text:
            out.append(letter)
            origins.append(pieces[at].at)
        at = after
    origins.append(pieces[-1].at + len(pieces[-1].shown) if pieces else 0)
    return Written("".join(out), tuple(origins), source)


def command_line(text: str) -> str:
    """Return *text* as a line to run: one slash, no blanks around."""
    return "/" + text.strip().lstrip("/\\,").strip()


def quoted(text: str) -> str:
    """Return *text* in quotes, as ``clean`` leaves them and ``unquoted`` reads them."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def unquoted(text: str) -> str:
    """Return what a cleaned piece of line says: the inside of its quotes."""
    out: list[str] = []
    escaped = False
    for letter in text:
        if escaped:
            out.append(letter)
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter != '"':
            out.append(letter)
    return "".join(out)


def _pieces(line: str, mentions: Sequence[Mention]) -> tuple[list[_Piece], str]:
    """Return the line with names for mentions, cut into pieces."""
    keys = {mention.key: mention for mention in mentions if mention.key}
    either = "|".join(map(re.escape, keys))
    # @_user_1 begins @_user_12.
    cut = re.compile(rf"(?:{either})(?![A-Za-z0-9_])" if either else r"(?!)")
    pieces: list[_Piece] = []
    source: list[str] = []
    length = start = 0
    for match in (*cut.finditer(line), None):
        end = match.start() if match else len(line)
        plain = line[start:end]
        pieces += [_Piece(letter, length + n) for n, letter in enumerate(plain)]
        source.append(plain)
        length += len(plain)
        if match is None:
            break
        start = match.end()
        mention = keys[match.group()]
        shown = " " if mention.us else f"@{mention.name}"
        pieces.append(_Piece(shown, length, "" if mention.us else mention.person))
        source.append(shown)
        length += len(shown)
    return pieces, "".join(source)


def _unwrapped(pieces: list[_Piece]) -> list[_Piece]:
    """Take the quotes off a line that somebody quoted or code-marked whole."""
    while True:
        while pieces and _blank(pieces[0]):
            pieces = pieces[1:]
        while pieces and _blank(pieces[-1]):
            pieces = pieces[:-1]
        if not pieces or pieces[0].shown not in _CLOSING:
            return pieces
        if _closes_at(pieces, 0) != len(pieces) - 1:
            return pieces
        pieces = pieces[1:-1]


def _next(pieces: list[_Piece], at: int, before: str) -> tuple[str, int]:
    """Return what the piece at *at* is read as, and where to go on."""
    piece = pieces[at]
    if piece.person:
        behind = pieces[at + 1].shown[:1] if at + 1 < len(pieces) else " "
        gaps = ["" if each == " " else " " for each in (before, behind)]
        return f"{gaps[0]}person:{piece.person}{gaps[1]}", at + 1
    if piece.shown in _CLOSING and (piece.shown not in _SHY or before in " =:,(+-<>"):
        end = _closes_at(pieces, at)
        if end is not None:
            return quoted("".join(_inside(pieces, at + 1, end))), end + 1
        if piece.shown not in _SHY:
            raise _unclosed(pieces, at)
    return _cluster(pieces, at)


def _cluster(pieces: list[_Piece], at: int) -> tuple[str, int]:
    """Return one letter with its accents, as it is read outside quotes."""
    after = at + 1
    while (
        after < len(pieces)
        and not pieces[after].person
        and len(pieces[after].shown) == 1
        and unicodedata.combining(pieces[after].shown)
    ):
        after += 1
    cluster = "".join(piece.shown for piece in pieces[at:after])
    folded = unicodedata.normalize("NFKC", _READ_AS.get(cluster, cluster))
    return "".join(_plain(letter) for letter in folded), after


def _plain(letter: str) -> str:
    letter = _READ_AS.get(letter, letter)
    if letter in _SINGLE:
        return "'"
    if letter in _DOUBLE:
        # Only what NFKC made of something else: never a quote that opens or closes.
        return ""
    category = unicodedata.category(letter[0])
    if category == "Cf":
        return ""
    return " " if category in {"Cc", "Zs", "Zl", "Zp"} else letter


def _printable(letter: str) -> bool:
    """Return whether *letter* is kept: not our marks, nor what no screen can show."""
    if letter in MARKS:
        return False
    return letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}


def _blank(piece: _Piece) -> bool:
    if piece.person or piece.shown in _CLOSING:
        return False
    return not _cluster([piece], 0)[0].strip()


def _closes_at(pieces: list[_Piece], at: int) -> int | None:
    """Return where the quote that opens at *at* closes, or ``None``."""
    opening = pieces[at].shown
    found = _closed_by(pieces, at, _CLOSING[opening])
    if found is None and opening in _DOUBLE:
        found = _closed_by(pieces, at, _DOUBLE)
    return found


def _closed_by(pieces: list[_Piece], at: int, closing: str) -> int | None:
    opening = pieces[at].shown
    after = at + 1
    while after < len(pieces):
        shown = pieces[after].shown
        if shown == "\\" and opening in _DOUBLE:
            after += 2
            continue
        if shown in closing and len(shown) == 1:
            following = pieces[after + 1].shown if after + 1 < len(pieces) else " "
            if opening not in _SHY or not following[0].isalnum():
                return after
        after += 1
    return None


def _inside(pieces: list[_Piece], start: int, end: int) -> Iterator[str]:
    """Yield what a quote holds, with its escapes undone."""
    escaped = False
    for piece in pieces[start:end]:
        if piece.shown == "\\" and not escaped:
            escaped = True
            continue
        if escaped and piece.shown not in _DOUBLE and piece.shown != "\\":
            yield "\\"
        escaped = False
        yield piece.shown
    if escaped:
        yield "\\"


def _unclosed(pieces: list[_Piece], at: int) -> Misunderstood:
    line = "".join(
        piece.shown if not piece.person else f"person:{piece.person}"
        for piece in pieces
    ).strip()
    rest = "".join(piece.shown for piece in pieces[at : at + 20])
    return Misunderstood(
        _("The quote that opens at {place} is never closed.", place=rest),
        choices=(command_line(f'{line}"'),),
    )
