"""Every documented element, with every documented property, is taken."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import cards
from sandbox.mentions import Surroundings
from sandbox.state import User
from tests.sandbox.conftest import button, card, markdown

ALICE = User(name="Alice", email="alice@example.com")
AROUND = Surroundings(
    find={"ou_alice": ALICE, "u1": ALICE}.get,
    find_email={"alice@example.com": ALICE}.get,
    images={"img_1", "img_2"},
)

TEXT = {"tag": "plain_text", "content": "x"}
TIPS = {"hover_tips": TEXT, "disabled": True, "disabled_tips": TEXT}
COMMON = {"element_id": "custom_id", "margin": "4px 0"}
SPACING = {
    "direction": "vertical",
    "padding": "8px",
    "horizontal_spacing": "8px",
    "horizontal_align": "left",
    "vertical_spacing": "medium",
    "vertical_align": "top",
}
ICON = {"tag": "standard_icon", "token": "chat_outlined", "color": "orange"}
CONFIRM = {"title": TEXT, "text": TEXT}
URLS = {
    "pc_url": "https://pc.example.com",
    "ios_url": "lark://msgcard/unsupported_action",
    "android_url": "",
}
BEHAVIORS = [
    {"type": "callback", "value": {"a": "mute"}},
    {"type": "open_url", "default_url": "https://example.com", **URLS},
]
FIELD = {
    **COMMON,
    "name": "field_1",
    "required": False,
    "disabled": False,
    "width": "fill",
    "placeholder": TEXT,
    "behaviors": [BEHAVIORS[0]],
    "confirm": CONFIRM,
    "value": {"k": "v"},
}
OPTIONS = [{"text": TEXT, "icon": ICON, "value": "1"}]

ELEMENTS: dict[str, dict[str, Any]] = {
    "markdown": {
        **COMMON,
        "content": "# hi",
        "i18n_content": {"en_us": "hi", "zh_cn": "你好"},
        "text_size": "normal",
        "text_align": "left",
        "icon": {"tag": "custom_icon", "img_key": "img_1"},
    },
    "div": {
        **COMMON,
        "width": "fill",
        "icon": ICON,
        "text": {
            "tag": "lark_md",
            "content": "**x**",
            "i18n_content": {"en_us": "x"},
            "text_size": "heading",
            "text_color": "grey",
            "text_align": "center",
            "lines": 2,
            "element_id": "inside",
        },
        "fields": [{"is_short": True, "text": TEXT}],
    },
    "hr": COMMON,
    "img": {
        **COMMON,
        "img_key": "img_1",
        "i18n_img_key": {"en_us": "img_2"},
        "alt": TEXT,
        "title": TEXT,
        "corner_radius": "5px",
        "scale_type": "crop_top",
        "size": "100px 100px",
        "transparent": False,
        "preview": False,
        "mode": "large",
        "custom_width": 300,
        "compact_width": False,
    },
    "img_combination": {
        **COMMON,
        "combination_mode": "double",
        "combination_transparent": False,
        "corner_radius": "12px",
        "img_list": [{"img_key": "img_1", "transparent": False}, {"img_key": "img_2"}],
    },
    "person": {
        **COMMON,
        "size": "small",
        "user_id": "ou_alice",
        "show_avatar": True,
        "show_name": False,
        "style": "capsule",
    },
    "person_list": {
        **COMMON,
        "drop_invalid_user_id": True,
        "lines": 1,
        "show_name": True,
        "show_avatar": True,
        "size": "large",
        "persons": [{"id": "ou_alice"}, {"id": "ou_nobody"}],
        "icon": ICON,
        "ud_icon": {"token": "chat_outlined", "style": {"color": "red"}},
    },
    "chart": {
        **COMMON,
        "aspect_ratio": "16:9",
        "color_theme": "brand",
        "chart_spec": {
            "type": "line",
            "title": {"text": "Cost"},
            "data": {"values": [{"t": "Mon", "v": 8}]},
            "xField": "t",
            "yField": "v",
            "media": [],
        },
        "preview": False,
        "height": "auto",
    },
    "table": {
        **COMMON,
        "page_size": 5,
        "row_height": "auto",
        "row_max_height": "50px",
        "freeze_first_column": True,
        "header_style": {
            "text_align": "left",
            "text_size": "normal",
            "background_style": "none",
            "text_color": "grey",
            "bold": True,
            "lines": 1,
        },
        "columns": [
            {
                "name": "product",
                "display_name": "Product",
                "width": "auto",
                "data_type": "text",
                "vertical_align": "top",
                "horizontal_align": "left",
            },
            {
                "name": "cost",
                "data_type": "number",
                "format": {"symbol": "¥", "precision": 2, "separator": True},
            },
            {"name": "at", "data_type": "date", "date_format": "YYYY/MM/DD"},
            {"name": "who", "data_type": "persons"},
            {"name": "tags", "data_type": "options"},
            {"name": "md", "data_type": "lark_md"},
            {"name": "more", "data_type": "markdown"},
            {"name": "untyped"},
        ],
        "rows": [
            {
                "product": "CDN",
                "cost": 26.5,
                "at": 1700000000000,
                "who": ["ou_alice", "u1"],
                "tags": [{"text": "S1", "color": "red"}],
                "md": "**x**",
                "more": "![x](img_1)",
                "untyped": 5,
            },
            {"product": "COS", "who": "ou_alice", "tags": "S2", "cost": None},
        ],
    },
    "column_set": {
        **COMMON,
        "horizontal_spacing": "large",
        "horizontal_align": "left",
        "flex_mode": "bisect",
        "background_style": "default",
        "action": {"multi_url": {"url": "https://example.com", **URLS}},
        "columns": [
            {
                "tag": "column",
                "element_id": "column_1",
                "margin": "4px",
                **SPACING,
                "background_style": "grey",
                "width": "weighted",
                "weight": 2,
                "action": {"multi_url": {"url": "https://example.com"}},
                "elements": [markdown()],
            }
        ],
    },
    "form": {
        **COMMON,
        **SPACING,
        "name": "form_1",
        "elements": [
            button("Send", name="send", form_action_type="submit"),
            button("Clear", name="clear", form_action_type="reset"),
        ],
    },
    "interactive_container": {
        **COMMON,
        **SPACING,
        **TIPS,
        "width": "fill",
        "height": "auto",
        "background_style": "laser",
        "has_border": True,
        "border_color": "grey",
        "corner_radius": "8px",
        "behaviors": BEHAVIORS,
        "confirm": CONFIRM,
        "elements": [markdown()],
    },
    "collapsible_panel": {
        **COMMON,
        **SPACING,
        "expanded": True,
        "background_color": "grey",
        "header": {
            "title": {"tag": "markdown", "content": "**t**"},
            "background_color": "grey",
            "vertical_align": "center",
            "padding": "4px 0px 4px 8px",
            "position": "top",
            "width": "auto",
            "icon": {**ICON, "size": "16px 16px"},
            "icon_position": "follow_text",
            "icon_expanded_angle": -180,
        },
        "border": {"color": "grey", "corner_radius": "5px"},
        "elements": [markdown()],
    },
    "button": {
        **COMMON,
        **TIPS,
        "type": "primary_filled",
        "size": "small",
        "width": "default",
        "text": TEXT,
        "icon": ICON,
        "confirm": CONFIRM,
        "behaviors": BEHAVIORS,
        "name": "button_1",
        "value": {"k": "v"},
        "url": "https://example.com",
        "multi_url": {"url": "https://example.com", **URLS},
    },
    "overflow": {
        **COMMON,
        "width": "fill",
        "options": [
            {
                "text": TEXT,
                "multi_url": {"url": "https://example.com", **URLS},
                "value": "document",
            }
        ],
        "behaviors": [BEHAVIORS[0]],
        "confirm": CONFIRM,
    },
    "select_static": {
        **FIELD,
        "type": "text",
        "initial_option": "1",
        "initial_index": 1,
        "options": OPTIONS,
    },
    "select_person": {
        **FIELD,
        "type": "default",
        "initial_option": "ou_alice",
        "options": [{"value": "ou_alice"}, {"value": "u1"}],
    },
    "date_picker": {**FIELD, "initial_date": "2024-01-01"},
    "picker_time": {**FIELD, "initial_time": "11:30"},
    "picker_datetime": {**FIELD, "initial_datetime": "2024-01-01 11:30"},
    "input": {
        **FIELD,
        "default_value": "demo",
        "i18n_default_value": {"en_us": "demo"},
        "disabled_tips": TEXT,
        "max_length": 1000,
        "input_type": "multiline_text",
        "rows": 1,
        "auto_resize": True,
        "max_rows": 5,
        "show_icon": False,
        "label": TEXT,
        "label_position": "left",
    },
    "select_img": {
        **COMMON,
        "multi_select": False,
        "layout": "bisect",
        "name": "choice",
        "required": False,
        "can_preview": False,
        "aspect_ratio": "16:9",
        "disabled": False,
        "disabled_tips": TEXT,
        "value": {"k": "v"},
        "options": [{"img_key": "img_1", "value": "1", **TIPS}],
        "behaviors": [BEHAVIORS[0]],
        "confirm": CONFIRM,
    },
    "checker": {
        **COMMON,
        **TIPS,
        "name": "check_1",
        "checked": False,
        "text": TEXT,
        "overall_checkable": True,
        "button_area": {"pc_display_rule": "always", "buttons": [button()] * 3},
        "checked_style": {"show_strikethrough": True, "opacity": 0.5},
        "padding": "-2px",
        "confirm": CONFIRM,
        "behaviors": [BEHAVIORS[0]],
    },
}

IN_FORM: dict[str, dict[str, Any]] = {
    "multi_select_static": {
        **FIELD,
        "type": "default",
        "selected_values": ["1"],
        "options": OPTIONS,
    },
    "multi_select_person": {
        **FIELD,
        "type": "text",
        "selected_values": ["ou_alice"],
        "options": [{"value": "ou_alice"}],
    },
    "select_img": {
        "name": "several",
        "multi_select": True,
        "options": [{"img_key": "img_1"}],
    },
    "input": {"name": "reason", "required": True},
    "checker": {"name": "sure", "button_area": {"buttons": [button()]}},
}


def form(*elements: dict[str, Any]) -> dict[str, Any]:
    submit = button("Send", name="send", form_action_type="submit")
    return {"tag": "form", "name": "form_1", "elements": [*elements, submit]}


@pytest.mark.parametrize("tag", ELEMENTS)
def test_an_element_with_everything_documented_is_taken(tag: str) -> None:
    taken = cards.check(card({"tag": tag, **ELEMENTS[tag]}), AROUND)

    assert taken == cards.Card("2.0", (), shared=True)


@pytest.mark.parametrize("tag", IN_FORM)
def test_an_element_of_a_form_with_everything_documented_is_taken(tag: str) -> None:
    taken = cards.check(card(form({"tag": tag, **IN_FORM[tag]})), AROUND)

    assert taken.schema == "2.0"


@pytest.mark.parametrize("tag", [*ELEMENTS, *IN_FORM])
def test_one_property_more_is_refused_in_every_element(tag: str) -> None:
    inside = tag in IN_FORM and tag not in ELEMENTS
    element = {"tag": tag, **(IN_FORM if inside else ELEMENTS)[tag], "colour": "red"}

    with pytest.raises(cards.CardError) as caught:
        cards.check(card(form(element) if inside else element), AROUND)

    deeper = " -> [0](tag: form) -> elements" if inside else ""
    path = f"ROOT -> body -> elements{deeper} -> [0](tag: {tag})"
    assert caught.value.message == (
        f"Failed to create card content, ext=ErrCode: 200621; ErrPath: {path}; "
        "ErrMsg: parse card json err, please check whether the card json is correct; "
        f"ErrorValue: unknown property, property: colour, path: {path}; "
    )


def test_a_card_with_everything_documented_around_its_elements_is_taken() -> None:
    whole = {
        "schema": "2.0",
        "config": {
            "streaming_mode": True,
            "streaming_config": {
                "print_frequency_ms": {"default": 30, "android": 25},
                "print_step": {"default": 2, "pc": 5},
                "print_strategy": "fast",
            },
            "summary": {"content": "s", "i18n_content": {"en_us": "s"}},
            "locales": ["en_us"],
            "enable_forward": True,
            "update_multi": True,
            "width_mode": "fill",
            "use_custom_translation": False,
            "enable_forward_interaction": False,
            "style": {
                "text_size": {"cus-0": {"default": "medium", "mobile": "large"}},
                "color": {"cus-0": {"light_mode": "rgba(5,157,178,0.52)"}},
            },
        },
        "card_link": {"url": "https://example.com", **URLS},
        "header": {
            "title": {"tag": "lark_md", "content": "t"},
            "subtitle": TEXT,
            "text_tag_list": [
                {"tag": "text_tag", "element_id": "t1", "text": TEXT, "color": "red"}
            ],
            "i18n_text_tag_list": {"zh_cn": [{"tag": "text_tag", "text": TEXT}]},
            "template": "blue",
            "icon": ICON,
            "padding": "12px",
        },
        "body": {**SPACING, "elements": [markdown()]},
    }

    assert cards.check(whole, AROUND).schema == "2.0"


@pytest.mark.parametrize("empty", [{}, {"schema": "2.0"}, {"schema": "1.0"}])
def test_an_empty_card_is_legal(empty: dict[str, Any]) -> None:
    assert cards.check(empty, AROUND).mentions == ()


def test_empty_texts_and_nulls_are_as_good_as_absent() -> None:
    element = button(hover_tips={}, confirm={}, icon=None)

    assert cards.check(card(element), AROUND).schema == "2.0"


def test_legacy_cards_may_have_properties_that_nobody_knows() -> None:
    legacy = {
        "config": {"wide_screen_mode": True, "update_multi": True, "colour": "red"},
        "header": {"title": TEXT, "ud_icon": {"token": "x"}},
        "elements": [
            {"tag": "div", "text": TEXT, "extra": {"tag": "img", "img_key": "img_1"}},
            {"tag": "action", "actions": [{"tag": "button", "value": {"tag": "img"}}]},
            {"tag": "note", "elements": [TEXT], "colour": "red"},
            {"tag": "poem"},
        ],
        "i18n_elements": {"en_us": [{"tag": "hr"}]},
        "colour": "red",
    }

    assert cards.check(legacy, AROUND) == cards.Card("1.0", (), shared=True)


def test_legacy_cards_are_not_shared_unless_they_say_so() -> None:
    assert cards.check({"elements": []}, AROUND).shared is False


def test_people_are_mentioned_by_every_documented_form_of_at() -> None:
    text = (
        "<at id=ou_alice></at> <at id='u1'></at> "
        '<at ids=ou_alice,u1></at> <at email="alice@example.com"></at> <at id=all></at>'
    )

    mentions = cards.check(card(markdown(text)), AROUND).mentions
    assert [mention.name for mention in mentions] == ["Alice"] * 5 + ["all"]


@pytest.mark.parametrize(
    "text",
    [
        "`<at id=ou_nobody></at>`",
        "```\n<at id=all></at>\n![x](img_nobody)\n```",
        "&lt;at id=all&gt;&lt;/at&gt;",
        "<person id='ou_alice'></person>",
        "at id=all",
    ],
)
def test_what_only_looks_like_a_mention_is_none(text: str) -> None:
    assert cards.check(card(markdown(text)), AROUND).mentions == ()


@pytest.mark.parametrize(
    "text",
    [
        "[x](https://example.com/a?b=c#d)",
        "[call](tel://123)",
        "`[x](javascript:alert(1))`",
        r"\[x\](y)",
        "[x] (y)",
        "<a href='https://example.com'></a>",
        "<link icon='chat_outlined' url='https://example.com'>x</link>",
        (
            "<local_datetime millisecond='1700000000000' format_type='date_num' "
            "link='https://example.com'></local_datetime>"
        ),
        "<local_datetime millisecond=1700000000000></local_datetime>",
    ],
)
def test_links_and_moments_in_markdown_are_taken(text: str) -> None:
    assert cards.check(card(markdown(text)), AROUND).mentions == ()
