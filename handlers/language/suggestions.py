"""What may have been meant by a word that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

MOST = 3


def nearest(word: str, known: Mapping[str, str], *, most: int = MOST) -> list[str]:
    """Return the meanings of the *known* words nearest to *word*, the nearest first.

    ``known`` maps what can be typed to what it stands for. A word of which *word* is
    the beginning is near as well. Far words are left out.
    """
    return [meant for _, meant in ranked(word, known)][:most]


def ranked(word: str, known: Mapping[str, str]) -> list[tuple[int, str]]:
    """Return how far away each near word is, with its meaning, the nearest first."""
    word = word.casefold()
    slips = _allowed(word)
    found = [(far, each) for each, far in _within(word, known, slips)]
    if len(word) >= 3 or not word.isascii():
        found += [(slips + 1, each) for each in known if each.startswith(word)]
    found.sort(key=lambda pair: (pair[0], len(pair[1]), pair[1]))
    best: dict[str, int] = {}
    for far, each in found:
        best.setdefault(known[each], far)
    return [(far, meant) for meant, far in best.items()]


def one_slip(word: str, known: Iterable[str]) -> list[str]:
    """Return the *known* words that are one slip away from *word*."""
    near = _within(word.casefold(), dict.fromkeys(known, ""), 1)
    return sorted(each for each, far in near if far == 1)


def _within(
    word: str, known: Mapping[str, str], slips: int
) -> Iterator[tuple[str, int]]:
    """Yield the words within so many slips of *word*, with how many there are.

    Slips that people make count one each: a letter too many, missing, wrong, or two in
    the wrong order.
    """
    scorer = DamerauLevenshtein.distance
    near = process.extract(
        word, known.keys(), scorer=scorer, score_cutoff=slips, limit=None
    )
    for each, far, _ in near:
        # Enough of the word is left: two letters of three are, none of one is not.
        if far < len(word) and far * 3 <= max(len(each), 3):
            yield each, int(far)


def _allowed(word: str) -> int:
    """How many slips still leave a word recognisable."""
    if not word.isascii():
        return 1
    return 1 if len(word) <= 4 else 2 if len(word) <= 8 else 3
