"""What fits is as much as fits, to the byte, and never more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.fit import fit_blocks, fit_lines, fit_text, weigh_text
from bot.cards.frame import APP, ROBOT, Envelope, markdown, text
from bot.cards.markup import Block

SENTENCE = "the quick brown fox jumps over the lazy dog, again and again"


def test_a_text_that_fits_is_left_alone() -> None:
    assert fit_text(SENTENCE, len(SENTENCE), ROBOT) == SENTENCE


def test_a_text_is_cut_between_words() -> None:
    assert fit_text(SENTENCE, 55, ROBOT) == (
        "the quick brown fox jumps over the lazy dog, again…"
    )


def test_a_text_without_gaps_is_cut_to_the_byte() -> None:
    assert fit_text("x" * 100, 53, ROBOT) == "x" * 50 + "…"


@pytest.mark.parametrize("room", [-5, 0, 3, 8, 42])
def test_a_few_letters_are_not_worth_showing(room: int) -> None:
    assert fit_text("‹at id=all›" * 50, room, ROBOT) == ""


def test_quotes_weigh_more_where_the_card_travels_in_a_string() -> None:
    assert (weigh_text('"', ROBOT), weigh_text('"', APP)) == (2, 4)


@given(
    st.text(alphabet='ab "\\\n值', max_size=300),
    st.integers(-5, 600),
    st.sampled_from([APP, ROBOT]),
)
def test_what_is_cut_never_weighs_more_than_there_is_room(
    content: str, room: int, envelope: Envelope
) -> None:
    shown = fit_text(content, room, envelope)

    assert weigh_text(shown, envelope) <= max(room, 0)
    assert content.startswith(shown.removesuffix("…"))


def test_lines_are_kept_from_the_first() -> None:
    assert fit_lines(["aaaa", "bb", "c"], "\n", 9, ROBOT) == 1
    assert fit_lines(["aaaa", "bb", "c"], "\n", 10, ROBOT) == 2
    assert fit_lines(["aaaa", "bb", "c"], "\n", 13, ROBOT) == 3


def test_the_block_that_is_cut_is_shown_plain() -> None:
    bold = Block("**a** " * 100, "**a** " * 100)

    shown, left_out = fit_blocks([Block("first"), bold, Block("last")], 300, ROBOT)

    cut = shown[1]["text"]["content"]
    assert shown == [text("first"), text(cut)]
    assert cut.endswith("**a**…")
    assert left_out == len("last") + 600 - (len(cut) - 1)


def test_blocks_that_fit_are_shown_as_they_are() -> None:
    blocks = [Block("plain"), Block("**a**", "**a**")]

    assert fit_blocks(blocks, 1_000, ROBOT) == ([text("plain"), markdown("**a**")], 0)
