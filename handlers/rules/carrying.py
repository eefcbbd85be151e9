"""Over which channels a rule brings a type to somebody. Routing and the matrix ask it.

A rule asks for channels, a destination has some, and the type offers some: what all
three have in common carries it. The inbox always does, and so does a channel that an
admin requires of the type.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.rules.cells import Offer
from handlers.rules.types import MessageType
from store.values import Channel, Destination, Kind, Subscription

_POSTED = frozenset({Channel.INBOX, Channel.CHAT})
_PERSONAL = frozenset(Channel) - {Channel.CHAT}

#: Which channels a destination of a kind has, and which it gets when a rule names none.
HAS: Mapping[Kind, frozenset[Channel]] = {
    Kind.CHAT: _POSTED,
    Kind.ROBOT: _POSTED,
    Kind.PERSON: _PERSONAL,
    Kind.GROUP: _PERSONAL,
}
USUAL: Mapping[Kind, Channel] = {
    Kind.CHAT: Channel.CHAT,
    Kind.ROBOT: Channel.CHAT,
    Kind.PERSON: Channel.DM,
    Kind.GROUP: Channel.DM,
}


def chosen(rule: Subscription, whom: Destination) -> frozenset[Channel]:
    """Return the channels that *rule* asks for and *whom* has, the inbox among them."""
    asked = {USUAL[whom.kind]} if rule.via is None else set(rule.via)
    return frozenset(asked & HAS[whom.kind] | {Channel.INBOX})


def channels(
    rule: Subscription, whom: Destination, found: MessageType
) -> tuple[Channel, ...]:
    """Return the channels by which *rule* brings a type to *whom*, the inbox first."""
    asked = (USUAL[whom.kind],) if rule.via is None else rule.via
    own = HAS[whom.kind]
    carried = (
        channel
        for channel in Channel
        if channel in own and _carries(channel, asked, found)
    )
    return tuple(carried)


def _carries(channel: Channel, asked: tuple[Channel, ...], found: MessageType) -> bool:
    offer = found.cells[channel].offer
    if channel is Channel.INBOX or offer is Offer.REQUIRED:
        return True
    return channel in asked and offer is not Offer.UNAVAILABLE
