"""Who is reached how: the YAML's addresses, those of the chat, and which are proved."""

from __future__ import annotations

from datetime import timedelta

from store import directory, people, subscriptions
from store.database import Database
from store.directory import Person
from store.people import Means
from store.values import Destination, Kind, Subscription
from tests.conftest import MONDAY

EMAIL, PHONE = Means
ALICE = Person(
    name="alice",
    open_id="ou_alice",
    email="Alice@example.com",
    phone="+65 8000 0000",
    verified=("email",),
)
BOB = Person(name="bob", email="bob@example.com", phone="+65 8000 0001")


async def _yaml(db: Database, *known: Person) -> None:
    await db.write(lambda tx: directory.apply_people(tx, known, {}))


async def _known(db: Database, name: str) -> dict[str, tuple[str, str]]:
    """Return what counts of somebody's addresses, and how each was proved."""
    async with db.reading() as tx:
        found = await people.addressee(tx, name)
    return {
        str(means): (each.address, each.how if each.verified else "not")
        for means, each in found.contacts.items()
    }


async def _give(db: Database, name: str, means: Means, address: str) -> None:
    await db.write(
        lambda tx: people.add_contact(
            tx, name, means, address, added_by=name, now=MONDAY
        )
    )


async def _prove(
    db: Database, name: str, means: Means, address: str, *, own: bool, how: str = "code"
) -> None:
    await db.write(
        lambda tx: people.prove_contact(
            tx, name, means, address, own=own, by=name, how=how, now=MONDAY
        )
    )


async def test_the_yaml_says_what_is_proved(db):
    await _yaml(db, ALICE, BOB)

    alice = {"email": ("Alice@example.com", "yaml"), "phone": ("+6580000000", "not")}
    assert await _known(db, "ou_alice") == await _known(db, "alice") == alice
    assert await _known(db, "bob") == {
        "email": ("bob@example.com", "not"),
        "phone": ("+6580000001", "not"),
    }
    assert await _known(db, "ou_ghost") == {}
    async with db.reading() as tx:
        assert (await people.addressee(tx, "alice")).open_id == "ou_alice"
        assert (await people.addressee(tx, "ou_ghost")).open_id == "ou_ghost"
        assert (await people.addressee(tx, "bob")).open_id is None


async def test_what_chat_proved_outlives_a_reload_of_the_yaml(db):
    await _yaml(db, BOB)
    await _prove(db, "bob", EMAIL, "Bob@Example.com", own=False)
    await _yaml(db, ALICE, BOB)

    assert (await _known(db, "bob"))["email"] == ("bob@example.com", "code")


async def test_an_address_that_the_yaml_changes_loses_its_mark(db):
    await _yaml(db, BOB)
    await _prove(db, "bob", EMAIL, "bob@example.com", own=False)
    await _yaml(db, Person(name="bob", email="bob@example.org"))

    assert await _known(db, "bob") == {"email": ("bob@example.org", "not")}
    await _yaml(db, Person(name="bob"))
    assert await _known(db, "bob") == {}
    await _yaml(db, BOB)
    assert (await _known(db, "bob"))["email"] == ("bob@example.com", "code")


async def test_the_mark_stays_when_the_yaml_learns_of_an_account(db):
    await _yaml(db, BOB)
    await _prove(db, "bob", EMAIL, "bob@example.com", own=False)
    await _yaml(db, Person(name="bob", open_id="ou_bob", email="bob@example.com"))

    proved = {"email": ("bob@example.com", "code")}
    assert await _known(db, "ou_bob") == await _known(db, "bob") == proved


async def test_an_address_of_ones_own_counts_once_it_is_proved(db):
    await _yaml(db, ALICE)
    await _give(db, "ou_alice", EMAIL, "me@home.example")

    assert (await _known(db, "ou_alice"))["email"] == ("Alice@example.com", "yaml")
    async with db.reading() as tx:
        waiting = (await people.addressee(tx, "ou_alice")).waiting
    assert waiting[EMAIL].address == "me@home.example"

    await _prove(db, "ou_alice", EMAIL, "me@home.example", own=True)
    assert (await _known(db, "ou_alice"))["email"] == ("me@home.example", "code")
    await _yaml(db, Person(name="alice", open_id="ou_alice", email="a@example.org"))
    assert (await _known(db, "ou_alice"))["email"] == ("me@home.example", "code")


