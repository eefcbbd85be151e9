"""Faults in any order, and crashes between: each app message is shown just once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery import LANES
from sandbox import Fault
from sandbox import Kind as Wrong
from store import lanes
from tests.bot.house import CRITICAL, House

#: Lark's memory for a uuid is an hour; what these cost stays well below.
FAULTS = st.one_of(
    st.builds(
        Fault,
        st.sampled_from([Wrong.BAD_GATEWAY, Wrong.RESET_BEFORE, Wrong.RESET_AFTER]),
        st.sampled_from(["send", "token"]),
        st.just(1),
    ),
    st.builds(
        lambda code: Fault(Wrong.CODE, "send", 1, code=code),
        st.sampled_from([99991663, 99991400, 230020, 230049, 5000, 123456, 230002]),
    ),
)
STEPS = st.one_of(
    FAULTS,
    st.sampled_from(["message", "critical", "storm", "revoke", "crash", "restart"]),
    st.floats(0, 60).map(lambda seconds: timedelta(seconds=seconds)),
)
ONLY_THE_HOUSE = settings(
    max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def do(house: House, step: object) -> list[int]:
    """Let it happen; return the messages that it brought."""
    match step:
        case Fault():
            house.lark.faults.add(step)
        case timedelta():
            await house.run(seconds=step.total_seconds())
        case "message":
            return [await house.notify("x")]
        case "critical":
            return [await house.notify("x", severity=CRITICAL)]
        case "storm":
            return await house.notify_all("abcdef")
        case "revoke":
            house.lark.revoke_tokens(house.app)
        case "crash":
            await house.delivery._claim(LANES)
            await starts_again(house)
        case "restart":
            await starts_again(house)
    return []


async def starts_again(house: House) -> None:
    house.delivery = house.worker(f"w{house.clock.now()}")
    if house.db.engine == "sqlite":
        await house.db.write(lanes.return_leases)


async def opens_again(house: House) -> None:
    """Whatever was wrong is mended, and the lanes that were closed are opened."""
    house.works_again()
    await house.db.write(lambda tx: lanes.unpark_destination(tx, house.chat))


@ONLY_THE_HOUSE
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
async def test_each_message_to_a_group_is_shown_exactly_once(house, steps):
    house.ops = house.group(f"g{len(house.lark.tenant.chats)}")
    numbers: list[int] = []
    started = house.clock.now()

    for step in steps:
        numbers += await do(house, step)
    await opens_again(house)
    await house.run(minutes=6)

    assert house.clock.now() - started < timedelta(hours=1)
    states = Counter(await house.states(numbers))
    uuids = Counter(message.uuid for message in house.ops.messages)
    told = sum(how_many(text) for text in map(house.lark.text_of, house.ops.messages))
    assert sorted(states | {"delivered": 0, "digested": 0}) == ["delivered", "digested"]
    assert set(uuids.values()) <= {1}
    assert told == len(numbers)


def how_many(text: str) -> int:
    """Return how many messages a card tells."""
    title = text.splitlines()[0]
    return int(title.split()[0]) if title.endswith("messages at once") else 1


@ONLY_THE_HOUSE
@given(
    steps=st.lists(
        st.one_of(
            st.sampled_from([Wrong.BAD_GATEWAY, Wrong.RESET_BEFORE, Wrong.RESET_AFTER]),
            st.sampled_from(["message", "crash"]),
        ),
        min_size=1,
        max_size=8,
    )
)
async def test_each_message_to_a_robot_is_shown_at_least_once(house, steps):
    house.ops = house.group(f"g{len(house.lark.tenant.chats)}")
    name = f"r{house.ops.chat_id}"
    robot = await house.robot(name)
    lost = count = 0

    for step in steps:
        match step:
            case Wrong():
                house.fail(step, house.robots[name].token)
                lost += step is Wrong.RESET_AFTER
            case "message":
                count += 1
                await house.notify(f"n{count}", to=robot)
                await house.run(seconds=1)
            case "crash":
                await house.delivery._claim(LANES)
                await starts_again(house)
    house.works_again()
    await house.run(minutes=6)

    shown = Counter(house.titles())
    expected = {f"n{n + 1}" for n in range(count)}
    assert set(shown) == expected
    # It is doubled only where an answer was lost after the robot had taken it.
    assert sum(shown.values()) - count <= lost
