"""What people type means what they meant, or is refused: it never runs anything else.

The rows stand in ``utterances.tsv``, and in ``outsider.tsv`` those of somebody who had
not seen the parser.
"""

from __future__ import annotations

from handlers.context import Context
from handlers.errors import UserError
from handlers.router import Router
from tests.handlers.meaning import meaning
from tests.handlers.table import Row, rows
from tests.handlers.talk import choices, context

OURS, THEIRS = rows("utterances.tsv"), rows("outsider.tsv")
UNDERSTOOD = [(row.typed, row.means) for row in OURS if not row.refused]
ASKED = context()


def understood(line: str, asked: Context = ASKED) -> str | None:
    """What *line* means, or nothing where it is refused."""
    try:
        return meaning(line, asked)
    except UserError:
        return None


def test_what_people_type_is_understood():
    read = {line: understood(line) for line, _ in UNDERSTOOD}

    assert read == dict(UNDERSTOOD)


def test_what_is_unclear_runs_nothing_and_offers_what_was_meant():
    refused = {row.typed: row.offered for row in OURS if row.refused}

    assert {line: choices(line) for line in refused} == refused


def test_whatever_is_refused_is_answered_with_something_to_tap():
    refused = [row.typed for row in (*OURS, *THEIRS) if row.refused]

    assert [line for line in refused if not choices(line)] == []


def test_the_best_way_to_write_it_is_read_as_the_same():
    written = [line for _, line in UNDERSTOOD]

    assert [meaning(line) for line in written] == written


def _meant(row: Row) -> str:
    return row.means if row.refused else meaning(row.means)


def test_nothing_that_somebody_else_typed_runs_anything_but_what_was_meant():
    read = {row.typed: understood(row.typed) or "REFUSE" for row in THEIRS}
    else_ = {
        row.typed: read[row.typed]
        for row in THEIRS
        if read[row.typed] not in (_meant(row), "REFUSE")
    }

    assert else_ == {}


def test_what_somebody_else_typed_is_understood_or_its_meaning_is_offered():
    missed = [
        row
        for row in THEIRS
        if not row.refused and understood(row.typed) != _meant(row)
    ]
    offered = {
        row.typed: _meant(row) in map(understood, choices(row.typed)) for row in missed
    }

    assert offered == dict.fromkeys(offered, True)
    assert len(THEIRS) == 120
    assert len(missed) <= len(THEIRS) * 5 // 100


def test_there_are_enough_of_them():
    every = (*OURS, *THEIRS)

    assert len({row.typed for row in every}) >= 600
    assert len([row for row in every if not row.typed.isascii()]) >= 200


def test_every_command_is_among_them():
    nouns = {line.split()[0] for _, line in UNDERSTOOD}

    assert nouns == {f"/{noun}" for noun in _nouns()}


def _nouns() -> frozenset[str]:
    from handlers.commands import router

    return router.nouns


def test_reading_needs_no_database():
    assert isinstance(Router(), Router)
    assert meaning("/sub add refund", context()) == "/sub add finance.refund"
