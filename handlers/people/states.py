"""How recipients are reached, in words: which address, and whether it is proved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers.context import Context
from handlers.people.words import Given
from handlers.rules.methods import SAID
from handlers.rules.reach import NEEDS, reach
from store import directory, people
from store.people import Addressee
from store.values import Channel, Destination, Kind
from store.wording import Text, _, _n, commas

#: The channels that reach a person, beside the inbox.
PERSONAL = (Channel.DM, Channel.EMAIL, Channel.SMS, Channel.VOICE)


async def members(context: Context) -> Mapping[str, tuple[Destination, ...]]:
    """Return who is in each group of people."""
    found = await directory.groups(context.tx)
    return {
        name: tuple(
            context.names.person(each) or Destination(Kind.PERSON, each)
            for each in listed
        )
        for name, listed in found.items()
    }


async def known(
    context: Context, whom: Iterable[Destination]
) -> Mapping[str, Addressee]:
    """Return the people among *whom*, and those in its groups, by name."""
    groups = await members(context)
    named = set(whom)
    for each in tuple(named):
        named.update(groups.get(each.name, ()) if each.kind is Kind.GROUP else ())
    persons = (each.name for each in named if each.kind is Kind.PERSON)
    return await people.addressees(context.tx, persons)


def everybody(
    whom: Destination, groups: Mapping[str, tuple[Destination, ...]]
) -> tuple[Destination, ...]:
    """Return the people of a group, or *whom* alone."""
    if whom.kind is Kind.GROUP:
        return groups.get(whom.name) or (whom,)
    return (whom,)


def say_state(
    whom: Destination,
    channels: Iterable[Channel],
    who: Mapping[str, Addressee],
    groups: Mapping[str, tuple[Destination, ...]],
    context: Context,
) -> Text:
    """Return over what *whom* is reached, and what is not verified."""
    chosen = frozenset(channels) - {Channel.INBOX}
    if not chosen:
        return _("inbox only")
    ordered = [each for each in Channel if each in chosen]
    if whom.kind is Kind.ROBOT:
        return commas([SAID[each] for each in ordered])
    if whom.kind is Kind.GROUP:
        people_in = [who[each.name] for each in groups.get(whom.name, ())]
        return commas([_of_group(people_in, each, context) for each in ordered])
    return commas([_of_person(who[whom.name], each, context) for each in ordered])


def unreached(
    who: Addressee, channels: Iterable[Channel], context: Context
) -> list[Channel]:
    """Return the channels that lead nowhere, because no address is proved."""
    return [
        each
        for each in PERSONAL
        if each in set(channels) and not reach(who, each, by_contact=context.by_contact)
    ]


def nowhere(
    given: Mapping[Destination, Given], who: Mapping[str, Addressee], context: Context
) -> dict[Destination, list[Channel]]:
    """Return who is not reached, over which of the channels that they were given."""
    found = {}
    for whom, what in given.items():
        if whom.kind is Kind.PERSON:
            channels = frozenset[Channel]().union(*what)
            if missing := unreached(who[whom.name], channels, context):
                found[whom] = missing
    return found


def _of_person(who: Addressee, channel: Channel, context: Context) -> Text:
    found = reach(who, channel, by_contact=context.by_contact)
    said = SAID[channel]
    if found:
        if not found.shown:
            return said
        return _("{channel} {address}", channel=said, address=found.shown)
    if found.shown:
        return _("{channel} {address} not verified", channel=said, address=found.shown)
    if channel not in context.by_contact or channel not in NEEDS:
        return _("{channel} without a Lark account", channel=said)
    return _("{channel} without an address", channel=said)


def _of_group(who: list[Addressee], channel: Channel, context: Context) -> Text:
    reached = sum(
        bool(reach(each, channel, by_contact=context.by_contact)) for each in who
    )
    if reached == len(who) and who:
        return SAID[channel]
    return _n(
        "{channel} ({reached} of {count} person verified)",
        "{channel} ({reached} of {count} people verified)",
        len(who),
        channel=SAID[channel],
        reached=reached,
    )
