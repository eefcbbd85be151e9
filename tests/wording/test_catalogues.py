"""Every text that people see is there in every language, and says the same facts."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from tests.wording.sources import (
    TRANSLATED,
    catalogue,
    messages,
    templates,
)

TEMPLATES = templates()
PARTS = [(locale, part) for locale in TRANSLATED for part in sorted(TEMPLATES)]


@pytest.mark.parametrize(("locale", "part"), PARTS)
def test_every_text_of_the_sources_is_translated(locale: str, part: str) -> None:
    known = {each.id: each.string for each in messages(catalogue(part, locale))}
    wanted = [each.id for each in messages(TEMPLATES[part])]
    assert [each for each in wanted if not _said(known.get(each))] == []


@pytest.mark.parametrize(("locale", "part"), PARTS)
def test_no_catalogue_holds_what_the_sources_do_not_say(locale: str, part: str) -> None:
    wanted = {each.id for each in messages(TEMPLATES[part])}
    known = [each.id for each in messages(catalogue(part, locale))]
    assert [each for each in known if each not in wanted] == []


@pytest.mark.parametrize(("locale", "part"), PARTS)
def test_a_translation_names_the_facts_of_its_text(locale: str, part: str) -> None:
    odd = [
        (message.id, said)
        for message in messages(catalogue(part, locale))
        for said in _forms(message.string)
        if not _agrees(_facts(said), message.id)
    ]
    assert odd == []


def test_one_text_has_one_translation() -> None:
    for locale in TRANSLATED:
        said: dict[object, set[object]] = {}
        for part in TEMPLATES:
            for message in messages(catalogue(part, locale)):
                said.setdefault(message.id, set()).add(message.string)
        assert {text: ways for text, ways in said.items() if len(ways) > 1} == {}


def test_commands_in_a_translation_are_those_of_the_text() -> None:
    odd = []
    for locale, part in PARTS:
        for message in messages(catalogue(part, locale)):
            meant = {each for form in _forms(message.id) for each in _commands(form)}
            said = {each for form in _forms(message.string) for each in _commands(form)}
            if meant != said:
                odd.append((message.id, message.string))
    assert odd == []


def _agrees(said: set[str], text: object) -> bool:
    named = {fact for form in _forms(text) for fact in _facts(form)}
    # Where English says "one", Chinese counts with the number, and the other way round.
    return named - {"count"} <= said <= named


def _said(string: object) -> bool:
    return bool(string) and all(_forms(string))


def _forms(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _commands(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w/}])/[a-z]+", text))
