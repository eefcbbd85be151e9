from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.markdown import flat, without_mentions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("**CPU** is *high* on `web-1`", "CPU is high on web-1"),
        ("5 * 3 * 2 = 30", "5 * 3 * 2 = 30"),
        ("snake_case_name and _em_", "snake_case_name and em"),
        ("~~gone~~ __bold__", "gone bold"),
        ("# Head\n## Sub\n> quote\n- item", "Head\nSub\nquote\n- item"),
        ("a\n---\nb", "a\nb"),
        ("```py\nx = 1\n```\nend", "x = 1\nend"),
        ("[docs](https://a.b)", "docs (https://a.b)"),
        ("[https://a.b](https://a.b)", "https://a.b"),
        ("![chart](img_1)", "chart"),
        ("<font color='red'>red</font> <b>bold</b>", "red bold"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<a href='https://x.y'>X</a>.", "X (https://x.y)."),
        ("<link icon='i' url='https://z'>Z</link>", "Z (https://z)"),
        ("<text_tag color='red'>P1</text_tag>", "P1"),
        ("<person id='ou_x' style='normal'></person>hi", "hi"),
        ("<at id=all></at>go", "go"),
        ('<at id="ou_x">Tom</at> go', "@Tom go"),
        ("a < b > c <unknown>", "a < b > c <unknown>"),
        ("&lt;b&gt; &#42;x&#42;", "<b> *x*"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_markdown_says_the_same_without_its_marks(text: str, said: str):
    assert flat(text) == said


marks = st.text(alphabet="*_~`<>[]()!#at /=idlnk\n", max_size=60)


@given(marks)
def test_any_marks_are_read(text: str):
    assert "<at " not in without_mentions(text) or ">" not in text.split("<at ", 1)[1]
    assert len(flat(text)) <= len(text) + 8


# A pattern that goes back and forth would take minutes over these.
@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "unit",
    [
        *("<at ", "<at>", "*", "* a", "*a ", "[", "<a href=x ", "_a", "`", "> "),
        *("~~~", "#", "&", "<font ", "![", "](", "<a b", "\n", " "),
    ],
)
def test_the_longest_text_is_read_at_once(unit: str):
    assert isinstance(flat(unit * (400_000 // len(unit))), str)
