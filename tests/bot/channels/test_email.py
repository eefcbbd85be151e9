"""Letters over a real mail server: what arrives, protected, and from whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import Parked
from bot.secret import Secret
from tests.bot.channels.writing import LETTER, Sender
from tests.bot.mailroom import (
    PASSWORD,
    USER,
    Certificate,
    Mailroom,
    certificate,
    mailroom,
    names,
)
from tests.conftest import HandClock


@pytest.fixture
async def room() -> AsyncIterator[Mailroom]:
    async with mailroom() as made:
        yield made


@pytest.fixture
def sender(clock: HandClock, room: Mailroom) -> Sender:
    return Sender(clock, room.port)


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("proof"))


# What arrives


async def test_a_letter_arrives_whole(room: Mailroom, sender: Sender) -> None:
    name = await sender.send()

    (arrived,) = room.letters
    letter = arrived.read()
    assert (arrived.sender, arrived.to) == ("bell@example.com", ("wei@example.com",))
    assert name == letter.message["Message-ID"] == "<i1-7@example.com>"
    assert letter.message["Subject"] == "Disk full"
    assert letter.text.split("\n")[0] == letter.seen[0] == "It is full."
    assert letter.links == ["https://bell.example.com/ou_wei/product.alarm/en"]


async def test_a_letter_that_is_sent_again_has_the_same_name(
    room: Mailroom, sender: Sender
) -> None:
    for uuid in ("i1-7", "i1-7", "i1-8"):
        await sender.send(uuid=uuid)

    first, again, other = names(room.letters)
    assert first == again != other


async def test_a_line_of_one_dot_does_not_end_a_letter(
    room: Mailroom, sender: Sender
) -> None:
    text = "one\n.\nMAIL FROM:<eve@example.com>\n..two\n"
    await sender.send(replace(LETTER, text=text, types=()).frozen())

    (arrived,) = room.letters
    assert arrived.read().text == text


async def test_a_letter_of_our_own_has_no_way_to_stop_it(
    room: Mailroom, sender: Sender
) -> None:
    await sender.postman.send(
        "lin@example.com", "Your code", "It is 123456.", locale="zh", key="task-9"
    )

    (arrived,) = room.letters
    letter = arrived.read()
    assert arrived.to == ("lin@example.com",)
    assert (letter.text, letter.seen) == ("It is 123456.\n", ["It is 123456."])
    assert letter.message["Message-ID"] == "<task-9@example.com>"
    assert letter.message["List-Unsubscribe"] is None


async def test_letters_of_our_own_differ_unless_they_are_said_to_be_the_same(
    room: Mailroom, sender: Sender
) -> None:
    for _ in range(2):
        await sender.postman.send("lin@example.com", "Hello", "Hello")

    assert len(set(names(room.letters))) == 2


# How the connection is protected


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_letter_goes_over_a_protected_connection(
    clock: HandClock, proof: Certificate, tls: str
) -> None:
    async with mailroom(tls=tls, context=proof.context) as room:
        sender = Sender(clock, room.port, tls=tls, ca_file=str(proof.file))
        await sender.send()

    (arrived,) = room.letters
    assert arrived.protected is True


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_login_is_proved_over_a_protected_connection(
    clock: HandClock, proof: Certificate, tls: str
) -> None:
    async with mailroom(tls=tls, context=proof.context, login=True) as room:
        sender = Sender(
            clock,
            room.port,
            tls=tls,
            ca_file=str(proof.file),
            username=USER,
            password=Secret(PASSWORD),
        )
        await sender.send()

    (arrived,) = room.letters
    assert (arrived.user, arrived.protected) == (USER, True)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_certificate_that_nobody_vouches_for_parks_the_lane(
    clock: HandClock, proof: Certificate, tls: str
) -> None:
    async with mailroom(tls=tls, context=proof.context) as room:
        sender = Sender(clock, room.port, tls=tls)
        assert await sender.failure() == (
            Parked,
            (
                "the mail server's certificate is not trusted: self-signed "
                "certificate. Check email.host and email.ca_file"
            ),
        )

    assert room.letters == []


async def test_a_certificate_for_somebody_else_parks_the_lane(
    clock: HandClock, tmp_path: Path
) -> None:
    other = certificate(tmp_path, name="other.example.com")
    async with mailroom(tls="tls", context=other.context) as room:
        sender = Sender(clock, room.port, tls="tls", ca_file=str(other.file))
        assert await sender.failure() == (
            Parked,
            (
                "the mail server's certificate is not trusted: IP address mismatch, "
                "certificate is not valid for '127.0.0.1'. "
                "Check email.host and email.ca_file"
            ),
        )


async def test_a_server_without_protection_gets_neither_letter_nor_password(
    clock: HandClock, room: Mailroom
) -> None:
    sender = Sender(
        clock, room.port, tls="starttls", username=USER, password=Secret(PASSWORD)
    )

    assert await sender.failure() == (
        Parked,
        "the mail server offers no STARTTLS: check email.tls",
    )
    assert (room.letters, room.stages) == ([], [])


async def test_tls_to_a_server_that_speaks_plainly_parks_the_lane(
    clock: HandClock, room: Mailroom
) -> None:
    assert await Sender(clock, room.port, tls="tls").failure() == (
        Parked,
        "no protected connection to the mail server: check email.port and email.tls",
    )


# Who we are there


async def test_a_wrong_password_parks_the_lane(clock: HandClock) -> None:
    async with mailroom(login=True) as room:
        sender = Sender(clock, room.port, username=USER, password=Secret("wrong"))
        assert await sender.failure() == (
            Parked,
            "the mail server does not take our user name and password (535)",
        )


async def test_a_server_that_wants_a_login_parks_the_lane(clock: HandClock) -> None:
    async with mailroom(login=True) as room:
        kind, words = await Sender(clock, room.port).failure()

    assert (kind, words) == (
        Parked,
        (
            "the mail server does not take letters from us: 530 5.7.0 Authentication "
            "required"
        ),
    )


async def test_a_wrong_password_is_not_tried_again_for_each_letter(
    clock: HandClock,
) -> None:
    async with mailroom(login=True) as room:
        sender = Sender(clock, room.port, username=USER, password=Secret("wrong"))
        for _ in range(5):
            kind, _words = await sender.failure()
            assert kind is Parked
        assert room.connections == 1
        clock.advance(minutes=1)
        await sender.failure()

    assert room.connections == 2
