"""Contacts: what is verified is told, and nothing else."""

from __future__ import annotations

from store import contacts, directory
from store.database import Database
from store.directory import Person
from store.values import Channel, Destination, Kind

ALICE = Person(
    name="alice",
    open_id="ou_alice",
    email="alice@example.com",
    phone="+6580000000",
    verified=("email",),
)
BOB = Person(name="bob", phone="+6580000001", verified=("email", "phone"))


async def test_a_contact_is_told_for_the_channels_that_it_is_verified_for(
    db: Database,
) -> None:
    await db.write(lambda tx: directory.apply_people(tx, [ALICE, BOB], {}))

    async with db.reading() as tx:
        told = {
            f"{name}/{channel}": await contacts.contact_of(
                tx, Destination(Kind.PERSON, name), channel
            )
            for name in ("ou_alice", "alice", "bob", "ou_ghost")
            for channel in Channel
        }
        everybody = await contacts.verified(tx)

    assert {name: contact for name, contact in told.items() if contact} == {
        "ou_alice/email": "alice@example.com",
        "bob/sms": "+6580000001",
        "bob/voice": "+6580000001",
    }
    assert everybody == {
        (Destination(Kind.PERSON, "ou_alice"), Channel.EMAIL),
        (Destination(Kind.PERSON, "bob"), Channel.SMS),
        (Destination(Kind.PERSON, "bob"), Channel.VOICE),
    }


async def test_only_a_person_has_contacts(db: Database) -> None:
    await db.write(lambda tx: directory.apply_people(tx, [ALICE], {}))

    async with db.reading() as tx:
        group = Destination(Kind.CHAT, "ou_alice")
        assert await contacts.contact_of(tx, group, Channel.EMAIL) == ""
