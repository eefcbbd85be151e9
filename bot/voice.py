"""How messages are put: the language, the zone, and the card of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson

from bot.cards.alert import alert_card, alert_post
from bot.cards.digest import digest_card, digest_post
from bot.cards.notice import notice_card, notice_post
from bot.cards.reply import reply_card
from handlers.reply import Button, Reply
from handlers.rules.digest import Digest, Occasion
from handlers.rules.types import Types
from store.directory import Robot
from store.values import Json, Notification, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Turns values into the bytes that Lark gets. The same values, the same bytes."""

    types: Types
    locale: str = "en"
    zone: str = "Asia/Shanghai"

    def alert(
        self, notification: Notification, *, robot: Robot | None, now: datetime
    ) -> str:
        """Return one notification, as a card or as a robot's post."""
        title = self._type_title(notification.type)
        if robot is not None:
            return _written(
                alert_post(
                    notification,
                    zone=self.zone,
                    locale=self.locale,
                    type_title=title,
                    now=now,
                    keyword=robot.keyword,
                    mention_all=robot.mention_all,
                )
            )
        return _written(
            alert_card(
                notification,
                zone=self.zone,
                locale=self.locale,
                type_title=title,
                now=now,
                buttons=(Button("Why", f"/why {notification.short}"),),
            )
        )

    def digest(self, digest: Digest, *, held_by: str, robot: Robot | None) -> str:
        """Return many notifications as one card, or as one robot's post.

        *held_by* is the rule that kept them, in words; empty in a storm.
        """
        headline = _HEADLINES[self.locale, digest.occasion].format(
            count=digest.messages, rule=held_by
        )
        if robot is not None:
            return _written(
                digest_post(
                    digest,
                    headline=headline,
                    zone=self.zone,
                    locale=self.locale,
                    type_title=self._type_title,
                    keyword=robot.keyword,
                    mention_all=robot.mention_all and _is_urgent(digest),
                )
            )
        return _written(
            digest_card(
                digest,
                headline=headline,
                zone=self.zone,
                locale=self.locale,
                type_title=self._type_title,
            )
        )

    def reply(self, reply: Reply) -> str:
        """Return the answer to a line."""
        return _written(reply_card(reply, locale=self.locale))

    def notice(self, title: str, *lines: str, robot: bool = False) -> str:
        """Return what we say of our own accord."""
        if robot:
            return _written(notice_post(title, lines, locale=self.locale))
        return _written(notice_card(title, lines, locale=self.locale))

    def _type_title(self, type_id: str) -> str:
        known = self.types.get(type_id)
        return known.title_zh if self.locale == "zh" else known.title_en


_HEADLINES = {
    ("en", Occasion.HELD): "Held back: {rule}",
    ("en", Occasion.STORM): "{count:,} messages at once",
    ("en", Occasion.CRITICALS): "{count:,} critical messages at once",
    ("zh", Occasion.HELD): "暂存的消息：{rule}",
    ("zh", Occasion.STORM): "同时到达 {count:,} 条消息",
    ("zh", Occasion.CRITICALS): "同时到达 {count:,} 条严重消息",
}


def _is_urgent(digest: Digest) -> bool:
    """Whether it is worth everybody's attention: many small things are not."""
    return any(severity is Severity.CRITICAL for severity, _ in digest.by_severity)


def _written(card: Json) -> str:
    return orjson.dumps(card).decode()
