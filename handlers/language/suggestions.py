"""What may have been meant by a word that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

MOST = 3


def nearest(word: str, known: Mapping[str, str], *, most: int = MOST) -> list[str]:
    """Return the meanings of the *known* words nearest to *word*, the nearest first.

    ``known`` maps what can be typed to what it stands for. Slips that people make
    count one each: a letter too many, missing, wrong, or two in the wrong order. A
    word of which *word* is the beginning is near as well. Far words are left out.
    """
    word = word.casefold()
    if not word:
        return []
    slips = _allowed(word)
    found = process.extract(
        word,
        known.keys(),
        scorer=DamerauLevenshtein.distance,
        score_cutoff=slips,
        limit=None,
    )
    ranked = [
        (distance, meant) for meant, distance, _ in found if _near(distance, meant)
    ]
    if len(word) >= 3 or not word.isascii():
        ranked += [(slips + 1, each) for each in known if each.startswith(word)]
    ranked.sort(key=lambda pair: (pair[0], len(pair[1]), pair[1]))
    return list(dict.fromkeys(known[each] for _, each in ranked))[:most]


def _allowed(word: str) -> int:
    """How many slips still leave a word recognisable."""
    if not word.isascii():
        return 1
    return 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3


def _near(distance: float, meant: str) -> bool:
    """Whether enough of the known word is left: two letters of three are."""
    return distance * 3 <= max(len(meant), 3)
