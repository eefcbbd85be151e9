"""What keyboards do to a command, undone; and what people quote, left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.errors import Misunderstood
from handlers.language.text import LONGEST, Mention, clean, quoted, unquoted

WEI = Mention("@_user_2", "ou_wei", "Wei")
MANY = Mention("@_user_21", "ou_many", "Many")
US = Mention("@_user_1", "ou_us", "Larkbell", us=True)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("／ｓｕｂ　ａｄｄ", "/sub add"),
        ("sub\u00a0add", "sub add"),
        ("/s\u200bub\ufeff add", "/sub add"),
        ("22：00—08：00", "22:00-08:00"),
        ("22:00－08:00", "22:00-08:00"),
        ("22:00～08:00", "22:00~08:00"),
        ("22:00〜08:00", "22:00~08:00"),
        ("finance。refund", "finance.refund"),
        ("a、b，c；d", "a,b,c,d"),
        ("severity≥warning", "severity>=warning"),
        ("severity＞＝warning", "severity>=warning"),
        ("（a or b）", "(a or b)"),
        ("product＝cvm", "product=cvm"),
        ("x “refund”", 'x "refund"'),
        ("x ”refund“", 'x "refund"'),
        ("x „refund“", 'x "refund"'),
        ("x 「refund」", 'x "refund"'),
        ("《余额预警》 x", '"余额预警" x'),
        ("x ‘refund’", 'x "refund"'),
        ("x `refund`", 'x "refund"'),
        ("don't", "don't"),
        ("don’t", "don't"),
        ("caf\u0065\u0301", "café"),
        ("[finance.refund](http://finance.refund)", "finance.refund"),
        ("[a](http://b)", "[a](http://b)"),
        ("a\nb\tc", "a b c"),
        ("a\x00b", "ab"),
    ],
)
def test_what_keyboards_do_is_undone(typed, read):
    assert clean(typed).text == read


def test_text_in_quotes_stays_as_written():
    assert (
        clean("x “ＡＢＣ　—  \u200b。‘it’s’”").text == 'x "ＡＢＣ　—  \u200b。‘it’s’"'
    )


def test_quotes_in_quotes_are_escaped():
    assert clean('x 「say "hi"」').text == 'x "say \\"hi\\""'
    assert clean('x "say \\"hi\\""').text == 'x "say \\"hi\\""'


@pytest.mark.parametrize(
    "line", ['"/dnd off"', "“/dnd off”", "`/dnd off`", "'/dnd off'"]
)
def test_a_line_that_is_quoted_whole_is_taken_out_of_its_quotes(line):
    assert clean(line).text == "/dnd off"


def test_mentions_become_whom_they_mean():
    line = clean("@_user_1 /sub add x to @_user_2,@_user_21", (US, WEI, MANY))

    assert line.text.split() == [
        "/sub",
        "add",
        "x",
        "to",
        "person:ou_wei",
        ",",
        "person:ou_many",
    ]


def test_what_was_typed_can_be_had_unchanged():
    line = clean("／mute　2h　because　Ａ—ｂ　@_user_2", (WEI,))
    start = line.text.index("A-b")

    assert line.as_typed(start, len(line.text)) == "Ａ—ｂ　@Wei"


def test_a_name_cannot_write_commands():
    sly = Mention("@_user_2", "ou_sly", '" /dnd off "')

    assert clean("/x @_user_2", (sly,)).text.split() == ["/x", "person:ou_sly"]
    assert clean('/x "hi @_user_2"', (sly,)).text == '/x "hi @\\" /dnd off \\""'


def test_a_quote_that_never_closes_is_asked_about():
    with pytest.raises(Misunderstood) as caught:
        clean("/sub add “finance.refund")

    assert caught.value.choices == ('/sub add “finance.refund"',)


def test_a_line_that_is_too_long_is_refused():
    with pytest.raises(Misunderstood):
        clean("x" * (LONGEST + 1))


@given(st.text())
def test_quoting_is_undone_exactly(text):
    assert unquoted(quoted(text)) == text


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        line = clean(text, (US, WEI, MANY))
    except Misunderstood:
        return
    assert len(line.origins) == len(line.text) + 1
    assert list(line.origins) == sorted(line.origins)
