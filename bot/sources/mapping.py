"""What type a message is, and how bad: the body's word, then the source's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sources.recognition import recognise_console, recognise_tencent
from handlers.rules.filters import Draft, Filter
from handlers.rules.types import Types, custom_type
from store.values import Incoming, Severity

_RECOGNISERS: Mapping[str, Callable[[Incoming, Types], str | None]] = {
    "lark-hook": recognise_console,
    "tencent": recognise_tencent,
}


@dataclass(frozen=True, slots=True)
class MapRule:
    """What a source's message is, if *where* holds. ``None`` leaves it open."""

    where: Filter
    type: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallbacks:
    """What one source's settings say of messages that do not say it themselves."""

    name: str
    kind: str
    type: str | None = None
    severity: Severity | None = None
    map: tuple[MapRule, ...] = ()


def type_of(
    incoming: Incoming, source: Fallbacks, types: Types
) -> tuple[str, Severity]:
    """Return the type and the severity of *incoming*.

    The type: the body's, else the first matching rule's, else what the console's title
    says, else the source's, else ``custom.<source>``. The severity: the body's, else
    that rule's, else the source's, else the type's.
    """
    message_type, severity = incoming.type, incoming.severity
    if source.map and (message_type is None or severity is None):
        rule = _first_match(incoming, source)
        if rule is not None:
            message_type = message_type or rule.type
            severity = rule.severity if severity is None else severity
    if message_type is None and source.kind in _RECOGNISERS:
        message_type = _RECOGNISERS[source.kind](incoming, types)
    message_type = message_type or source.type or custom_type(source.name)
    if severity is None:
        severity = source.severity
    if severity is None:
        severity = types.default_severity(message_type)
    return message_type, severity


def _first_match(incoming: Incoming, source: Fallbacks) -> MapRule | None:
    draft = Draft.of(incoming, source=source.name)
    return next((rule for rule in source.map if rule.where.matches(draft)), None)
