"""What Lark refuses in a card, and with which code."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import App, Chat, User, cards
from sandbox.mentions import Surroundings
from tests.sandbox.conftest import Api, button, card, markdown, panel
from tests.sandbox.test_cards_taken import AROUND, TEXT, form

LARK_MD = {"tag": "lark_md", "content": "x"}
ONE = {"text": TEXT, "value": "1"}


def code(content: Any, around: Surroundings = AROUND) -> int:
    """Return the code with which a card is refused."""
    with pytest.raises(cards.CardError) as caught:
        cards.check(content, around)
    return caught.value.code


def table(**more: Any) -> dict[str, Any]:
    return {"tag": "table", "columns": [{"name": "a"}], "rows": [], **more}


def nested(depth: int, inner: dict[str, Any]) -> dict[str, Any]:
    """Return *inner* within *depth* containers of alternating kinds."""
    for level in range(depth):
        if level % 2:
            column = {"tag": "column", "elements": [inner]}
            inner = {"tag": "column_set", "columns": [column]}
        else:
            inner = {"tag": "interactive_container", "elements": [inner]}
    return inner


async def test_a_refused_card_is_answered_with_where_and_why(
    api: Api, ops: Chat
) -> None:
    chart = {"tag": "chart", "chart_spec": {"type": "line", "axes": None}}

    answer = await api.card(ops.chat_id, card(markdown(), chart))
    assert answer.verdict == (400, 230099)
    assert answer.body["msg"] == (
        "Failed to create card content, ext=ErrCode: 200550; "
        "ErrPath: ROOT -> body -> elements -> [1](tag: chart); "
        "ErrMsg: chart spec is invalid; "
        "ErrorValue: - (root): Must validate at least one schema (anyOf)\n"
        "- axes: Invalid type. Expected: array, given: null\n; "
    )
    assert ops.messages == []


async def test_a_card_that_is_not_json_is_refused(api: Api, ops: Chat) -> None:
    body = {"receive_id": ops.chat_id, "msg_type": "interactive", "content": "{"}

    answer = await api.call(
        "POST",
        "/open-apis/im/v1/messages",
        params={"receive_id_type": "chat_id"},
        json=body,
    )
    assert answer.verdict == (400, 230099)
    assert "ErrCode: 200621;" in answer.body["msg"]


async def test_people_of_another_app_cannot_be_mentioned(
    api: Api, bell: App, ops: Chat, alice: User
) -> None:
    foreign = App(name="Other").open_id_of(alice)

    refused = await api.card(ops.chat_id, card(markdown(f"<at id={foreign}></at>")))
    own = f"<at id={bell.open_id_of(alice)}></at>"
    taken = await api.card(ops.chat_id, card(markdown(own)))
    assert refused.verdict == (400, 230099)
    assert (
        "ErrCode: 100290; ErrPath: ROOT -> body -> elements -> [0](tag: markdown); "
        "ErrMsg: There is an invalid user resource(at/person) in your card; "
        f"ErrorValue: {foreign};" in refused.body["msg"]
    )
    assert taken.verdict == (200, 0)
    assert [message.mentioned for message in ops.messages] == [("Alice",)]


async def test_mentioning_all_fails_the_send_where_the_chat_forbids_it(
    api: Api, ops: Chat
) -> None:
    everyone = card(markdown("<at id=all></at>"))
    assert (await api.card(ops.chat_id, everyone)).verdict == (200, 0)

    ops.at_all = False
    answer = await api.card(ops.chat_id, everyone)
    assert answer.verdict == (400, 230099)
    assert "ErrCode: 100290;" in answer.body["msg"]
    assert len(ops.messages) == 1


@pytest.mark.parametrize(
    "content",
    [
        [],
        "card",
        {"schema": "3.0"},
        {"schema": "2.0", "elements": []},
        {"schema": "2.0", "i18n_elements": {}},
        {"schema": "2.0", "fallback": {}},
        {"schema": "2.0", "config": {"wide_screen_mode": True}},
        {"schema": "2.0", "config": {"update_multi": False}},
        {"schema": "2.0", "header": {"tag": "header"}},
        {"schema": "2.0", "header": {"ud_icon": {"token": "x"}}},
        {"schema": "2.0", "header": {"title": "t"}},
        {"schema": "2.0", "header": {"title": {"content": "t"}}},
        {"schema": "2.0", "header": {"title": {"tag": "markdown", "content": "t"}}},
        {"schema": "2.0", "body": []},
        {"schema": "2.0", "body": {"elements": {}}},
        {"schema": "2.0", "body": {"elements": ["x"]}},
        {"card": card()},
        {"elements": {}},
        {"elements": [{}]},
    ],
)
def test_what_is_not_shaped_like_a_card_is_refused(content: Any) -> None:
    assert code(content) == 200621


@pytest.mark.parametrize(
    "element",
    [
        {},
        {"tag": "poem"},
        {"tag": "column"},
        {"tag": "markdown"},
        {"tag": "markdown", "content": 5},
        {"tag": "markdown", "content": "x", "href": {}},
        {"tag": "markdown", "content": "x", "text_color": "red"},
        {"tag": "div", "elements": []},
        {"tag": "div", "text": {**TEXT, "text_weight": "bold"}},
        {"tag": "hr", "margin": 4},
        {"tag": "img", "alt": TEXT},
        {"tag": "column_set"},
        {"tag": "column_set", "columns": [], "corner_radius": "8px"},
        {"tag": "collapsible_panel", "border": {"type": "default"}},
        {"tag": "button", "text": TEXT, "behaviors": {}},
        {"tag": "button", "text": TEXT, "behaviors": [{"value": {}}]},
        {"tag": "button", "text": TEXT, "behaviors": [{"type": "tap"}]},
        {"tag": "button", "text": TEXT, "disabled": "true"},
        {"tag": "person"},
        {"tag": "overflow"},
        {"tag": "collapsible_panel", "elements": []},
        {"tag": "collapsible_panel", "header": {"icon_expanded_angle": 45}},
        {"tag": "column_set", "columns": [{"elements": []}]},
        {"tag": "column_set", "columns": [{"tag": "column", "weight": 6}]},
        {"tag": "input", "max_length": 0},
        {"tag": "input", "max_length": 1001},
        {"tag": "input", "max_length": 1, "default_value": "ab"},
        {"tag": "input", "placeholder": LARK_MD},
        {"tag": "input", "label": LARK_MD},
        {"tag": "button", "text": TEXT, "hover_tips": LARK_MD},
        {"tag": "button", "text": TEXT, "disabled_tips": LARK_MD},
        {"tag": "button", "text": TEXT, "confirm": {"title": TEXT}},
        {"tag": "button", "text": TEXT, "confirm": {"title": LARK_MD, "text": TEXT}},
        {"tag": "button", "text": TEXT, "confirm": {"title": TEXT, "text": LARK_MD}},
        {"tag": "button", "text": TEXT, "form_action_type": "submit"},
        {"tag": "input", "required": True},
        {"tag": "select_static", "options": [{"value": "1"}]},
        {"tag": "select_static", "options": [{"text": TEXT}]},
        {"tag": "select_static", "options": [{"text": LARK_MD, "value": "1"}]},
        {"tag": "select_static", "options": [ONE, ONE]},
        {"tag": "select_static", "options": [ONE], "initial_option": "2"},
        {"tag": "select_static", "options": [ONE], "initial_index": 2},
        {"tag": "select_static", "options": [ONE], "initial_index": -1},
        {"tag": "select_person", "options": [{"text": TEXT}]},
        {"tag": "overflow", "options": [{"value": "1"}]},
        {"tag": "overflow", "options": [ONE, ONE]},
        {"tag": "date_picker"},
        {"tag": "picker_time"},
        {"tag": "picker_datetime"},
        {"tag": "checker", "button_area": {"buttons": [button()] * 4}},
        {"tag": "interactive_container", "behaviors": []},
        {"tag": "form", "name": "f"},
    ],
)
def test_an_element_that_is_not_as_documented_is_refused(element: Any) -> None:
    assert code(card(element)) == 200621


@pytest.mark.parametrize("tag", ["note", "action"])
def test_elements_of_1_0_are_refused(tag: str) -> None:
    with pytest.raises(cards.CardError) as caught:
        cards.check(card({"tag": tag}), AROUND)

    assert caught.value.detail == (
        f"ErrCode: 200861; ErrPath: ROOT -> body -> elements -> [0](tag: {tag}); "
        "ErrMsg: cards of schema V2 no longer support this capability; "
        f"ErrorValue: unsupported tag {tag}; "
    )


# Limits


def test_200_elements_and_texts_are_the_most() -> None:
    # A div and its text count one each.
    fits = [{"tag": "div", "text": TEXT}] * 100

    assert cards.check(card(*fits), AROUND).schema == "2.0"
    with pytest.raises(cards.CardError) as caught:
        cards.check(card(*fits, {"tag": "hr"}), AROUND)
    assert caught.value.detail == "ErrCode: 11310; ErrMsg: element exceeds the limit; "


def test_elements_in_containers_count_too() -> None:
    # The panel and its title count two.
    fits = panel(*[{"tag": "hr"}] * 198)

    assert cards.check(card(fits), AROUND).schema == "2.0"
    assert code(card(panel(*[{"tag": "hr"}] * 199))) == 11310


def test_containers_nest_five_deep_at_most() -> None:
    assert cards.check(card(nested(5, markdown())), AROUND).schema == "2.0"
    assert code(card(nested(6, markdown()))) == 11310


def test_a_card_has_five_tables_at_most() -> None:
    assert cards.check(card(*[table()] * 5), AROUND).schema == "2.0"
    with pytest.raises(cards.CardError) as caught:
        cards.check(card(*[table()] * 6), AROUND)
    assert caught.value.detail == (
        "ErrCode: 11310; ErrMsg: card table number over limit; ErrorValue: table; "
    )


TABLE = "| a | b |\n| --- | :-: |\n| 1 | 2 |\n"


def test_tables_in_markdown_count_as_tables() -> None:
    four = markdown("\n".join([TABLE] * 4))

    assert cards.check(card(four, markdown(TABLE)), AROUND).schema == "2.0"
    assert code(card(four, markdown(TABLE), markdown(TABLE))) == 11310
    assert code(card(four, table(), table())) == 11310


def test_one_markdown_has_four_tables_at_most() -> None:
    assert code(card(markdown("\n".join([TABLE] * 5)))) == 11310


def test_a_table_in_a_code_fence_is_no_table() -> None:
    fenced = markdown("\n".join(["```\n" + TABLE + "```"] * 6))

    assert cards.check(card(fenced), AROUND).schema == "2.0"


# Tables


@pytest.mark.parametrize("where", ["container", "form", "column"])
@pytest.mark.parametrize("inner", [table(), form()])
def test_tables_and_forms_stand_at_the_root_only(
    where: str, inner: dict[str, Any]
) -> None:
    column = {"tag": "column", "elements": [inner]}
    around = {
        "container": panel(inner),
        "form": form(inner),
        "column": {"tag": "column_set", "columns": [column]},
    }

    assert code(card(around[where])) == 200621


def test_a_table_has_50_columns_at_most() -> None:
    columns = [{"name": f"c{number}"} for number in range(51)]

    fits = table(columns=columns[:50])
    assert cards.check(card(fits), AROUND).schema == "2.0"
    assert code(card(table(columns=columns))) == 200621


def test_a_row_may_only_fill_known_columns() -> None:
    assert code(card(table(rows=[{"a": 1, "b": 2}]))) == 200915


@pytest.mark.parametrize(
    ("data_type", "cell"),
    [
        ("number", "5"),
        ("number", True),
        ("date", "2026-01-01"),
        ("persons", 5),
        ("persons", [5]),
        ("options", 5),
        ("options", ["x"]),
    ],
)
def test_a_cell_must_fit_its_column(data_type: str, cell: Any) -> None:
    columns = [{"name": "a", "data_type": data_type}]

    assert code(card(table(columns=columns, rows=[{"a": cell}]))) == 200914


@pytest.mark.parametrize("rows", ["x", {}, ["x"]])
def test_rows_must_be_a_list_of_objects(rows: Any) -> None:
    assert code(card(table(rows=rows))) == 200914


@pytest.mark.parametrize(
    "more",
    [
        {"columns": None},
        {"rows": None},
        {"columns": [{"display_name": "x"}]},
        {"columns": [{"name": "a", "data_type": "money"}]},
        {"columns": [{"name": "a"}, {"name": "a"}]},
        {"page_size": 0},
        {"page_size": 11},
    ],
)
def test_a_table_must_be_as_documented(more: dict[str, Any]) -> None:
    assert code(card(table(**more))) == 200621


def test_a_page_has_one_to_ten_rows() -> None:
    smallest, largest = table(page_size=1), table(page_size=10)

    assert cards.check(card(smallest, largest), AROUND).schema == "2.0"


@pytest.mark.parametrize(
    ("data_type", "cell"),
    [
        ("lark_md", "<at id=ou_nobody></at>"),
        ("markdown", "<at id=ou_nobody></at>"),
        ("persons", "ou_nobody"),
        ("persons", ["ou_alice", "ou_nobody"]),
    ],
)
def test_people_in_cells_must_exist(data_type: str, cell: Any) -> None:
    columns = [{"name": "a", "data_type": data_type}]
    rows = [{"a": cell}]

    assert code(card(table(columns=columns, rows=rows))) == 100290


# Forms


def test_a_button_of_a_form_submits_or_resets() -> None:
    odd = button("Odd", name="odd", form_action_type="send")

    assert code(card(form(odd))) == 200621


def test_a_form_needs_a_submit_button() -> None:
    only_reset = button("Clear", name="clear", form_action_type="reset")
    without = {"tag": "form", "name": "f", "elements": [only_reset]}

    assert code(card(without)) == 200621
    column = {"tag": "column", "elements": [form()["elements"][0]]}
    inside = {"tag": "column_set", "columns": [column]}
    within = {"tag": "form", "name": "f", "elements": [inside]}
    assert cards.check(card(within), AROUND).schema == "2.0"


@pytest.mark.parametrize(
    "elements",
    [
        [{"tag": "input"}],
        [{"tag": "input", "name": ""}],
        [{"tag": "input", "name": "send"}],
        [{"tag": "input", "name": "form_1"}],
        [{"tag": "select_static", "name": "a"}, {"tag": "checker", "name": "a"}],
    ],
)
def test_what_is_filled_in_needs_a_name_of_its_own(
    elements: list[dict[str, Any]],
) -> None:
    assert code(card(form(*elements))) == 200530


def test_forms_need_names_of_their_own() -> None:
    first, second = form(), form()
    second["elements"] = [button("Go", name="go", form_action_type="submit")]

    assert code(card(first, second)) == 200530


@pytest.mark.parametrize(
    "element",
    [
        {"tag": "multi_select_static", "name": "a"},
        {"tag": "multi_select_person", "name": "a"},
        {"tag": "select_img", "multi_select": True, "options": []},
    ],
)
def test_several_choices_need_a_form(element: dict[str, Any]) -> None:
    assert code(card(element)) == 200621


def test_templates_and_entities_that_do_not_exist_are_refused() -> None:
    template = {"type": "template", "data": {"template_id": "AA1"}}

    assert code(template) == 200380
    assert code({"type": "card", "data": {"card_id": "7"}}) == 11310
