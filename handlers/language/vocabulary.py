"""What a Chinese word without blanks may be cut into: all words that we know."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from handlers.language.lexicon import (
    AND,
    CHANNELS,
    DAY_WORDS,
    DEFAULT,
    DND,
    EVERYTHING,
    EXCEPT_CRITICAL,
    FROM,
    HEADS,
    HERE,
    INCLUDING_CRITICAL,
    ME,
    NO_FILTER,
    OPTIONS,
    RECIPIENTS,
    SEVERITIES,
    SEVERITY_PHRASES,
    THIS,
    VERBS,
    WEEKDAYS,
    WEEKLY,
    WHOLE_DAY,
)
from handlers.language.sayings import (
    ARTICLES,
    ASIDE,
    BECOMES,
    BEFORE_NOUN,
    BEHIND_NOUN,
    COMING,
    POLITE,
    THANKS,
)
from handlers.rules.types import CATEGORIES, Types

if TYPE_CHECKING:
    from handlers.context import Context


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


_TIME = _words(
    "上午|早上|早晨|清晨|早|凌晨|中午|下午|傍晚|晚上|晚|夜里|夜间|半夜|深夜|午夜|零点|"
    "昨天|昨日|前天|前日|今天|今日|今晚|今早|明天|明日|明早|明晚|后天|后日|大后天|次日|第二天|隔天|"
    "点|点钟|点整|时|分|半|一刻|三刻|刻钟|以来|以内|之内|内|小时|个小时|钟头|个钟头|分钟|天|周|星期|个星期|"
    "到|至|直到|从|自|为止|止|之前|以前|前|下|下个|本|这|下周|本周|这周|年|月|日|号|"
    "第|条|个|零|一|二|两|三|四|五|六|七|八|九|十|和"
)

CHINESE: frozenset[str] = frozenset(
    word
    for words in (
        HEADS,
        POLITE,
        THANKS,
        ASIDE,
        ARTICLES,
        BEFORE_NOUN,
        BEHIND_NOUN,
        BECOMES,
        COMING,
        VERBS,
        CHANNELS,
        SEVERITIES,
        SEVERITY_PHRASES,
        EVERYTHING,
        *OPTIONS.values(),
        WHOLE_DAY,
        HERE,
        THIS,
        ME,
        FROM,
        AND,
        DND,
        RECIPIENTS,
        DEFAULT,
        NO_FILTER,
        EXCEPT_CRITICAL,
        INCLUDING_CRITICAL,
        WEEKDAYS,
        DAY_WORDS,
        WEEKLY,
        _TIME,
    )
    for word in words
    if not word.isascii()
) | {
    f"{week}{day}"
    for week in ("下", "本", "这", "下个", "上", "上个")
    for day in WEEKDAYS
    if not day.isascii()
}


def words_here(context: Context) -> frozenset[str]:
    """Return the Chinese titles of types, and the names that a line may say here.

    A name is one word, whatever it is made of.
    """
    names = context.names
    known = (*names.robots, *names.people, *names.groups, *names.chats)
    return _titles(context.types) | {
        name.casefold() for name in known if not name.isascii()
    }


@lru_cache(maxsize=8)
def _titles(types: Types) -> frozenset[str]:
    titles = [title for each in types for title in each.titles]
    titles += [title for each in CATEGORIES.values() for title in each.titles]
    return frozenset(title.casefold() for title in titles if not title.isascii())
