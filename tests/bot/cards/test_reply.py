"""Answers and notices are plain, whoever wrote what is in them."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.notice import notice_card, notice_post
from bot.cards.reply import reply_card
from handlers.reply import Button, Reply, Tone
from tests.bot.cards.reading import LONG, NASTY, assert_sound, contents, elements

APP_LIMIT = 28 * 1024
ROBOT_LIMIT = 18 * 1024

DONE = Reply(
    title="Do not disturb",
    lines=("This group: none → 22:00-08:00 daily.", "Criticals pass."),
    canonical="/dnd add 22:00-08:00 daily",
    buttons=(Button("Undo", "/undo 12"),),
    tone=Tone.DONE,
)


def test_an_answer_shows_its_lines_then_the_command_then_its_buttons() -> None:
    made = reply_card(DONE, locale="en")

    assert contents(made) == [
        "Do not disturb",
        "This group: none → 22:00-08:00 daily.\nCriticals pass.",
        "/dnd add 22:00-08:00 daily",
        "Undo",
    ]
    assert [each["text"].get("text_color") for each in elements(made, "div")] == [
        None,
        "grey",
    ]
    assert [button["behaviors"] for button in elements(made, "button")] == [
        [{"type": "callback", "value": {"line": "/undo 12"}}]
    ]
    assert_sound(made)


@pytest.mark.parametrize(
    ("tone", "colour"),
    [(Tone.DONE, "green"), (Tone.INFO, "blue"), (Tone.REFUSED, "orange")],
)
def test_the_tone_is_the_colour_of_the_header(tone: Tone, colour: str) -> None:
    made = reply_card(Reply(lines=("x",), title="y", tone=tone), locale="en")

    assert made["header"]["template"] == colour


def test_an_answer_without_a_title_has_no_header() -> None:
    made = reply_card(Reply(lines=("I do not know /subb.",)), locale="en")

    assert "header" not in made
    assert made["config"]["summary"] == {"content": "I do not know /subb."}
    assert_sound(made)


def test_a_button_runs_exactly_its_line() -> None:
    line = '/sub add "<at id=all>" **x**'

    made = reply_card(Reply(lines=("?",), buttons=(Button(line, line),)), locale="en")

    (button,) = elements(made, "button")
    assert button["behaviors"] == [{"type": "callback", "value": {"line": line}}]
    assert button["text"]["content"] == '/sub add "‹at id=all›" **x**'


def test_a_button_carries_only_what_json_can() -> None:
    button = Button("half \ud800", "/why \ud800")

    made = reply_card(Reply(lines=("\ud800",), buttons=(button,)), locale="en")

    assert contents(made) == ["\ufffd", "half \ufffd"]
    assert next(elements(made, "button"))["behaviors"][0]["value"] == {"line": "/why ?"}


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", "Left out to fit: {} lines. Ask for less at a time to see them."),
        ("zh", "因长度所限，省略了 {} 行。请缩小范围后再查。"),
    ],
)
def test_a_long_answer_is_cut_and_says_so(locale: str, said: str) -> None:
    lines = tuple(f"{number:05} " + "词" * 20 for number in range(2_000))

    made = reply_card(Reply(lines=lines, title="Types"), locale=locale)

    _title, text, note = contents(made)
    shown = [line for line in text.split("\n") if not line.endswith("…")]
    assert tuple(shown) == lines[: len(shown)]
    assert note == said.format(f"{2_000 - len(shown):,}")


def test_one_endless_line_is_cut_in_itself() -> None:
    made = reply_card(Reply(lines=("word " * 20_000,)), locale="en")

    text, note = contents(made)
    assert text.endswith("word…")
    assert note == "Left out to fit: 1 line. Ask for less at a time to see them."


def test_more_buttons_than_fit_are_counted() -> None:
    buttons = tuple(Button(f"b{number}", f"/why M{number}") for number in range(12))

    made = reply_card(Reply(lines=("x",), buttons=buttons), locale="en")

    assert len(list(elements(made, "button"))) == 10
    assert contents(made)[1].startswith("Left out to fit: 2 buttons.")


def test_a_notice_is_a_title_and_lines() -> None:
    made = notice_card(
        "Robot ops-room is parked", ["Its webhook is gone.", "M1 waits."]
    )

    assert contents(made) == [
        "Robot ops-room is parked",
        "Its webhook is gone.\nM1 waits.",
    ]
    assert_sound(made)


def test_a_notice_reaches_a_robot_with_its_keyword() -> None:
    made = notice_post("Muted", ["Until 12:00."], keyword="bell", mention_all=True)

    assert contents(made) == ["Muted", "Until 12:00.", "bell", "<at id=all></at>"]
    assert contents(notice_post("The bell", ["x"], keyword="bell")) == ["The bell", "x"]


replies = st.builds(
    Reply,
    lines=st.lists(NASTY | LONG, max_size=20).map(tuple),
    title=NASTY | LONG,
    canonical=NASTY | LONG,
    buttons=st.lists(st.builds(Button, NASTY | LONG, NASTY | LONG), max_size=12).map(
        tuple
    ),
    tone=st.sampled_from(Tone),
)


@settings(max_examples=60, deadline=None)
@given(replies)
def test_no_answer_is_too_big_or_alive(reply: Reply) -> None:
    made = reply_card(reply, locale="en")

    assert len(orjson.dumps(orjson.dumps(made).decode())) <= APP_LIMIT
    assert_sound(made)


@settings(max_examples=30, deadline=None)
@given(NASTY | LONG, st.lists(NASTY | LONG, max_size=10))
def test_no_notice_is_too_big_or_alive(title: str, lines: list[str]) -> None:
    made = notice_post(title, lines, keyword="bell")

    assert len(orjson.dumps(made)) <= ROBOT_LIMIT
    assert_sound(made)
    assert any("bell" in text for text in contents(made))
