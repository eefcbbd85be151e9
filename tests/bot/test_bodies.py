from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import bodies
from bot.errors import BadBody


def test_an_object_is_parsed():
    assert bodies.parse_object(b' {"a": [1, "\xc3\xa9"]} ') == {"a": [1, "é"]}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a":"\x00"}', b"[" * 5_000])
def test_what_is_no_json_is_told_apart(body: bytes):
    with pytest.raises(bodies.NotJson) as caught:
        bodies.parse_object(body)

    assert str(caught.value) == "the body is not JSON"


@pytest.mark.parametrize("body", [b"[]", b"7", b'"x"', b"null"])
def test_another_value_is_no_object(body: bytes):
    with pytest.raises(BadBody, match="not a JSON object"):
        bodies.parse_object(body)


def lost(value):
    if isinstance(value, list):
        return [lost(each) for each in value]
    return value.replace("\x00", "\ufffd")


pieces = st.sampled_from(["a", "\\", "u", "0", "\x00", "\\u0000", '"', "é"])
texts = st.lists(pieces, max_size=8).map("".join)


@given(st.recursive(texts, lambda inner: st.lists(inner, max_size=3)))
def test_nul_is_lost_and_nothing_else_is(value):
    assert bodies.parse(json.dumps(value).encode()) == lost(value)


@pytest.mark.parametrize("value", [None, 7, [], {}, ""])
def test_a_text_that_is_missing_is_named_and_not_shown(value):
    with pytest.raises(BadBody, match="key is missing or not a text"):
        bodies.a_text({"key": value}, "key")

    assert bodies.maybe_text({"key": value}, "key") is None
