"""The places of a line for what a robot takes and how it speaks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.errors import Misunderstood, UserError
from handlers.language.cursor import Cursor
from handlers.language.lexicon import OPTIONS
from handlers.language.slots import One, Slot
from handlers.robot.requests import Settings
from store.wording import _

#: Lark takes up to ten keywords; so do we.
MOST_WORDS = 10
LONGEST_WORD = 100
MOST_PER_HOUR = 10_000

_NONE = frozenset({"none", "no", "nothing", "无", "空"})
_ALL = frozenset({"all", "everyone", "everybody", "all users", "yes", "on"})
_ALL_ZH = frozenset({"所有人", "全员", "全部", "大家"})
_NOBODY = _NONE | {"nobody", "off", "no one"}
#: Whether everybody is mentioned, by what is said of it at once.
_NOTIFY: Mapping[str, bool] = {
    **dict.fromkeys(("@all", "@所有人", "提醒所有人", "通知所有人"), True),
    **dict.fromkeys(("不提醒", "不通知", "不提醒所有人", "不@"), False),
}
_NO_CAP = frozenset({"no cap", "unlimited", "without cap", "不限", "不限量", "无上限"})
_RATE = re.compile(r"([0-9]{1,6})/(?:h|hr|hour|小时)")
_NUMBER = re.compile(r"[0-9]{1,6}")
_AN_HOUR = frozenset(
    {"an hour", "per hour", "every hour", "/h", "posts an hour", "posts per hour"}
    | {"messages an hour", "messages per hour", "每小时", "条每小时"}
)

#: What can be typed for them, for suggestions.
SETTING_WORDS: Mapping[str, str] = {
    word: name
    for name in ("keyword", "notify", "allow", "deny", "per_hour")
    for word in OPTIONS[name]
}


class SettingSlots:
    """The places, and what they were filled with."""

    def __init__(self) -> None:
        self.keyword: One[str] = One(_("the keyword"), _keyword, words=SETTING_WORDS)
        self.notify: One[bool] = One(_("whether all are notified"), _notify)
        self.allow: One[tuple[str, ...]] = One(
            _("the allow list"), lambda at: _list(at, "allow")
        )
        self.deny: One[tuple[str, ...]] = One(
            _("the deny list"), lambda at: _list(at, "deny")
        )
        self.per_hour: One[int] = One(_("the cap"), _per_hour)

    @property
    def all(self) -> tuple[Slot, ...]:
        """Return them, for ``fill``."""
        return (self.keyword, self.notify, self.allow, self.deny, self.per_hour)

    def value(self) -> Settings:
        """Return what was said."""
        return Settings(
            keyword=self.keyword.value,
            mention_all=self.notify.value,
            allow=self.allow.value,
            deny=self.deny.value,
            per_hour=self.per_hour.value,
        )


def _keyword(cursor: Cursor) -> str | None:
    if not cursor.option("keyword"):
        return None
    return cursor.value("keyword", _word, "keyword=alert")


def _notify(cursor: Cursor) -> bool | None:
    at_once = cursor.phrase(_NOTIFY)
    if at_once is not None or not cursor.option("notify"):
        return at_once
    return cursor.value("notify", _whom, "notify all, notify none")


def _whom(cursor: Cursor) -> bool | None:
    if cursor.one_of(_ALL | _ALL_ZH):
        return True
    return False if cursor.one_of(_NOBODY) else None


def _list(cursor: Cursor, name: str) -> tuple[str, ...] | None:
    if not cursor.option(name):
        return None
    return cursor.value(name, _words, f'{name}=disk,"out of memory"')


def _words(cursor: Cursor) -> tuple[str, ...] | None:
    """Take words divided by commas; none of them for ``none``."""
    first = _word(cursor)
    if first is None:
        return None
    found = [first]
    while not cursor.done and cursor.here.comma:
        found.append(_word(cursor) or "")
    words = tuple(dict.fromkeys(each for each in found if each))
    if len(words) > MOST_WORDS:
        raise UserError(_("A list has at most {most} words.", most=MOST_WORDS))
    return words


def _word(cursor: Cursor) -> str | None:
    """Take one word, or text in quotes; an empty one for ``none``."""
    if cursor.done:
        return None
    here = cursor.whole()
    cursor.take()
    said = " ".join(here.text.split())
    if not here.quoted and here.word in _NONE:
        return ""
    if len(said) > LONGEST_WORD:
        raise UserError(_("A word has at most {most} characters.", most=LONGEST_WORD))
    return said or None


def _per_hour(cursor: Cursor) -> int | None:
    if cursor.one_of(_NO_CAP):
        return 0
    if cursor.option("per_hour"):
        found = cursor.value("per_hour", _count, "per_hour=20, per_hour=none")
        cursor.one_of({"条", "posts", "messages"})
        return found
    if cursor.done:
        return None
    mark = cursor.mark()
    rate = _RATE.fullmatch(cursor.here.word)
    if rate:
        cursor.take()
        return _checked(int(rate.group(1)))
    if _NUMBER.fullmatch(cursor.here.word):
        number = int(cursor.here.word)
        cursor.take()
        if cursor.one_of(_AN_HOUR):
            return _checked(number)
    cursor.back(mark)
    return None


def _count(cursor: Cursor) -> int | None:
    if cursor.one_of(_NONE):
        return 0
    rate = None if cursor.done else _RATE.fullmatch(cursor.here.word)
    if rate:
        cursor.take()
        return _checked(int(rate.group(1)))
    number = cursor.number()
    return None if number is None else _checked(number)


def _checked(number: int) -> int:
    if not 1 <= number <= MOST_PER_HOUR:
        raise Misunderstood(
            _(
                "Between 1 and {most} an hour, or per_hour=none. To send nothing, "
                "pause the robot.",
                most=f"{MOST_PER_HOUR:,}",
            )
        )
    return number
