"""Taking messages back, and emoji under them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox import App, Chat, Lark, Message, User
from sandbox.state import Reaction
from tests.conftest import MONDAY, HandClock
from tests.sandbox.conftest import SEND, Answer, Api


async def recall(api: Api, message: Message) -> Answer:
    return await api.call("DELETE", f"{SEND}/{message.message_id}")


async def react(api: Api, message: Message | str, emoji: object = "DONE") -> Answer:
    message_id = message if isinstance(message, str) else message.message_id
    body = {"reaction_type": {"emoji_type": emoji}}
    return await api.call("POST", f"{SEND}/{message_id}/reactions", json=body)


async def unreact(api: Api, message: Message, reaction_id: str) -> Answer:
    path = f"{SEND}/{message.message_id}/reactions/{reaction_id}"
    return await api.call("DELETE", path)


@pytest.fixture(autouse=True)
def scopes(bell: App) -> None:
    bell.scopes.add("im:message.reactions:write_only")


@pytest.fixture
async def told(api: Api, ops: Chat) -> Message:
    await api.text(ops.chat_id)
    return ops.messages[-1]


async def test_a_bot_takes_its_message_back_once(api: Api, told: Message) -> None:
    answers = [await recall(api, told), await recall(api, told)]

    assert [answer.verdict for answer in answers] == [(200, 0), (400, 230011)]
    assert answers[0].body["data"] == {}
    assert told.recalled is True


async def test_what_others_wrote_is_taken_back_by_who_runs_the_group(
    api: Api, lark: Lark, bell: App, ops: Chat, alice: User, clock: HandClock
) -> None:
    hers = await lark.say(ops, alice, "secret")

    refused = await recall(api, hers)
    ops.bot_managers.append(bell)
    clock.advance(days=365, seconds=1)
    api.token = ""
    late = await recall(api, hers)
    clock.advance(seconds=-1)
    taken = await recall(api, hers)
    verdicts = [refused.verdict, late.verdict, taken.verdict]
    assert verdicts == [(400, 230026), (400, 230009), (200, 0)]


async def test_the_tenant_may_limit_for_how_long_a_message_can_be_taken_back(
    api: Api, lark: Lark, told: Message, clock: HandClock
) -> None:
    lark.switches.recall_window = timedelta(hours=24)

    clock.advance(hours=24, seconds=1)
    api.token = ""
    late = await recall(api, told)
    clock.advance(seconds=-1)
    taken = await recall(api, told)
    assert (late.verdict, taken.verdict) == ((400, 230009), (200, 0))


async def test_nothing_is_taken_back_where_the_bot_is_not(
    api: Api, bell: App, ops: Chat, told: Message
) -> None:
    ops.members.remove(bell)
    left = await recall(api, told)
    ops.status = "dissolved"

    gone = await recall(api, told)
    assert (left.verdict, gone.verdict) == ((400, 230002), (400, 232009))


async def test_an_emoji_is_put_under_a_message_and_taken_away(
    api: Api, bell: App, told: Message
) -> None:
    put = await react(api, told, "OnIt")
    [reaction] = told.reactions
    assert put.body["data"] == {
        "reaction_id": reaction.reaction_id,
        "operator": {"operator_id": bell.app_id, "operator_type": "app"},
        "action_time": str(int(MONDAY.timestamp() * 1000)),
        "reaction_type": {"emoji_type": "OnIt"},
    }

    taken = await unreact(api, told, reaction.reaction_id)
    assert taken.body["data"] == put.body["data"]
    assert told.reactions == []


@pytest.mark.parametrize("emoji", ["done", "PARROT", "", None, {}, 5])
async def test_an_emoji_that_nobody_knows_is_refused(
    api: Api, told: Message, emoji: object
) -> None:
    assert (await react(api, told, emoji)).verdict == (400, 231001)


async def test_emoji_need_a_message_that_the_bot_can_see(
    api: Api, bell: App, ops: Chat, told: Message
) -> None:
    verdicts = [(await react(api, "om_1")).verdict]
    ops.members.remove(bell)
    verdicts.append((await react(api, told)).verdict)
    ops.status = "dissolved"
    verdicts.append((await react(api, told)).verdict)
    told.deleted = True
    verdicts.append((await react(api, told)).verdict)
    told.recalled = True
    verdicts.append((await react(api, told)).verdict)
    assert [code for _, code in verdicts] == [231003, 231002, 232009, 230110, 231003]


async def test_only_its_own_emoji_can_be_taken_away(
    api: Api, ops: Chat, told: Message, alice: User
) -> None:
    hers = Reaction(emoji="DONE", by=alice, at=MONDAY)
    told.reactions.append(hers)
    await api.text(ops.chat_id)

    codes = [
        (await unreact(api, told, hers.reaction_id)).body["code"],
        (await unreact(api, ops.messages[1], hers.reaction_id)).body["code"],
        (await unreact(api, told, "nothing")).body["code"],
    ]
    assert codes == [231007, 231010, 231011]
    assert told.reactions == [hers]


async def test_an_unpublished_bot_marks_nothing(
    api: Api, bell: App, told: Message
) -> None:
    await react(api, told)
    bell.published = False

    answers = [
        await recall(api, told),
        await react(api, told),
        await unreact(api, told, told.reactions[0].reaction_id),
    ]
    assert [answer.verdict for answer in answers] == [(400, 230006)] * 3
