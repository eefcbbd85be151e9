"""What people type means what they meant, or is refused: it never runs anything else.

The rows stand in ``utterances.tsv``, and in ``outsider.tsv`` those of somebody who had
not seen the parser.
"""

from __future__ import annotations

from handlers.commands import router
from handlers.context import Context
from handlers.errors import UserError
from tests.handlers.meaning import meaning
from tests.handlers.table import REFUSE, Row, rows
from tests.handlers.talk import choices, context

OURS, THEIRS = rows("utterances.tsv"), rows("outsider.tsv")
EVERY = (*OURS, *THEIRS)
GROUP, DIRECT = context(), context(direct=True)


def asked(row: Row) -> Context:
    """Where *row* was typed."""
    return DIRECT if row.direct else GROUP


def read(line: str, row: Row) -> str:
    """What *line* means where *row* was typed, or that it is refused."""
    try:
        return meaning(line, asked(row))
    except UserError:
        return REFUSE


def offered(row: Row) -> tuple[str, ...]:
    """The lines to tap that *row* is answered with."""
    return choices(row.typed, asked(row))


def test_what_people_type_is_understood():
    understood = [(row.typed, row.means) for row in OURS]

    assert [(row.typed, read(row.typed, row)) for row in OURS] == understood


def test_what_is_unclear_runs_nothing_and_offers_what_was_meant():
    refused = [row for row in OURS if row.refused]

    assert [(row.typed, offered(row)) for row in refused] == [
        (row.typed, row.offered) for row in refused
    ]


def test_whatever_is_refused_is_answered_with_something_to_tap():
    assert [row for row in EVERY if row.refused and not offered(row)] == []


def test_the_best_way_to_write_it_is_read_as_the_same():
    best = [row for row in OURS if not row.refused]

    assert [read(row.means, row) for row in best] == [row.means for row in best]


def _meant(row: Row) -> str:
    return row.means if row.refused else meaning(row.means)


def test_nothing_that_somebody_else_typed_runs_anything_but_what_was_meant():
    ran = {row.typed: read(row.typed, row) for row in THEIRS}

    assert {
        row.typed: ran[row.typed]
        for row in THEIRS
        if ran[row.typed] not in (_meant(row), REFUSE)
    } == {}


def test_what_somebody_else_typed_is_understood_or_its_meaning_is_offered():
    missed = [row for row in THEIRS if read(row.typed, row) != _meant(row)]
    not_offered = [
        row
        for row in missed
        if _meant(row) not in (read(line, row) for line in offered(row))
    ]

    assert not_offered == []
    assert len(THEIRS) == 120
    assert len(missed) <= len(THEIRS) * 5 // 100


def test_there_are_enough_of_them():
    assert len({row.typed for row in EVERY}) >= 600
    assert len([row for row in EVERY if not row.typed.isascii()]) >= 200


def test_every_command_is_among_them():
    nouns = {row.means.split()[0] for row in OURS if not row.refused}

    assert nouns == {f"/{noun}" for noun in router.nouns}
