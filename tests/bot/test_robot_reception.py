"""A robot with words, a cap and a pause: nothing is lost, and it says where it is."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import posts, robots
from store.values import Status
from tests.bot.house import CRITICAL, WARNING, House

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _times(house: House) -> list[int]:
    """Return when the group got its posts, in minutes from the beginning."""
    start = house.ops.created_at
    return [(each.created_at - start) // MINUTE for each in house.ops.messages]


async def test_what_its_words_stop_ends_muted_with_the_reason(house):
    robot = await house.robot(deny=("drill",), allow=("disk", "fire"))
    numbers = await house.notify_all(["disk full", "fire drill", "cpu"], to=robot)

    await house.run(minutes=1)

    assert house.titles() == ["disk full"]
    assert [await house.fate(number) for number in numbers] == [
        ("delivered", ""),
        ("muted", "it does not take what says “drill”"),
        ("muted", "it takes only what says disk, fire"),
    ]


async def test_what_is_over_the_cap_waits_and_comes_as_one_digest(house):
    robot = await house.robot(per_hour=2)
    await house.notify("a", to=robot)
    await house.run(minutes=10)
    await house.notify("b", to=robot)
    await house.run(minutes=10)
    late = await house.notify_all("cde", to=robot)
    await house.run(minutes=1)
    assert await house.states(late) == ["held"] * 3
    assert (await house.fate(late[0]))[1] == "at most 2 posts an hour"

    await house.run(hours=1)

    assert house.titles() == ["a", "b", "Held back: at most 2 posts an hour"]
    assert await house.states(late) == ["digested"] * 3
    assert _times(house) == [0, 10, 60]


async def test_criticals_do_not_wait_for_the_cap_and_count(house):
    robot = await house.robot(per_hour=2)
    await house.notify("a", to=robot)
    await house.run(minutes=1)
    await house.notify_all(["fire", "flood"], to=robot, severity=CRITICAL)
    await house.run(minutes=1)
    number = await house.notify("b", to=robot)
    await house.run(minutes=1)
    assert (len(house.titles()), await house.states([number])) == (3, ["held"])

    await house.run(hours=1)

    assert house.titles()[-1] == "b"
    assert _times(house) == [0, 1, 1, 60]


async def test_a_cap_that_is_lifted_lets_go_what_it_kept(house):
    robot = await house.robot(per_hour=1)
    await house.notify("a", to=robot)
    await house.run(minutes=1)
    number = await house.notify("b", to=robot)
    await house.run(minutes=1)
    assert await house.states([number]) == ["held"]

    await house.know("bell")
    await house.run(seconds=5)

    assert house.titles() == ["a", "b"]


async def test_a_paused_robot_keeps_its_messages_queued_and_sends_them_after(house):
    robot = await house.robot(paused=True)
    numbers = await house.notify_all(["a", "b"], to=robot)
    await house.notify("fire", to=robot, severity=CRITICAL)
    await house.notify("elsewhere")
    await house.run(days=9)
    assert (house.titles(), await house.states(numbers)) == (
        ["elsewhere"],
        ["queued"] * 2,
    )

    await house.know("bell")
    await house.run(seconds=10)

    assert house.titles()[1:] == ["Critical · fire", "a", "b"]
    assert house.notices() == []


async def test_a_removed_robot_s_messages_wait_for_its_return_and_no_longer(house):
    robot = await house.robot()
    number = await house.notify("a", to=robot)

    async def remove(tx):
        bell = await robots.named(tx, "bell")
        await robots.remove(tx, bell, now=house.clock.now())
        return bell

    bell = await house.db.write(remove)
    await house.run(minutes=5)
    assert await house.states([number]) == ["queued"]

    assert await house.db.write(lambda tx: robots.put(tx, bell, now=house.clock.now()))
    await house.run(seconds=5)
    assert house.titles() == ["a"]


async def test_a_robot_remembers_how_its_last_posts_went(house):
    robot = await house.robot()
    await house.notify("a", to=robot)
    await house.run(minutes=5)
    house.robots["bell"].gone = True
    await house.notify("b", to=robot)
    await house.run(minutes=5)

    async with house.db.reading() as tx:
        bell = await robots.named(tx, "bell")
        found = await posts.health(tx, bell)
    assert found.worked_at < found.failed_at
    assert found.words.startswith("the webhook is gone")


TITLES = st.sampled_from(["disk full", "fire drill", "cpu", "disk drill", "fan"])
STEP = st.one_of(
    st.tuples(
        st.just("notify"),
        st.lists(st.tuples(TITLES, st.booleans(), st.booleans()), max_size=8),
    ),
    st.tuples(st.just("run"), st.integers(0, 90)),
    st.tuples(
        st.just("know"),
        st.fixed_dictionaries(
            {
                "allow": st.sampled_from([(), ("disk",), ("disk", "fire")]),
                "deny": st.sampled_from([(), ("drill",)]),
                "per_hour": st.sampled_from([None, 1, 2, 5]),
                "paused": st.booleans(),
            }
        ),
    ),
    st.tuples(st.just("mute"), st.integers(1, 3)),
)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, max_size=12))
async def test_words_cap_and_pause_never_lose_a_message(house, steps):
    robot = await house.robot(f"bell-{len(house.robots)}")
    name = robot.name
    group = house.robots[name].chat
    shown = len(group.messages)
    numbers: list[int] = []
    caps: set[int | None] = {None}
    words = False
    for step, what in steps:
        if step == "notify":
            for title, critical, over in what:
                numbers.append(
                    await house.notify(
                        title,
                        to=robot,
                        severity=CRITICAL if critical else WARNING,
                        status=Status.RESOLVED if over else None,
                    )
                )
        elif step == "run":
            await house.run(minutes=what)
        elif step == "mute":
            await house.mute(hours=what, target=robot)
        else:
            words = words or bool(what["allow"] or what["deny"])
            caps.add(what["per_hour"])
            await house.know(name, **what)
    await house.know(name)
    await house.run(hours=5)

    states = Counter(await house.states(numbers))
    assert states.total() == len(numbers)
    assert set(states) <= {"delivered", "digested", *(["muted"] if words else [])}
    assert (await house.ledger()).adds_up
    assert len(group.messages) - shown <= len(numbers)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    most=st.integers(1, 4),
    arrivals=st.lists(
        st.tuples(st.integers(0, 25), st.integers(1, 7), st.booleans()), max_size=15
    ),
)
async def test_a_cap_holds_in_every_hour_but_for_criticals(house, most, arrivals):
    group = house.group(f"g{len(house.robots)}")
    robot = await house.robot(f"cap-{len(house.robots)}", group=group, per_hour=most)
    for minutes, number, critical in arrivals:
        severity = CRITICAL if critical else WARNING
        await house.notify_all(["x"] * number, to=robot, severity=severity)
        await house.run(minutes=minutes)
    await house.run(hours=3)

    told = [
        (each.created_at, "ritical" in str(each.content["header"]["title"]["content"]))
        for each in group.messages
    ]
    for at, critical in told:
        hour = [each for each in told if at - HOUR < each[0] <= at]
        others = [each for each in hour if not each[1]]
        assert critical or len(hour) <= most or len(others) == 1