async def test_a_new_address_of_ones_own_takes_the_place_of_the_old_one(db):
    for address in ("old@example.com", "new@example.com"):
        await _give(db, "ou_wei", EMAIL, address)
        await _prove(db, "ou_wei", EMAIL, address, own=True)
    await _give(db, "ou_wei", EMAIL, "third@example.com")

    assert await _known(db, "ou_wei") == {"email": ("new@example.com", "code")}
    async with db.reading() as tx:
        waiting = (await people.addressee(tx, "ou_wei")).waiting
    assert waiting[EMAIL].address == "third@example.com"


async def test_addresses_of_ones_own_are_forgotten_and_the_yaml_counts_again(db):
    await _yaml(db, ALICE)
    await _give(db, "ou_alice", EMAIL, "me@home.example")
    await _prove(db, "ou_alice", EMAIL, "me@home.example", own=True)

    gone = await db.write(lambda tx: people.forget_contacts(tx, "ou_alice", EMAIL))
    assert gone == 1
    assert (await _known(db, "ou_alice"))["email"] == ("Alice@example.com", "yaml")


async def test_the_number_that_lark_tells_is_proved_until_lark_tells_another(db):
    for number in ("+65 8000 0007", "+65 8000 0008"):
        await _prove(db, "ou_wei", PHONE, number, own=False, how="lark")

    assert await _known(db, "ou_wei") == {"phone": ("+6580000008", "lark")}


async def test_each_chat_knows_its_own_people_without_an_account(db):
    async def name(owner: str, address: str) -> str:
        found = await db.write(
            lambda tx: people.outsider(
                tx, owner, EMAIL, address, added_by="ou_wei", now=MONDAY
            )
        )
        return found.name

    assert await name("chat:oc_ops", "bob@example.com") == "P1"
    assert await name("chat:oc_web", "bob@example.com") == "P2"
    assert await name("chat:oc_ops", "Bob@Example.com ") == "P1"
    await _prove(db, "P1", EMAIL, "bob@example.com", own=True)
    assert await _known(db, "P1") == {"email": ("bob@example.com", "code")}
    assert await _known(db, "P2") == {"email": ("bob@example.com", "not")}
    async with db.reading() as tx:
        mine = await people.outsiders(tx, "chat:oc_ops")
        everybody = await people.outsiders(tx, None)
        among = await people.outsiders_among(tx, ["P2", "P9", "bob", "ou_x"])
    assert [each.name for each in mine] == ["P1"]
    assert [each.name for each in everybody] == ["P1", "P2"]
    assert [(each.name, each.owner) for each in among] == [("P2", "chat:oc_web")]


async def test_lark_users_have_the_names_that_lark_told_last(db):
    for hours, name in enumerate(("Wei", "Wei Tan")):
        now = MONDAY + timedelta(hours=hours)
        await db.write(
            lambda tx, name=name, now=now: people.meet(tx, "ou_wei", name, now=now)
        )

    async with db.reading() as tx:
        assert await people.called(tx, None) == {"ou_wei": "Wei Tan"}
        assert await people.called(tx, "chat:oc_ops") == {}
    rule = Subscription(
        id=0,
        name="",
        owner="chat:oc_ops",
        patterns=("*",),
        to=(Destination(Kind.PERSON, "ou_wei"),),
        created_at=MONDAY,
    )
    await db.write(lambda tx: subscriptions.add(tx, rule))
    async with db.reading() as tx:
        assert await people.called(tx, "chat:oc_ops") == {"ou_wei": "Wei Tan"}
        assert await people.called(tx, "chat:oc_web") == {}


def test_no_address_is_shown_by_accident():
    contact = people.Contact(means=EMAIL, address="bob@example.com", verified=True)
    outsider = people.Outsider(number=1, owner="o", means=EMAIL, address="bob@x.com")

    assert "bob" not in repr(contact) + repr(outsider)
