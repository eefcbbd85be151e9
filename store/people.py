"""Who is reached how: addresses from the YAML and from the chat, and which are proved.

A person is named by open_id, by the name in the YAML, or, without a Lark account and
known to one chat alone, as ``P12``. The YAML is written anew at each reload; what chat
proved stands beside it, and holds as long as the address is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import orjson

from store.database import Row, Tx
from store.rows import to_json
from store.times import to_ms
from store.values import Destination, Kind

_OUTSIDER = re.compile(r"P([1-9][0-9]{0,17})")


class Means(StrEnum):
    """What sort of address it is."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One address of somebody. ``own``: it was given in the chat, not in the YAML.

    ``how`` it was proved: by the ``yaml``, by a ``code``, or because Lark (``lark``)
    told it; empty while it is not.
    """

    means: Means
    address: str = field(repr=False)
    verified: bool
    how: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who can be a destination, and how they are reached.

    ``name`` is what the destination has. ``waiting`` are addresses that would take the
    place of those in force, once they are proved.
    """

    name: str
    open_id: str | None = None
    contacts: Mapping[Means, Contact] = field(default_factory=dict)
    waiting: Mapping[Means, Contact] = field(default_factory=dict)

    @property
    def destination(self) -> Destination:
        """Where deliveries to them go."""
        return Destination(Kind.PERSON, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """Somebody without a Lark account, as the chat or person *owner* knows them."""

    number: int
    owner: str
    means: Means
    address: str = field(repr=False)

    @property
    def name(self) -> str:
        """What a destination has behind ``person:``, and what people type: ``P12``."""
        return f"P{self.number}"


def outsider_number(name: str) -> int | None:
    """Return the 12 of ``P12``, or ``None`` for another name."""
    found = _OUTSIDER.fullmatch(name)
    return int(found[1]) if found else None


def normal(means: Means, address: str) -> str:
    """Return *address* as addresses are compared: small letters, or + and digits."""
    if means is Means.EMAIL:
        return address.strip().lower()
    return "+" + re.sub(r"\D", "", address)


async def addressees(tx: Tx, names: Iterable[str]) -> dict[str, Addressee]:
    """Return the people behind these names of destinations; everybody is somebody."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    written = await tx.all("people_named", names=to_json(wanted))
    keys = {name: {name} for name in wanted}
    yaml: dict[str, Row] = {}
    for row in written:
        # Bob may get an open_id in the YAML after his address was proved, or lose it.
        ids = {row["name"], row["open_id"]} - {None}
        for name in ids & keys.keys():
            yaml.setdefault(name, row)
            keys[name] |= ids
    asked = sorted(set().union(*keys.values()))
    rows = await tx.all("contacts_of", people=to_json(asked))
    return {
        name: _addressee(
            name, yaml.get(name), [row for row in rows if row["person"] in keys[name]]
        )
        for name in wanted
    }


async def addressee(tx: Tx, name: str) -> Addressee:
    """Return the person behind one name of a destination."""
    return (await addressees(tx, [name]))[name]


async def add_contact(
    tx: Tx, person: str, means: Means, address: str, *, added_by: str, now: datetime
) -> None:
    """Write an address that was given in the chat; nothing goes there yet.

    It takes the place of one that was never proved.
    """
    await tx.run("forget_pending_contacts", person=person, kind=str(means))
    await tx.run(
        "add_contact",
        person=person,
        kind=str(means),
        address=normal(means, address),
        added_by=added_by,
        now=to_ms(now),
    )


async def prove_contact(
    tx: Tx,
    person: str,
    means: Means,
    address: str,
    *,
    own: bool,
    by: str,
    how: str = "code",
    now: datetime,
) -> None:
    """Write that the address is theirs; *own* takes the place of others given."""
    known = normal(means, address)
    if how == "lark":
        await tx.run("forget_told_contacts", person=person, kind=str(means))
    await tx.run(
        "prove_contact",
        person=person,
        kind=str(means),
        address=known,
        own=int(own),
        how=how,
        added_by=by,
        now=to_ms(now),
    )
    if own:
        await tx.run(
            "forget_other_contacts", person=person, kind=str(means), address=known
        )


async def forget_contacts(tx: Tx, person: str, means: Means) -> int:
    """Take away what chat knows of somebody's addresses of one kind; return how many.

    What the YAML has stays, without the mark that chat gave it.
    """
    return await tx.run("forget_contacts", person=person, kind=str(means))


async def outsider(
    tx: Tx, owner: str, means: Means, address: str, *, added_by: str, now: datetime
) -> Outsider:
    """Return whom *owner* knows by this address, a new one where there was none."""
    known = normal(means, address)
    asked = {"owner": owner, "kind": str(means), "address": known}
    number = await tx.value("outsider_known", **asked)
    if number is None:
        number = await tx.value(
            "outsider_insert", **asked, added_by=added_by, now=to_ms(now)
        )
    found = Outsider(number=int(number), owner=owner, means=means, address=known)
    await add_contact(tx, found.name, means, known, added_by=added_by, now=now)
    return found


async def outsiders(tx: Tx, owner: str | None) -> list[Outsider]:
    """Return whom *owner* named; ``None`` asks for all of them."""
    if owner is None:
        rows = await tx.all("outsiders_all")
    else:
        rows = await tx.all("outsiders_owned", owner=owner)
    return [_outsider(row) for row in rows]


async def outsiders_among(tx: Tx, names: Iterable[str]) -> list[Outsider]:
    """Return the outsiders among these names of destinations."""
    numbers = sorted(filter(None, map(outsider_number, set(names))))
    if not numbers:
        return []
    rows = await tx.all("outsiders_among", numbers=to_json(numbers))
    return [_outsider(row) for row in rows]


async def meet(tx: Tx, open_id: str, name: str, *, now: datetime) -> None:
    """Remember what a Lark user is called."""
    await tx.run("put_acquaintance", open_id=open_id, name=name, now=to_ms(now))


async def called(tx: Tx, owner: str | None) -> dict[str, str]:
    """Return what Lark users are called, by open_id: those that *owner*'s rules name.

    ``None`` asks for all of them.
    """
    if owner is None:
        rows = await tx.all("acquaintances_all")
    else:
        rows = await tx.all("acquaintances_of", owner=owner)
    return {row["open_id"]: row["name"] for row in rows}


async def called_among(tx: Tx, open_ids: Iterable[str]) -> dict[str, str]:
    """Return what these Lark users are called; empty for whom Lark told no name of."""
    rows = await tx.all("acquaintances_among", people=to_json(sorted(open_ids)))
    return {row["open_id"]: row["name"] for row in rows}


async def wonder(tx: Tx, open_id: str) -> None:
    """Remember that we would like to know what a Lark user is called."""
    await tx.run("put_stranger", open_id=open_id)


async def strangers(tx: Tx, *, before: datetime, most: int) -> list[str]:
    """Return whose name was never asked for, or last at *before* or earlier."""
    rows = await tx.all("strangers", before=to_ms(before), most=most)
    return [row["open_id"] for row in rows]


async def stay_stranger(tx: Tx, open_id: str, *, now: datetime) -> None:
    """Remember that Lark was asked, and told no name."""
    await tx.run("stay_stranger", open_id=open_id, now=to_ms(now))


def _addressee(name: str, written: Row | None, rows: Sequence[Row]) -> Addressee:
    open_id = name if name.startswith("ou_") else None
    if written is not None and written["open_id"]:
        open_id = written["open_id"]
    contacts, waiting = {}, {}
    for means in Means:
        known = [_contact(row) for row in rows if row["kind"] == means]
        in_force, next_one = _in_force(_of_yaml(means, written, known), known)
        if in_force:
            contacts[means] = in_force
        if next_one:
            waiting[means] = next_one
    return Addressee(name=name, open_id=open_id, contacts=contacts, waiting=waiting)


def _in_force(
    yaml: Contact | None, known: Sequence[Contact]
) -> tuple[Contact | None, Contact | None]:
    """Return the address that counts, and the one that would once it is proved.

    What somebody gave and proved comes before the YAML, as all that chat changes does.
    """
    own = [each for each in known if each.own]
    proved = [each for each in own if each.verified]
    pending = [each for each in own if not each.verified]
    told = [each for each in known if each.how == "lark"]
    if yaml and yaml.verified:
        proved.append(yaml)
    order = (*proved, *told, *((yaml,) if yaml else ()), *pending)
    first = order[0] if order else None
    follows = pending[0] if pending else None
    return first, None if follows is first else follows


def _of_yaml(
    means: Means, written: Row | None, known: Sequence[Contact]
) -> Contact | None:
    """Return the YAML's address, with the mark that it or chat gave it."""
    address = written[str(means)] if written is not None else None
    if written is None or not address:
        return None
    said = means in orjson.loads(written["verified"])
    marked = any(
        each.verified and each.address == normal(means, address) for each in known
    )
    how = "yaml" if said else "code" if marked else ""
    if means is Means.PHONE:
        address = normal(means, address)
    return Contact(means=means, address=address, verified=bool(how), how=how)


def _contact(row: Row) -> Contact:
    return Contact(
        means=Means(row["kind"]),
        address=row["address"],
        verified=row["verified_at"] is not None,
        how=row["verified_how"],
        own=bool(row["own"]),
    )


def _outsider(row: Row) -> Outsider:
    return Outsider(
        number=row["id"],
        owner=row["owner"],
        means=Means(row["kind"]),
        address=row["address"],
    )
