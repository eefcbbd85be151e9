from __future__ import annotations

from typing import Any

import pytest

from sandbox import Chat, Lark, User
from sandbox.readable import card_lines, plain
from sandbox.reader import ANYBODY, Reader
from tests.sandbox.conftest import Api, button, card, markdown, panel

TABLE = {
    "tag": "table",
    "columns": [{"name": "p", "display_name": "Product"}, {"name": "c"}],
    "rows": [{"p": "CDN", "c": 5}],
}


@pytest.mark.parametrize(
    ("msg_type", "content", "shown"),
    [
        ("text", {"text": "hello"}, "hello"),
        ("image", {"image_key": "img_1"}, "[image]"),
        (
            "post",
            {
                "en_us": {
                    "title": "T",
                    "content": [
                        [{"tag": "text", "text": "a "}, {"tag": "at", "user_id": "x"}],
                        [{"tag": "text", "text": "b"}],
                    ],
                }
            },
            "T\na @x\nb",
        ),
        (
            "interactive",
            card(
                markdown("**high**"),
                TABLE,
                panel(button("Why")),
                header={
                    "title": {"tag": "plain_text", "content": "CPU"},
                    "subtitle": {"tag": "plain_text", "content": "web-1"},
                },
            ),
            "CPU\nweb-1\n**high**\nProduct | \nCDN | 5\n▸ More\n  [Why]",
        ),
        (
            "interactive",
            {
                "elements": [
                    {"tag": "div", "text": {"tag": "lark_md", "content": "old"}},
                    {"tag": "action", "actions": [button("Ack")]},
                ]
            },
            "old\n[Ack]",
        ),
    ],
)
def test_a_message_is_read_from_top_to_bottom(
    msg_type: str, content: Any, shown: str
) -> None:
    assert plain(msg_type, content) == shown


def shown(element: dict[str, Any], reader: Reader = ANYBODY) -> list[str]:
    return card_lines(card(element), reader)


def text(content: str) -> dict[str, Any]:
    return {"tag": "plain_text", "content": content}


OPTIONS = [{"text": text("Group"), "value": "1"}, {"text": text("DM"), "value": "2"}]
MENU = {"tag": "select_static", "options": OPTIONS, "placeholder": text("Choose")}
MANY = {**MENU, "tag": "multi_select_static"}


@pytest.mark.parametrize(
    ("element", "lines"),
    [
        ({"tag": "hr"}, ["───"]),
        (button("Mute"), ["[Mute]"]),
        (button("Mute", hover_tips=text("for 2 h")), ["[Mute: for 2 h]"]),
        (button("SMS", disabled=True), ["(SMS)"]),
        (
            button("SMS", disabled=True, disabled_tips=text("no provider")),
            ["(SMS: no provider)"],
        ),
        (MENU, ["[Choose ▾ Group · DM]"]),
        ({**MENU, "required": True}, ["[Choose* ▾ Group · DM]"]),
        ({**MENU, "initial_option": "2"}, ["[DM ▾ Group · DM]"]),
        ({**MENU, "initial_index": 1}, ["[Group ▾ Group · DM]"]),
        ({**MANY, "selected_values": ["1", "2"]}, ["[Group, DM ▾ Group · DM]"]),
        ({"tag": "select_person", "placeholder": text("Who")}, ["[Who ▾]"]),
        ({"tag": "overflow", "options": OPTIONS}, ["[⋯ ▾ Group · DM]"]),
        ({"tag": "picker_time", "placeholder": text("From")}, ["[From ▾]"]),
        ({"tag": "picker_time", "initial_time": "22:00"}, ["[22:00 ▾]"]),
        ({"tag": "date_picker", "initial_date": "2026-01-05"}, ["[2026-01-05 ▾]"]),
        ({"tag": "input", "placeholder": text("Why")}, ["[Why]"]),
        (
            {"tag": "input", "label": text("Why"), "default_value": "x"},
            ["Why: [x]"],
        ),
        ({"tag": "input", "label": text("Why"), "required": True}, ["Why*: []"]),
        (
            {"tag": "input", "input_type": "password", "default_value": "abc"},
            ["[•••]"],
        ),
        ({"tag": "checker", "text": text("weekends")}, ["[ ] weekends"]),
        (
            {
                "tag": "checker",
                "checked": True,
                "text": text("weekends"),
                "button_area": {"buttons": [button("Why")]},
            },
            ["[x] weekends  [Why]"],
        ),
        ({"tag": "img", "img_key": "img_1", "alt": text("graph")}, ["[image: graph]"]),
        ({"tag": "img", "img_key": "img_1"}, ["[image]"]),
        (
            {"tag": "chart", "chart_spec": {"title": {"text": "Cost"}}},
            ["[chart: Cost]"],
        ),
        ({"tag": "person", "user_id": "ou_1"}, ["@ou_1"]),
        ({"tag": "person_list", "persons": [{"id": "a"}, {"id": "b"}]}, ["@a @b"]),
        (
            {"tag": "div", "fields": [{"text": text("a")}, {"text": text("b")}]},
            ["a", "b"],
        ),
        ({"tag": "poem", "content": "as it stands"}, ["as it stands"]),
    ],
)
def test_an_element_is_shown_as_text(element: dict[str, Any], lines: list[str]) -> None:
    assert shown(element) == lines


