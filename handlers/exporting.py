"""Rules as they are now → the sections of the YAML that would make them so.

Pure. What chat made gets a name of its own, since names are the YAML's for good; what
is turned off is left out; a secret is a variable to be filled in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import yaml

from handlers.names import Names
from handlers.rules.hours import hours_words, times_words
from handlers.rules.methods import ALL, method_words
from handlers.rules.schedules import COLLECTABLE
from store.people import outsider_number
from store.robots import Robot
from store.state import State
from store.values import Destination, Kind, Schedule, Subscription, Window

Section = list[dict[str, Any]]

_UNFIT = re.compile(r"[^A-Za-z0-9]+")


def sections(
    state: State, names: Names, *, reaches: Callable[[Destination], bool]
) -> dict[str, Any]:
    """Return what of *state* concerns a destination that *reaches* lets pass."""
    robots = [each for each in state.robots if reaches(_robot(each))]
    rules = [
        (rule, _shown(rule, reaches)) for rule in state.subscriptions if rule.enabled
    ]
    subscriptions = [_subscription(rule, to, names) for rule, to in rules if to]
    windows = [
        _window(each, names)
        for each in state.windows
        if each.enabled and reaches(each.target)
    ]
    digests = [
        _digest(each, names)
        for each in state.schedules
        if each.enabled and reaches(each.target)
    ]
    chats = {
        name: {"name": name, "id": chat}
        for name, chat in names.chats.items()
        if reaches(Destination(Kind.CHAT, chat))
    }
    outsiders = {each for _rule, to in rules for each in to if _is_outsider(each)}
    found = {
        "chats": list(chats.values()),
        "people": [_outsider(each, names) for each in sorted(outsiders)],
        "robots": [
            _robot_section(each, names, signed=each.name in state.signed)
            for each in robots
        ],
        "subscriptions": subscriptions,
        "dnd": windows,
        "digests": digests,
    }
    return {name: section for name, section in found.items() if section}


def _shown(
    rule: Subscription, reaches: Callable[[Destination], bool]
) -> tuple[Destination, ...]:
    """Return whom to name: a chat's own recipients too, whom it does not reach."""
    if not rule.from_yaml and reaches(Destination.parse(rule.owner)):
        return rule.to
    return tuple(filter(reaches, rule.to))


def text(found: dict[str, Any]) -> str:
    """Return sections as YAML: one rule a line, in the order in which they are read."""
    parts = []
    for name, section in found.items():
        parts.append(f"{name}:")
        parts += [f"  - {_flow(each)}" for each in section]
    return "\n".join(parts)


def _flow(rule: dict[str, Any]) -> str:
    written = yaml.safe_dump(
        rule, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return written.strip()


def _subscription(
    rule: Subscription, to: Iterable[Destination], names: Names
) -> dict[str, Any]:
    return _filled(
        {
            "name": _name(rule, "sub"),
            "types": list(rule.patterns),
            "where": rule.where,
            "to": [_written(each, names) for each in to],
            "via": None if rule.via is None else [str(each) for each in rule.via],
        }
    )


def _window(window: Window, names: Names) -> dict[str, Any]:
    made = _filled(
        {
            "name": _name(window, "dnd"),
            "for": _written(window.target, names),
            "types": list(window.patterns),
            "hours": hours_words(window.start, window.end),
            "days": window.days,
            "timezone": window.zone,
            "calendar": window.calendar,
            "mute": "all" if window.mutes >= ALL else _channels(window.mutes),
        }
    )
    return made if window.spare_critical else {**made, "except": None}


def _digest(schedule: Schedule, names: Names) -> dict[str, Any]:
    everything = schedule.collects >= COLLECTABLE
    made = _filled(
        {
            "name": _name(schedule, "digest"),
            "for": _written(schedule.target, names),
            "types": list(schedule.patterns),
            "at": times_words(schedule.times),
            "days": schedule.days,
            "timezone": schedule.zone,
            "calendar": schedule.calendar,
            "collect": "all" if everything else sorted(map(str, schedule.collects)),
        }
    )
    return made if schedule.spare_critical else {**made, "except": None}


def _robot_section(robot: Robot, names: Names, *, signed: bool) -> dict[str, Any]:
    variable = _UNFIT.sub("_", robot.name).strip("_").upper() or "ROBOT"
    chats = {chat: name for name, chat in names.chats.items()}
    return _filled(
        {
            "name": robot.name,
            "webhook": f"${{{variable}_WEBHOOK}}",
            "secret": f"${{{variable}_SECRET}}" if signed else None,
            "chat": chats.get(robot.chat or ""),
            "keyword": robot.keyword,
            "mention_all": robot.mention_all or None,
            "allow": list(robot.allow),
            "deny": list(robot.deny),
            "per_hour": robot.per_hour,
        }
    )


def _name(rule: Subscription | Window | Schedule, kind: str) -> str:
    """Return the name of a rule; one that chat made is called after its chat."""
    if rule.owner == "yaml":
        return rule.name
    owner = _UNFIT.sub("-", rule.owner.partition(":")[2]).strip("-").lower()
    return f"{kind}-{owner}-{rule.name}"


def _channels(channels: Iterable[Any]) -> str | list[str]:
    word = method_words(channels)
    return word if word in ("sms+voice", "voice") else sorted(map(str, channels))


def _is_outsider(destination: Destination) -> bool:
    person = destination.kind is Kind.PERSON
    return person and outsider_number(destination.name) is not None


def _outsider(destination: Destination, names: Names) -> dict[str, Any]:
    """Return somebody without an account: the address is to be filled in."""
    number = outsider_number(destination.name)
    means = "email" if "@" in names.outsiders.get(destination.name, "@") else "phone"
    return {
        "name": f"guest-{number}",
        means: f"${{GUEST_{number}_{means.upper()}}}",
    }


def _written(destination: Destination, names: Names) -> str:
    if _is_outsider(destination):
        return f"person:guest-{outsider_number(destination.name)}"
    return f"{destination.kind}:{names.name_of(destination)}"


def _robot(robot: Robot) -> Destination:
    return Destination(Kind.ROBOT, robot.name)


def _filled(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value not in (None, "", [])}
