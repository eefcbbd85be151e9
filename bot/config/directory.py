"""Names of the YAML → what Lark and the store know them by."""

from __future__ import annotations

from collections.abc import Iterable

from bot.config.models import Config
from bot.config.people import PersonConfig
from store.values import Destination, Kind


class Directory:
    """Who and what the names in a configuration stand for. Immutable."""

    __slots__ = ("_chats", "_people", "_people_by_email")

    def __init__(self, config: Config) -> None:
        self._chats = {chat.name: chat.id for chat in config.chats}
        self._people = {person.name: person for person in config.people}
        by_email = {each.email.lower(): each for each in config.people if each.email}
        self._people_by_email = by_email

    def chat_id(self, name: str) -> str:
        """Return the ``oc_…`` id of the group called *name*; an id is its own."""
        return self._chats.get(name, name)

    def person(self, name: str) -> PersonConfig | None:
        """Return the person called *name*, or ``None``."""
        return self._people.get(name)

    def person_id(self, name: str) -> str:
        """Return the open_id of the person called *name*, or else *name*."""
        person = self._people.get(name)
        return (person.open_id if person else None) or name

    def destination(self, written: Destination) -> Destination:
        """Return the destination that the store knows for one as it is written."""
        match written.kind:
            case Kind.CHAT:
                return Destination(Kind.CHAT, self.chat_id(written.name))
            case Kind.PERSON:
                return Destination(Kind.PERSON, self.person_id(written.name))
        return written

    def identities(self, members: Iterable[str]) -> frozenset[str]:
        """Return the open_ids and e-mail addresses of *members*.

        Members are open_ids, e-mail addresses or names; addresses are in lower case.
        """
        found: set[str] = set()
        for member in members:
            person = self._people.get(member)
            person = person or self._people_by_email.get(member.lower())
            if person is None:
                found.add(member)
            elif person.open_id:
                found.add(person.open_id)
            elif person.email:
                found.add(person.email.lower())
        return frozenset(found)
