"""The rules of the YAML as the store keeps them, and how to tell that one changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from bot.config.directory import Directory
from bot.config.models import Config
from bot.config.rules import DigestConfig, DndConfig, SubscriptionConfig
from bot.config.section import Section
from store.values import Schedule, Subscription, Window

#: What a rule is known by, and what chat may change: not its content.
_ABOUT_IT = frozenset(
    ("id", "name", "owner", "enabled", "created_by", "created_at", "changed_by")
)

_Rule = TypeVar("_Rule", SubscriptionConfig, DndConfig, DigestConfig)


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the YAML alone asks for, before chat changed anything.

    Rules have the id 0 and the owner ``yaml``; their names are unique of their kind.
    """

    subscriptions: tuple[Subscription, ...]
    windows: tuple[Window, ...]
    schedules: tuple[Schedule, ...]


def baseline(config: Config, *, now: datetime) -> Baseline:
    """Return the rules of *config*, their destinations as the store knows them."""
    directory = Directory(config)
    return Baseline(
        tuple(
            Subscription(
                id=0,
                name=name,
                owner="yaml",
                patterns=rule.types,
                to=tuple(dict.fromkeys(map(directory.destination, rule.to))),
                where=rule.where,
                via=rule.via,
                created_at=now,
            )
            for name, rule in _named(config.subscriptions, "sub")
        ),
        tuple(
            Window(
                id=0,
                name=name,
                target=directory.destination(rule.target),
                patterns=rule.types,
                start=rule.hours.start,
                end=rule.hours.end,
                days=rule.days,
                zone=rule.timezone or config.defaults.timezone,
                calendar=rule.calendar or config.defaults.calendar,
                mutes=rule.mute,
                spare_critical=rule.spared == "critical",
                created_at=now,
            )
            for name, rule in _named(config.dnd, "dnd")
        ),
        tuple(
            Schedule(
                id=0,
                name=name,
                target=directory.destination(rule.target),
                patterns=rule.types,
                times=rule.at,
                days=rule.days,
                zone=rule.timezone or config.defaults.timezone,
                calendar=rule.calendar or config.defaults.calendar,
                collects=rule.collect,
                spare_critical=rule.spared == "critical",
                created_at=now,
            )
            for name, rule in _named(config.digests, "digest")
        ),
    )


def digest(rule: Subscription | Window | Schedule) -> str:
    """Return 16 characters that are the same as long as the rule's content is.

    The content is what the rule does: not its name, nor who made or changed it.
    """
    content = {
        each.name: getattr(rule, each.name)
        for each in fields(rule)
        if each.name not in _ABOUT_IT and getattr(rule, each.name) != each.default
    }
    return _hash(content)[:16]


def _named(rules: Iterable[_Rule], kind: str) -> list[tuple[str, _Rule]]:
    """Return every rule with its name, made from what is written where it has none."""
    found = [(rule.name or f"{kind}-{_written(rule)}", rule) for rule in rules]
    taken: dict[str, int] = {}
    named = []
    for name, rule in found:
        taken[name] = taken.get(name, 0) + 1
        # Only rules without a name can say the same twice.
        named.append((f"{name}-{taken[name]}" if taken[name] > 1 else name, rule))
    return named


def _written(rule: Section) -> str:
    # As written, so that another default zone does not rename the rule.
    names = rule.setting_names()
    content = {
        setting: value
        for setting, value in rule.settings()
        if setting != "name"
        and value != type(rule).model_fields[names[setting]].default
    }
    return _hash(content)[:6]


def _hash(content: dict[str, Any]) -> str:
    """Return the hash of what differs from the defaults.

    So a setting that a later version adds does not change those that lack it.
    """
    text = json.dumps(content, default=_plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)
