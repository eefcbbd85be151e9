"""What is broad, and so asks for a yes first: it may reach further than it looks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from handlers.context import Context
from store.audit import Setting
from store.values import Destination, Kind, Mute, Schedule, Subscription, Window
from store.wording import Text, _, _n, listed

#: More subscriptions than this at once are broad.
MANY = 10


def preview(
    was: Iterable[Setting], became: Iterable[Setting], context: Context
) -> tuple[Text, ...]:
    """Return what is broad about a change, in words; nothing where it is not."""
    before, after = tuple(was), tuple(became)
    return tuple(
        said
        for said in (
            _count(before, after),
            _people(before, after, context),
            _silenced((*before, *after), context),
            _criticals(before, after),
        )
        if said
    )


def _count(was: tuple[Setting, ...], became: tuple[Setting, ...]) -> Text:
    changed = {
        each.id
        for each in (*was, *became)
        if isinstance(each, Subscription) and not (each in was and each in became)
    }
    if len(changed) <= MANY:
        return Text("")
    return _n(
        "{count} subscription would change.",
        "{count} subscriptions would change.",
        len(changed),
    )


def _people(
    was: tuple[Setting, ...], became: tuple[Setting, ...], context: Context
) -> Text:
    """Say who else would get something: everybody may choose for themselves."""
    had = set(_subscribed(was))
    new = {
        each: None
        for each in _subscribed(became)
        if each not in had and each != context.me
    }
    if not new:
        return Text("")
    return subscribes([context.say(each) for each in new])


def tried(people: Sequence[str]) -> Text:
    """Return that other *people* get a test message."""
    return _("It sends a test message to {people}.", people=listed(people))


def subscribes(people: Sequence[str]) -> Text:
    """Return that other *people* get something from now on."""
    return _n(
        "It subscribes {people}, who is told.",
        "It subscribes {people}, who are told.",
        len(people),
        people=listed(people),
    )


def _silenced(settings: Iterable[Setting], context: Context) -> Text:
    """Say whose hours these are, if somebody else's: everybody may set their own."""
    others = {
        each.target: None
        for each in settings
        if isinstance(each, Window | Mute | Schedule)
        and each.target.kind is Kind.PERSON
        and each.target != context.me
    }
    if not others:
        return Text("")
    people = [context.say(each) for each in others]
    return _n(
        "It is about what {people} gets, who is told.",
        "It is about what {people} get, who are told.",
        len(people),
        people=listed(people),
    )


def _criticals(was: tuple[Setting, ...], became: tuple[Setting, ...]) -> Text:
    deaf = {type(each) for each in was if _holds_criticals(each)}
    if any(_holds_criticals(each) and type(each) not in deaf for each in became):
        return _("Critical messages would wait too.")
    return Text("")


def _holds_criticals(setting: Setting) -> bool:
    if not isinstance(setting, Window | Mute | Schedule):
        return False
    return not setting.spare_critical


def _subscribed(settings: Iterable[Setting]) -> Iterator[Destination]:
    for each in settings:
        if isinstance(each, Subscription) and each.enabled:
            yield from (to for to in each.to if to.kind in (Kind.PERSON, Kind.GROUP))
