"""How messages are put: the language, the zone, and the form of each channel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import orjson

from bot.cards.notice import notice_card, notice_post
from bot.cards.reply import reply_card
from bot.forms import FORMS
from bot.forms.form import Form, Reader
from handlers.language.catalogues import say
from handlers.reply import Reply
from handlers.rules.digest import Digest, Occasion
from handlers.rules.types import Types
from store.lanes import Lane
from store.preferences import Preferences
from store.robots import Robot
from store.values import Channel, Json, Kind, Notification
from store.wording import Text, _, _n


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Turns values into the bytes that go out. The same values, the same bytes."""

    types: Types
    locale: str = "en"
    zone: str = "Asia/Shanghai"
    zone_chosen: bool = False

    def to(self, reader: Preferences) -> Voice:
        """Return the voice for somebody who chose so."""
        return replace(
            self,
            locale=reader.locale or self.locale,
            zone=reader.zone or self.zone,
            zone_chosen=self.zone_chosen or reader.zone is not None,
        )

    def alert(
        self,
        notification: Notification,
        *,
        lane: Lane,
        robot: Robot | None = None,
        now: datetime,
    ) -> str:
        """Return one notification as the channel of *lane* sends it."""
        reader = self._reader(robot)
        if lane.channel is Channel.DM and not self.zone_chosen:
            reader = replace(reader, own_clock=True)
        return _form(lane).alert(notification, reader=reader, now=now)

    def digest(
        self,
        digest: Digest,
        *,
        held_by: str,
        lane: Lane,
        robot: Robot | None = None,
        now: datetime,
    ) -> str:
        """Return many notifications as one message of the channel of *lane*.

        *held_by* is the rule that kept them, in words; empty in a storm.
        """
        reader = self._reader(robot)
        headline = say(_headline(digest, held_by), reader.locale)
        form = _form(lane)
        return form.digest(digest, headline=headline, reader=reader, now=now)

    def reply(self, reply: Reply) -> str:
        """Return the answer to a line."""
        return _written(reply_card(reply, locale=self.locale))

    def notice(self, title: str, *lines: str, robot: bool = False) -> str:
        """Return what we say of our own accord."""
        if robot:
            return _written(notice_post(title, lines, locale=self.locale))
        return _written(notice_card(title, lines, locale=self.locale))

    def _reader(self, robot: Robot | None) -> Reader:
        return Reader(
            locale=self.locale,
            zone=self.zone,
            type_title=self._type_title,
            robot=robot,
        )

    def _type_title(self, type_id: str) -> str:
        known = self.types.get(type_id)
        return known.title_zh if self.locale == "zh" else known.title_en


_BY_APP = (Kind.CHAT, Channel.CHAT)


def _headline(digest: Digest, held_by: str) -> Text:
    """Return why they come together."""
    match digest.occasion:
        case Occasion.HELD:
            return _("Held back: {rule}", rule=held_by)
        case Occasion.SCHEDULED:
            return _("Digest: {rule}", rule=held_by)
        case Occasion.STORM:
            return _n("1 message at once", "{count} messages at once", digest.messages)
        case Occasion.CRITICALS:
            return _n(
                "1 critical message at once",
                "{count} critical messages at once",
                digest.messages,
            )


def _form(lane: Lane) -> Form:
    # A lane that no channel serves any more is parked when it comes to sending.
    return FORMS.get((lane.destination.kind, lane.channel), FORMS[_BY_APP])


def _written(card: Json) -> str:
    return orjson.dumps(card).decode()
