"""Who holds a role in a group: everyone, its managers, admins alone, or a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EVERYONE, MANAGERS, ADMINS = "everyone", "managers", "admins"


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody that ``word`` means, or the ``people`` (open_ids) where it is empty."""

    word: str
    people: frozenset[str] = frozenset()

    def __str__(self) -> str:
        """Return it as a row keeps it, and as ``parse`` reads it."""
        return self.word or ",".join(sorted(self.people)) or ADMINS

    @classmethod
    def parse(cls, text: str) -> Audience:
        """Read what ``str`` wrote."""
        if text in (EVERYONE, MANAGERS, ADMINS):
            return cls(text)
        return cls.of(text.split(","))

    @classmethod
    def of(cls, people: Iterable[str]) -> Audience:
        """Return these people; nobody is admins alone."""
        known = frozenset(filter(None, people))
        return cls("" if known else ADMINS, known)

    def holds(self, person: str, *, managers: frozenset[str]) -> bool:
        """Whether *person*, who is no admin, is one of them."""
        match self.word:
            case "everyone":
                return True
            case "managers":
                return person in managers
            case _:
                return person in self.people
