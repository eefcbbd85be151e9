from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bodies import NotJson
from bot.errors import BadBody
from bot.sources import lark_hook
from store.values import Field, Incoming
from tests.bot.sources import bodies


def read(payload):
    (message,) = lark_hook.read(json.dumps(payload).encode()).messages
    return message


def text(words):
    return read({"msg_type": "text", "content": {"text": words}})


def card(**parts):
    return read({"msg_type": "interactive", "card": parts})


def elements(*given, **parts):
    header = {"title": {"tag": "plain_text", "content": "t"}}
    return card(header=header, elements=list(given), **parts)


def test_a_text_of_one_line_is_a_title():
    assert text("backup finished") == Incoming(title="backup finished")


def test_a_text_of_more_lines_is_a_title_and_a_body():
    assert text("\n CPU high \nweb-1\n\nsince 3\n") == Incoming(
        title="CPU high", body="web-1\n\nsince 3"
    )


def test_a_first_line_that_is_too_long_is_kept_whole_in_the_body():
    message = text("x" * 201 + "\nmore")

    assert message.title == "x" * 199 + "…"
    assert message.body == "x" * 201 + "\nmore"
    assert not message.cut


def test_a_text_that_is_too_long_is_cut_and_marked():
    message = text("t\n" + "x" * 20_000)

    assert len(message.body.encode()) <= 16_384
    assert message.cut


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ('x <at user_id="all">all</at>', "x"),
        ('<at user_id="ou_lin">Lin</at> look', "@Lin look"),
        ("<at id=all></at> x", "x"),
        ("<AT user_id='all'>所有人</AT>x", "x"),
        ("a < b <attention>", "a < b <attention>"),
        ("x <at user_id", "x <at user_id"),
        ("*stars* stay", "*stars* stay"),
    ],
)
def test_mentions_are_taken_out_of_a_text(words: str, title: str):
    assert text(words).title == title


def test_a_post_is_flattened():
    assert read(bodies.parsed("lark-post")) == Incoming(
        title="余额预警通知",
        body="您的账户余额低于 50.00 USD\n"
        "立即充值 (https://console.example.com/topup)@Lin",
        link="https://console.example.com/topup",
    )


def test_a_post_in_several_languages_is_read_in_english():
    message = read(
        {
            "msg_type": "post",
            "content": {
                "post": {
                    "zh_cn": {"title": "余额", "content": []},
                    "en_us": {"title": "Balance", "content": []},
                }
            },
        }
    )

    assert message.title == "Balance"


def test_a_post_without_a_title_starts_with_one():
    paragraphs = [
        [],
        [{"tag": "text", "text": "first"}],
        [{"tag": "md", "text": "*b*"}],
    ]
    message = read(
        {
            "msg_type": "post",
            "content": {"post": {"ja_jp": {"content": paragraphs}}},
        }
    )

    assert (message.title, message.body) == ("first", "b")


def test_a_card_of_the_first_version_is_flattened():
    assert read(bodies.parsed("lark-card-1.0")) == Incoming(
        title="[Tencent Cloud] Balance Warning Notice",
        body="Your account 200012345678 is running low.\n"
        "Balance\n12.34 USD\nThreshold\n50.00 USD\nSent by Message Center",
        fields=(Field("Top up", "https://console.example.com/topup"),),
        link="https://console.example.com/bill",
    )


def test_a_card_of_the_second_version_is_flattened():
    assert read(bodies.parsed("lark-card-2.0")) == Incoming(
        title="Daily cost",
        body="prod\n"
        "Yesterday\n- CVM: 12.50 USD\n- CDN (https://cdn.example.com): 3.10 USD\n"
        "total *15.60*\n"
        "+8 %\n"
        "Product: CVM, Cost: 12.5, State: ok\n"
        "Product: CDN, Cost: 3\n"
        "More\n"
        "Trend",
        fields=(
            Field("tags", "P1, cost"),
            Field("link", "https://grafana.example.com/d/1"),
        ),
        link="https://bill.example.com",
    )


def test_a_card_may_keep_its_elements_by_language():
    message = card(
        header={"title": {"tag": "plain_text", "i18n": {"zh_cn": "标题"}}},
        i18n_elements={"zh_cn": [{"tag": "markdown", "content": "正文"}]},
    )

    assert (message.title, message.body) == ("标题", "正文")


def test_a_card_without_a_header_starts_with_its_title():
    message = card(elements=[{"tag": "markdown", "content": "**one**\ntwo"}])

    assert (message.title, message.body) == ("one", "two")


def test_a_template_says_its_name_and_its_variables():
    message = card(
        type="template",
        data={
            "template_id": "AAq1",
            "template_variable": {"who": "**Lin**", "n": 3, "list": [1]},
        },
    )

    assert (message.title, message.body) == ("Card AAq1", "who: Lin\nn: 3")


