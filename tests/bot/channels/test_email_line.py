"""Letters that stand in line: one connection, a short line, time that is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.channels.smtp import GOODBYE, LINE, TIMEOUT
from bot.delivery import PATIENCE
from bot.errors import Refused, Throttled, Unanswered
from store.lanes import LEASE
from tests.bot.channels.writing import Sender
from tests.bot.mailroom import (
    Mailroom,
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


# One connection


async def test_letters_that_stand_in_line_share_a_connection(
    room: Mailroom, sender: Sender
) -> None:
    await asyncio.gather(*(sender.send(uuid=f"i1-{n}") for n in range(LINE)))

    assert (len(room.letters), room.connections) == (LINE, 1)

    await sender.send()
    assert room.connections == 2


async def test_an_answer_about_one_letter_is_not_taken_for_the_next(
    room: Mailroom, sender: Sender
) -> None:
    room.say("rcpt", "550 5.1.1 nobody", "", "550 5.1.1 nobody")
    came = await asyncio.gather(
        *(sender.send(uuid=f"i1-{n}") for n in range(4)), return_exceptions=True
    )

    assert [type(each) for each in came] == [Refused, str, Refused, str]
    assert names(room.letters) == [came[1], came[3]]
    assert room.connections == 1


async def test_a_server_that_has_enough_of_a_connection_is_called_again(
    room: Mailroom, sender: Sender
) -> None:
    room.say("mail", "", "421 4.7.0 Too many messages", "")
    came = await asyncio.gather(*(sender.send(uuid=f"i1-{n}") for n in range(3)))

    assert names(room.letters) == came
    assert room.connections == 2


async def test_a_letter_does_not_stand_in_a_long_line(
    room: Mailroom, sender: Sender
) -> None:
    came = await asyncio.gather(
        *(sender.send(uuid=f"i1-{n}") for n in range(LINE + 2)), return_exceptions=True
    )

    late = [each for each in came if isinstance(each, Throttled)]
    assert [(str(each), each.retry_after) for each in late] == [
        ("the mail server is busy with other letters", timedelta(seconds=1))
    ] * 2
    assert len(room.letters) == LINE


async def test_who_waited_in_vain_for_a_turn_comes_again_and_is_in_no_doubt(
    clock: HandClock, room: Mailroom
) -> None:
    room.silent.add("kept")
    sender = Sender(clock, room.port, timeout=0.3)
    first = asyncio.ensure_future(sender.failure())
    await asyncio.sleep(0)
    sender.server.timeout = 0.1

    assert await sender.failure(uuid="i1-8") == (
        Throttled,
        "the mail server is busy with other letters",
    )
    assert (await first)[0] is Unanswered


async def test_a_stop_says_goodbye_once(room: Mailroom, sender: Sender) -> None:
    await sender.send()

    await sender.server.leave()
    await sender.server.leave()

    assert room.connections == 1


def test_no_letter_takes_longer_than_a_lease() -> None:
    longest = PATIENCE + timedelta(seconds=TIMEOUT + GOODBYE)
    assert longest < LEASE
