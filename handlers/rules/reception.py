"""What a robot takes: messages with some words and without others, so many an hour.

Pure. The words decide for good: what they stop is never sent there. The cap makes wait,
for an hour at the most, and what waited comes as one digest. It counts criticals, which
do not wait.
"""

from __future__ import annotations

from datetime import datetime

from handlers.rules.terms import fold
from store.posts import HOUR, Reception
from store.robots import Robot
from store.values import Notification, Severity
from store.wording import Text, _, _n, commas


def unwanted(robot: Robot, notification: Notification) -> Text | None:
    """Return which words keep *notification* from *robot*, or ``None``."""
    said = _said(notification)
    for word in robot.deny:
        if fold(word) in said:
            return _("it does not take what says “{word}”", word=word)
    if robot.allow and not any(fold(word) in said for word in robot.allow):
        return _("it takes only what says {words}", words=commas(robot.allow))
    return None


def wanted(robot: Robot, notification: Notification) -> Text:
    """Return which words let *notification* pass."""
    said = _said(notification)
    for word in robot.allow:
        if fold(word) in said:
            return _("it says “{word}”", word=word)
    return _("it says none of {words}", words=commas(robot.deny))


def full_until(
    reception: Reception, notification: Notification, *, now: datetime
) -> datetime | None:
    """Return when there is room for *notification*; ``None`` where there is now.

    Whatever criticals take up, one post of the others is let through within the hour.
    """
    most = reception.robot.per_hour
    if most is None or notification.severity is Severity.CRITICAL:
        return None
    posts = [post for post in reception.posts if now - post.at < HOUR]
    others = [post for post in posts if not post.critical]
    if len(posts) < most or not others:
        return None
    return min(posts[most - 1].at, others[0].at) + HOUR


def cap_words(most: int) -> Text:
    """Return the cap: ``at most 20 posts an hour``."""
    return _n("at most {count} post an hour", "at most {count} posts an hour", most)


def _said(notification: Notification) -> str:
    # The line break keeps a word from standing in neither, but across both.
    return f"{fold(notification.title)}\n{fold(notification.body)}"
