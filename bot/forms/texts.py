"""Text messages: the severity, the title, where from, and the id that people type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.cards.frame import SEVERITIES
from bot.forms.form import Reader
from bot.phones.said import Said
from bot.phones.segments import cut, fits, plain
from handlers.language.catalogues import say
from handlers.rules.digest import Digest
from store.values import Notification, Status
from store.wording import Text, _, commas

_LONGEST_NAME = 30


class Texts:
    """Messages of at most two segments."""

    def alert(
        self, notification: Notification, *, reader: Reader, now: datetime
    ) -> str:
        """Return one notification: ``Critical: Disk full (prometheus, Alarm) M7``."""
        severity: str = SEVERITIES[notification.severity]
        if notification.status is Status.RESOLVED:
            severity = _("Resolved")
        source = plain(notification.source, most=_LONGEST_NAME)
        kind = plain(reader.type_title(notification.type), most=_LONGEST_NAME)

        def put(title: str) -> str:
            said = _(
                "{severity}: {title} ({source}, {type}) {id}",
                severity=severity,
                title=title,
                source=source,
                type=kind,
                id=notification.short,
            )
            return say(said, reader.locale)

        title = shortened(plain(notification.title), put)
        return Said(
            text=put(title),
            severity=say(severity, reader.locale),
            title=title,
            source=source,
            type=kind,
            id=notification.short,
            locale=reader.locale,
        ).written()

    def digest(
        self, digest: Digest, *, headline: str, reader: Reader, now: datetime
    ) -> str:
        """Return many notifications: how many of what, and the first titles."""
        counts = commas([_count(word, n) for word, n in _by_severity(digest)])
        titles = [plain(line.title, most=60) for line in digest.lines]

        def put(titles: str) -> str:
            said = _(
                "{headline}: {counts}. {titles}",
                headline=headline,
                counts=counts,
                titles=titles,
            )
            return say(said, reader.locale).rstrip()

        title = shortened(plain("; ".join(titles)), put)
        return Said(text=put(title), title=title, locale=reader.locale).written()


def shortened(title: str, put: Callable[[str], str]) -> str:
    """Return as much of *title* as fits into two segments with what *put* adds."""
    most = len(title)
    while most > 0 and not fits(put(cut(title, most))):
        most -= 1
    return cut(title, most)


def _by_severity(digest: Digest) -> list[tuple[Text, int]]:
    return [(SEVERITIES[severity], count) for severity, count in digest.by_severity]


def _count(word: Text, count: int) -> Text:
    return _("{count} {severity}", count=count, severity=word)
