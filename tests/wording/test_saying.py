"""A text is its English, and knows how to be said otherwise."""

from __future__ import annotations

import copy
import pickle

import pytest

from handlers.language.catalogues import say
from handlers.language.filling import filled
from store.wording import (
    Text,
    clauses,
    commas,
    dotted,
    listed,
    read,
    sentences,
    titled,
    written,
)

SAID = Text("Held: {rule}", facts={"rule": titled("Nights", "夜间")})


def test_a_text_is_its_english() -> None:
    assert SAID == "Held: Nights"


def test_a_title_is_said_in_the_readers_language() -> None:
    assert say(titled("Alarm {x}", "告警 {x}"), "zh") == "告警 {x}"
    assert titled("Alarm {x}", "告警 {x}") == "Alarm {x}"


def test_facts_are_said_in_the_readers_language_too() -> None:
    assert say(SAID, "zh") == "Held: 夜间"


def test_several_are_divided_as_the_language_does_it() -> None:
    assert (commas(["a", "b"]), say(commas(["a", "b"]), "zh")) == ("a, b", "a、b")


def test_lists_end_with_and() -> None:
    assert [listed(["a", "b", "c"][:n]) for n in (1, 2, 3)] == [
        "a",
        "a and b",
        "a, b and c",
    ]


def test_sentences_leave_no_gap_where_nothing_is_said() -> None:
    assert [sentences("", "A.", ""), sentences("A.", "", "B."), sentences()] == [
        "A.",
        "A. B.",
        "",
    ]


def test_what_a_row_kept_is_what_was_said() -> None:
    kept = read(written(listed([SAID, "b"])))
    assert (kept, say(kept, "zh")) == (
        "Held: Nights and b",
        say(listed([SAID, "b"]), "zh"),
    )


def test_a_plain_string_is_kept_and_said_as_it_is() -> None:
    assert (read(written("50 % {off}")), say("50 % {off}", "zh")) == ("50 % {off}",) * 2


def test_a_copy_knows_what_the_text_knew() -> None:
    for made in (copy.copy(SAID), pickle.loads(pickle.dumps(SAID))):
        assert (made, say(made, "zh")) == (SAID, "Held: 夜间")


def test_clauses_and_dots_join_what_is_said() -> None:
    assert [clauses("a", "", "b"), dotted("a", "b", "c"), dotted("", "c")] == [
        "a; b",
        "a · b · c",
        "c",
    ]
    assert say(clauses("a", SAID), "zh") == "a；Held: 夜间"


@pytest.mark.parametrize(
    ("message", "fact", "said"),
    [
        ("将为{x}添加", "Wei", "将为 Wei 添加"),
        ("将为{x}添加", "@Wei", "将为 @Wei 添加"),
        ("将为{x}添加", "本群", "将为本群添加"),
        ("汇总 {x} 渠道", "全部消息", "汇总全部消息渠道"),
        ("在 {x} 收到", "03:00（2 小时后）", "在 03:00（2 小时后）收到"),
        ("{x}后", "2 小时", "2 小时后"),
        ("第{x}次", "3", "第3次"),
        ("编号：{x}。", "M3", "编号：M3。"),
        ("“{x}”", "disk full", "“disk full”"),
        ("{x} 起 {x}", "周六", "周六起周六"),
    ],
)
def test_chinese_has_a_space_beside_latin_words_alone(
    message: str, fact: str, said: str
) -> None:
    assert filled(message, {"x": fact}) == said


def test_two_facts_are_spaced_as_the_translator_has_them() -> None:
    assert filled("{x} {y}", {"x": "周六周日", "y": "全天"}) == "周六周日 全天"
