"""What holds now against what the YAML asks for: where they differ, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from bot.config.baseline import Baseline, digest
from store.state import State
from store.values import Channel, Schedule, Subscription, Window

_Rule = TypeVar("_Rule", Subscription, Window, Schedule)

#: What says of a rule whose it is, and not what it does.
_ABOUT_IT = ("id", "name", "owner", "created_by", "created_at", "changed_by")


def drift(wanted: Baseline, state: State) -> list[str]:
    """Return a line for each difference; nothing where the YAML is how it is."""
    return [
        *_compared("subscriptions", wanted.subscriptions, state.subscriptions),
        *_compared("dnd", wanted.windows, state.windows),
        *_compared("digests", wanted.schedules, state.schedules),
        *_robots(state),
    ]


def _compared(
    section: str, wanted: Sequence[_Rule], there: Sequence[_Rule]
) -> Iterator[str]:
    known = {each.name: each for each in there if each.owner == "yaml"}
    for rule in wanted:
        found = known.pop(rule.name, None)
        if found is None:
            yield f"{section}.{rule.name}: in the YAML, and not applied yet"
        elif not found.enabled:
            yield f"{section}.{rule.name}: turned off in chat{_by(found)}"
        elif digest(found) != digest(rule):
            what = "; ".join(_differences(rule, found))
            how = f"changed in chat{_by(found)}" if found.changed_by else "not applied"
            yield f"{section}.{rule.name}: {how}: {what}"
    for name in known:
        yield f"{section}.{name}: applied, and not in the YAML any more"
    for rule in there:
        if rule.owner != "yaml" and rule.enabled:
            yield f"{section}: made in {rule.owner} as {rule.name}{_by(rule)}"


def _differences(wanted: _Rule, found: _Rule) -> Iterator[str]:
    for each in fields(wanted):
        was, now = getattr(wanted, each.name), getattr(found, each.name)
        if each.name not in _ABOUT_IT and was != now:
            yield f"{each.name} {_said(was)} → {_said(now)}"


def _robots(state: State) -> Iterator[str]:
    for robot in state.robots:
        if robot.owner != "yaml":
            yield f"robots: {robot.name} made in {robot.owner}, by {robot.created_by}"
        elif robot.changed_by is not None:
            state_now = "paused" if robot.paused else "changed"
            yield f"robots.{robot.name}: {state_now} in chat, by {robot.changed_by}"


def _by(rule: Subscription | Window | Schedule) -> str:
    who = rule.changed_by or rule.created_by
    return f", by {who}" if who != "yaml" else ""


def _said(value: Any) -> str:
    if isinstance(value, frozenset):
        # In the order of the columns, so that it reads the same every time.
        return _listed(each for each in Channel if each in value)
    if isinstance(value, tuple):
        return _listed(value)
    return "nothing" if value in (None, "") else str(value)


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(map(str, values)) or "nothing"
