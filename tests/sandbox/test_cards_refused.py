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


def chooser(**more: Any) -> dict[str, Any]:
    return form({"tag": "multi_select_static", "name": "a", "options": [ONE], **more})


@pytest.mark.parametrize(
    "more",
    [{"selected_values": ["2"]}, {"options": [ONE, ONE]}, {"selected_values": "1"}],
)
def test_what_is_chosen_from_the_start_must_be_offered(more: dict[str, Any]) -> None:
    assert cards.check(card(chooser(selected_values=["1"])), AROUND).schema == "2.0"
    assert code(card(chooser(**more))) == 200621


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ({"tag": "hr"}, {"margin": "wide"}),
        ({"tag": "hr"}, {"margin": "100px"}),
        ({"tag": "form", "name": "f", "elements": []}, {"padding": "-1px"}),
        ({"tag": "form", "name": "f", "elements": []}, {"direction": "up"}),
        (
            {"tag": "form", "name": "f", "elements": []},
            {"horizontal_spacing": "100px"},
        ),
        ({"tag": "form", "name": "f", "elements": []}, {"vertical_spacing": "huge"}),
        ({"tag": "form", "name": "f", "elements": []}, {"horizontal_align": "top"}),
        ({"tag": "form", "name": "f", "elements": []}, {"vertical_align": "left"}),
        (markdown(), {"text_align": "justify"}),
        (markdown(), {"text_size": "huge"}),
        (markdown(), {"icon": {"tag": "icon"}}),
        ({"tag": "div"}, {"width": "half"}),
        ({"tag": "img", "img_key": "img_1"}, {"scale_type": "crop"}),
        ({"tag": "img", "img_key": "img_1"}, {"corner_radius": "round"}),
        ({"tag": "person", "user_id": "u1"}, {"size": "huge"}),
        ({"tag": "column_set", "columns": []}, {"flex_mode": "grid"}),
        ({"tag": "table", "columns": [], "rows": []}, {"row_height": "31px"}),
        ({"tag": "table", "columns": [], "rows": []}, {"row_height": "125px"}),
        ({"tag": "table", "columns": [], "rows": []}, {"row_max_height": "50"}),
        (
            {"tag": "table", "columns": [], "rows": []},
            {"header_style": {"background_style": "red"}},
        ),
        ({"tag": "chart", "chart_spec": {"type": "line"}}, {"aspect_ratio": "3:1"}),
        ({"tag": "chart", "chart_spec": {"type": "line"}}, {"color_theme": "dark"}),
        ({"tag": "chart", "chart_spec": {"type": "line"}}, {"height": "1000px"}),
        (panel(), {"header": {"width": "half"}}),
        (panel(), {"header": {"icon_position": "top"}}),
        (button(), {"type": "warning"}),
        (button(), {"size": "huge"}),
        (button(), {"width": "99px"}),
        ({"tag": "checker"}, {"button_area": {"pc_display_rule": "never"}}),
        ({"tag": "input"}, {"input_type": "email"}),
        ({"tag": "input"}, {"label_position": "right"}),
        ({"tag": "select_static"}, {"type": "wide"}),
        ({"tag": "select_static"}, {"width": "wide"}),
        ({"tag": "date_picker"}, {"initial_date": "2026-13-01"}),
        ({"tag": "date_picker"}, {"initial_date": "01/02/2026"}),
        ({"tag": "picker_time"}, {"initial_time": "24:00"}),
        ({"tag": "picker_time"}, {"initial_time": "9:00"}),
        ({"tag": "picker_datetime"}, {"initial_datetime": "2026-01-01T09:00"}),
    ],
)
def test_a_property_only_takes_what_is_listed(
    element: dict[str, Any], value: dict[str, Any]
) -> None:
    with pytest.raises(cards.CardError) as caught:
        cards.check(card({**element, **value}), AROUND)
    assert "ErrorValue: invalid " in caught.value.detail


@pytest.mark.parametrize(
    ("column", "code_of"),
    [
        ({"width": "79px"}, 200621),
        ({"width": "601px"}, 200621),
        ({"width": "0%"}, 200621),
        ({"width": "101%"}, 200621),
        ({"format": {"symbol": "USD"}}, 200621),
        ({"format": {"precision": 11}}, 200621),
        ({"date_format": "soon"}, 200621),
    ],
)
def test_a_column_only_takes_what_is_listed(
    column: dict[str, Any], code_of: int
) -> None:
    assert code(card(table(columns=[{"name": "a", **column}]))) == code_of


@pytest.mark.parametrize(
    "more",
    [
        {"header": {"template": "pink"}},
        {
            "header": {
                "text_tag_list": [{"tag": "text_tag", "text": TEXT, "color": "x"}]
            }
        },
        {"header": {"text_tag_list": [{"tag": "tag", "text": TEXT}]}},
        {"header": {"text_tag_list": [{"tag": "text_tag"}]}},
        {"config": {"width_mode": "wide"}},
        {"config": {"streaming_config": {"print_strategy": "slow"}}},
    ],
)
def test_what_is_around_the_elements_only_takes_what_is_listed(
    more: dict[str, Any],
) -> None:
    assert code(card(**more)) == 200621


def test_a_card_may_define_a_size_of_its_own() -> None:
    style = {"style": {"text_size": {"tiny": {"default": "small"}}}}
    tiny = {**markdown(), "text_size": "tiny"}

    assert cards.check(card(tiny, config=style), AROUND).schema == "2.0"
    assert code(card(tiny)) == 200621


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


