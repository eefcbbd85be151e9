"""What people chose for themselves or for their group: the language, the zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.database import Tx
from store.times import to_ms
from store.values import Channel, Destination


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What one person or group chose; ``None`` where nobody did."""

    locale: str | None = None
    zone: str | None = None

    def over(self, wider: Preferences) -> Preferences:
        """Return these, with what *wider* says where these say nothing."""
        return Preferences(
            locale=self.locale or wider.locale, zone=self.zone or wider.zone
        )


#: Choices that say who holds a role in a chat: not for those whom they would serve.
ROLES = frozenset({"editors", "cost_viewers"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose for a person or a chat: a name, and its value.

    ``lang`` and ``tz``, of a chat ``editors`` and ``cost_viewers``, and of a person
    what they refuse (``no-email:finance.refund``).
    """

    subject: Destination
    name: str
    value: str

    @property
    def id(self) -> str:
        """What tells it apart from all others."""
        return f"{self.subject} {self.name}"


def refusal(subject: Destination, channel: Channel, type_id: str) -> Choice:
    """Return the choice of a person to get a type no more over *channel*."""
    return Choice(subject, f"{_refuses(channel)}{type_id}", "yes")


async def refused(tx: Tx, subject: Destination, channel: Channel) -> frozenset[str]:
    """Return the types that a person chose to get no more over *channel*."""
    named = _refuses(channel)
    return frozenset(
        name.removeprefix(named)
        for name in await all_of(tx, subject)
        if name.startswith(named)
    )


def _refuses(channel: Channel) -> str:
    return f"no-{channel}:"


async def all_of(tx: Tx, subject: Destination) -> dict[str, str]:
    """Return everything that was chosen for a person or a chat, by name."""
    return {
        row["name"]: row["value"]
        for row in await tx.all("preferences_of", subject=str(subject))
    }


async def of(tx: Tx, subject: Destination) -> Preferences:
    """Return what was chosen for a person or a chat."""
    found = await all_of(tx, subject)
    return Preferences(locale=found.get("lang"), zone=found.get("tz"))


async def chosen(tx: Tx, key: str) -> Choice | None:
    """Return the choice with the id *key*, or ``None`` where nobody chose."""
    subject, _space, name = key.rpartition(" ")
    whose = Destination.parse(subject)
    found = await all_of(tx, whose)
    return Choice(whose, name, found[name]) if name in found else None


async def choose(tx: Tx, choice: Choice, *, by: str, now: datetime) -> None:
    """Write what was chosen, in place of what was chosen before."""
    await tx.run(
        "put_preference",
        subject=str(choice.subject),
        name=choice.name,
        value=choice.value,
        changed_by=by,
        now=to_ms(now),
    )


async def drop(tx: Tx, choice: Choice) -> None:
    """Forget what was chosen."""
    await tx.run("drop_preference", subject=str(choice.subject), name=choice.name)
