"""Places that are closed to us: what was queued stays, admins hear of it, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from sandbox import Kind as Wrong
from store import lanes
from store.lanes import Waking
from store.secrets import Keyring
from store.values import Channel, Destination, Kind
from tests.bot.house import House

GONE = "the bot is not in this chat: add it to the group again (code 230002)"


async def leave(house: House) -> None:
    await house.lark.remove_bot(house.ops, house.app, house.admin)


async def come_back(house: House) -> None:
    """The bot is added again; hearing opens the lanes of the group."""
    await house.lark.add_bot(house.ops, house.app, house.admin)
    await house.db.write(lambda tx: lanes.unpark_destination(tx, house.chat))


async def test_a_group_that_the_bot_left_is_parked_and_nothing_is_lost(house):
    await leave(house)
    numbers = await house.notify_all("abc")

    await house.run(days=3)

    assert await house.parked() == {"chat:oc_ops": GONE}
    assert await house.states(numbers) == ["queued"] * 3
    assert await house.fate(numbers[0]) == ("queued", GONE)


async def test_admins_are_told_once_and_by_another_way(house):
    await leave(house)
    await house.notify_all("abc")

    await house.run(days=3)

    assert house.notices() == ["Nothing gets through to group oc_ops"]
    assert house.text(chat=house.told_admin).splitlines()[1:] == [
        "The bot is not in this chat: add it to the group again (code 230002).",
        "Its messages wait and go out as soon as it works again.",
    ]


async def test_other_places_go_on(house):
    robot, other = await house.robot(), house.group("other")
    await leave(house)
    await house.notify("a")
    await house.notify("b", to=robot)
    await house.notify("c", to=Destination(Kind.CHAT, other.chat_id))

    await house.run(minutes=1)

    assert (house.titles(), house.titles(other)) == (["b"], ["c"])


async def test_when_the_bot_is_added_again_it_all_goes_out_in_order(house):
    await leave(house)
    await house.notify_all("abc")
    await house.run(minutes=1)
    await house.notify("d")
    await come_back(house)

    await house.run(seconds=5)

    assert house.titles() == ["a", "b", "c", "d"]
    assert await house.parked() == {}


async def test_a_storm_that_waited_is_told_as_one(house):
    await leave(house)
    numbers = await house.notify_all("abcdef")
    await house.run(hours=5)
    await come_back(house)

    await house.run(seconds=5)

    assert house.titles() == ["6 messages at once"]
    assert await house.states(numbers) == ["digested"] * 6


async def test_to_be_parked_is_no_attempt_and_does_not_use_up_the_24_hours(house):
    await leave(house)
    number = await house.notify("disk")
    await house.run(days=3)
    await come_back(house)
    house.fail(Wrong.BAD_GATEWAY)

    await house.run(minutes=1)

    (told,) = await house.deliveries(number)
    assert (str(told.state), told.attempts) == ("delivered", 2)


async def test_a_parked_place_is_tried_every_hour_and_says_when_it_works(house):
    await leave(house)
    await house.notify("disk")
    await house.run(hours=3, minutes=30)
    tried = [each.at for each in house.attempts if each.error == "Parked"]
    house.ops.members.append(house.app)  # and nobody told us

    await house.run(hours=1)

    assert [after - tried[0] for after in tried] == [
        timedelta(hours=n) for n in range(4)
    ]
    assert house.titles() == ["disk"]
    assert house.notices() == [
        "Nothing gets through to group oc_ops",
        "Group oc_ops works again",
    ]


async def test_a_place_says_since_when_it_is_parked_not_since_the_last_try(house):
    await leave(house)
    await house.notify("disk")
    await house.run(minutes=1)
    async with house.db.reading() as tx:
        (first,) = await lanes.parked(tx)

    await house.run(hours=5)

    async with house.db.reading() as tx:
        (now,) = await lanes.parked(tx)
    assert now.since == first.since


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (19001, "the webhook is gone: add the robot to its group again"),
        (
            19021,
            "the signature did not match: check the robot's secret and our clock",
        ),
        (19024, "the robot wants a keyword: set the same one for it in our settings"),
    ],
)
async def test_a_robot_that_lark_does_not_let_in_is_parked(house, code, words):
    robot = await house.robot()
    theirs = house.robots["bell"]
    if code == 19001:
        theirs.gone = True
    elif code == 19021:
        theirs.secret = "another"
    else:
        theirs.keywords = ("zebra",)
    number = await house.notify("disk", to=robot)

    await house.run(hours=2)

    assert await house.parked() == {"robot:bell": f"{words} (code {code})"}
    assert (await house.fate(number))[0] == "queued"
    assert house.notices() == ["Nothing gets through to robot bell"]


@pytest.mark.parametrize("what", ["secret", "keyword"])
async def test_a_robot_works_again_once_the_settings_are_right(house, what):
    robot = await house.robot()
    theirs = house.robots["bell"]
    if what == "secret":
        theirs.secret = "s"
    else:
        theirs.keywords = ("zebra",)
    await house.notify_all("ab", to=robot)
    await house.run(minutes=1)
    right = {"secret": "s"} if what == "secret" else {"keyword": "zebra"}
    await house.know("bell", **right)

    async def opens(tx) -> None:
        # As a change of the configuration does.
        await lanes.unpark_destination(tx, robot)
        await lanes.touch(tx, [Waking(robot, Channel.CHAT, house.clock.now())])

    await house.db.write(opens)
    await house.run(seconds=5)

    assert house.titles() == ["a", "b"]
    assert await house.parked() == {}


async def test_an_admin_who_cannot_be_reached_is_not_told_by_that_very_way(house):
    house.admin.stopped.add(house.app.app_id)
    await house.notify("disk", to=house.person)

    await house.run(hours=2)

    assert list(await house.parked()) == [str(house.person)]
    assert [each.error for each in house.attempts] == ["Parked"] * 3

    house.admin.stopped.clear()
    await house.run(hours=2)
    assert house.notices() == ["disk"]


async def test_a_doubtful_message_in_a_parked_place_stays_doubtful(house):
    house.fail(Wrong.RESET_AFTER)
    await house.notify("a")
    await house.delivery.run_once()
    await leave(house)
    await house.run(minutes=1)
    assert [each.error for each in house.attempts[:2]] == ["Unanswered", "Parked"]
    await house.notify_all("bcdefg")
    await come_back(house)

    await house.run(seconds=5)

    # Within the hour Lark knows the key: said again, it shows nothing new.
    assert house.titles() == ["a", "6 messages at once"]


async def test_a_wrong_app_secret_parks_and_kills_nothing(house):
    house.fail(Wrong.CODE, "token", code=10014, times=None)
    number = await house.notify("disk")
    await house.run(hours=2)
    assert (await house.fate(number))[0] == "queued"
    house.works_again()

    await house.run(hours=1)

    assert house.titles() == ["disk"]


async def test_a_robot_whose_secret_no_key_opens_stops_nobody_else(house):
    robot = await house.robot()
    stranger = Keyring([Fernet.generate_key().decode()])
    strange = {"webhook": stranger.seal("https://x"), "secret": None}
    await house.db.write(lambda tx: tx.run("hook_reseal", id=1, **strange))
    sealed = await house.notify("a", to=robot)
    await house.notify("b")

    await house.run(seconds=5)

    assert (house.titles(), await house.states([sealed])) == (["b"], ["queued"])
    assert house.notices() == ["Nothing gets through to robot bell"]
