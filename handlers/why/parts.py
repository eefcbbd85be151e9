"""What a supposed message says: ``severity=critical product=cvm title="disk full"``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.doubts import COMPARED
from handlers.language.lexicon import KEYS, SEVERITIES
from handlers.language.patterns import find_pattern, type_words
from handlers.language.suggestions import nearest
from handlers.language.text import unquoted
from handlers.rules.patterns import matches, valid_id
from handlers.rules.terms import LABEL
from handlers.rules.types import Types
from store.values import Severity, Status
from store.wording import Text, _

T = TypeVar("T")

_PAIR = re.compile(
    r'-*(?P<key>"[^"]+"|[^\s=<>!:,()"]+)(?P<sign>[=:])(?P<value>.*)', re.DOTALL
)
_KEYS: Mapping[str, str] = {
    **KEYS,
    "类型": "type",
    **dict.fromkeys(("正文", "内容"), "body"),
    "指纹": "fingerprint",
    "level": "severity",
}
_STATUSES: Mapping[str, Status | None] = {
    **{str(status): status for status in Status},
    **dict.fromkeys(("告警", "告警中", "触发", "触发中"), Status.FIRING),
    **dict.fromkeys(("恢复", "已恢复"), Status.RESOLVED),
    **dict.fromkeys(("none", "无"), None),
}
#: Severities as cards name them, beside the words of every command.
_SEVERITIES: Mapping[str, Severity] = {
    **SEVERITIES,
    **dict.fromkeys(("通知", "提示"), Severity.INFO),
}
#: What a message has once, beside its labels.
_OWN = ("type", "severity", "title", "body", "source", "status", "fingerprint")


class Parts:
    """The slot for what the message says. Each thing is said once."""

    words: Mapping[str, str] = {f"{key}": f"{key}=" for key in _OWN}

    def __init__(self, types: Types) -> None:
        self.type = self.title = self.body = self.source = self.fingerprint = ""
        self.severity: Severity | None = None
        self.status: Status | None = None
        self.labels: dict[str, str] = {}
        self._types = types
        self._said: set[str] = set()

    def take(self, cursor: Cursor) -> bool:
        """Take one ``key=value``, or text in quotes: a title."""
        if cursor.here.quoted and "title" not in self._said:
            self._said.add("title")
            self.title = cursor.here.text
            cursor.take()
            return True
        _refuse_comparison(cursor)
        match = _PAIR.fullmatch(cursor.here.raw)
        if match is None:
            return False
        key = unquoted(match["key"])
        key = _KEYS.get(key.casefold(), key)
        value = unquoted(match["value"])
        if not match["value"] and len(cursor.ahead(2)) == 2:
            cursor.take()
            value = cursor.here.text
        self._once(key, cursor)
        self._set(key, value, cursor)
        cursor.take()
        if not cursor.done and cursor.here.comma and cursor.here.tight:
            raise Misunderstood(
                _("A message has one value for {key}. Try one at a time.", key=key)
            )
        return True

    def _once(self, key: str, cursor: Cursor) -> None:
        if key.casefold() in self._said:
            raise Misunderstood(_("You gave {what} twice. Give it once.", what=key))
        self._said.add(key.casefold())

    def _set(self, key: str, value: str, cursor: Cursor) -> None:
        match key.casefold():
            case "type":
                self.type = _one_type(value, cursor, self._types)
            case "severity":
                self.severity = _one_of(value, _SEVERITIES, cursor, _SEVERITY)
            case "status":
                self.status = _one_of(value, _STATUSES, cursor, _STATUS)
            case "title" | "body" | "source" | "fingerprint" as part:
                setattr(self, part, value)
            case _:
                self.labels[key.removeprefix(LABEL).removeprefix("label.")] = value


_SEVERITY = _("A severity is info, warning or critical.")
_STATUS = _("A status is firing, resolved or none.")


def read_type(cursor: Cursor, types: Types) -> str | None:
    """Take a type that stands by itself: its slug, or a title in one word."""
    if cursor.done or not cursor.here.word:
        return None
    for count in range(len(cursor.ahead(4)), 0, -1):
        tokens = cursor.ahead(count)
        if not all(each.word for each in tokens) or any(x.comma for x in tokens[1:]):
            continue
        said = cursor.line.text[tokens[0].start : tokens[-1].end]
        found = types.find(said)
        if found is not None:
            cursor.take(count)
            return found.id
    return None


def _one_type(said: str, cursor: Cursor, types: Types) -> str:
    """Return the type that *said* names; one that nobody defined may be meant too."""
    found = types.find(said)
    if found is not None:
        return found.id
    pattern = find_pattern(said, types)
    if pattern is not None:
        under = [each.id for each in types if matches(pattern, each.id)]
        raise Misunderstood(
            _("{pattern} is more than one type. Which one is it?", pattern=pattern),
            choices=tuple(cursor.line_with(f"type={each}") for each in under[:3]),
        )
    near = nearest(said, type_words(types))
    near = [each for each in near if not each.endswith("*")]
    sure = cursor.here.raw.endswith('"')
    if valid_id(said.casefold()) and (sure or not near):
        return said.casefold()
    choices = [cursor.line_with(f"type={each}") for each in near[:2]]
    if valid_id(said.casefold()):
        choices.append(cursor.line_with(f'type="{said.casefold()}"'))
    raise Misunderstood(
        _("There is no message type “{word}”.", word=said), choices=tuple(choices)
    )


def _one_of(said: str, known: Mapping[str, T], cursor: Cursor, problem: Text) -> T:
    word = said.casefold()
    if word in known:
        return known[word]
    near = nearest(said, {each: each for each in known}) or list(known)[:3]
    key = cursor.here.raw.removesuffix(said)
    lines = tuple(cursor.line_with(f"{key}{each}") for each in near)
    raise Misunderstood(problem, choices=lines)


def _refuse_comparison(cursor: Cursor) -> None:
    """A message is something; it is not at least, or not, something."""
    found = COMPARED.match(cursor.here.raw)
    if found is None:
        return
    said = cursor.here.raw
    if found["sign"] in ("=", ":") and not said.startswith("-"):
        return
    plain = f"{found['key']}={said[found.end() :]}"
    raise Misunderstood(
        _("Say what the message has: {such}.", such=plain),
        choices=(cursor.line_with(plain),),
    )
