"""Codes that prove an address: who can enter which, how often, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from store import codes
from store.database import Database
from store.opening import open_database
from store.people import Means
from store.secrets import Keyring
from tests.conftest import KEYRING, MONDAY

EMAIL, PHONE = Means
WRONG = "no code"


async def _issue(db: Database, person: str = "ou_wei", **settings: object) -> str:
    asked = {"means": EMAIL, "address": "wei@example.com", "now": MONDAY, **settings}
    means, address, now = asked["means"], asked["address"], asked["now"]
    return await db.write(
        lambda tx: codes.issue(
            tx, person, means, address, own=True, asked_by="ou_wei", now=now
        )
    )


async def _enter(
    db: Database, said: str, person: str = "ou_wei", **later: float
) -> str | None:
    now = MONDAY + timedelta(**later)
    found = await db.write(lambda tx: codes.enter(tx, person, said, now=now))
    return None if found is None else found.address


async def test_a_code_proves_an_address_once(db):
    said = await _issue(db)

    assert (len(said), said.isdecimal()) == (6, True)
    assert await _enter(db, said) == "wei@example.com"
    assert await _enter(db, said) is None


async def test_a_code_is_good_for_ten_minutes(db):
    said = await _issue(db)

    assert await _enter(db, said, minutes=10) is None
    assert await _enter(db, said, minutes=9, seconds=59) == "wei@example.com"


@pytest.mark.parametrize(("wrong", "address"), [(4, "wei@example.com"), (5, None)])
async def test_five_wrong_guesses_end_it(db, wrong, address):
    said = await _issue(db)
    for _ in range(wrong):
        assert await _enter(db, WRONG) is None

    assert await _enter(db, said) == address


async def test_a_code_is_good_for_nobody_else(db):
    said = await _issue(db)

    assert await _enter(db, said, person="ou_lin") is None
    assert await _enter(db, said) == "wei@example.com"


async def test_the_next_code_ends_the_one_before_of_the_same_means(db):
    first = await _issue(db)
    phone = await _issue(db, means=PHONE, address="+65 8000 0000")
    second = await _issue(db)

    # One in a million times both are the same.
    assert await _enter(db, first) is None or first == second
    assert await _enter(db, phone) == "+6580000000"
    assert await _enter(db, second) == "wei@example.com"


async def test_codes_are_counted_for_a_day(db):
    for hours in (0, 1, 23):
        await _issue(db, now=MONDAY + timedelta(hours=hours))
    await _issue(db, person="ou_lin", now=MONDAY + timedelta(hours=23))

    async def count(**later: float) -> tuple[int, int]:
        async with db.reading() as tx:
            found = await codes.sent(
                tx,
                "ou_wei",
                EMAIL,
                "Wei@example.com",
                asked_by="ou_wei",
                now=MONDAY + timedelta(**later),
            )
        assert found.last == MONDAY + timedelta(hours=23)
        return found.to_address, found.by_asker

    assert await count(hours=23) == (4, 4)
    assert await count(hours=24) == (3, 3)
    assert await count(hours=47) == (0, 0)


async def test_what_is_not_counted_any_more_is_forgotten(db):
    await _issue(db)
    later = await _issue(db, person="ou_lin", now=MONDAY + timedelta(hours=2))
    pruned = await db.write(
        lambda tx: codes.prune(tx, now=MONDAY + timedelta(hours=25))
    )

    assert pruned == 1
    assert await _enter(db, later, person="ou_lin", hours=2) == "wei@example.com"


async def test_no_code_is_in_the_database_and_its_key_is_sealed(db):
    said = await _issue(db)

    async with db.reading() as tx:
        [row] = await tx.all("open_codes", person="ou_wei", now=0)
    assert said not in (row["hash"], row["salt"])
    assert len(KEYRING.open(row["salt"])) == 32


async def test_a_code_whose_key_is_gone_is_wrong(db_url):
    first = await open_database(db_url, keyring=KEYRING)
    said = await _issue(first)
    await first.close()
    from cryptography.fernet import Fernet

    other = Keyring([Fernet.generate_key().decode()])
    second = await open_database(db_url, keyring=other)
    assert await _enter(second, said) is None
    await second.close()
