"""Buzzing people about a message."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import App, Chat, Lark, Message, User
from tests.sandbox.conftest import SEND, Answer, Api


async def buzz(
    api: Api,
    message: Message | str,
    *ids: Any,
    kind: str = "app",
    id_type: str = "open_id",
) -> Answer:
    message_id = message if isinstance(message, str) else message.message_id
    return await api.call(
        "PATCH",
        f"{SEND}/{message_id}/urgent_{kind}",
        params={"user_id_type": id_type},
        json={"user_id_list": list(ids)},
    )


@pytest.fixture
async def alarm(api: Api, ops: Chat) -> Message:
    await api.text(ops.chat_id, "disk full")
    return ops.messages[-1]


def buzzed(message: Message) -> list[tuple[str, str]]:
    return [(urgent.kind, urgent.user.name) for urgent in message.urgents]


async def test_people_in_the_chat_are_buzzed_and_the_others_are_told(
    api: Api, lark: Lark, bell: App, alarm: Message, alice: User, bob: User
) -> None:
    foreign = lark.create_app("Other").open_id_of(bob)
    outsider = bell.open_id_of(lark.create_user("Eve"))
    ids = [bell.open_id_of(alice), outsider, "ou_nobody", foreign]

    answer = await buzz(api, alarm, *ids)
    assert (answer.verdict, answer.body["data"]) == (
        (200, 0),
        {"invalid_user_id_list": ids[1:]},
    )
    assert buzzed(alarm) == [("app", "Alice")]


@pytest.mark.parametrize("id_type", ["user_id", "union_id"])
async def test_people_are_buzzed_by_other_ids_too(
    api: Api, alarm: Message, alice: User, id_type: str
) -> None:
    answer = await buzz(api, alarm, getattr(alice, id_type), id_type=id_type)

    assert answer.body["data"] == {"invalid_user_id_list": []}
    assert buzzed(alarm) == [("app", "Alice")]


async def test_a_list_of_nobody_is_refused(
    api: Api, bell: App, alarm: Message, alice: User
) -> None:
    good = bell.open_id_of(alice)

    verdicts = [
        (await buzz(api, alarm, "ou_nobody")).verdict,
        (await buzz(api, alarm)).verdict,
        (await buzz(api, alarm, *[good] * 201)).verdict,
        (await buzz(api, alarm, good, id_type="email")).verdict,
    ]
    assert verdicts == [(400, 230001), (400, 230001), (400, 99992402), (400, 99992402)]
    assert buzzed(alarm) == []


async def test_only_a_message_of_the_bots_own_that_is_still_there_can_be_urgent(
    api: Api, lark: Lark, bell: App, ops: Chat, alarm: Message, alice: User
) -> None:
    hers = await lark.say(ops, alice, "look")
    good = bell.open_id_of(alice)

    refused = [await buzz(api, hers, good), await buzz(api, "om_1", good)]
    alarm.recalled = True
    refused.append(await buzz(api, alarm, good))
    alarm.recalled, alarm.deleted = False, True
    refused.append(await buzz(api, alarm, good))
    codes = [answer.body["code"] for answer in refused]
    assert codes == [230012, 99992354, 230011, 230110]


async def test_a_chat_that_the_bot_left_or_that_is_gone_is_refused(
    api: Api, bell: App, ops: Chat, alarm: Message, alice: User
) -> None:
    good = bell.open_id_of(alice)
    ops.members.remove(bell)
    left = await buzz(api, alarm, good)
    ops.members.append(bell)
    ops.status = "dissolved"

    gone = await buzz(api, alarm, good)
    assert (left.verdict, gone.verdict) == ((400, 230002), (400, 232009))


async def test_where_not_everybody_may_buzz_the_bot_must_run_the_group(
    api: Api, bell: App, ops: Chat, alarm: Message, alice: User
) -> None:
    ops.all_may_buzz = False
    good = bell.open_id_of(alice)

    refused = await buzz(api, alarm, good)
    ops.bot_managers.append(bell)
    taken = await buzz(api, alarm, good)
    assert (refused.verdict, taken.verdict) == ((400, 230052), (200, 0))


async def test_nobody_is_buzzed_who_has_200_unread(
    api: Api, lark: Lark, bell: App, alarm: Message, alice: User
) -> None:
    good = bell.open_id_of(alice)
    alice.unread_urgents = 199

    verdicts = [(await buzz(api, alarm, good)).verdict for _ in range(2)]
    lark.read_urgents(alice)
    verdicts.append((await buzz(api, alarm, good)).verdict)
    assert verdicts == [(200, 0), (400, 230023), (200, 0)]


@pytest.mark.parametrize("kind", ["sms", "phone"])
async def test_only_feishu_buzzes_by_text_message_and_telephone(
    api: Api, lark: Lark, bell: App, alarm: Message, alice: User, kind: str
) -> None:
    bell.scopes.add(f"im:message.urgent:{kind}")
    good = bell.open_id_of(alice)

    lacking = await buzz(api, alarm, good, kind=kind)
    lark.switches.region = "feishu"
    taken = await buzz(api, alarm, good, kind=kind)
    assert (lacking.verdict, taken.verdict) == ((404, 99991201), (200, 0))
    assert buzzed(alarm) == [(kind, "Alice")]


async def test_what_the_tenant_has_paid_for_is_used_up(
    api: Api, lark: Lark, bell: App, alarm: Message, alice: User, bob: User
) -> None:
    bell.scopes |= {"im:message.urgent:sms", "im:message.urgent:phone"}
    lark.switches.region = "feishu"
    lark.switches.urgents_left = 2
    both = [bell.open_id_of(alice), bell.open_id_of(bob)]

    verdicts = [
        (await buzz(api, alarm, both[0], kind="phone")).verdict,
        (await buzz(api, alarm, *both, kind="sms")).verdict,
        (await buzz(api, alarm, both[0], kind="sms")).verdict,
        (await buzz(api, alarm, both[0], kind="sms")).verdict,
        (await buzz(api, alarm, *both)).verdict,
    ]
    assert verdicts == [(200, 0), (400, 230024), (200, 0), (400, 230024), (200, 0)]


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        ("app", "im:message.urgent"),
        ("sms", "im:message.urgent:sms"),
        ("phone", "im:message.urgent:phone"),
    ],
)
async def test_each_way_needs_a_scope_of_its_own(
    api: Api, lark: Lark, bell: App, alarm: Message, alice: User, kind: str, scope: str
) -> None:
    lark.switches.region = "feishu"
    bell.scopes.discard(scope)

    answer = await buzz(api, alarm, bell.open_id_of(alice), kind=kind)
    assert answer.body["code"] == 99991672
    assert scope in answer.body["msg"]


async def test_in_a_direct_chat_its_person_can_be_buzzed(
    api: Api, lark: Lark, bell: App, alice: User
) -> None:
    await api.text(bell.open_id_of(alice), kind="open_id")
    chat = lark.tenant.direct_chat(alice, bell)
    assert chat is not None

    answer = await buzz(api, chat.messages[0], bell.open_id_of(alice))
    assert answer.verdict == (200, 0)
    assert buzzed(chat.messages[0]) == [("app", "Alice")]


async def test_an_unpublished_bot_cannot_buzz(
    api: Api, bell: App, alarm: Message, alice: User
) -> None:
    bell.published = False

    answer = await buzz(api, alarm, bell.open_id_of(alice))
    assert answer.verdict == (400, 230006)
