"""Whatever a view holds, Lark takes the card, and nothing in it can act."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.cards.frame import APP
from bot.cards.reply import reply_card
from bot.cards.view import count
from handlers.reply import Button, Reply
from handlers.view import (
    Buttons,
    Choice,
    Echo,
    Form,
    Input,
    Menu,
    Option,
    Panel,
    Part,
    Pick,
    PickTime,
    Row,
    Rule,
    Style,
    Table,
    Words,
)
from store.wording import titled
from tests.bot.cards.reading import assert_sound, contents, elements, strings

BUTTON = Button("On", "/sub add a", show="/sub", about="a", was="off", danger=True)
FORM = Form(
    kind="dnd.add",
    fields=(
        Words("When"),
        PickTime(name="start", label="From", chosen="22:00", required=True),
        Pick(
            name="days",
            label="Days",
            options=(Option("Every day", "daily"), Option("Workdays", "workdays")),
            chosen=("daily",),
        ),
        Pick(name="types", label="Types", options=(Option("All", "*"),), many=True),
        Input(name="why", label="Why", hint="a word", hidden=True, required=True),
    ),
    submit="Set",
    given=(("for", "chat"),),
)
EVERYTHING: tuple[Part, ...] = (
    Words("plain"),
    Words("strong", Style.STRONG),
    Words("small", Style.SMALL),
    Rule(),
    Echo(),
    Buttons((Button("Look", "", show="/sub", quiet=True),)),
    Row((Words("a type"), Buttons((BUTTON,))), weights=(3, 1)),
    Menu(
        label="Choose",
        choices=(Choice("A", "/a"), Choice("B", "/b")),
        chosen="/b",
        show="/sub",
    ),
    Table(("Type", "How"), (("finance.refund", "chat"),)),
    Panel("Finance", (Words("inside"), Buttons((BUTTON, BUTTON))), expanded=True),
    FORM,
)


def drawn(*parts: Part, locale: str = "en") -> dict:
    return reply_card(Reply(lines=("line",), view=parts), locale=locale)


def values(card: object) -> list[object]:
    if isinstance(card, list):
        return [found for each in card for found in values(each)]
    if not isinstance(card, dict):
        return []
    if card.get("type") == "callback":
        return [card["value"]]
    return [found for each in card.values() for found in values(each)]


def test_lark_takes_every_part() -> None:
    assert_sound(drawn(*EVERYTHING))


def test_a_button_carries_its_line_and_how_the_card_is_drawn_anew() -> None:
    assert values(drawn(Buttons((BUTTON,)))) == [
        {"line": "/sub add a", "show": "/sub", "about": "a", "was": "off", "lang": "en"}
    ]


def test_a_form_carries_its_kind_and_what_it_was_given() -> None:
    assert values(drawn(FORM)) == [{"form": "dnd.add", "given": {"for": "chat"}}]


def test_what_only_looks_carries_no_line_and_what_is_off_carries_nothing() -> None:
    look = Button("Look", "", show="/sub", quiet=True)
    off = Button("Voice", "", disabled="It is not offered.")
    card = drawn(Buttons((look, off)))

    assert values(card) == [{"show": "/sub", "lang": "en"}]
    assert [each["type"] for each in elements(card, "button")] == ["text", "default"]


def test_a_menu_shows_the_choice_that_stands() -> None:
    (menu,) = elements(drawn(EVERYTHING[7]), "select_static")
    assert (menu["initial_option"], values(menu)) == (
        "/b",
        [{"menu": True, "show": "/sub", "lang": "en"}],
    )


def test_parts_are_said_in_the_readers_language() -> None:
    said = titled("Alarm", "告警")
    card = drawn(
        Words(said),
        Panel(said, (Words(said),)),
        Table((said,), ((said,),)),
        locale="zh",
    )

    assert "Alarm" not in [text for _, text in strings(card)]
    assert contents(card).count("告警") == 3


def test_a_disabled_button_says_why() -> None:
    made = Button("On", "/x", disabled="It is not set up here.")
    (button,) = elements(drawn(Buttons((made,))), "button")

    assert (button["disabled"], button["disabled_tips"]["content"]) == (
        True,
        "It is not set up here.",
    )


def test_more_than_lark_takes_is_left_out_and_counted() -> None:
    card = drawn(*(Words(f"part {n}") for n in range(400)))

    assert_sound(card)
    assert count(card) <= 200
    assert any("Left out to fit" in text for text in contents(card))


@given(text=st.text(max_size=3000), wide=st.integers(1, 30))
def test_foreign_words_stay_words_wherever_they_stand(text: str, wide: int) -> None:
    button = Button(text, "/why")
    card = drawn(
        Words(text),
        Words(text, Style.STRONG),
        Panel(text, (Words(text),)),
        Table((text,), ((text,),) * wide),
        Row((Words(text), Buttons((button,)))),
        Form(
            kind="x",
            fields=(
                Input(name="a", label=text, hint=text, initial=text[:200]),
                Pick(name="b", label=text, options=(Option(text, "1"),)),
            ),
            submit=text or "Go",
        ),
    )

    assert_sound(card)
    assert APP.weigh(card) <= APP.most


def test_a_label_that_is_too_long_keeps_both_its_ends() -> None:
    line = "/why if type=product.alarm product=cvm severity="
    made = tuple(Button(line + word, line + word) for word in ("warning", "critical"))
    labels = [
        each["text"]["content"] for each in elements(drawn(Buttons(made)), "button")
    ]

    assert labels == [
        "/why if type=p…duct=cvm severity=warning",
        "/why if type=p…uct=cvm severity=critical",
    ]
