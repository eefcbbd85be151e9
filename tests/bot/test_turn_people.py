"""A person's lane: where it leads is asked again when a message is about to be sent."""

from __future__ import annotations

from store import directory, people
from store.directory import Person
from store.people import Means
from store.values import Channel, Destination, Kind
from tests.bot.house import House
from tests.store.samples import fates

BOB = Destination(Kind.PERSON, "bob")
WAITING = "contact not verified: the code for b***@example.org was not entered yet"


async def _yaml(house: House, **known: str | None) -> None:
    bob = Person(name="bob", **known)
    await house.db.write(lambda tx: directory.apply_people(tx, [bob], {}))


async def test_an_address_that_changed_meanwhile_gets_nothing(house):
    await _yaml(house, email="bob@example.com")
    await house.db.write(
        lambda tx: people.prove_contact(
            tx,
            "bob",
            Means.EMAIL,
            "bob@example.com",
            own=False,
            by="ou_admin",
            now=house.clock.now(),
        )
    )
    number = await house.notify("CPU", to=BOB, via=Channel.EMAIL)
    await _yaml(house, email="bob@example.org")
    await house.run(seconds=1)

    assert await fates(house.db, number) == [("undeliverable", WAITING)]
    assert house.attempts == []


async def test_somebody_who_got_an_account_meanwhile_gets_it_there(house):
    number = await house.notify("CPU", to=BOB, via=Channel.DM)
    await _yaml(house, open_id=house.person.name)
    await house.run(seconds=1)

    assert await fates(house.db, number) == [("delivered", "")]


async def test_somebody_without_an_account_gets_no_direct_message(house):
    number = await house.notify("CPU", to=BOB, via=Channel.DM)
    await house.run(seconds=1)

    assert await fates(house.db, number) == [
        ("undeliverable", "contact not verified: no Lark account is known")
    ]
