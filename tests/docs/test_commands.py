"""What the README says of commands typed in chat is so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.commands import router
from handlers.rules.filters import Draft, parse
from store.values import Severity
from tests.docs.pages import README, code_in
from tests.handlers.meaning import meaning
from tests.handlers.talk import context

ROWS = README.table("Commands")
EXAMPLES = [
    (english, chinese)
    for first, second, _ in ROWS
    for english, chinese in zip(code_in(first), code_in(second), strict=True)
]
#: Every line in the table, those in passing among them.
LINES = [line for row in ROWS for line in code_in(" ".join(row)) if line[0] == "/"]


@pytest.mark.parametrize(("english", "chinese"), EXAMPLES)
def test_a_command_means_the_same_in_both_languages(english: str, chinese: str) -> None:
    assert meaning(english) == meaning(chinese)


@pytest.mark.parametrize("line", LINES)
def test_a_command_in_the_table_can_be_typed(line: str) -> None:
    entry, _ = router.read(line, context())

    assert line.split()[0] == f"/{entry.noun}"


def test_every_command_is_in_the_table_with_every_verb() -> None:
    told = {tuple(line.split()[:2]) for line in LINES}
    nouns = {line.split()[0] for line in LINES}

    verbs = {
        (f"/{entry.noun}", verb)
        for entry in router.entries.values()
        for verb in entry.verbs
    }

    assert {f"/{noun}" for noun in router.entries} - nouns == set()
    # "/mute 2h" is the same as "/mute add 2h", which stands beside it.
    assert verbs - told == set()


def test_a_command_that_comes_later_is_not_there_yet() -> None:
    later = {
        span.removeprefix("/")
        for span in code_in(README.section("Not there yet"))
        if span.startswith("/")
    }

    assert later & set(router.entries) == set()
    assert len(later) > 1


def test_the_filter_that_it_shows_can_be_read_and_does_what_it_says() -> None:
    shown = parse(code_in(README.section("Filters"))[1])
    wanted = Draft(
        title="Disk is full",
        source="scripts",
        severity=Severity.WARNING,
        labels={"product": "cos", "env": "staging"},
    )
    elsewhere = replace(wanted, labels={**wanted.labels, "region": "na-ashburn"})

    assert [shown.matches(each) for each in (wanted, elsewhere)] == [True, False]
