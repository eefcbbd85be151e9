"""A line that is said as a sentence, put in the order in which commands are read.

``what did I change`` is ``audit me``; ``工作日 22-8 免打扰`` has its noun at the end.
Nothing is left out and nothing is added but what a saying stands for: a line that no
order makes a command of is refused like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.language.cursor import Cursor
from handlers.language.heads import Nouns, read_lead, verbs_of
from handlers.language.lexicon import HEADS, Head
from handlers.language.sayings import BEFORE_NOUN, BEHIND_NOUN, SAYINGS, SMALL, THANKS
from handlers.language.text import Written
from handlers.language.tokens import Line, Token, cut

#: A line has no more tokens.
_MANY = 2000

#: What may stand behind other words: "to" and "messages" are too often something else.
_ELSEWHERE = frozenset(
    {"sub", "recipients", "dnd", "digest", "mute", "unmute", "inbox", "types", "status"}
    | {"robot"}
)
#: What is most often asked for.
_OFTEN = ("dnd", "mute", "sub", "digest", "recipients", "inbox", "robot")
_COMMON = frozenset(
    {"to", "types", "type", "messages", "mail", "消息", "类型", "类别", "分类", "stat"}
)

#: A stretch of a line, or words of ours that stand for one.
_Piece = tuple[int, int, str]

_SAYING = re.compile(
    "(?P<said>"
    + "|".join(
        re.escape(said) + (r"(?![a-z0-9'])" if said.isascii() else "")
        for said in sorted(SAYINGS, key=len, reverse=True)
    )
    + r")(?: (?:right now|now|here)(?![a-z0-9']))?"
)


def unfolded(line: Line, words: frozenset[str]) -> Line:
    """Return *line* without what stands before a command, its saying written out.

    So a correction is the command, and not all the kindness around it.
    """
    cursor = Cursor(line)
    read_lead(cursor)
    if cursor.done:
        return line
    start = cursor.here.start
    match = _SAYING.match(line.text.casefold(), start)
    # What is written in two letters in lower case is in no saying.
    if match is None or len(line.text.casefold()) != len(line.text):
        if not line.text[:start].strip("/ "):
            return line
        whole = [(start, line.tokens[-1].end, "")]
        return cut(_joined(line.written, whole), words)
    pieces = [(start, match.end(), SAYINGS[match.group("said")])]
    rest = line.text[match.end() :]
    if rest.strip(" .,!?"):
        pieces.append((match.end(), line.tokens[-1].end, ""))
    return cut(_joined(line.written, pieces), words)


def nouns_in(line: Line, nouns: Nouns) -> tuple[str, ...]:
    """Return what *line* mentions that can be asked about, whatever else it says."""
    text = f" {' '.join(token.word for token in line.tokens)} "
    found = (
        head.noun
        for said, head in _heads(nouns).items()
        if (f" {said} " if said.isascii() else said) in text
    )
    return tuple(dict.fromkeys(found))


def without_noun(line: Line, nouns: Nouns) -> Iterator[str]:
    """Yield *line* with a noun put before it, for each that may have been left out."""
    cursor = Cursor(line)
    read_lead(cursor)
    if all(token.word in SMALL | THANKS for token in cursor.ahead(_MANY)):
        return
    rest = line.text[cursor.here.start :]
    for noun in _OFTEN:
        if noun in nouns:
            yield f"/{noun} {rest}"


def _heads(nouns: Nouns) -> dict[str, Head]:
    """Return what may stand for a noun behind other words."""
    return {
        said: head
        for said, head in HEADS.items()
        if head.noun in nouns and head.noun in _ELSEWHERE and said not in _COMMON
    }


def orders(line: Line, nouns: Nouns, words: frozenset[str]) -> Iterator[Line]:
    """Yield *line* with each noun that stands inside it put first, its verb second."""
    cursor = Cursor(line)
    read_lead(cursor)
    tokens = cursor.ahead(_MANY)
    heads = _heads(nouns)
    inner = Line(line.written, line.text, tokens)
    for start in range(1, len(tokens)):
        cursor = Cursor(inner)
        cursor.take(start)
        head = cursor.phrase(heads)
        if head is not None:
            noun = tokens[start : len(tokens) - len(cursor.ahead(_MANY))]
            before, behind = tokens[:start], cursor.ahead(_MANY)
            pieces = _arranged(noun, before, behind, head, nouns[head.noun], inner)
            yield cut(_joined(line.written, pieces), words)


def _arranged(
    noun: tuple[Token, ...],
    before: tuple[Token, ...],
    behind: tuple[Token, ...],
    head: Head,
    verbs: frozenset[str],
    line: Line,
) -> list[_Piece]:
    while before and before[-1].word in BEFORE_NOUN:
        before = before[:-1]
    while behind and behind[0].word in BEHIND_NOUN:
        behind = behind[1:]
    verb: tuple[Token, ...] = ()
    if not head.verb:
        verb, before, behind = _verb(before, behind, verbs, line)
    parts = [before, behind]
    if any(_gives_reason(each, line) for each in before):
        # A reason is all that follows it.
        parts.reverse()
    return [(part[0].start, part[-1].end, "") for part in (noun, verb, *parts) if part]


def _verb(
    before: tuple[Token, ...],
    behind: tuple[Token, ...],
    verbs: frozenset[str],
    line: Line,
) -> tuple[tuple[Token, ...], tuple[Token, ...], tuple[Token, ...]]:
    """Return the verb, if there is one, and what is left before and behind the noun.

    It stands beside the noun, or at either end of the line.
    """
    known = verbs_of(verbs)
    for size in (2, 1):
        for part, where in (
            (before, slice(-size, None)),
            (before, slice(0, size)),
            (behind, slice(0, size)),
            (behind, slice(-size, None)),
        ):
            verb = part[where]
            cursor = Cursor(Line(line.written, line.text, verb))
            taken = cursor.phrase(known) is not None
            if taken and len(verb) == size and cursor.done:
                left = part[:-size] if where.stop is None else part[size:]
                return (verb, left, behind) if part is before else (verb, before, left)
    return (), before, behind


def _gives_reason(token: Token, line: Line) -> bool:
    return Cursor(Line(line.written, line.text, (token,))).option("because")


def _joined(written: Written, pieces: list[_Piece]) -> Written:
    """Return *pieces* of a line one behind the other, and where each comes from."""
    text: list[str] = []
    origins: list[int] = []
    for start, end, said in pieces:
        if text:
            text.append(" ")
        text.extend(said or written.text[start:end])
        if said:
            origins += [written.origins[start]] * len(said)
        else:
            origins += written.origins[start:end]
        # The blank behind a piece, and the end of the line, end what was typed of it.
        origins.append(written.origins[end])
    return Written("".join(text), tuple(origins), written.source)
