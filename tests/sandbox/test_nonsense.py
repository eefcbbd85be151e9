"""Whatever is posted, the sandbox answers with a verdict and never falls over."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sandbox import cards, content, readable, robots
from sandbox.cards.elements import ELEMENTS
from sandbox.cards.shapes import SHAPES
from sandbox.filling import Client, action
from sandbox.refusal import Refusal
from sandbox.tappable import tappables
from tests.conftest import MONDAY
from tests.sandbox.test_cards_taken import AROUND

#: Words that mean something somewhere, so that nonsense gets past the first door.
WORDS = sorted(
    {name for shape in (*ELEMENTS.values(), *SHAPES.values()) for name in shape}
    | {"text", "content", "title", "post", "en_us", "card", "schema", "elements"}
)
TAGS = [*ELEMENTS, "plain_text", "lark_md", "column", "at", "md", "img", "note"]

CLIENT = Client(timezone="UTC", now=MONDAY, find={"x": "ou_alice"}.get)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 300),
    st.sampled_from(["", "2.0", "x", "<at id=all></at>", "callback", "https://x"]),
    st.sampled_from(TAGS),
)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    free = st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    tagged = st.builds(
        lambda tag, rest: {**rest, "tag": tag}, st.sampled_from(TAGS), free
    )
    return st.one_of(free, tagged, st.lists(inner, max_size=3))


nonsense = st.recursive(scalars, objects, max_leaves=12)
nearly_cards = st.builds(
    lambda elements, rest: {**rest, "schema": "2.0", "body": {"elements": elements}},
    st.lists(nonsense, max_size=3),
    st.dictionaries(st.sampled_from(["config", "header", "card_link"]), nonsense),
)


@given(st.one_of(nonsense, nearly_cards))
def test_any_card_is_taken_or_refused(card: Any) -> None:
    with contextlib.suppress(cards.CardError):
        cards.check(card, AROUND)
        # What was taken can be read and tapped.
        readable.plain("interactive", card)
        for one in tappables(card):
            assert [one.label, one.asks, one.choices, one.name]
            with contextlib.suppress(ValueError):
                action(one, form=None, option="x", client=CLIENT)


@given(
    st.sampled_from(["text", "post", "image", "interactive", "share_chat", "poem"]),
    nonsense,
)
def test_any_content_is_taken_or_refused(msg_type: str, value: Any) -> None:
    with contextlib.suppress(Refusal):
        taken = content.parse(msg_type, json.dumps(value), AROUND)
        readable.plain(msg_type, taken.value)


@given(
    st.sampled_from(["text", "post", "image", "interactive", "share_chat", "poem"]),
    st.dictionaries(st.sampled_from(["content", "card", "sign"]), nonsense),
)
def test_any_post_of_a_robot_is_taken_or_refused(msg_type: str, body: Any) -> None:
    with contextlib.suppress(Refusal):
        robots.parse(msg_type, body, AROUND)