def test_a_card_with_nothing_to_read_is_refused():
    with pytest.raises(BadBody, match="no text"):
        card(elements=[{"tag": "hr"}])


@pytest.mark.parametrize(
    ("button", "link"),
    [
        ({"url": "https://a"}, "https://a"),
        ({"multi_url": {"url": "", "pc_url": "https://p"}}, "https://p"),
        (
            {"behaviors": [{"type": "open_url", "default_url": "https://d"}]},
            "https://d",
        ),
        ({"behaviors": [{"type": "callback", "value": {}}]}, None),
        ({"url": "lark://x"}, None),
        ({"url": 7, "behaviors": 7, "multi_url": 7}, None),
    ],
)
def test_the_first_button_that_opens_something_is_the_link(button, link):
    assert elements({"tag": "button", **button}).link == link


def test_elements_are_found_inside_one_another():
    inner = {"tag": "markdown", "content": "deep"}
    form = {"tag": "form", "elements": [{"tag": "interactive_container"}]}
    form["elements"][0]["elements"] = [inner]
    columns = {"tag": "column_set", "columns": [{"tag": "column", "elements": [inner]}]}

    assert elements(form, columns, [inner]).body == "deep\ndeep\ndeep"


@pytest.mark.parametrize(
    ("element", "body"),
    [
        ({"tag": "img", "alt": {"tag": "plain_text", "content": "chart"}}, "chart"),
        ({"tag": "img", "title": {"tag": "lark_md", "content": "**t**"}}, "t"),
        ({"tag": "div", "text": "bare"}, "bare"),
        ({"tag": "input", "name": "x"}, ""),
        ({"tag": "checker", "text": {"tag": "plain_text", "content": "do"}}, "do"),
        ({"tag": "table", "rows": [7, {}], "columns": [7]}, ""),
        (7, ""),
    ],
)
def test_an_element_says_what_can_be_read(element, body: str):
    assert elements(element).body == body


def test_elements_that_nest_too_deep_are_passed_over():
    nested = {"tag": "markdown", "content": "deep"}
    for _ in range(200):
        nested = {"tag": "form", "elements": [nested]}

    lists: list = []
    for _ in range(900):
        lists = [lists]

    assert elements(nested, lists).body == ""


@pytest.mark.parametrize(
    ("msg_type", "content", "title"),
    [
        ("image", {"image_key": "img_1"}, "An image, which only Lark can show"),
        ("share_chat", {"share_chat_id": "oc_1"}, "A group was shared"),
    ],
)
def test_what_has_no_words_is_told_plainly(msg_type: str, content, title: str):
    assert read({"msg_type": msg_type, "content": content}).title == title


def test_a_content_may_be_written_as_text():
    assert read({"msg_type": "text", "content": '{"text":"hi"}'}).title == "hi"


def test_what_cannot_be_told_apart_is_never_a_duplicate():
    assert text("hello").key is None


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"title": "old", "text": "robot"},
        {"msg_type": "audio", "content": {}},
        {"msg_type": "text"},
        {"msg_type": "text", "content": {}},
        {"msg_type": "text", "content": {"text": 7}},
        {"msg_type": "text", "content": {"text": ""}},
        {"msg_type": "text", "content": {"text": " \n "}},
        {"msg_type": "text", "content": "hi"},
        {"msg_type": "text", "content": '<at user_id="all">all</at>'},
        {"msg_type": "post", "content": {}},
        {"msg_type": "post", "content": {"post": {"en_us": {}}}},
        {"msg_type": "post", "content": {"post": []}},
        {"msg_type": "interactive", "content": {}},
        {"msg_type": "interactive", "card": []},
        {"msg_type": "interactive", "card": {}},
        {"msg_type": "image", "content": {}},
        {"msg_type": "share_chat", "content": {}},
        {"msg_type": {}, "content": {}},
        [],
        7,
    ],
)
def test_another_shape_is_a_bad_body(payload):
    with pytest.raises(BadBody) as caught:
        lark_hook.read(json.dumps(payload).encode())

    assert not isinstance(caught.value, NotJson)


@pytest.mark.parametrize("body", [b"", b"hello", b"{", b"\xff"])
def test_what_is_no_json_is_told_apart(body: bytes):
    with pytest.raises(NotJson):
        lark_hook.read(body)


keys = st.sampled_from(
    [
        *("tag", "text", "content", "elements", "columns", "header", "title", "url"),
        *("fields", "rows", "name", "behaviors", "actions", "i18n_elements", "extra"),
    ]
)
tags = st.sampled_from(
    ["markdown", "div", "note", "button", "img", "table", "chart", "form", "a", "at"]
)
json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(), tags),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_card_is_read_or_a_bad_body(parts):
    for payload in (
        {"msg_type": "interactive", "card": parts},
        {"msg_type": "post", "content": {"post": {"en_us": parts}}},
        {"msg_type": "text", "content": parts},
    ):
        try:
            assert read(payload).title.strip()
        except BadBody:
            continue
