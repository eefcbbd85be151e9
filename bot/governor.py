"""The pace: how far apart posts must be, so that Lark never has to refuse one.

Evenly spaced, at 80 % of Lark's ceilings: then no window, wherever it is measured from,
holds more than the ceiling. Pure: it takes *now* and opens no socket.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.lanes import Lane
from store.values import Channel, Kind

#: The share of Lark's ceilings that we use: other bots and retries need some.
SHARE = 0.8

#: Channels that go through the app, and so share its pace.
BY_APP = frozenset({Channel.DM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Lark's ceilings (Lark docs: "Rate limits"; "Custom bot usage guide")."""

    robot_per_second: float = 5
    robot_per_minute: float = 100
    chat_per_second: float = 5
    person_per_second: float = 5
    app_per_second: float = 50
    app_per_minute: float = 1000


class Governor:
    """Says how long to wait: between two posts of a lane, and before a call by the app.

    A lane's own pace is kept in its row; the app's is kept here. Spaced evenly, it has
    nothing to remember across a restart.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._app_free_at: datetime | None = None

    def interval(self, lane: Lane) -> timedelta:
        """Return how far apart the posts of *lane* must be."""
        limits = self._limits
        match lane.destination.kind:
            case Kind.ROBOT:
                return max(
                    _spacing(limits.robot_per_second),
                    _spacing(limits.robot_per_minute, per=timedelta(minutes=1)),
                )
            case Kind.CHAT:
                return _spacing(limits.chat_per_second)
            case _:
                return _spacing(limits.person_per_second)

    def by_app(self, lane: Lane) -> bool:
        """Whether sending in *lane* is a call by the app."""
        return lane.destination.kind is Kind.CHAT or lane.channel in BY_APP

    def app_wait(self, now: datetime) -> timedelta:
        """Return how long the app must wait before its next call."""
        if self._app_free_at is None or self._app_free_at <= now:
            return timedelta(0)
        return self._app_free_at - now

    def take_app_turn(self, now: datetime) -> timedelta:
        """Take the app's next turn; return how long to wait for it."""
        wait = self.app_wait(now)
        spacing = max(
            _spacing(self._limits.app_per_second),
            _spacing(self._limits.app_per_minute, per=timedelta(minutes=1)),
        )
        self._app_free_at = now + wait + spacing
        return wait

    def close_app(self, until: datetime) -> None:
        """Lark asked the whole app to wait."""
        if self._app_free_at is None or self._app_free_at < until:
            self._app_free_at = until


def _spacing(ceiling: float, *, per: timedelta = timedelta(seconds=1)) -> timedelta:
    return per / (ceiling * SHARE)
