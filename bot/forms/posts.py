"""Posts by a robot: lighter cards, with the keyword and the mention that it needs."""

from __future__ import annotations

from datetime import datetime

import orjson

from bot.cards.alert import alert_post
from bot.cards.digest import digest_post
from bot.forms.form import Reader
from handlers.rules.digest import Digest
from store.values import Notification, Severity


class Posts:
    """Messages as a robot's posts, not yet signed."""

    def alert(
        self, notification: Notification, *, reader: Reader, now: datetime
    ) -> str:
        """Return one notification as a post."""
        robot = reader.robot
        made = alert_post(
            notification,
            zone=reader.zone,
            locale=reader.locale,
            type_title=reader.type_title(notification.type),
            now=now,
            keyword=robot.keyword if robot else None,
            mention_all=robot is not None and robot.mention_all,
        )
        return orjson.dumps(made).decode()

    def digest(
        self, digest: Digest, *, headline: str, reader: Reader, now: datetime
    ) -> str:
        """Return many notifications as one post."""
        robot = reader.robot
        made = digest_post(
            digest,
            headline=headline,
            zone=reader.zone,
            locale=reader.locale,
            type_title=reader.type_title,
            keyword=robot.keyword if robot else None,
            mention_all=robot is not None and robot.mention_all and _is_urgent(digest),
        )
        return orjson.dumps(made).decode()


def _is_urgent(digest: Digest) -> bool:
    """Whether it is worth everybody's attention: many small things are not."""
    return any(severity is Severity.CRITICAL for severity, _ in digest.by_severity)
