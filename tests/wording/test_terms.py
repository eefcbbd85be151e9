"""The Chinese keeps to one word for each thing, and to Chinese typography."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.wording.sources import catalogue, messages, templates

#: What is not said, and what is said for it.
OTHER_WORDS = {
    r"您": "你",
    r"[！!]": "。",
    r"私聊": "单聊 (the chat), 私信 (the channel)",
    r"人员组": "用户组",
    r"租户": "企业",
    r"勿扰模式|请勿打扰": "免打扰",
    r"(?<!系统)(?<!群)(?<!Larkbell 的)管理员": "系统管理员, or 群管理员 of a group",
    r"(?<![\w./{])webhook(?![\w.}])": "Webhook",
    r"点名": "指定",
}
_HAN = "\u4e00-\u9fff"
#: Half-width punctuation beside Chinese, and Latin words that stick to it.
SLIPS = (
    rf"[{_HAN}][,;:?]",
    rf"[,;?][{_HAN}]",
    rf"[{_HAN}][A-Za-z]",
    rf"[A-Za-z][{_HAN}]",
    r"[，。；：？！、（）] | [，。；：？！、（）]",
    r"\.\.\.",
)


@cache
def _said() -> list[str]:
    return sorted(
        {
            form
            for part in templates()
            for message in messages(catalogue(part, "zh"))
            for form in (
                message.string
                if isinstance(message.string, tuple)
                else (str(message.string),)
            )
        }
    )


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_one_thing_has_one_word(word: str) -> None:
    assert [each for each in _said() if re.search(word, each)] == []


@pytest.mark.parametrize("slip", SLIPS)
def test_punctuation_and_spaces_are_those_of_chinese(slip: str) -> None:
    assert [each for each in _said() if re.search(slip, each)] == []
