"""Who there is, and by which ways one gets there: read for routing and for /why."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.rules.planning import Known, persons
from handlers.rules.types import Types
from store import directory, people, robots
from store.database import Tx
from store.values import Channel, Destination, Kind, Subscription


async def known(
    tx: Tx,
    rules: Iterable[Subscription],
    *,
    types: Types,
    ways: frozenset[tuple[Kind, Channel]],
    by_contact: frozenset[Channel],
    beside: Iterable[Destination] = (),
) -> Known:
    """Return who there is, with the addresses of those whom *rules* name.

    …and of those *beside* them whom somebody asks about.
    """
    groups = await groups_of_people(tx)
    whom = persons(rules, groups)
    whom |= {each.name for each in beside if each.kind is Kind.PERSON}
    return Known(
        types=types,
        ways=ways,
        by_contact=by_contact,
        people=await people.addressees(tx, whom),
        robots=frozenset(await robots.chats(tx)),
        groups=groups,
        gone=frozenset(
            each.id for each in await directory.chats(tx) if each.state == "disbanded"
        ),
    )


async def groups_of_people(tx: Tx) -> dict[str, tuple[Destination, ...]]:
    """Return who is in each group of people."""
    named = {
        each.name: Destination(Kind.PERSON, each.open_id or each.name)
        for each in await directory.people(tx)
    }
    return {
        name: tuple(named.get(each, Destination(Kind.PERSON, each)) for each in members)
        for name, members in (await directory.groups(tx)).items()
    }
