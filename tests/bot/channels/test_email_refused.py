"""What each answer of a mail server makes of a letter, and what none makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.channels.smtp import MailHost
from bot.errors import Parked, Refused, TransportError, Unanswered
from tests.bot.channels.writing import Sender
from tests.bot.mailroom import (
    LOOPBACK,
    Mailroom,
    gruff,
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


# What it answers


@pytest.mark.parametrize(
    ("stage", "answer", "failure"),
    [
        (
            "rcpt",
            "550 5.1.1 <wei@example.com>: Recipient address rejected",
            (
                Refused,
                (
                    "the mail server does not take this address: 550 5.1.1, "
                    "there is no such mailbox"
                ),
            ),
        ),
        (
            "rcpt",
            "552 5.2.2 quota",
            (
                Refused,
                (
                    "the mail server does not take this address: 552 5.2.2, "
                    "the mailbox is full"
                ),
            ),
        ),
        (
            "rcpt",
            "553 wei@example.com: see https://example.com/why at 10.0.0.9",
            (
                Refused,
                "the mail server does not take this address: 553 … see … at …",
            ),
        ),
        (
            "rcpt",
            "450 4.2.0 Greylisted, come back later",
            (
                TransportError,
                (
                    "the mail server does not take it now: 450 4.2.0 Greylisted, come "
                    "back later"
                ),
            ),
        ),
        (
            "rcpt",
            "530 5.7.0 Must issue a STARTTLS command first",
            (
                Parked,
                "the mail server does not take our user name and password (530)",
            ),
        ),
        (
            "mail",
            "553 5.7.1 <bell@example.com>: not owned by user",
            (
                Parked,
                (
                    "the mail server does not take letters from us: 553 5.7.1, "
                    "its rules do not allow it"
                ),
            ),
        ),
        (
            "mail",
            "451 4.3.0 out of memory",
            (
                TransportError,
                "the mail server does not take it now: 451 4.3.0 out of memory",
            ),
        ),
        (
            "data",
            "554 5.7.1 Spam",
            (
                Refused,
                (
                    "the mail server does not take this letter: 554 5.7.1, "
                    "its rules do not allow it"
                ),
            ),
        ),
        (
            "data",
            "452 4.3.1 disk full",
            (
                TransportError,
                "the mail server does not take it now: 452 4.3.1 disk full",
            ),
        ),
        (
            "data",
            "421 4.3.2 going down",
            (
                TransportError,
                "the mail server does not take it now: 421 4.3.2 going down",
            ),
        ),
    ],
)
async def test_what_the_server_answers_decides_what_we_do(
    room: Mailroom, sender: Sender, stage: str, answer: str, failure: tuple[type, str]
) -> None:
    room.say(stage, answer)

    assert await sender.failure() == failure
    assert room.letters == []

    await sender.send()
    assert len(room.letters) == 1


@pytest.mark.parametrize(
    "to", ["wei@example.com\r\nRCPT TO:<eve@example.com>", "卫@example.com", ""]
)
async def test_what_is_no_address_is_refused_before_anybody_is_asked(
    room: Mailroom, sender: Sender, to: str
) -> None:
    assert await sender.failure(to=to) == (
        Refused,
        "this is no e-mail address that mail knows",
    )
    assert room.connections == 0


async def test_what_was_not_written_as_a_letter_is_refused(
    room: Mailroom, sender: Sender
) -> None:
    assert await sender.failure(payload='{"schema": "2.0"}') == (
        Refused,
        "this message was not written as a letter",
    )


# What it does not answer


@pytest.mark.parametrize(
    ("stage", "kind", "words"),
    [
        ("mail", TransportError, "the mail server did not answer in time"),
        ("rcpt", TransportError, "the mail server did not answer in time"),
        ("data", Unanswered, "the mail server did not answer in time"),
        ("kept", Unanswered, "the mail server did not answer in time"),
    ],
)
async def test_a_server_that_hangs_leaves_us_in_doubt_once_it_has_the_letter(
    clock: HandClock, room: Mailroom, stage: str, kind: type, words: str
) -> None:
    room.silent.add(stage)
    sender = Sender(clock, room.port, timeout=0.1)

    assert await sender.failure() == (kind, words)

    room.silent.clear()
    await sender.send()
    assert names(room.letters)[-1] == "<i1-7@example.com>"


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        ("mail", TransportError),
        ("rcpt", TransportError),
        ("data", Unanswered),
        ("kept", Unanswered),
    ],
)
async def test_a_connection_that_breaks_leaves_us_in_doubt_once_it_has_the_letter(
    room: Mailroom, sender: Sender, stage: str, kind: type
) -> None:
    room.drops.add(stage)

    assert await sender.failure() == (kind, "the connection to the mail server broke")

    room.drops.clear()
    await sender.send()
    # It may stand there twice, under one name.
    assert set(names(room.letters)) == {"<i1-7@example.com>"}


async def test_nobody_at_home_is_tried_again(clock: HandClock) -> None:
    async with gruff(b"") as port:
        pass
    assert await Sender(clock, port).failure() == (
        TransportError,
        "the mail server cannot be reached",
    )


async def test_a_host_without_an_address_is_tried_again(clock: HandClock) -> None:
    assert await Sender(clock, 25, host="mail.invalid").failure() == (
        TransportError,
        "the mail server cannot be reached",
    )


async def test_a_server_that_says_nothing_is_tried_again(clock: HandClock) -> None:
    async with gruff() as port:
        assert await Sender(clock, port, timeout=0.1).failure() == (
            TransportError,
            "the mail server did not answer in time",
        )


@pytest.mark.parametrize(
    ("greeting", "failure"),
    [
        (
            b"554 5.7.1 You are on a list\r\n",
            (
                Parked,
                "the mail server turns us away: 554 5.7.1, its rules do not allow it",
            ),
        ),
        (
            b"421 too many connections\r\n",
            (
                TransportError,
                "the mail server does not take it now: 421 too many connections",
            ),
        ),
        (
            b"HTTP/1.1 400 Bad\r\n",
            (TransportError, "the mail server cannot be reached"),
        ),
        (b"", (TransportError, "the mail server cannot be reached")),
    ],
)
async def test_a_greeting_that_is_none_decides_what_we_do(
    clock: HandClock, greeting: bytes, failure: tuple[type, str]
) -> None:
    async with gruff(greeting) as port:
        assert await Sender(clock, port).failure() == failure


async def test_a_server_that_is_down_is_not_asked_for_each_letter(
    clock: HandClock, room: Mailroom
) -> None:
    async with gruff(b"") as port:
        sender = Sender(clock, port)
        first = await sender.failure()
        sender.server.host = MailHost(host=LOOPBACK, port=room.port, tls="none")
        assert await sender.failure() == first
        assert room.connections == 0
        clock.advance(seconds=5)
        await sender.send()

    assert len(room.letters) == 1
