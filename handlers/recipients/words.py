"""What we say about recipients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from handlers.context import Context
from handlers.people.words import Given
from handlers.recipients.requests import Add, Set
from handlers.rules.methods import say_channels
from store.values import Channel, Destination
from store.wording import Text, _, _n, commas

TITLE = _("Recipients")
CHANGED = _("Recipients changed")
STOPPED = _("Stopped")
ALREADY = _("They get it already. Nothing changed.")


def given(found: Mapping[Destination, Given], context: Context) -> list[Text]:
    """``finance.refund: off → on for @Wei and @Lin, by dm.``"""
    alike: dict[tuple[tuple[str, ...], frozenset[Channel]], list[Destination]] = {}
    for whom, what in found.items():
        for channels, types in what.items():
            alike.setdefault((tuple(types), channels), []).append(whom)
    return [
        _(
            "{types}: off → on for {whom}, {how}.",
            types=commas(types),
            whom=context.say_all(whom),
            how=by(channels),
        )
        for (types, channels), whom in alike.items()
    ]


def taken(found: Mapping[Destination, Sequence[str]], context: Context) -> list[Text]:
    """``finance.refund: on → off for @Wei.``"""
    alike: dict[tuple[str, ...], list[Destination]] = {}
    for whom, types in found.items():
        alike.setdefault(tuple(dict.fromkeys(types)), []).append(whom)
    return [
        _(
            "{types}: on → off for {whom}.",
            types=commas(types),
            whom=context.say_all(whom),
        )
        for types, whom in alike.items()
    ]


def less(
    found: Mapping[Destination, Sequence[str]],
    via: frozenset[Channel],
    context: Context,
) -> list[Text]:
    """``finance.refund: no more by sms for @Wei.``"""
    return [
        _(
            "{types}: no more by {channels} for {whom}.",
            types=commas([*dict.fromkeys(types)]),
            channels=say_channels(via),
            whom=context.say_whom(whom),
        )
        for whom, types in found.items()
    ]


def by(channels: frozenset[Channel]) -> Text:
    """``by dm and email``, ``in the inbox only``"""
    shown = channels - {Channel.INBOX}
    if not shown:
        return _("in the inbox only")
    return _("by {channels}", channels=say_channels(shown))


def would_add(request: Add, count: int) -> Text:
    """Say how many people would get how many types."""
    return _(
        "{people} would get {types}.",
        people=_n("{count} recipient", "{count} recipients", count),
        types=commas(request.patterns),
    )


def would_set(request: Set, joining: int, leaving: int) -> Text:
    """Say how many people would be there, and how many would not be any more."""
    return _(
        "{people} would get {types}; {leaving} would not any more.",
        people=_n("{count} recipient", "{count} recipients", joining),
        types=commas(request.patterns),
        leaving=leaving,
    )


def would_remove(count: int, whom: Iterable[Destination], context: Context) -> Text:
    """Say how many types somebody would get no more."""
    return _n(
        "{whom} would get {count} type no more.",
        "{whom} would get {count} types no more.",
        count,
        whom=context.say_all(whom),
    )


def not_by(whom: Destination, via: frozenset[Channel], context: Context) -> Text:
    """Say that somebody cannot be reached like that at all."""
    return _(
        "{whom} is not reached by {channels}. People have dm, email, sms and voice; "
        "robots have chat.",
        whom=context.say(whom),
        channels=say_channels(via),
    )


def none(patterns: Sequence[str], context: Context) -> Text:
    """Say that there are no recipients to show, and how one is made."""
    if patterns:
        return _(
            "Nobody here is a recipient of {types}. "
            "“/recipients add @Wei for {first}” adds somebody.",
            types=commas(patterns),
            first=patterns[0],
        )
    return _(
        "There are no recipients here yet. "
        "“/recipients add @Wei for finance.balance-warning” adds one."
    )
