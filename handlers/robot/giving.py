"""The places of a line for a webhook and its secret: taken as they were typed."""

from __future__ import annotations

import re

from handlers.language.cursor import Cursor
from handlers.language.secrecy import BY_FORM
from handlers.language.slots import One
from handlers.robot.requests import Given
from store.wording import _

ADDRESS = re.compile(r"https?://", re.IGNORECASE)
#: Lark's secrets look like this: behind a webhook such a word can be nothing else.
_BARE_SECRET = re.compile(r"[0-9A-Za-z]{18,}")
_NONE = frozenset({"none", "no", "off", "无", "不要"})


class HookSlots:
    """The places of a webhook and a secret."""

    def __init__(self, *, bare: bool) -> None:
        self.asks = False
        self.webhook: One[str] = One(_("the webhook"), self._webhook)
        self.secret: One[str] = One(_("the secret"), self._secret)
        self.bare: One[str] = One(_("the secret"), self._bare)
        self._takes_bare = bare

    def given(self) -> Given:
        """Return what was said of them."""
        secret = None if self.asks else self.secret.value
        return Given(
            webhook=self.webhook.value,
            secret=self.bare.value if secret is None else secret,
        )

    def _webhook(self, cursor: Cursor) -> str | None:
        named = cursor.option("webhook")
        if cursor.done or not ADDRESS.match(cursor.here.text):
            self.asks = self.asks or (named and cursor.done)
            return None
        return _as_typed(cursor)

    def _secret(self, cursor: Cursor) -> str | None:
        if not cursor.option("secret"):
            return None
        if cursor.done or cursor.here.raw == BY_FORM:
            self.asks = True
            return ""
        if not cursor.here.quoted and cursor.here.word in _NONE:
            cursor.take()
            return ""
        return _as_typed(cursor)

    def _bare(self, cursor: Cursor) -> str | None:
        """A word behind a webhook that looks like one of Lark's secrets."""
        here = cursor.here
        if not self._takes_bare or self.webhook.value is None or here.quoted:
            return None
        return _as_typed(cursor) if _BARE_SECRET.fullmatch(here.raw) else None


def _as_typed(cursor: Cursor) -> str:
    """Take one word as it was typed: nothing of it is folded."""
    here = cursor.here
    if here.quoted:
        cursor.take()
        return here.text
    end = here.end
    cursor.take()
    # What a comma or a sign cut off belongs to it, as long as no blank divides them.
    while not cursor.done and cursor.here.start <= end + 1 and not _blank(cursor, end):
        end = cursor.here.end
        cursor.take()
    return cursor.line.as_typed(here.start, end)


def _blank(cursor: Cursor, end: int) -> bool:
    return cursor.line.text[end : cursor.here.start].isspace()
