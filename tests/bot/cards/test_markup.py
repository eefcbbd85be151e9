"""Bodies keep what they look like, and lose what they could do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.markup import Block, blocks
from tests.bot.cards.reading import NASTY, assert_harmless


def shown(body: str) -> str | None:
    """Return the markdown of a body that is one block."""
    (block,) = blocks(body)
    return block.markdown


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("**web-1** for 5 min", "**web-1** for 5 min"),
        ("*slow*, see `top -b`", "*slow*, see `top -b`"),
        ("_slow_ and ***both***", "*slow* and ***both***"),
        ("实例**web-1**异常", "实例 **web-1** 异常"),
        ("**one\ntwo**\nthree", "**one**<br>**two**<br>three"),
        (
            "[run book](https://example.com/a_(b))",
            "[run book](https://example.com/a_%28b%29)",
        ),
        (
            "see https://example.com/a_b.",
            "see [https://example.com/a&#95;b](https://example.com/a_b).",
        ),
        ("# Disk\n\n`sda1` is full", "**Disk**\n\n`sda1` is full"),
        ("- **a**\n- b\n    1. c", "- **a**\n- b\n    1. c"),
        ("3. `x`\n4. y", "3. `x`\n4. y"),
        ("```sh\nrm -rf *\n```", "```sh\nrm -rf *\n```"),
    ],
)
def test_what_is_safe_looks_as_it_was_meant(written: str, expected: str) -> None:
    assert shown(written) == expected


@pytest.mark.parametrize(
    "body",
    [
        "plain words, 90 % < 95 %",
        "in /app/__init__.py, *.log and *.tmp",
        "rate(5m)*100*2 and a_b_c",
        "- one\n- two",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "> quoted",
        "C:\\temp\\*.log",
        "one\n    two\n\nthree",
        "````\n```\n# out of the code\n````",
        "[see](javascript:alert(1))",
        "![image]",
    ],
)
def test_what_has_no_style_stays_plain_to_the_letter(body: str) -> None:
    assert blocks(body) == (Block(body),)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("**a** <at id=all></at>", "**a** ‹at id=all›‹/at›"),
        ("**a** &lt;at id=all&gt;", "**a** ‹at id=all›"),
        ("**a** <&#8203;at id=all>", "**a** ‹at id=all&#62;"),
        ("<**at** id=all>", "‹**at** id=all›"),
        ("**a** <`at id=all>`", "**a** ‹`at id=all›`"),
        ("**a** 1 < 2 -> b", "**a** 1 &#60; 2 -&#62; b"),
        ("`<at id=all>`", "`‹at id=all›`"),
        ("```\n<at id=all>\n```", "```\n‹at id=all›\n```"),
        ("`a` and `` b ` c ``", "`a` and b &#96; c"),
        ("[<at id=all>](https://a.example)", "[‹at id=all›](https://a.example)"),
        ("**a** :DONE: at 10:30:45", "**a** &#58;DONE&#58; at 10:30:45"),
        ("**a** ~~b~~ c|d", "**a** &#126;&#126;b&#126;&#126; c&#124;d"),
        ("**a** [b](javascript:x)", "**a** &#91;b&#93;(javascript:x)"),
        ("**a** ![b](https://a.example/c)", "**a** &#33;[b](https://a.example/c)"),
        ("\\# **a**", "&#35; **a**"),
        ("1\\. **a**", "1&#46; **a**"),
        ("**a**\n---", "**a**<br>---"),
        (
            "[https://bank.example](https://evil.example)",
            "https://bank.example [https://evil.example](https://evil.example)",
        ),
        ("**see** https://a@evil.example/", "**see** https://a@evil.example/"),
    ],
)
def test_what_could_act_is_only_seen(written: str, expected: str) -> None:
    assert shown(written) == expected


def test_plain_and_formatted_stretches_keep_their_order() -> None:
    body = "first line\nsecond_line\n\n**bold**\n\n`code`\n\nlast line"

    assert blocks(body) == (
        Block("first line\nsecond_line"),
        Block("**bold**\n\n`code`", "**bold**\n\n`code`"),
        Block("last line"),
    )


def test_a_body_of_many_stretches_is_shown_plain() -> None:
    body = "\n\n".join(["plain", "**bold**"] * 30)

    assert blocks(body) == (Block(body),)


@pytest.mark.parametrize("body", ["", " \n\t\n", "\x00", "\u200b\n"])
def test_an_empty_body_shows_nothing(body: str) -> None:
    assert blocks(body) == ()


@pytest.mark.parametrize(
    "piece", ["[", "*a **b ", "[a](", "a.", "`", "- ", "# a\n", "*"]
)
def test_sixteen_thousand_hostile_signs_are_read(piece: str) -> None:
    body = piece * (16_384 // len(piece))

    assert blocks(f"**a** {body}") != ()


@given(NASTY | st.text(alphabet="*_`[]()<>!#-+=|~:&\\ \nab1."))
def test_no_body_makes_more_than_emphasis_code_lists_and_links(body: str) -> None:
    for block in blocks(body):
        if block.markdown is not None:
            assert_harmless(block.markdown)


@given(NASTY | st.text(max_size=200))
def test_no_plain_stretch_loses_a_word(body: str) -> None:
    shown = " ".join(block.source for block in blocks(body))

    assert all(
        word in shown for word in body.split() if word.isascii() and word.isalnum()
    )
