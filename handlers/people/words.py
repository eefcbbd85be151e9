"""What we say of people who are not reached yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.context import Context
from handlers.reply import Task
from handlers.rules.methods import say_channels
from store.people import Addressee
from store.values import Channel, Destination
from store.wording import Text, _

#: What somebody gets: the types by channels.
Given = Mapping[frozenset[Channel], Sequence[str]]


def not_reached(
    found: Mapping[Destination, Sequence[Channel]],
    who: Mapping[str, Addressee],
    sent: Mapping[Destination, Task | str],
    context: Context,
) -> list[Text]:
    """Say who gets nothing yet over which channels, and what to do about it.

    *sent* is what sends them a code, or why none is sent. One line for all alike.
    """
    alike: dict[tuple[Text, Text], list[Destination]] = {}
    for whom, channels in found.items():
        why = _why(who[whom.name], sent.get(whom), mine=whom == context.me)
        alike.setdefault((say_channels(channels), why), []).append(whom)
    return [
        _(
            "Nothing goes to {whom} by {channels} yet. {why}",
            whom=context.say_all(whom),
            channels=channels,
            why=why,
        )
        for (channels, why), whom in alike.items()
    ]


def _why(who: Addressee, code: Task | str | None, *, mine: bool) -> Text:
    if mine:
        return _("Verify your address: send me /contact in a direct chat.")
    if who.open_id:
        return _("They have to verify their address, and I told them how.")
    if not who.contacts:
        return _("No address is known.")
    if isinstance(code, str):
        return _("No code was sent: {why}", why=code)
    return _("An admin enters the code that they are sent.")
