"""Letters over a real mail server: what arrives, and what each answer makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.email import EmailChannel, Postman
from bot.channels.posting import Posting
from bot.channels.smtp import GOODBYE, LINE, TIMEOUT, MailHost, MailServer
from bot.delivery import PATIENCE
from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.letters.letter import Letter
from bot.secret import Secret
from store.lanes import LEASE, Lane
from store.outbox import Outgoing
from store.values import Channel, Destination, Kind
from tests.bot.mailroom import (
    LOOPBACK,
    PASSWORD,
    USER,
    Certificate,
    Mailroom,
    certificate,
    gruff,
    mailroom,
    names,
)
from tests.conftest import MONDAY, HandClock

WEI = Destination(Kind.PERSON, "ou_wei")
LETTER = Letter(
    subject="Disk full",
    text="It is full.\n",
    html="<p>It is full.</p>",
    locale="en",
    at=MONDAY,
    types=("product.alarm",),
)


class Sender:
    """Our side: a channel to one mail server."""

    def __init__(self, clock: HandClock, port: int, **more: Any) -> None:
        timeout = more.pop("timeout", TIMEOUT)
        host = MailHost(**{"host": LOOPBACK, "port": port, "tls": "none", **more})
        self.server = MailServer(host, clock, timeout)
        self.postman = Postman(self.server, sender="bell@example.com", clock=clock)
        self.channel = EmailChannel(self.postman, stop_page=self._stop_page)

    def _stop_page(self, person: Destination, types: tuple[str, ...], said: str) -> str:
        return f"https://bell.example.com/{person.name}/{'+'.join(types)}/{said}"

    async def send(
        self, payload: str = "", *, to: str = "wei@example.com", uuid: str = "i1-7"
    ) -> str:
        outgoing = Outgoing.__new__(Outgoing)  # It does not look at it.
        return await self.channel.send(
            Posting(
                lane=Lane(f"{WEI}/email", WEI, Channel.EMAIL),
                outgoing=outgoing,
                payload=payload or LETTER.frozen(),
                uuid=uuid,
                contact=to,
            )
        )

    async def failure(self, **more: Any) -> tuple[type[Exception], str]:
        """What comes of it: the kind of failure, and its words."""
        with pytest.raises(TransportError) as raised:
            await self.send(**more)
        # Neither people nor passwords are named, however it is looked at.
        told = f"{raised.value!r} {raised.value.__cause__!r}"
        assert "wei@" not in told
        assert PASSWORD not in told
        return type(raised.value), str(raised.value)


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