# Ids, people, images, charts, links


@pytest.mark.parametrize("bad", ["1a", "a-b", "a" * 21, "", "账单"])
def test_an_element_id_must_be_well_formed(bad: str) -> None:
    assert code(card({"tag": "hr", "element_id": bad})) == 300301


def test_an_element_id_must_be_the_only_one() -> None:
    text = {"tag": "div", "text": {**TEXT, "element_id": "same"}}

    assert code(card({"tag": "hr", "element_id": "same"}, text)) == 300301
    long = {"tag": "hr", "element_id": "a" * 20}
    assert cards.check(card(long), AROUND).schema == "2.0"


@pytest.mark.parametrize(
    "element",
    [
        markdown("<at id=ou_nobody></at>"),
        markdown("<at id='ou_nobody'></at>"),
        markdown("<AT ID=ou_nobody></AT>"),
        markdown("<at ids=ou_alice,ou_nobody></at>"),
        markdown("<at email=nobody@example.com></at>"),
        {"tag": "markdown", "content": "", "i18n_content": {"en_us": "<at id=x></at>"}},
        {"tag": "div", "text": {"tag": "lark_md", "content": "<at id=x></at>"}},
        {
            "tag": "div",
            "fields": [{"text": {"tag": "lark_md", "content": "<at id=x></at>"}}],
        },
        {
            "tag": "collapsible_panel",
            "header": {"title": {"tag": "markdown", "content": "<at id=x></at>"}},
        },
        {"tag": "person", "user_id": "ou_nobody"},
        {"tag": "person_list", "persons": [{"id": "ou_nobody"}]},
        {"tag": "select_person", "options": [{"value": "ou_nobody"}]},
        {"tag": "select_person", "initial_option": "ou_nobody"},
        form({"tag": "multi_select_person", "name": "a", "selected_values": ["ou_x"]}),
        markdown("<person id='ou_nobody' show_name=true></person>"),
    ],
)
def test_people_must_exist(element: dict[str, Any]) -> None:
    assert code(card(element)) == 100290


def test_people_in_legacy_cards_must_exist() -> None:
    lark_md = {"tag": "lark_md", "content": "<at id=ou_nobody></at>"}

    assert code({"elements": [markdown("<at id=ou_nobody></at>")]}) == 100290
    assert code({"elements": [{"tag": "div", "text": lark_md}]}) == 100290
    elements = [{"tag": "note", "elements": [lark_md]}]
    assert code({"i18n_elements": {"en_us": elements}}) == 100290


@pytest.mark.parametrize(
    "element",
    [
        {"tag": "img", "img_key": "img_9"},
        {"tag": "img", "img_key": "img_1", "i18n_img_key": {"en_us": "img_9"}},
        {
            "tag": "img_combination",
            "combination_mode": "double",
            "img_list": [{"img_key": "img_9"}],
        },
        {"tag": "select_img", "options": [{"img_key": "img_9"}]},
        {
            "tag": "markdown",
            "content": "",
            "icon": {"tag": "custom_icon", "img_key": "img_9"},
        },
        markdown("![x](img_9)"),
        markdown("![x](/tmp/graph.png)"),
    ],
)
def test_images_must_be_the_apps_own(element: dict[str, Any]) -> None:
    assert code(card(element)) == 200570


def test_images_in_legacy_cards_must_be_the_apps_own() -> None:
    assert code({"elements": [{"tag": "img", "img_key": "img_9"}]}) == 200570


@pytest.mark.parametrize("spec", [None, "line", [], {}, {"type": 5}, {"data": {}}])
def test_a_chart_must_be_an_object_with_a_type(spec: Any) -> None:
    assert code(card({"tag": "chart", "chart_spec": spec})) == 200550


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x", "example.com"])
@pytest.mark.parametrize("place", ["behavior", "button", "multi", "card", "column"])
def test_links_must_be_http(url: str, place: str) -> None:
    behavior = {"type": "open_url", "default_url": url}
    link = {"multi_url": {"url": "https://x", "pc_url": url}}
    contents = {
        "behavior": card({"tag": "button", "text": TEXT, "behaviors": [behavior]}),
        "button": card({"tag": "button", "text": TEXT, "url": url}),
        "multi": card({"tag": "button", "text": TEXT, **link}),
        "card": card(card_link={"url": url}),
        "column": card({"tag": "column_set", "columns": [], "action": link}),
    }

    assert code(contents[place]) == 200621


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](/status)",
        "[x]()",
        "<a href='javascript:x'>x</a>",
        "<link icon='chat_outlined' url='ftp://x'>x</link>",
        "<local_datetime millisecond='0' link='file:///x'></local_datetime>",
    ],
)
def test_links_in_markdown_must_be_http(text: str) -> None:
    assert code(card(markdown(text))) == 200621
    lark_md = {"tag": "div", "text": {"tag": "lark_md", "content": text}}
    assert code(card(lark_md)) == 200621


@pytest.mark.parametrize(
    "moment",
    ["", "millisecond='now'", "millisecond='5' format_type='long'", "format_type=date"],
)
def test_a_moment_says_when_in_milliseconds(moment: str) -> None:
    text = markdown(f"<local_datetime {moment}></local_datetime>")

    assert code(card(text)) == 200621


def test_templates_and_entities_that_do_not_exist_are_refused() -> None:
    template = {"type": "template", "data": {"template_id": "AA1"}}

    assert code(template) == 200380
    assert code({"type": "card", "data": {"card_id": "7"}}) == 11310
