"""From a notification to a letter: at once, held, refused, in doubt, shut out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.email import EmailChannel, Postman
from bot.channels.smtp import MailHost, MailServer
from bot.delivery import LANES
from bot.secret import Secret
from store import directory, preferences
from store.directory import Person
from store.preferences import Choice
from store.values import Channel, Destination, Kind, Status
from tests.bot.house import CRITICAL, House
from tests.bot.mailroom import LOOPBACK, Mailroom, mailroom, names
from tests.conftest import MONDAY
from tests.store.samples import fates

WEI = Destination(Kind.PERSON, "wei")
LIN = Destination(Kind.PERSON, "ou_lin")
EMAIL = Channel.EMAIL

Connect = Callable[..., None]


def written(name: str, **more: Any) -> Person:
    return Person(name=name, email=f"{name}@example.com", verified=("email",), **more)


def connect(house: House, port: int, **more: Any) -> None:
    """Let the house's worker send letters to the server at *port*."""
    host = MailHost(**{"host": LOOPBACK, "port": port, "tls": "none", **more})
    server = MailServer(host, house.clock, 0.5)
    postman = Postman(server, sender="bell@example.com", clock=house.clock)
    house.others[Kind.PERSON, EMAIL] = EmailChannel(postman)
    house.delivery = house.worker("w1")


@pytest.fixture
async def room(house: House) -> AsyncIterator[Mailroom]:
    """The mail server of a house with two people who have an address."""
    people = [written("wei"), written("lin", open_id="ou_lin")]
    await house.db.write(lambda tx: directory.apply_people(tx, people, {}))
    async with mailroom() as made:
        connect(house, made.port)
        yield made


async def choose(house: House, choice: Choice) -> None:
    await house.db.write(
        lambda tx: preferences.choose(tx, choice, by="ou_lin", now=house.clock.now())
    )


def subjects(room: Mailroom) -> list[str]:
    return [str(each.read().message["Subject"]) for each in room.letters]


async def test_a_notification_arrives_as_a_letter(house: House, room: Mailroom) -> None:
    number = await house.notify("Disk full", to=WEI, via=EMAIL, body="**97 %**")

    await house.run(seconds=1)

    (arrived,) = room.letters
    letter = arrived.read()
    assert arrived.to == ("wei@example.com",)
    assert letter.message["Subject"] == "Warning · Disk full"
    assert letter.seen[:5] == [
        "Warning · Disk full",
        "Received 2026-01-05 01:00 UTC",
        "test · Monitoring alarm · product.alarm",
        "97 %",
        "M1",
    ]
    assert await fates(house.db, number) == [("delivered", "")]


async def test_a_letter_is_in_its_readers_language_and_zone(
    house: House, room: Mailroom
) -> None:
    for name, value in (("lang", "zh"), ("tz", "Asia/Shanghai")):
        await choose(house, Choice(LIN, name, value))
    await house.notify("Disk full", to=LIN, via=EMAIL)

    await house.run(seconds=1)

    letter = room.letters[0].read()
    assert letter.message["Content-Language"] == "zh-CN"
    assert letter.seen[:2] == [
        "警告 · Disk full",
        "收到于 2026-01-05 09:00 Asia/Shanghai",
    ]


async def test_what_comes_at_night_is_one_letter_at_the_end_of_the_window(
    house: House, room: Mailroom
) -> None:
    await house.window(target=WEI, hours=8)
    numbers = await house.notify_all(["disk", "cpu", "fan"], to=WEI, via=EMAIL)

    await house.run(hours=7, minutes=59)
    assert room.letters == []
    assert await house.states(numbers) == ["held"] * 3

    await house.run(minutes=3)
    (arrived,) = room.letters
    letter = arrived.read()
    assert letter.message["Subject"] == (
        "Held back: nights: 01:00-09:00 daily UTC · Warning 3"
    )
    assert letter.seen[1:6] == [
        "3 messages since 2026-01-05 01:00 UTC",
        "Warning 3",
        "Warning · fan · 01-05 01:00 · M3",
        "Warning · cpu · 01-05 01:00 · M2",
        "Warning · disk · 01-05 01:00 · M1",
    ]
    assert await fates(house.db, *numbers) == [("digested", "told in a digest")] * 3


async def test_a_critical_arrives_at_night(house: House, room: Mailroom) -> None:
    await house.window(target=WEI, hours=8)
    await house.notify("disk", to=WEI, via=EMAIL)
    await house.notify("fire", to=WEI, via=EMAIL, severity=CRITICAL)

    await house.run(minutes=1)

    assert subjects(room) == ["Critical · fire"]
    assert room.letters[0].read().message["Importance"] == "high"


async def test_a_storm_is_one_letter(house: House, room: Mailroom) -> None:
    numbers = await house.notify_all("abcdefgh", to=WEI, via=EMAIL)

    await house.run(minutes=1)

    assert subjects(room) == ["8 messages at once · Warning 8"]
    assert await fates(house.db, *numbers) == [("digested", "told in a digest")] * 8


