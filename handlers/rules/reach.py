"""Whether a person is reached over a channel: at which address, or why not. Pure.

Nothing goes to an address that nobody proved. Routing asks this when a message is
routed, and delivery again when it is about to be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.masking import masked
from store.people import Addressee, Contact, Means
from store.values import Channel
from store.wording import _

#: Which address a channel goes to, unless Lark finds the person by account.
NEEDS: Mapping[Channel, Means] = {
    Channel.EMAIL: Means.EMAIL,
    Channel.SMS: Means.PHONE,
    Channel.VOICE: Means.PHONE,
}
#: The channels that always go to an address. Lark may carry the others to its users.
BY_CONTACT = frozenset({Channel.EMAIL})


@dataclass(frozen=True, slots=True)
class Reached:
    """Where somebody is reached over a channel; or, without an address, why not.

    ``address`` is an open_id, an e-mail address or a phone number, and proved.
    ``shown`` is what may be seen of it. ``reason`` is a ``Text``.
    """

    address: str = field(default="", repr=False)
    shown: str = ""
    reason: str = ""

    def __bool__(self) -> bool:
        return bool(self.address)


def reach(
    who: Addressee, channel: Channel, *, by_contact: frozenset[Channel] = BY_CONTACT
) -> Reached:
    """Return where *who* is reached over *channel*, or why not.

    *by_contact* are the channels that go to an address. The others find a Lark user by
    open_id, and an account is proof enough. The inbox needs nothing.
    """
    if channel is Channel.INBOX:
        return Reached(who.name)
    means = NEEDS.get(channel) if channel in by_contact else None
    if means is None:
        if who.open_id is None:
            return Reached(reason=_("contact not verified: no Lark account is known"))
        return Reached(who.open_id)
    found = who.contacts.get(means)
    if found is None:
        return Reached(reason=_missing(means))
    shown = masked(found.means, found.address)
    if not found.verified:
        return Reached(shown=shown, reason=_unproved(found))
    return Reached(found.address, shown)


def _missing(means: Means) -> str:
    if means is Means.EMAIL:
        return _("contact not verified: no e-mail address is known")
    return _("contact not verified: no phone number is known")


def _unproved(found: Contact) -> str:
    return _(
        "contact not verified: the code for {address} was not entered yet",
        address=masked(found.means, found.address),
    )
