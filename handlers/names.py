"""Whom a word names: groups, robots, people. Made from the settings, read by commands.

What a group may not see is unknown to it: another group's robot is answered like one
that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.language.text import quoted
from store.people import Means, normal
from store.values import Destination, Kind

_PLAIN = re.compile(r"[\w.+/@-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The directory. A robot's chat is ``None`` while it is bound to none.

    ``chats`` and ``people`` are name → id; people without a Lark account have no id
    and are known by name. ``groups`` are the names of groups of people.

    ``outsiders`` are those without an account whom this chat named: P12 → what is shown
    of the address. ``addresses`` says whose an address is, by how addresses compare.
    ``called`` is what Lark users are called: to be shown, and never to be named by.
    ``drafts`` are robots that the asker gave in a direct chat, and that wait for their
    group.
    """

    chats: Mapping[str, str] = field(default_factory=dict)
    robots: Mapping[str, str | None] = field(default_factory=dict)
    people: Mapping[str, str | None] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    outsiders: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)
    called: Mapping[str, str] = field(default_factory=dict)
    drafts: tuple[str, ...] = ()

    def robots_of(self, chat: str) -> tuple[str, ...]:
        """Return the robots bound to *chat*, by name."""
        return tuple(
            sorted(name for name, bound in self.robots.items() if bound == chat)
        )

    def person(self, name: str) -> Destination | None:
        """Return the person called *name*, or with that open_id, or ``None``.

        It may be an address too, where it is known whose it is.
        """
        if name.startswith("ou_"):
            return Destination(Kind.PERSON, name)
        found = _find(name, self.people)
        if found is not None:
            return Destination(Kind.PERSON, self.people[found] or found)
        outsider = _find(name, self.outsiders)
        if outsider is not None:
            return Destination(Kind.PERSON, outsider)
        return self.whose(name)

    def whose(self, address: str) -> Destination | None:
        """Return whose an e-mail address or phone number is, or ``None``."""
        means = Means.EMAIL if "@" in address else Means.PHONE
        found = self.addresses.get(normal(means, address))
        return None if found is None else Destination(Kind.PERSON, found)

    def group(self, name: str) -> Destination | None:
        """Return the group of people called *name*, or ``None``."""
        found = _find(name, dict.fromkeys(self.groups))
        return None if found is None else Destination(Kind.GROUP, found)

    def chat(self, name: str) -> Destination | None:
        """Return the chat called *name*, or with that id, or ``None``."""
        if name.startswith("oc_"):
            return Destination(Kind.CHAT, name)
        found = _find(name, self.chats)
        return None if found is None else Destination(Kind.CHAT, self.chats[found])

    def robot(self, name: str) -> Destination | None:
        """Return the robot called *name*, or ``None``."""
        found = _find(name, self.robots)
        return None if found is None else Destination(Kind.ROBOT, found)

    def name_of(self, destination: Destination) -> str:
        """Return what *destination* is called in a line: its name, or its id."""
        known: Mapping[str, str | None] = {}
        if destination.kind is Kind.CHAT:
            known = self.chats
        elif destination.kind is Kind.PERSON:
            known = self.people
        return next(
            (name for name, found in known.items() if found == destination.name),
            destination.name,
        )

    def shown(self, destination: Destination) -> str:
        """Return what *destination* is called to be read: ``b***@example.com (P12)``.

        A Lark user is who Lark says, where no name was given in the YAML.
        """
        name = self.name_of(destination)
        if destination.kind is not Kind.PERSON:
            return name
        if name in self.outsiders:
            return f"{self.outsiders[name]} ({name})"
        return self.called.get(name, name)


def reference(destination: Destination, name: str) -> str:
    """Return *destination* as it is typed, under *name*: ``robot:"ops room"``."""
    return f"{destination.kind}:{plain_or_quoted(name)}"


def plain_or_quoted(name: str) -> str:
    """Return *name* as a line takes it: in quotes where it would fall apart."""
    return name if _PLAIN.fullmatch(name) else quoted(name)


def _find(name: str, known: Mapping[str, str | None]) -> str | None:
    if name in known:
        return name
    folded = name.casefold()
    found = [each for each in known if each.casefold() == folded]
    return found[0] if len(found) == 1 else None
