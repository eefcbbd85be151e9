"""What a lane does with what cannot be sent: no robot, no card, no place any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.voice import Voice
from handlers.rules.digest import Digest
from handlers.rules.types import Types
from store import outbox
from store.values import Channel, Notification
from tests.bot.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Choking(Voice):
    """A voice that cannot say one word."""

    def alert(self, notification: Notification, **more: Any) -> str:
        if notification.title == "poison":
            raise KeyError("poison")
        # slots make a class anew, so super() without arguments would not find it.
        return Voice.alert(self, notification, **more)

    def digest(self, digest: Digest, **more: Any) -> str:
        if any(line.title == "poison" for line in digest.lines):
            raise KeyError("poison")
        return Voice.digest(self, digest, **more)


def chokes(house: House) -> None:
    house.voice = Choking(types=Types(), zone="UTC")
    house.delivery = house.worker("w1")


async def test_a_message_that_cannot_be_put_ends_by_name_and_the_rest_go_on(house):
    chokes(house)
    numbers = await house.notify_all(["a", "poison", "b"])

    await house.run(seconds=10)

    assert house.titles() == ["a", "b"]
    assert await house.fate(numbers[1]) == (
        "dead",
        "it could not be made into a card: the log says why",
    )
    assert house.notices() == ["Not delivered to group oc_ops"]
    assert "“poison” (M2)" in house.text(chat=house.told_admin)


async def test_a_digest_that_cannot_be_put_goes_out_one_by_one(house):
    chokes(house)
    await house.mute(hours=1)
    held = await house.notify_all(["a", "poison", "b"])
    await house.run(hours=1, seconds=10)
    assert house.titles() == ["a", "b"]

    storm = await house.notify_all(["c", "d", "poison", "e", "f", "g"])
    await house.run(seconds=10)

    assert house.titles()[2:] == ["c", "d", "e", "f", "g"]
    expected = ["delivered", "dead", "delivered"]
    assert await house.states(held) == expected
    assert (await house.states(storm)).count("dead") == 1


async def test_what_waits_for_a_robot_that_was_removed_cannot_be_delivered(house):
    robot = await house.robot()
    await house.window(target=robot, patterns=("finance.*",))
    held = await house.notify_all(["a", "b"], to=robot, type="finance.budget")
    await house.run(minutes=1)
    await house.forget("bell")
    waiting = await house.notify("c", to=robot)

    await house.run(hours=9)

    for number in (*held, waiting):
        assert await house.fate(number) == ("undeliverable", "this robot was removed")
    assert house.titles() == []
    async with house.db.reading() as tx:
        assert await outbox.count_open(tx) == 0


async def test_a_robot_that_comes_back_gets_what_comes_after(house):
    robot = await house.robot()
    await house.forget("bell")
    await house.notify("lost", to=robot)
    await house.run(minutes=1)
    await house.know("bell")

    await house.notify("found", to=robot)
    await house.run(minutes=1)

    assert house.titles() == ["found"]


async def test_a_place_that_was_closed_gets_nothing_that_waited(house):
    number = await house.notify("disk")
    now = house.clock.now()
    await house.db.write(
        lambda tx: outbox.close_destination(tx, house.chat, reason="gone", now=now)
    )

    await house.run(minutes=1)

    assert (house.titles(), await house.fate(number)) == ([], ("undeliverable", "gone"))


async def test_what_nobody_has_a_way_for_is_parked_and_said_once(house):
    number = await house.notify("disk", via=Channel.DM)

    await house.run(hours=3)

    words = "there is no way to reach chat:oc_ops by dm"
    assert (await house.fate(number), await house.parked()) == (
        ("queued", words),
        {"chat:oc_ops": words},
    )
    assert house.notices() == ["Nothing gets through to group oc_ops"]
