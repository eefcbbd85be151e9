"""A refusal says what, where and why, and leads on: in both languages."""

from __future__ import annotations

import re

import pytest

from handlers.commands import router
from handlers.errors import UserError, words_of
from handlers.language.catalogues import say
from handlers.refusals import told
from tests.handlers.table import rows
from tests.handlers.talk import Talk, context

ASKED = context()


def refusal(line: str) -> UserError:
    """What whoever types *line* is told."""
    try:
        router.read(line, ASKED)
    except UserError as exc:
        return told(router, exc, line, ASKED)
    raise AssertionError(f"{line!r} was read")


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("/sub add finacne.refund", "/sub add ▸finacne.refund◂"),
        ("sub add refund vai chat", "sub add refund ▸vai◂ chat"),
        (
            "／sub　add　“finance.refnd” via chat",
            "／sub add ▸“finance.refnd”◂ via chat",
        ),
        ("请帮我订阅 退宽 谢谢", "请帮我订阅 ▸退宽◂ 谢谢"),
        ("订阅退款通过短新", "订阅▸退款通过短新◂"),
        (
            "/sub add refund to @_user_2 and @nobody",
            "/sub add refund to @Lin and ▸@nobody◂",
        ),
        ("/mute until 9", "/mute ▸until 9◂"),
        ("工作日 10点到8点 免打扰", "工作日 ▸10点到8点◂ 免打扰"),
        ("/dnd add 22:00-08:00 23:00-07:00", "/dnd add 22:00-08:00 ▸23:00-07:00◂"),
        ("/mute 2h type=refund", "/mute 2h ▸type=refund◂"),
        # A gap at the end is where something is missing.
        ("/sub add refund via", "/sub add refund via ▸…◂"),
        ("/sub add refund to", "/sub add refund to ▸…◂"),
        # Of a long line the part beside the word is shown, of a long word a part.
        (
            "/sub add product.alarm severity>=warning via chat whatevr to me",
            "…severity>=warning via chat ▸whatevr◂ to me",
        ),
        ("/sub add " + "x" * 90, "/sub add ▸" + "x" * 39 + "…◂"),
        # One word says no more than the words do.
        ("hlep", ""),
        ("/hlep", ""),
        # Whatever is nobody's business is not said again.
        ("/verify 48291 for bbo", ""),
        ("/contact ad wei@example.com", ""),
        ("/recipients ad wei@example.com for refund", ""),
        ("/recipients add +6580000000 for refnd", ""),
        ("/robot set ops-room secert abcdefgh", ""),
        ("/robt add x https://open.feishu.cn/open-apis/bot/v2/hook/abc-def", ""),
        # All of it was read: what is missing is said in words.
        ("/sub add", ""),
        ("/sub add via chat", ""),
    ],
)
def test_a_refusal_marks_the_word_where_reading_stopped(line, where):
    assert refusal(line).where == where


@pytest.mark.parametrize(
    "line", ["/sub add finance.refund via chat", "订阅退款", "mute 2h because x"]
)
def test_a_marked_line_is_read_as_the_line(line):
    for at in range(len(line)):
        marked = f"{line[:at]}▸{line[at:]}◂"
        assert router.read(marked, ASKED)[1] == router.read(line, ASKED)[1]


def test_every_refusal_is_short_and_leads_on_in_both_languages():
    refused = [
        refusal(row.typed)
        for name in ("utterances.tsv", "outsider.tsv")
        for row in rows(name)
        if row.refused and not row.direct
    ]
    english = [str(words_of(each)) for each in refused]
    chinese = [say(words_of(each), "zh") for each in refused]

    assert [
        each for each in english if not re.fullmatch(r"[^!]{10,140}[.?”]", each)
    ] == []
    assert [
        each for each in chinese if not re.fullmatch(r"[^！]{5,90}[。？”]", each)
    ] == []
    assert [each for each in chinese if not re.search("[一-鿿]", each)] == []
    assert [words_of(each) for each in refused if not each.choices] == []
    assert [each.where for each in refused if len(each.where) > 110] == []
    assert len(refused) >= 150


async def test_what_was_understood_and_cannot_be_done_leads_on_too(wei: Talk):
    await wei.say("/sub add refund")
    asked = {
        "/undo 99": ("/help undo",),
        "/audit page 9": ("/audit",),
        "/export yaml page 9": ("/export yaml",),
        "/inbox M9": ("/inbox unread",),
        "/dnd reset nights": (),
    }

    assert {line: (await wei.refused(line)).choices for line in asked} == asked
