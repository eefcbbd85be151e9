from __future__ import annotations

import json

import pytest

from bot.lark import events
from bot.lark.lines import Mention
from tests.bot.lark.posting import BOT, mention, message

LIN = mention("@_user_2", "ou_lin", "Lin", mentioned_type="user")
US = mention("@_user_1", BOT, "Larkbell", mentioned_type="bot")


def heard(text=None, *, bot_open_id=BOT, **changes):
    return events.understand(message(text, **changes), bot_open_id=bot_open_id)


def posted(*paragraphs, title="", **changes):
    content = json.dumps({"title": title, "content": list(paragraphs)})
    return heard(message_type="post", content=content, **changes)


def text(words):
    return {"tag": "text", "text": words, "style": []}


@pytest.mark.parametrize(
    ("typed", "heard_as"),
    [
        ("@_user_1 /sub list", "/sub list"),
        ("@_user_1\u00a0/sub list", "/sub list"),
        ("@_user_1/sub list", "/sub list"),
        ("\u00a0 @_user_1 \u3000/sub list\u00a0", "/sub list"),
        ("/sub list @_user_1", "/sub list"),
        ("/sub @_user_1\u00a0list", "/sub list"),
        ("@_user_1", ""),
        ("@_user_1 @_user_1 help", "help"),
        ("@_user_1\n/sub list\n/dnd list", "/sub list\n/dnd list"),
        ("@_user_10 help", "@_user_10 help"),
        ("@_user_1_x help", "@_user_1_x help"),
        ("@_user_1 ／sub　list", "／sub　list"),
    ],
)
def test_our_own_mention_is_taken_out_with_the_blanks_around_it(typed, heard_as):
    assert heard(typed).text == heard_as


def test_other_mentions_stay_and_say_whom_they_mean():
    line = heard("@_user_1 /to add @_user_2 for finance", mentions=[US, LIN])

    assert line.text == "/to add @_user_2 for finance"
    assert line.mentions == {"@_user_2": Mention("@_user_2", "ou_lin", "Lin")}


def test_an_id_may_come_alone():
    lin = {"key": "@_user_2", "id": "ou_lin", "id_type": "open_id", "name": "Lin"}

    assert heard("@_user_2", mentions=[lin]).mentions["@_user_2"].open_id == "ou_lin"


@pytest.mark.parametrize(
    ("typed", "heard_as"),
    [
        ("@_all /sub list", "/sub list"),
        ("@_all\u00a0hello", "hello"),
        ("hello @_all", "hello"),
    ],
)
def test_everybody_is_taken_out_and_is_not_us(typed, heard_as):
    line = heard(typed, mentions="-")

    assert (line.text, line.names_all, line.addressed) == (heard_as, True, False)


def test_everybody_may_be_listed_among_the_mentions():
    everybody = {"key": "@_all", "id": {"open_id": ""}, "name": "Everyone"}
    line = heard("@_all @_user_1 help", mentions=[everybody, US])

    assert (line.text, line.mentions) == ("help", {})
    assert line.names_all
    assert line.names_us


def test_a_word_that_starts_like_everybody_is_a_word():
    line = heard("@_user_1 @_allan")

    assert (line.text, line.names_all) == ("@_allan", False)


def test_until_we_know_our_id_the_bot_that_is_mentioned_is_us():
    line = heard("@_user_2 @_user_1 hi", mentions=[LIN, US], bot_open_id=None)

    assert (line.text, line.names_us) == ("@_user_2 hi", True)


def test_until_we_know_our_id_the_first_mention_in_a_group_is_us():
    first, second = mention("@_user_1", "ou_x", "A"), mention("@_user_2", "ou_y", "B")
    line = heard("@_user_1 to @_user_2", mentions=[first, second], bot_open_id=None)

    assert line.text == "to @_user_2"
    assert list(line.mentions) == ["@_user_2"]


