"""One slip in a word never makes another change of a line than the one it means.

It may mean the same, be refused, or look at something: nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from handlers.errors import UserError
from tests.handlers.meaning import meaning
from tests.handlers.table import Row, rows
from tests.handlers.talk import context

ROWS = [
    row
    for name in ("utterances.tsv", "outsider.tsv")
    for row in rows(name)
    if not row.refused and not row.direct
]
ASKED = context()
#: How many slips of each line are tried. With 1000 all of them are.
MOST = 3

# Words that say what is done, to which type, when.
_WORD = re.compile(r"[A-Za-z]{2,}|[㐀-鿿]+")
# What nobody can know: names, free text, labels; and numbers and clocks, of which each
# is another one. 点 is ten to the hour and 点半 half past, and both are right.
_FREE = re.compile(
    r"(?:because|reason|where|rule|reset|robot test|/confirm|custom)\b.*|custom\S*"
    r"|(?:因为|原因|keyword|关键词).*|@\S+|(?i:robots?|person|group)[:=：]\S+|机器人.*"
    r"|\b(?:alice|bob|nights|ops-room|to ops-room)\b|calendar \w+|k7qx2mnp"
    r'|"[^"]*"|“[^”]*”|「[^」]*」|\'[^\']*\'|(?:>=|=|＝|：|: |:)\S+|\[.*\]\S*'
    r"|\s*(?i:\d+ ?(?:[ap]\.?m|h|m)\b)|[\d:.~—\-\s]+|[一二两三四五六七八九十半刻]+"
    r"|大(?=后天)"
)
# What changes nothing.
_LOOKS = re.compile(
    r"/(?:help|types|status|whoami|why|audit|export|inbox(?! read)|verify$|contact$)"
    r"|/(?:dnd|digest|mute|recipients|robot|sub) (?:list|show|preview|form|several)"
    r"|/(?:set|role|sub)$|/sub (?!add|remove|set|switch|reset|copy|test)"
)
# A thing is known by its name, which is free text: none is called so, none changes.
_NAMED = re.compile(r"/(?:dnd|digest) (?:remove|reset|set) [^0-9].*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _slips(word: str, random: Random) -> Iterator[str]:
    """Yield *word* with a letter missing, doubled, swapped, wrong, and too many."""
    for at, letter in enumerate(word):
        other = random.choice(_LETTERS) if letter.isascii() else "口"
        yield word[:at] + word[at + 1 :]
        yield word[: at + 1] + word[at:]
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        yield word[:at] + other + word[at + 1 :]
        yield word[:at] + other + word[at:]


def _slipped(row: Row) -> list[str]:
    random = Random(row.typed)
    masked = _FREE.sub(lambda match: "\0" * len(match.group()), row.typed)
    lines = {
        row.typed[: word.start()] + slip + row.typed[word.end() :]: None
        for word in _WORD.finditer(masked)
        for slip in _slips(word.group(), random)
        if slip != word.group()
    }
    return random.sample(list(lines), min(MOST, len(lines)))


def _change(line: str) -> str | None:
    """What *line* changes; nothing where it is refused, or only looks."""
    try:
        read = meaning(line, ASKED)
    except UserError:
        return None
    return None if _LOOKS.match(read) or _NAMED.match(read) else read


def test_a_slip_changes_nothing_but_what_was_meant():
    else_ = {
        slipped: (read, row.means)
        for row in ROWS
        for slipped in _slipped(row)
        if (read := _change(slipped)) not in (None, meaning(row.means, ASKED))
    }

    assert else_ == {}


def test_there_are_enough_slips():
    assert sum(len(_slipped(row)) for row in ROWS) >= 1_000
