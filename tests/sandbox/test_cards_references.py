"""What a card refers to must exist: ids, people, images, charts, links, moments."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import cards
from tests.sandbox.conftest import card, markdown
from tests.sandbox.test_cards_refused import code
from tests.sandbox.test_cards_taken import AROUND, TEXT, form


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
