"""The shorter way takes nothing that the judge would not take, and reads it alike."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.sources import native, plain
from tests.bot.sources import bodies

VALUES = {
    "title": st.sampled_from(["x", "", " ", "\u3000", "\x1c", "预" * 200, "x" * 201]),
    "id": st.sampled_from(["deploy-42", "", "é" * 200, "é" * 201, 7]),
    "type": st.sampled_from(["product.alarm", "alarm", "Product.alarm", "a." * 60]),
    "body": st.sampled_from(["", "x" * 4_096, "é" * 8_192, "x" * 16_385, ["x"]]),
    "severity": st.sampled_from(["info", "critical", "Critical", 1]),
    "status": st.sampled_from(["firing", "resolved", "open", False]),
    "fingerprint": st.sampled_from(["web-1/cpu", "", "x" * 201]),
    "labels": st.sampled_from(
        [{}, {"a": "b", "": ""}, {"a": 1}, {str(n): "" for n in range(65)}, []]
    ),
    "fields": st.sampled_from(
        [
            [],
            [{"name": "value", "value": "97 %"}],
            [{"name": "", "value": ""}],
            [{"name": "x", "value": "x" * 2_001}],
            [{"name": "x", "value": "x", "more": 1}],
            [{"name": "x", "value": "x"}] * 65,
            {},
        ]
    ),
    "link": st.sampled_from(
        ["https://a.example/?b=c", "ftp://a", "http://", "https://" + "x" * 2_041]
    ),
    "occurred_at": st.sampled_from(
        [
            "2026-01-02T03:04:05Z",
            "2026-01-02 03:04:05z",
            "2026-01-02T03:04:05.123Z",
            "2026-01-02T03:04:05+08:00",
            "2026-01-02T03:04:05-00:00",
            "2026-01-02T03:04:05+0000",
            "2026-01-02T03:04:60Z",
            "0001-01-01T00:00:00Z",
            "2026-01-02",
        ]
    ),
    "severty": st.just("warning"),
}
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
MESSAGES = st.fixed_dictionaries(
    {"title": VALUES["title"]},
    optional={
        name: st.one_of(values, values, values, ANYTHING)
        for name, values in VALUES.items()
        if name != "title"
    },
)


@given(MESSAGES)
def test_what_is_plain_is_read_as_the_judge_would_read_it(message):
    body = json.dumps(message).encode()

    if (said := plain.one(body)) is not None:
        assert native._incoming(said) == native._incoming(
            native._ONE.validate_json(body)
        )


@given(st.lists(MESSAGES, max_size=3))
def test_an_array_is_plain_if_all_of_it_is(messages):
    body = json.dumps(messages).encode()
    each = [plain.one(json.dumps(message).encode()) for message in messages]

    assert plain.many(body) == (None if None in each else each)


@given(st.binary(max_size=40))
def test_any_bytes_that_are_plain_are_right(body):
    if plain.one(b'{"title":"' + body + b'"}') is not None:
        native._ONE.validate_json(b'{"title":"' + body + b'"}')


def test_what_people_send_is_plain():
    assert plain.one(bodies.raw("native")) is not None


@pytest.mark.parametrize("count", [1_000, 1_001])
def test_an_array_is_plain_up_to_a_thousand(count):
    body = json.dumps([{"title": "x"}] * count).encode()

    assert (plain.many(body) is None) is (count > 1_000)


@pytest.mark.parametrize(
    "body", [b"", b"[", b"7", b"[" * 5_000, b'{"title":"\xff"}', rb'{"title":"\ud800"}']
)
def test_what_is_no_json_needs_a_closer_look(body):
    assert plain.one(body) is None
    assert plain.many(body) is None
    with pytest.raises(ValidationError):
        native._ONE.validate_json(body)
