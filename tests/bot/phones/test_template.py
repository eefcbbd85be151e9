"""A gateway's body: values stay where the template puts them."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phones.template import NAMES, BodyTemplate

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
TO_JSON = BodyTemplate('{"to": "{{ number }}", "text": "{{ text }}"}', "json")
TO_FORM = BodyTemplate("to={{ number }}&text={{ text }}", "form")


@given(TEXTS, TEXTS)
def test_no_value_breaks_out_of_json(number: str, text: str) -> None:
    body = TO_JSON.filled({"number": number, "text": text})

    assert json.loads(body) == {"to": number, "text": text}


@given(TEXTS, TEXTS)
def test_no_value_breaks_out_of_a_form(number: str, text: str) -> None:
    body = TO_FORM.filled({"number": number, "text": text})

    assert parse_qs(body.decode()) == {"to": [number], "text": [text]}


def test_a_value_is_no_template() -> None:
    body = TO_JSON.filled({"number": "{{ text }}", "text": "{% raw %}"})

    assert json.loads(body) == {"to": "{{ text }}", "text": "{% raw %}"}


def test_filters_and_conditions_can_be_used() -> None:
    template = BodyTemplate(
        '{"text": "{{ text | upper }}"{% if code %}, "code": "{{ code }}"{% endif %}}',
        "json",
    )
    values = dict.fromkeys(NAMES, "")

    assert template.filled({**values, "text": 'a"'}) == b'{"text": "A\\""}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ text", "is no template"),
        ("{{ secret }}", "is no template: 'secret' is undefined"),
        ("{{ text.__class__ }}", "is no template: access to attribute"),
        ("{% for i in range(10**9) %}x{% endfor %}", "is no template: Range too big"),
        ("{% include 'x' %}", "is no template"),
        ('{"text": {{ text }}}', "is no JSON once it is filled in"),
        ("text={{ text }}", "is no JSON once it is filled in"),
    ],
)
def test_a_template_that_cannot_be_used_is_told(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=r"^is no") as caught:
        BodyTemplate(text, "json")

    assert str(caught.value).startswith(reason)
