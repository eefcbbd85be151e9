"""Which channels can carry which types to whom."""

from __future__ import annotations

from handlers.context import Context
from handlers.errors import Misunderstood, UserError
from handlers.rules.methods import SAID, say_channels
from store.values import Channel, Destination, Kind
from store.wording import _

_POSTED = frozenset({Kind.CHAT, Kind.ROBOT})
_PEOPLE = frozenset({Kind.PERSON, Kind.GROUP})
_REACHES = {
    Channel.INBOX: _POSTED | _PEOPLE,
    Channel.CHAT: _POSTED,
    Channel.DM: _PEOPLE,
    Channel.EMAIL: _PEOPLE,
    Channel.SMS: _PEOPLE,
    Channel.VOICE: _PEOPLE,
}


def in_order(channels: frozenset[Channel] | None) -> tuple[Channel, ...] | None:
    """Return *channels* as a rule keeps them."""
    if channels is None:
        return None
    return tuple(channel for channel in Channel if channel in channels)


def check_channels(
    via: frozenset[Channel] | None,
    patterns: tuple[str, ...],
    to: tuple[Destination, ...],
    context: Context,
) -> None:
    """Raise a ``UserError`` when one of *via* cannot carry this, and say why."""
    for channel in in_order(via) or ():
        if not any(each.kind in _REACHES[channel] for each in to):
            raise Misunderstood(_reaches_nobody(channel))
        if channel not in context.channels:
            raise UserError(
                _(
                    "There is no {channel} here yet, only {known}.",
                    channel=SAID[channel],
                    known=say_channels(context.channels),
                )
            )
        for pattern in patterns:
            _check_offer(pattern, channel, context)


def _check_offer(pattern: str, channel: Channel, context: Context) -> None:
    if pattern.endswith("*"):
        return
    found = context.types.get(pattern)
    if not found.offers(channel):
        cell = found.cells[channel]
        raise UserError(
            _(
                "{type} does not go by {channel}: {reason}.",
                type=pattern,
                channel=SAID[channel],
                reason=cell.reason,
            )
        )


def _reaches_nobody(channel: Channel) -> str:
    if channel is Channel.CHAT:
        return _("chat posts in a group, and nobody else. Add “to chat” in the group.")
    return _(
        "{channel} reaches people, not groups. Say whom: “to me”, “to @Wei”.",
        channel=SAID[channel],
    )