def row(*cells: dict[str, Any]) -> dict[str, Any]:
    columns = [{"tag": "column", "elements": [cell]} for cell in cells]
    return {"tag": "column_set", "columns": columns}


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ([markdown("CVM"), button("on"), button("off")], ["CVM | [on] | [off]"]),
        ([button("on"), button("off", disabled=True)], ["[on]  (off)"]),
        ([markdown("a\nb"), button("on")], ["a\nb", "[on]"]),
    ],
)
def test_a_row_is_one_line_where_its_cells_are(
    cells: list[dict[str, Any]], lines: list[str]
) -> None:
    assert shown(row(*cells)) == lines


def test_a_form_and_a_panel_show_what_is_in_them() -> None:
    field = {"tag": "input", "name": "why", "label": text("Why")}
    form = {"tag": "form", "name": "f", "elements": [field, button("Save")]}
    inside = panel(markdown("a\nb"), panel(button("on")), title="Billing")

    assert shown(form) == ["┆ Why: []", "┆ [Save]"]
    assert shown({**inside, "expanded": True}) == [
        "▾ Billing",
        "  a",
        "  b",
        "  ▸ More",
        "    [on]",
    ]


MOMENT = 1_767_574_800_000
TAG = f"<local_datetime millisecond='{MOMENT}' format_type='%s'></local_datetime>"
WEI = Reader(locale="zh_cn", timezone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("format_type", "shown_as"),
    [
        ("date_num", "2026-01-05"),
        ("date_short", "01-05"),
        ("time", "09:00"),
        ("time_sec", "09:00:00"),
        ("week", "Mon"),
        ("week_long", "Monday"),
        ("timezone", "CST"),
    ],
)
def test_moments_are_shown_by_the_readers_clock(
    format_type: str, shown_as: str
) -> None:
    told = markdown("from " + TAG % format_type)

    assert shown(told, WEI) == [f"from {shown_as}"]


@pytest.mark.parametrize("when", ["", "soon", "9" * 30])
def test_a_moment_that_is_none_is_shown_as_it_stands_or_not_at_all(when: str) -> None:
    tag = f"<local_datetime millisecond='{when}'></local_datetime>"

    expected = "?" if when.isdecimal() else tag
    assert shown(markdown(tag)) == [expected]


def test_a_row_of_nothing_shows_nothing() -> None:
    assert shown({"tag": "column_set"}) == []


def test_a_table_is_shown_by_the_readers_clock() -> None:
    columns = [
        {"name": "at", "display_name": "At", "data_type": "date"},
        {"name": "tags", "display_name": "Tags", "data_type": "options"},
    ]
    tags = [{"text": "P1"}, {"text": "P2"}]
    rows = [{"at": MOMENT, "tags": tags}, {"at": None, "tags": "none"}]
    table = {"tag": "table", "columns": columns, "rows": rows}

    assert shown(table) == ["At | Tags", "2026-01-05 01:00 | P1, P2", " | none"]
    assert shown(table, WEI)[1] == "2026-01-05 09:00 | P1, P2"


def test_a_text_is_shown_in_the_readers_language() -> None:
    told = {**markdown("hello"), "i18n_content": {"zh_cn": "你好"}}

    assert (shown(told), shown(told, WEI)) == (["hello"], ["你好"])


def test_plain_text_is_shown_as_it_stands() -> None:
    said = TAG % "date" + "<br>"

    assert shown({"tag": "div", "text": text(said)}) == [said]
    assert shown(markdown("a<br>b")) == ["a\nb"]


def test_the_tags_of_a_header_are_shown() -> None:
    tag = {"tag": "text_tag", "text": text("P1")}
    header = {"title": text("CPU"), "text_tag_list": [tag]}

    assert card_lines(card(header=header)) == ["CPU «P1»"]


async def test_a_transcript_shows_who_said_what(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    alice.timezone = "Asia/Shanghai"
    await lark.say(ops, alice, "help")
    await api.card(ops.chat_id, card(markdown("at " + TAG % "time"), button()))
    await api.text(ops.chat_id, "secret")
    lark.recall(ops.messages[-1])

    assert lark.transcript(ops).splitlines() == [
        "Alice: help",
        "Bell: at 01:00",
        "  [Mute]",
        "Bell: [recalled]",
    ]
    assert "Bell: at 09:00" in lark.transcript(ops, alice)
