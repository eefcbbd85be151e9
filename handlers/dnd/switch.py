"""Do-not-disturb as a switch for single types: what a cell of the matrix turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.rules.patterns import matches
from store.values import Window


def usual(windows: Sequence[Window]) -> Window | None:
    """Return the window whose hours are the usual ones here, or ``None`` for none.

    The newest that is on, one with hours before one for the whole day.
    """
    on = [each for each in windows if each.enabled]
    return max(on, key=lambda each: (each.start is not None, each.id), default=None)


def to_join(windows: Sequence[Window], like: Window) -> Window | None:
    """Return the window that other types join: as *like*, and for single types."""
    hours = _hours(like)
    found = (
        each
        for each in windows
        if each.enabled
        and _hours(each) == hours
        and not any(pattern.endswith("*") for pattern in each.patterns)
    )
    return next(found, None)


def _hours(window: Window) -> tuple[object, ...]:
    when = (window.start, window.end, window.days, window.zone, window.calendar)
    return (*when, window.mutes, window.spare_critical)


def naming(windows: Sequence[Window], patterns: Sequence[str]) -> list[Window]:
    """Return the windows that are on and name one of *patterns* exactly."""
    meant = set(patterns)
    return [each for each in windows if each.enabled and meant & set(each.patterns)]


def without(window: Window, patterns: Sequence[str]) -> Window | None:
    """Return *window* for its other types; ``None`` when it is for these alone."""
    left = tuple(each for each in window.patterns if each not in patterns)
    return replace(window, patterns=left) if left else None


def wider(windows: Sequence[Window], patterns: Sequence[str]) -> list[Window]:
    """Return the windows that are on and silence *patterns* by wider ones."""
    return [
        window
        for window in windows
        if window.enabled
        and any(
            own != pattern and matches(own, pattern)
            for own in window.patterns
            for pattern in patterns
        )
    ]
