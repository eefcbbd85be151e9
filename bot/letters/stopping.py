"""The page behind "no more e-mails about this": whom its address means, and what.

The address holds both, sealed with the keys of the YAML: nobody can make one up, and
nobody reads it who has not got the keys.
"""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from handlers.rules.cells import Offer
from handlers.rules.types import Types
from store.errors import StoreError
from store.secrets import Keyring
from store.values import Channel, Destination

PATH = "/unsubscribe/"
#: Other secrets that are sealed with the same keys are no such address.
_PURPOSE = "no more e-mails"
#: An address that names more would be too long for some mail programs.
MOST_TYPES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Who can have no more e-mails about which types, and the language they read."""

    person: Destination
    types: tuple[str, ...]
    locale: str


class StopPages:
    """Knows the address of each page, and what an address means.

    ``types`` says which types an admin requires to go by e-mail: nobody can stop those.
    """

    def __init__(self, keyring: Keyring, *, base: str, types: Types) -> None:
        self._keyring = keyring
        self._base = base
        self.types = types

    def address(self, person: Destination, types: tuple[str, ...], locale: str) -> str:
        """Return the page for a letter about *types*; empty where nothing can stop."""
        stoppable = [each for each in types if not self.is_required(each)]
        if not self._base or not stoppable:
            return ""
        said = [_PURPOSE, str(person), stoppable[:MOST_TYPES], locale]
        token = self._keyring.seal(orjson.dumps(said).decode()).rstrip("=")
        return f"{self._base}{PATH}{token}"

    def read(self, token: str) -> Stop | None:
        """Return what the end of an address means; ``None`` for one that we never made.

        So is one whose key is gone.
        """
        if not token.isascii():
            return None
        padded = token + "=" * (-len(token) % 4)
        try:
            said = orjson.loads(self._keyring.open(padded))
        except (StoreError, ValueError):
            return None
        match said:
            case [purpose, person, [*types], locale] if purpose == _PURPOSE:
                person = Destination.parse(person)
                return Stop(person=person, types=tuple(types), locale=locale)
            case _:
                return None

    def is_required(self, type_id: str) -> bool:
        """Whether an admin wants whoever gets this type to get it by e-mail."""
        return self.types.get(type_id).cells[Channel.EMAIL].offer is Offer.REQUIRED
