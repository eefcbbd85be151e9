"""Calls: what a machine reads to somebody, shorter still than a text message."""

from __future__ import annotations

from datetime import datetime

from bot.cards.frame import SEVERITIES
from bot.forms.form import Reader
from bot.phones.said import Said
from bot.phones.speech import speakable, spelt
from handlers.language.catalogues import say
from handlers.rules.digest import Digest
from store.values import Notification, Status
from store.wording import _


class Calls:
    """Messages that are listened to: no symbols, an id digit by digit."""

    def alert(
        self, notification: Notification, *, reader: Reader, now: datetime
    ) -> str:
        """Return one notification: ``Critical. Disk full. From prometheus. …``."""
        locale = reader.locale
        severity: str = SEVERITIES[notification.severity]
        if notification.status is Status.RESOLVED:
            severity = _("Resolved")
        title = speakable(notification.title, locale)
        source = speakable(notification.source, locale)
        said = _(
            "{severity}. {title}. From {source}. Message {id}.",
            severity=severity,
            title=title,
            source=source,
            id=spelt(notification.short),
        )
        return Said(
            text=say(said, locale),
            severity=say(severity, locale),
            title=title,
            source=source,
            type=speakable(reader.type_title(notification.type), locale),
            id=spelt(notification.short),
            locale=locale,
        ).written()

    def digest(
        self, digest: Digest, *, headline: str, reader: Reader, now: datetime
    ) -> str:
        """Return many notifications: how many, and the first title."""
        locale = reader.locale
        title = speakable(digest.lines[0].title if digest.lines else "", locale)
        what = speakable(headline, locale)
        said = _("{headline}. The first: {title}.", headline=what, title=title)
        text = say(said, locale) if title else what
        return Said(text=text, title=title, locale=locale).written()
