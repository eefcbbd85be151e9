"""Letters in a whole process: from a door to the mail server, by the YAML alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.app import Larkbell
from bot.config import needs_restart
from store import lanes
from tests.bot.app.test_start_and_stop import SOON, Start, start
from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import NATIVE, SECRETS, YAML, Hall, bearer, note
from tests.bot.mailroom import PASSWORD, USER, Mailroom, mailroom

__all__ = ["start"]

WEI = "wei@example.com"
#: Who gets what, and the mail server on loopback.
MAIL = (
    YAML.replace("to: [robot:ops-room]", "to: [person:wei, group:all], via: [email]")
    .replace("{queue: 100}", "{email: {per_minute: 6000, address_per_minute: 600}}")
    .replace("{", "{{")
    .replace("}", "}}")
    + """
people:
  - {{name: wei, email: {wei}, verified: [email]}}
  - {{name: lin, open_id: ou_lin, email: lin@example.com, verified: [email]}}
  - {{name: mo, email: mo@example.com}}
groups: {{all: [wei, lin, mo]}}
email: {{host: 127.0.0.1, port: {port}, sender: bell@example.com, tls: none{more}}}
"""
)


def yaml(port: int, more: str = "") -> str:
    return MAIL.format(wei=WEI, port=port, more=more)


@pytest.fixture
async def room() -> AsyncIterator[Mailroom]:
    async with mailroom() as made:
        yield made


async def until_letters(room: Mailroom, count: int) -> None:
    async with asyncio.timeout(SOON):
        while len(room.letters) < count:  # noqa: ASYNC110 - no letter rings a bell
            await asyncio.sleep(0.01)


async def test_what_is_accepted_is_sent_as_letters_by_itself(
    start: Start, room: Mailroom
) -> None:
    async with start(yaml(room.port)) as process:
        assert await process.send() == 202
        await until_letters(room, 2)
        async with process.client.get(
            f"{NATIVE}/n_1", headers=bearer(SECRETS["SCRIPTS"])
        ) as response:
            told = await response.json()

    assert {each.to for each in room.letters} == {(WEI,), ("lin@example.com",)}
    fates = {
        each["destination"]: each["reason"].partition(":")[0]
        for each in told["deliveries"]
        if each["channel"] == "email"
    }
    assert fates == {
        "person:wei": "",
        "person:ou_lin": "",
        "person:mo": "contact not verified",
    }


async def test_a_login_stands_in_the_yaml(start: Start) -> None:
    async with mailroom(login=True) as room:
        more = f', username: {USER}, password: "{PASSWORD}"'
        async with start(yaml(room.port, more)) as process:
            await process.send()
            await until_letters(room, 1)

    assert room.letters[0].user == USER


async def test_a_mail_server_that_is_away_degrades_it_and_nothing_else(
    open_hall: Open, room: Mailroom
) -> None:
    hall = await open_hall(yaml=yaml(room.port))
    room.say("mail", *["421 4.3.2 going down"] * 2)
    await _send(hall)

    assert (await hall.ask("/readyz")).said == (
        200,
        {
            "status": "degraded",
            "degraded": {
                "mail": "the mail server does not take it now: 421 4.3.2 going down"
            },
        },
    )

    hall.clock.advance(minutes=1)
    await hall.bell.delivery.run_once()
    assert (await hall.ask("/readyz")).said[1] == {"status": "ok"}
    assert {each.to for each in room.letters} == {(WEI,), ("lin@example.com",)}


async def test_a_start_tries_at_once_what_was_shut_before(
    start: Start, room: Mailroom
) -> None:
    async with mailroom(login=True) as strict, start(yaml(strict.port)) as process:
        await process.send()
        async with asyncio.timeout(SOON):
            while len(await _parked(process.bell)) < 2:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)

    async with start(yaml(room.port)) as process:
        await until_letters(room, 2)


async def test_the_mail_server_changes_with_a_restart(
    open_hall: Open, room: Mailroom
) -> None:
    hall = await open_hall(yaml=yaml(room.port))
    other = (await open_hall(yaml=yaml(9))).bell.config

    assert needs_restart(hall.bell.config, other) == ["email.port"]
    await hall.bell.apply(other)
    await _send(hall)

    assert len(room.letters) == 2


async def _parked(bell: Larkbell) -> list[lanes.Parking]:
    async with bell.db.reading() as tx:
        return await lanes.parked(tx)


async def _send(hall: Hall) -> None:
    """Let a notification be accepted, routed, and sent as far as it goes."""
    await hall.post(
        NATIVE, note("CPU", type="security.event"), token=SECRETS["SCRIPTS"]
    )
    await hall.bell.routing.run_once()
    await hall.bell.delivery.run_once()
