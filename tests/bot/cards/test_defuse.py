"""Foreign text can be read, and do nothing else."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import defuse
from tests.bot.cards.reading import NASTY


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<at id=all></at>", "‹at id=all›‹/at›"),
        ('<at user_id="all">all</at>', '‹at user_id="all"›all‹/at›'),
        ("＜at id=all＞", "‹at id=all›"),
        ("&lt;at id=all&gt;", "‹at id=all›"),
        ("&amp;lt;at id=all>", "‹at id=all›"),
        ("&#60;at id=all", "‹at id=all"),
        ("<\u200bat id=all>", "‹at id=all›"),
        ("<\u200d\u200dat id=all>", "‹at id=all›"),
        ("a < b and c > d", "a < b and c > d"),
        ("List<String>", "List‹String›"),
        ("<https://example.com/a>", "https://example.com/a"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\x1b[31mred\x1b[0m\x07", "red"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("one\n\n \n\n\ntwo", "one\n\ntwo"),
        ("half \ud800", "half \ufffd"),
        ("👨‍👩‍👧 नमस्ते", "👨‍👩‍👧 नमस्ते"),
        ("**bold** _x_ `y` [z](w)", "**bold** _x_ `y` [z](w)"),
    ],
)
def test_text_is_shown_as_it_was_but_for_what_acts(written: str, shown: str) -> None:
    assert defuse.plain(written) == shown


@given(NASTY | st.text())
def test_no_text_keeps_a_tag_or_an_unseen_sign(text: str) -> None:
    shown = defuse.plain(text)

    assert not re.search(r"<[a-zA-Z/!?]", unicodedata.normalize("NFKC", shown))
    assert not re.search(
        "[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown
    )
    assert {sign for sign in shown if unicodedata.category(sign) == "Cc"} <= {"\n"}


@given(NASTY | st.text())
def test_what_is_defused_stays_as_it_is(text: str) -> None:
    shown = defuse.plain(text)

    assert defuse.plain(shown) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  two\n words\t", "two words"),
        ("abcdefghij", "abcdefghij"),
        ("abcdefghijk", "abcdefghi…"),
        ("abcdefgh ijk", "abcdefgh…"),
        ("ab" + " " * 100 + "c", "ab…"),
        ("   ", ""),
    ],
)
def test_a_line_is_one_line_and_shows_where_it_was_cut(
    written: str, shown: str
) -> None:
    assert defuse.line(written, most=10) == shown


@given(NASTY | st.text(), st.integers(min_value=1, max_value=50))
def test_a_line_is_never_longer_than_asked(text: str, most: int) -> None:
    shown = defuse.line(text, most=most)

    assert len(shown) <= most
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        ("https://grafana.example.com/d/1", "https://grafana.example.com/d/1"),
        ("HTTP://Example.COM:8080/A", "http://example.com:8080/A"),
        (
            "https://h/h?a=(b)&c={d|e}#f[g]",
            "https://h/h?a=%28b%29&c=%7Bd%7Ce%7D#f%5Bg%5D",
        ),
        ("https://x.example/a?b=1&lt;=2", "https://x.example/a?b=1&lt%3B=2"),
        ("http://[::1]:9093/#/alerts", "http://[::1]:9093/#/alerts"),
        ("https://例え.jp/中", "https://xn--r8jz45g.jp/%E4%B8%AD"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("lark://open", None),
        ("//example.com", None),
        ("https:///path", None),
        ("https://example.com@evil.example/", None),
        ("https://user:word@example.com/", None),
        ("https://exa mple.com/", None),
        ("https://good.example\\@evil.example/", None),
        ("https://example.com/\u202egnp", None),
        ("https://example.com:99999/", None),
        ("https://" + "a" * 2_000, None),
        ("", None),
    ],
)
def test_only_plain_web_addresses_are_linked(written: str, opened: str | None) -> None:
    assert defuse.address(written) == opened


@given(NASTY | st.text())
def test_an_address_cannot_end_the_link_it_is_in(text: str) -> None:
    opened = defuse.address("https://example.com/" + text)

    assert opened is None or re.fullmatch(r"https://[!-~]+", opened)
    assert opened is None or not re.search(r"[\s<>()\[\]\"'`*\\]", opened)
