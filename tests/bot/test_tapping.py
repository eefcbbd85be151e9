"""Taps: who may, what they run, and how the card looks after."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from bot.cards.reply import reply_card
from handlers.reply import Button, Note, Reply, Task, Tone
from handlers.view import Choice, Echo, Form, Input, Menu, Panel, Words
from store import outbox, preferences, tasks
from store.lanes import Lane
from store.values import Channel, Destination, Kind
from tests.bot.room import GROUP, LIN, WEI, Room

TO_WEI = Destination(Kind.PERSON, WEI)
PUT = Button("Put", "put a", show="look", about="a", was="", only=LIN)


class Board(Room):
    """A room with a card: ``look`` shows who put what, and a button that puts more."""

    async def answer(self, text, context):
        word = text.split()[0]
        if word == "look":
            who = await context.tx.value("meta_get", name="a") or ""
            place = (Panel("Here", (Echo(),)),) if "echo" in text else ()
            return Reply(
                lines=("The board",),
                view=(*place, Words(who or "empty")),
                facts={"a": who},
            )
        if word == "ask":
            asked = Button("Confirm", "/confirm X", only=LIN)
            return Reply(title="Sure?", lines=("Two types.",), buttons=(asked,))
        if word == "tell":
            self.ran.append(text)
            return Reply(
                lines=("Told.",),
                tone=Tone.DONE,
                notes=(
                    Note(to=Destination(Kind.PERSON, WEI), title="Hi", lines=("!",)),
                ),
                tasks=(Task("look.up", {"secret": "sesame"}),),
            )
        reply = await super().answer(text, context)
        return replace(reply, buttons=(Button("Undo", "/undo 1"),))


@pytest.fixture
def board(db, clock):
    return Board(db, clock)


def value_of(part):
    """What a part of a card comes back with."""
    made = reply_card(Reply(lines=("x",), view=(part,)), locale="en")
    return _values(made)[0]


def _values(card):
    if isinstance(card, list):
        return [found for each in card for found in _values(each)]
    if not isinstance(card, dict):
        return []
    if card.get("type") == "callback":
        return [card["value"]]
    return [found for each in card.values() for found in _values(each)]


def button(made):
    return _values(reply_card(Reply(lines=("x",), buttons=(made,)), locale="en"))[0]


def texts(card):
    if isinstance(card, list):
        return [found for each in card for found in texts(each)]
    if not isinstance(card, dict):
        return []
    said = [card["content"]] if card.get("tag") == "plain_text" else []
    return said + [found for each in card.values() for found in texts(each)]


async def test_a_tap_in_place_runs_and_draws_the_card_anew(board):
    (answer,) = await board.hear(board.tap(button(PUT)))

    assert answer["toast"] == {"type": "success", "content": "Done."}
    assert texts(answer["card"]["data"]) == ["The board", LIN, "Done.", "Undo"]
    assert await board.fact("a") == LIN
    assert await board.replies() == []


async def test_the_undo_of_a_tap_in_place_draws_the_card_anew_too(board):
    (answer,) = await board.hear(board.tap(button(PUT)))

    assert _values(answer["card"]["data"]) == [
        {"line": "/undo 1", "show": "look", "lang": "en"}
    ]


async def test_what_a_tap_did_is_said_where_the_card_keeps_a_place_for_it(board):
    made = replace(PUT, show="look echo")
    (answer,) = await board.hear(board.tap(button(made)))

    assert texts(answer["card"]["data"]) == [
        *("The board", "Here", "Done.", "Undo"),
        LIN,
    ]


async def test_a_tap_that_only_looks_says_nothing_and_is_no_command(board):
    made = button(Button("Look", "", show="look"))
    answers = await board.hear(*(board.tap(made) for _ in range(30)))

    assert {answer.get("toast") is None for answer in answers} == {True}
    assert texts(answers[-1]["card"]["data"]) == ["The board", "empty"]


async def test_what_asks_for_a_yes_asks_on_the_card(board):
    made = Button("Ask", "ask", show="look")
    (answer,) = await board.hear(board.tap(button(made)))

    card = answer["card"]["data"]
    assert answer["toast"] == {"type": "info", "content": "Two types."}
    assert texts(card) == ["The board", "empty", "Sure?", "Two types.", "Confirm"]
    assert _values(card) == [
        {"line": "/confirm X", "show": "look", "only": LIN, "lang": "en"}
    ]


async def test_a_card_that_is_out_of_date_does_nothing_but_refresh(board):
    await board.hear(board.tap(button(PUT)))
    board.ran.clear()

    (answer,) = await board.hear(board.tap(button(PUT)))

    assert answer["toast"]["type"] == "warning"
    assert answer["toast"]["content"].startswith("This changed meanwhile")
    assert texts(answer["card"]["data"]) == ["The board", LIN]
    assert board.ran == []


async def test_a_button_for_one_person_does_nothing_for_another(board):
    (answer,) = await board.hear(board.tap(button(PUT), operator=WEI))

    assert answer["toast"]["type"] == "warning"
    assert answer["toast"]["content"].startswith("This button is for whoever asked")
    assert (board.ran, await board.replies()) == ([], [])


async def test_a_refusal_is_a_toast_and_the_card_as_it_is(board):
    made = Button("Spoil", "spoil a", show="look")
    (answer,) = await board.hear(board.tap(button(made)))

    assert answer["toast"] == {"type": "warning", "content": "No."}
    assert texts(answer["card"]["data"]) == ["The board", "empty"]
    assert await board.replies() == []


async def test_a_menu_runs_the_line_that_was_chosen(board):
    menu = Menu(label="What", choices=(Choice("A", "put a"),), show="look")
    await board.hear(board.tap(value_of(menu), option="put a"))

    assert board.ran == ["put a"]


async def test_a_form_is_a_line(board):
    form = Form(kind="put", fields=(Input(name="what", label="What"),), submit="Go")
    await board.hear(board.tap(value_of(form), form_value={"what": "b"}))

    assert board.ran == ["put b"]
    assert await board.fact("b") == LIN


@pytest.mark.parametrize(
    ("value", "more"),
    [({"menu": True}, {}), ({"line": 7}, {}), ({"form": ["put"]}, {}), ({}, {})],
)
async def test_what_is_no_card_of_ours_is_said_so(board, value, more):
    (answer,) = await board.hear(board.tap(value, **more))

    assert answer == {
        "toast": {"type": "warning", "content": "This button is not mine any more."}
    }


async def test_a_toast_is_in_the_language_of_who_taps_and_the_card_keeps_its_own(board):
    await chooses(board, Destination(Kind.PERSON, LIN), locale="zh")
    made = Button("Put", "put a", show="look", about="a", was="old")

    (answer,) = await board.hear(board.tap(button(made)))

    assert answer["toast"]["content"].startswith("设置在此期间已有变动")
    assert texts(answer["card"]["data"]) == ["The board", "empty"]


async def test_an_answer_is_in_the_askers_language_else_in_the_groups(board):
    await chooses(board, Destination(Kind.CHAT, GROUP), locale="zh")
    await board.says("put a")
    await chooses(board, Destination(Kind.PERSON, LIN), locale="en", zone="Asia/Tokyo")
    await board.says("put b")

    assert [each.locale for each in board.contexts] == ["zh", "en"]
    assert [each.zone for each in board.contexts] == ["Asia/Shanghai", "Asia/Tokyo"]


async def test_what_others_are_told_and_what_is_to_be_done_is_written_too(board):
    await board.says("tell")

    lane = Lane(f"{TO_WEI}/dm", TO_WEI, Channel.DM)
    now = board.clock.now()
    async with board.db.reading() as tx:
        told = await outbox.due(tx, lane, now=now, batch=10)
    claimed = await board.db.write(lambda tx: tasks.claim(tx, worker="w", now=now))
    assert [texts(orjson.loads(each.payload)) for each in told] == [["Hi", "!"]]
    assert (claimed.task, claimed.asked["asker"]) == (
        Task("look.up", {"secret": "sesame"}),
        LIN,
    )


async def chooses(room, subject, **chosen):
    """Let somebody choose a language or zone."""
    names = {"locale": "lang", "zone": "tz"}

    async def put(tx):
        for name, value in chosen.items():
            choice = preferences.Choice(subject, names[name], value)
            await preferences.choose(tx, choice, by=LIN, now=room.clock.now())

    await room.db.write(put)
