"""What a property of a card may hold, and what an element cannot do without."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import cards
from tests.sandbox.conftest import button, card, markdown, panel
from tests.sandbox.test_cards_refused import ONE, code, table
from tests.sandbox.test_cards_taken import AROUND, TEXT, form


def image_list(**more: Any) -> dict[str, Any]:
    base = {"combination_mode": "double", "img_list": [{"img_key": "img_1"}]}
    return {"tag": "img_combination", **base, **more}


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
        (image_list(), {"combination_mode": "grid"}),
        ({"tag": "input"}, {"width": "99px"}),
        ({"tag": "date_picker"}, {"width": "99px"}),
        ({"tag": "picker_time"}, {"width": "99px"}),
        ({"tag": "picker_datetime"}, {"width": "99px"}),
        ({"tag": "column_set"}, {"columns": [{"tag": "cell"}]}),
        ({"tag": "column_set"}, {"columns": [{"tag": "column", "width": "wide"}]}),
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


CONFIRM = {"title": TEXT, "text": TEXT}


@pytest.mark.parametrize(
    ("element", "missing"),
    [
        ({"tag": "markdown"}, "content"),
        ({"tag": "img"}, "img_key"),
        (image_list(combination_mode=None), "combination_mode"),
        (image_list(img_list=None), "img_list"),
        (image_list(img_list=[{}]), "img_key"),
        ({"tag": "person"}, "user_id"),
        ({"tag": "person_list"}, "persons"),
        ({"tag": "person_list", "persons": [{}]}, "id"),
        ({"tag": "table", "rows": []}, "columns"),
        ({"tag": "table", "columns": []}, "rows"),
        ({"tag": "table", "columns": [{}], "rows": []}, "name"),
        ({"tag": "column_set"}, "columns"),
        ({"tag": "column_set", "columns": [{}]}, "tag"),
        ({"tag": "form", "elements": []}, "name"),
        ({"tag": "form", "name": "f"}, "elements"),
        ({"tag": "interactive_container"}, "elements"),
        ({"tag": "collapsible_panel"}, "header"),
        ({"tag": "overflow"}, "options"),
        ({"tag": "overflow", "options": [{}]}, "text"),
        ({"tag": "select_static", "options": [{"value": "1"}]}, "text"),
        ({"tag": "select_static", "options": [{"text": TEXT}]}, "value"),
        ({"tag": "select_person", "options": [{}]}, "value"),
        ({"tag": "select_img"}, "options"),
        ({"tag": "select_img", "options": [{}]}, "img_key"),
        (button(behaviors=[{}]), "type"),
        (button(confirm={**CONFIRM, "title": None}), "title"),
        (button(confirm={**CONFIRM, "text": None}), "text"),
    ],
)
def test_what_an_element_cannot_do_without_is_missed(
    element: dict[str, Any], missing: str
) -> None:
    with pytest.raises(cards.CardError) as caught:
        cards.check(card(element), AROUND)
    assert f"missing property, property: {missing}," in caught.value.detail


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
        {"header": {"text_tag_list": [{"text": TEXT}]}},
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
