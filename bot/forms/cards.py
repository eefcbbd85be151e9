"""Cards by the app: in a group, and to one person."""

from __future__ import annotations

from datetime import datetime

import orjson

from bot.cards.alert import alert_card
from bot.cards.digest import digest_card
from bot.forms.form import Reader
from handlers.reply import Button
from handlers.rules.digest import Digest
from store.values import Notification
from store.wording import _


class Cards:
    """Messages as cards with buttons."""

    def alert(
        self, notification: Notification, *, reader: Reader, now: datetime
    ) -> str:
        """Return one notification as a card."""
        made = alert_card(
            notification,
            zone=reader.zone,
            locale=reader.locale,
            type_title=reader.type_title(notification.type),
            now=now,
            own_clock=reader.own_clock,
            buttons=(Button(_("Why"), f"/why {notification.short}"),),
        )
        return orjson.dumps(made).decode()

    def digest(
        self, digest: Digest, *, headline: str, reader: Reader, now: datetime
    ) -> str:
        """Return many notifications as one card."""
        made = digest_card(
            digest,
            headline=headline,
            zone=reader.zone,
            locale=reader.locale,
            type_title=reader.type_title,
        )
        return orjson.dumps(made).decode()
