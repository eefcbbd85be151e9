"""A mute that ends by itself is said to be over, once, and not beside its digest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.unmuting import NEWS, Unmuting, tell
from store import mutes, preferences
from store.preferences import Choice
from store.values import Destination, Kind


@pytest.fixture
def ends(house):
    async def look() -> list[str]:
        """Let the job run; return what the group was told of mutes."""
        unmuting = Unmuting(
            house.db, clock=house.clock, voice=house.voice, queued=lambda: None
        )
        await unmuting.tell()
        await house.run(minutes=1)
        return house.titles()

    return look


async def test_the_end_of_a_mute_is_said_once(house, ends):
    await house.mute(hours=2, where="product=cdn")
    await house.run(hours=1)
    assert await ends() == []

    await house.run(hours=1)

    assert await ends() == ["Unmuted"]
    assert house.text().splitlines()[:2] == ["Unmuted", "product=cdn: muted → on."]
    assert await ends() == ["Unmuted"]


async def test_a_digest_of_what_it_held_says_so_itself(house, ends):
    await house.mute(hours=2)
    await house.notify_all(["disk", "cpu"])
    await house.run(hours=2, minutes=1)

    assert await ends() == ["Held back: mute: everything"]


async def test_a_digest_that_is_about_to_be_sent_will_say_so(house):
    await house.mute(hours=2)
    await house.notify_all(["disk", "cpu"])
    await house.run(minutes=1)
    house.clock.advance(hours=2)

    now = house.clock.now()
    await house.db.write(lambda tx: tell(tx, house.voice, now=now))
    await house.run(minutes=1)

    assert house.titles() == ["Held back: mute: everything"]


async def test_one_message_that_it_held_does_not_say_so(house, ends):
    await house.mute(hours=2)
    await house.notify("disk")
    await house.run(hours=2, minutes=1)

    assert await ends() == ["disk", "Unmuted"]


async def test_one_that_was_lifted_was_answered_already(house, ends):
    mute = await house.mute(hours=2)
    now = house.clock.now()
    await house.db.write(lambda tx: mutes.lift(tx, mute.id, now=now))
    await house.run(hours=3)

    assert await ends() == []


async def test_what_ended_while_nobody_was_there_is_no_news(house, ends):
    await house.mute(hours=2)
    house.clock.advance(hours=2)
    house.clock.set(house.clock.now() + NEWS)

    assert await ends() == []


async def test_the_end_of_a_robots_mute_is_said_in_its_group(house, ends):
    bound = await house.robot(chat=house.ops.chat_id)
    await house.robot("loose")
    await house.mute(hours=1, target=bound)
    await house.mute(hours=1, target=Destination(Kind.ROBOT, "loose"))
    await house.run(hours=1)

    assert await ends() == ["Unmuted"]


async def test_a_person_is_told_in_the_language_that_she_reads(house):
    await house.db.write(
        lambda tx: preferences.choose(
            tx,
            Choice(house.person, "lang", "zh"),
            by=house.person.name,
            now=house.clock.now(),
        )
    )
    await house.mute(hours=1, target=house.person)
    house.clock.advance(hours=1)

    now = house.clock.now() + timedelta(seconds=1)
    await house.db.write(lambda tx: tell(tx, house.voice, now=now))
    await house.run(minutes=1)

    assert house.titles(house.told_admin) == ["已取消静音"]
