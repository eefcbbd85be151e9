"""Text messages and calls: at once or not at all, and never a third time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.phones.said import Said
from store import lanes
from store.values import Channel, Destination, Kind, Severity
from tests.bot.house import House

CRITICAL = Severity.CRITICAL
BUSY = Throttled("busy", retry_after=timedelta(seconds=30), alone=True)
LOST = Unanswered("the gateway did not answer: TimeoutError")


class Scripted:
    """A carrier that answers as it was told, and at last lets everything through."""

    def __init__(self, *answers: TransportError) -> None:
        self.answers = list(answers)
        self.said: list[str] = []
        self.keys: list[str] = []

    async def carry(self, number: str, said: Said, *, key: str) -> str:
        self.said.append(said.text)
        self.keys.append(key)
        if self.answers:
            raise self.answers.pop(0)
        return "s-1"


Answers = Callable[..., Scripted]


@pytest.fixture
def answers(house: House) -> Answers:
    """Lets text messages and calls be carried by one who answers so."""

    def carried(*errors: TransportError) -> Scripted:
        carrier = Scripted(*errors)
        house.carriers = {Channel.SMS: carrier, Channel.VOICE: carrier}
        house.delivery = house.worker("w1")
        return carrier

    return carried


async def notify(house: House, title: str = "disk", via: Channel = Channel.SMS) -> int:
    return await house.notify(title, to=house.person, via=via, severity=CRITICAL)


async def test_it_is_said_once(house, answers):
    carrier = answers()
    number = await notify(house)

    await house.run(minutes=5)

    assert await house.fate(number) == ("delivered", "")
    assert carrier.said == [f"Critical: disk (test, Monitoring alarm) M{number}"]


async def test_what_is_frozen_is_what_is_said_again(house, answers):
    carrier = answers(TransportError("could not reach the gateway: OSError"), BUSY)
    number = await notify(house)

    await house.run(minutes=5)

    assert await house.fate(number) == ("delivered", "")
    assert (len(carrier.said), len(set(carrier.said)), len(set(carrier.keys))) == (
        3,
        1,
        1,
    )


async def test_a_lost_answer_is_asked_once_more_and_says_so(house, answers):
    carrier = answers(LOST)
    number = await notify(house, via=Channel.VOICE)

    await house.run(minutes=5)

    assert len(carrier.said) == 2
    assert await house.fate(number) == (
        "delivered",
        "an answer was lost, so it may have come twice",
    )


async def test_nobody_is_called_a_third_time_for_a_lost_answer(house, answers):
    carrier = answers(LOST, LOST, LOST)
    number = await notify(house, via=Channel.VOICE)

    await house.run(hours=2)

    assert len(carrier.said) == 2
    assert await house.fate(number) == (
        "dead",
        f"no answer twice, so it may have come: {LOST}",
    )


async def test_what_is_refused_is_given_up(house, answers):
    answers(Refused("the phone number is not one that can be reached (X)"))
    number = await notify(house)

    await house.run(minutes=5)

    assert await house.fate(number) == (
        "dead",
        "the phone number is not one that can be reached (X)",
    )


async def test_what_could_not_be_sent_for_an_hour_is_not_sent_at_all(house, answers):
    carrier = answers(*[TransportError("could not reach the gateway: OSError")] * 99)
    number = await notify(house)

    await house.run(hours=2)

    assert await house.fate(number) == (
        "expired",
        "it could not be sent for an hour, and would come too late now",
    )
    carrier.answers.clear()
    later = await notify(house, "again")
    await house.run(minutes=1)
    assert await house.fate(later) == ("delivered", "")


async def test_what_was_being_sent_when_we_died_may_have_come(house, answers, clock):
    carrier = answers()
    number = await notify(house, via=Channel.VOICE)
    claimed = await house.delivery._claim(1)
    assert len(claimed) == 1

    clock.advance(hours=1)
    await house.db.write(lanes.return_leases)
    await house.run(minutes=1)

    assert carrier.said == []
    assert await house.fate(number) == (
        "expired",
        "no answer, so it may have come; it would come too late now",
    )


async def test_a_parked_phone_is_tried_again_in_minutes(house, answers):
    carrier = answers(Parked("the Tencent Cloud account is in arrears: pay it"))
    number = await notify(house)

    await house.run(minutes=1)
    assert await house.parked() == {
        str(house.person): "the Tencent Cloud account is in arrears: pay it"
    }
    await house.run(minutes=5)

    assert (await house.fate(number), len(carrier.said)) == (("delivered", ""), 2)
    assert await house.parked() == {}


async def test_what_shuts_everybody_s_phone_is_told_once(house, answers):
    unpaid = Parked("the Tencent Cloud account is in arrears: pay it")
    answers(unpaid, unpaid)
    numbers = [
        await house.notify(
            "disk", to=Destination(Kind.PERSON, name), via=Channel.SMS, type=kind
        )
        for name, kind in (("ou_bob", "product.alarm"), ("ou_eve", "product.expiry"))
    ]

    await house.run(minutes=1)
    assert (house.notices(), len(await house.parked())) == (
        ["Nothing gets through by text message"],
        2,
    )
    assert house.text(chat=house.told_admin).endswith(
        "What waits for an hour is not sent any more."
    )

    await house.run(minutes=6)
    assert (house.notices()[1:], await house.parked()) == (
        ["Text messages work again"],
        {},
    )
    assert await house.states(numbers) == ["delivered", "delivered"]


async def test_who_is_asked_to_wait_keeps_nobody_else_waiting(house, answers, clock):
    carrier = answers(BUSY)
    start = clock.now()
    await notify(house, "mine")
    await house.delivery.run_once()

    await notify(house, "called", via=Channel.VOICE)
    await house.delivery.run_once()

    assert (len(carrier.said), clock.now() - start < timedelta(seconds=5)) == (2, True)


async def test_what_comes_while_it_rings_shares_the_next_call(house, answers):
    carrier = answers()
    await notify(house, "first", via=Channel.VOICE)
    await house.delivery.run_once()
    for title in ("second", "third"):
        await notify(house, title, via=Channel.VOICE)

    await house.run(minutes=1)

    assert carrier.said == [
        "Critical. first. From test. Message M 1.",
        "2 critical messages at once. The first: third.",
    ]


async def test_a_storm_of_texts_is_one_text(house, answers):
    carrier = answers()
    numbers = await house.notify_all(
        [f"disk {n}" for n in range(7)], to=house.person, via=Channel.SMS
    )

    await house.run(minutes=5)

    (said,) = carrier.said
    titles = "; ".join(f"disk {n}" for n in reversed(range(7)))
    assert said == f"7 messages at once: 7 Warning. {titles}"
    assert set(await house.states(numbers)) == {"digested"}
