"""How a line falls into words."""

from __future__ import annotations

import pytest

from handlers.language.tokens import read_line


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/sub add finance.*", ["/sub", "add", "finance.*"]),
        ("a,b, c", ["a", "b", "c"]),
        ('x "a b" c', ["x", '"a b"', "c"]),
        ('title="a b",c', ['title="a b"', "c"]),
        ("severity >= warning", ["severity>=warning"]),
        ('"a >= b" x', ['"a >= b"', "x"]),
        ("product： cvm", ["product:", "cvm"]),
        ("/dnd off!", ["/dnd", "off"]),
        ("/dnd off。", ["/dnd", "off"]),
        ("免打扰22:00到08:00工作日", ["免打扰", "22:00", "到", "08:00", "工作日"]),
        ("静音2小时", ["静音", "2", "小时"]),
        ("下周一9:00", ["下周一", "9:00"]),
        ("余额预警", ["余额预警"]),
        ("取消订阅余额预警", ["取消订阅余额预警"]),
        ("小明天", ["小明天"]),
        ("product=每天", ["product=每天"]),
    ],
)
def test_a_line_falls_into_words(line, words):
    assert [token.raw for token in read_line(line).tokens] == words


def test_a_token_knows_what_stands_before_it():
    tokens = read_line("a,b, c d").tokens

    assert [(token.comma, token.tight) for token in tokens] == [
        (False, False),
        (True, True),
        (True, False),
        (False, False),
    ]


def test_a_quoted_token_compares_with_no_word():
    token = read_line('x "Add"').tokens[1]

    assert (token.quoted, token.text, token.word) == (True, "Add", "")