def test_until_we_know_our_id_a_mention_in_a_direct_chat_is_somebody_else():
    lin = mention("@_user_1", "ou_lin", "Lin")
    line = heard("to @_user_1", mentions=[lin], bot_open_id=None, chat_type="p2p")

    assert line.text == "to @_user_1"


def test_somebody_is_never_taken_for_us():
    line = heard("@_user_2 hi", mentions=[LIN], bot_open_id=None)

    assert not line.addressed


@pytest.mark.parametrize(
    ("received", "typed"),
    [
        ("[https://a.b/c](https://a.b/c)", "https://a.b/c"),
        ("[a.b/c](http://a.b/c)", "a.b/c"),
        ("[a.b](https://a.b/)", "a.b"),
        ("[a@b.c](mailto:a@b.c)", "a@b.c"),
        ("[](https://a.b)", "https://a.b"),
        ("[the docs](https://a.b)", "[the docs](https://a.b)"),
        ("a [b] (c)", "a [b] (c)"),
        ("x[1](2", "x[1](2"),
    ],
)
def test_a_link_is_read_as_it_was_typed(received: str, typed: str):
    assert heard(f"@_user_1 {received}").text == typed
    assert posted([text(received)]).text == typed


def test_a_post_is_flattened():
    line = posted(
        [
            {"tag": "at", "user_id": "@_user_1", "user_name": "Larkbell"},
            text(" /to add "),
            {"tag": "at", "user_id": "@_user_2", "user_name": "Lin"},
        ],
        [{"tag": "a", "href": "https://a.b", "text": "https://a.b"}],
        [{"tag": "img", "image_key": "img_1"}],
        [{"tag": "code_block", "language": "PY", "text": "x = 1"}],
        title="Please",
        mentions=[US, LIN],
    )

    assert line.text == "Please\n /to add @_user_2\nhttps://a.b\n\nx = 1"
    assert list(line.mentions) == ["@_user_2"]


def test_a_post_that_starts_with_our_mention_starts_with_the_command():
    line = posted(
        [{"tag": "at", "user_id": "@_user_1"}, text("\u00a0/sub list")],
        [text("/dnd list")],
    )

    assert line.text == "/sub list\n/dnd list"


def test_a_post_may_name_people_by_id():
    line = posted(
        [{"tag": "at", "user_id": BOT}, text(" hi ")],
        [{"tag": "at", "user_id": "ou_x", "user_name": "X"}],
        [{"tag": "at", "user_id": "all"}],
    )

    assert (line.text, line.names_all) == ("hi \n@ou_x", True)
    assert line.mentions == {"@ou_x": Mention("@ou_x", "ou_x", "X")}


def test_a_post_may_have_its_language_around_it():
    content = json.dumps({"en_us": {"title": "", "content": [[text("hi")]]}})

    assert heard(message_type="post", content=content).text == "hi"


@pytest.mark.parametrize(
    "kind", ["image", "file", "sticker", "interactive", "merge_forward", "new_kind"]
)
def test_a_message_without_words_has_no_text(kind: str):
    assert heard(message_type=kind, content="{}").text is None


@pytest.mark.parametrize("content", ["", None, "-"])
def test_a_message_that_was_recalled_has_no_text(content):
    assert heard(content=content).text is None


@pytest.mark.parametrize("content", ["hi", "[]", "{}", '{"text":7}', {"text": "hi"}])
def test_a_content_that_nobody_can_read_has_no_text(content):
    assert heard(content=content).text is None


# A pattern that goes back and forth would take minutes over these.
@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("long", "heard_as"),
    [
        ("@_user_1 " * 16_000, ""),
        (" " * 150_000, ""),
        ("[" * 150_000, "[" * 150_000),
        ("[](" * 50_000, "[](" * 50_000),
        ("@_all " * 30_000, ""),
    ],
    ids=["mentions", "blanks", "brackets", "links", "everybody"],
)
def test_the_longest_message_is_read_at_once(long: str, heard_as: str):
    assert heard(long).text == heard_as