async def test_an_incident_is_one_thread(house: House, room: Mailroom) -> None:
    incident = {"to": WEI, "via": EMAIL, "fingerprint": "db-1"}
    await house.notify("disk", status=Status.FIRING, **incident)
    await house.run(minutes=1)
    await house.notify("disk", status=Status.RESOLVED, **incident)
    await house.run(minutes=1)

    first, second = (each.read().message["References"] for each in room.letters)
    assert first == second is not None
    assert len(set(names(room.letters))) == 2


async def test_who_has_no_address_gets_no_letter(house: House, room: Mailroom) -> None:
    ghost = Destination(Kind.PERSON, "ghost")
    number = await house.notify("disk", to=ghost, via=EMAIL)

    await house.run(seconds=1)

    ((state, reason),) = await fates(house.db, number)
    assert (state, reason.partition(":")[0]) == (
        "undeliverable",
        "contact not verified",
    )
    assert room.stages == []


# What the server says


async def test_an_address_that_is_refused_is_given_up_and_admins_are_told(
    house: House, room: Mailroom
) -> None:
    room.say("rcpt", "550 5.1.1 <wei@example.com>: no such user")
    number = await house.notify("disk", to=WEI, via=EMAIL)

    await house.run(minutes=1)

    words = (
        "the mail server does not take this address: 550 5.1.1, "
        "there is no such mailbox"
    )
    assert await fates(house.db, number) == [("dead", words)]
    assert house.notices() == ["Not delivered to person wei"]
    assert words in house.text(chat=house.told_admin)
    assert [each.error for each in house.attempts] == ["Refused", ""]


async def test_a_greylisted_letter_comes_again_as_the_same_letter(
    house: House, room: Mailroom
) -> None:
    room.say("rcpt", *["450 4.7.1 Greylisted"] * 5)
    number = await house.notify("disk", to=WEI, via=EMAIL)

    await house.run(minutes=10)

    assert await fates(house.db, number) == [("delivered", "")]
    assert len({each.payload for each in house.attempts}) == 1
    assert len({each.uuid for each in house.attempts}) == 1


async def test_a_letter_in_doubt_is_sent_again_under_its_name_and_says_so(
    house: House, room: Mailroom
) -> None:
    room.drops.add("kept")
    number = await house.notify("disk", to=WEI, via=EMAIL)
    await house.run(seconds=0.1)
    assert [each.error for each in house.attempts] == ["Unanswered"]

    room.drops.clear()
    await house.run(minutes=5)

    assert len(room.letters) == 2
    assert len(set(names(room.letters))) == 1
    assert await fates(house.db, number) == [
        ("delivered", "an answer was lost, so it may stand there twice")
    ]


# Shut out


async def test_a_wrong_password_is_told_once_for_everybody_and_so_is_its_end(
    house: House, room: Mailroom
) -> None:
    async with mailroom(login=True) as strict:
        connect(house, strict.port, username="bell", password=Secret("wrong"))
        numbers = [
            await house.notify("disk", to=WEI, via=EMAIL),
            await house.notify("disk", to=LIN, via=EMAIL),
        ]
        await house.run(minutes=5)
        words = "the mail server does not take our user name and password (535)"
        assert await fates(house.db, *numbers) == [("queued", words)] * 2
        assert await house.parked() == {"person:wei": words, "person:ou_lin": words}
        assert house.notices() == ["Nothing gets through by e-mail"]

    connect(house, room.port)
    await house.run(hours=1, minutes=1)

    assert await fates(house.db, *numbers) == [("delivered", "")] * 2
    assert house.notices() == ["Nothing gets through by e-mail", "E-mail works again"]
    assert await house.parked() == {}


async def test_a_mail_server_that_is_down_holds_up_nobody_in_lark(
    house: House, room: Mailroom
) -> None:
    room.silent.add("mail")
    people = [written(f"p{n}") for n in range(40)]
    await house.db.write(lambda tx: directory.apply_people(tx, people, {}))
    for each in people:
        await house.notify("disk", to=Destination(Kind.PERSON, each.name), via=EMAIL)
    await house.notify("disk")

    # At once, although more lanes of letters are due than may speak.
    claimed = await house.delivery._claim(LANES)

    by_mail = [each for each in claimed if each.lane.channel is EMAIL]
    assert len(by_mail) < 6
    assert house.chat in {each.lane.destination for each in claimed}
    for each in claimed:
        house.delivery._speak(each)
    await house.delivery.finish(timedelta(seconds=3))
    assert not house.delivery._speaking


async def test_letters_go_out_at_their_own_pace(house: House, room: Mailroom) -> None:
    people = [written(f"p{n}") for n in range(30)]
    await house.db.write(lambda tx: directory.apply_people(tx, people, {}))
    for each in people:
        await house.notify("disk", to=Destination(Kind.PERSON, each.name), via=EMAIL)

    await house.run(minutes=1)

    assert len(room.letters) == 30
    # 96 a minute, and never more than delivery waits for at once.
    took = max(each.at for each in house.attempts) - MONDAY
    assert timedelta(seconds=16) < took < timedelta(seconds=25)
