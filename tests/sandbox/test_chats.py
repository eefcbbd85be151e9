from __future__ import annotations

import pytest

from sandbox import App, Chat, Lark, User
from tests.conftest import HandClock
from tests.sandbox.conftest import Answer, Api

CHATS = "/open-apis/im/v1/chats"


async def pages(api: Api, path: str, **params: str) -> list[Answer]:
    """Return all pages, by the tokens that they give."""
    answers = [await api.call("GET", path, params=params)]
    while answers[-1].body["data"]["has_more"]:
        token = answers[-1].body["data"]["page_token"]
        answers.append(
            await api.call("GET", path, params={**params, "page_token": token})
        )
    return answers


async def test_a_listed_chat_says_whose_it_is(
    api: Api, lark: Lark, ops: Chat, bell: App, alice: User
) -> None:
    answer = await api.call("GET", CHATS)

    assert answer.body["data"] == {
        "items": [
            {
                "chat_id": ops.chat_id,
                "avatar": "",
                "name": "ops",
                "description": "",
                "owner_id": bell.open_id_of(alice),
                "owner_id_type": "open_id",
                "external": False,
                "tenant_key": lark.tenant.key,
                "chat_status": "normal",
            }
        ],
        "page_token": "",
        "has_more": False,
    }


async def test_the_owner_is_absent_when_a_bot_owns_the_chat(
    api: Api, ops: Chat, bell: App
) -> None:
    ops.owner = bell

    [item] = (await api.call("GET", CHATS)).body["data"]["items"]
    info = (await api.call("GET", f"{CHATS}/{ops.chat_id}")).body["data"]
    assert "owner_id" not in item
    assert "owner_id" not in info


async def test_chats_come_in_pages_with_opaque_tokens(
    api: Api, lark: Lark, bell: App, clock: HandClock
) -> None:
    made = []
    for number in range(5):
        made.append(lark.create_chat(f"c{number}", [bell]).chat_id)
        clock.advance(seconds=1)

    answers = await pages(api, CHATS, page_size="2")
    listed = [[i["chat_id"] for i in a.body["data"]["items"]] for a in answers]
    assert listed == [made[:2], made[2:4], made[4:]]
    token = answers[0].body["data"]["page_token"]
    assert not token.isdecimal()


@pytest.mark.parametrize(
    "params",
    [
        {"page_size": "0"},
        {"page_size": "101"},
        {"page_size": "many"},
        {"page_token": "2"},
        {"page_token": "WyJhIiwgMl0="},
        {"sort_type": "ByName"},
    ],
)
async def test_bad_paging_is_refused(api: Api, params: dict[str, str]) -> None:
    assert (await api.call("GET", CHATS, params=params)).verdict == (400, 232001)


async def test_a_page_has_20_by_default_and_100_at_most(
    api: Api, lark: Lark, bell: App
) -> None:
    for number in range(101):
        lark.create_chat(f"c{number}", [bell])

    default = await api.call("GET", CHATS)
    largest = await api.call("GET", CHATS, params={"page_size": "100"})
    assert len(default.body["data"]["items"]) == 20
    assert len(largest.body["data"]["items"]) == 100


async def test_only_living_groups_the_bot_is_in_are_listed(
    api: Api, lark: Lark, bell: App, alice: User
) -> None:
    lark.create_chat("without", [alice])
    lark.create_chat("gone", [bell], status="dissolved")
    lark.tenant.open_direct_chat(alice, bell, now=lark.now())

    assert (await api.call("GET", CHATS)).body["data"]["items"] == []


async def test_chats_can_be_sorted_by_what_was_last_said(
    api: Api, lark: Lark, bell: App, alice: User, clock: HandClock
) -> None:
    first = lark.create_chat("first", [alice, bell])
    clock.advance(seconds=1)
    lark.create_chat("second", [alice, bell])
    clock.advance(seconds=1)
    await lark.say(first, alice, "hi")

    by_age = await api.call("GET", CHATS)
    by_use = await api.call("GET", CHATS, params={"sort_type": "ByActiveTimeDesc"})
    names = [
        [item["name"] for item in answer.body["data"]["items"]]
        for answer in (by_age, by_use)
    ]
    assert names == [["first", "second"], ["first", "second"]]
    clock.advance(seconds=1)
    lark.create_chat("third", [bell])
    by_use = await api.call("GET", CHATS, params={"sort_type": "ByActiveTimeDesc"})
    assert [item["name"] for item in by_use.body["data"]["items"]] == [
        "third",
        "first",
        "second",
    ]


async def test_chat_info_tells_owner_managers_and_rules(
    api: Api, ops: Chat, bell: App, alice: User, bob: User
) -> None:
    ops.managers.append(bob)
    ops.bot_managers.append(bell)
    ops.at_all = ops.all_may_buzz = ops.bots_may_speak = False

    info = (await api.call("GET", f"{CHATS}/{ops.chat_id}")).body["data"]
    told = {
        name: info[name]
        for name in (
            "name",
            "owner_id",
            "user_manager_id_list",
            "bot_manager_id_list",
            "chat_mode",
            "at_all_permission",
            "moderation_permission",
            "urgent_setting",
            "user_count",
            "bot_count",
            "chat_status",
        )
    }
    assert told == {
        "name": "ops",
        "owner_id": bell.open_id_of(alice),
        "user_manager_id_list": [bell.open_id_of(bob)],
        "bot_manager_id_list": [bell.app_id],
        "chat_mode": "group",
        "at_all_permission": "only_owner",
        "moderation_permission": "moderator_list",
        "urgent_setting": "only_owner",
        "user_count": "2",
        "bot_count": "1",
        "chat_status": "normal",
    }


async def test_from_outside_chat_info_is_a_name_and_numbers(
    api: Api, ops: Chat, bell: App
) -> None:
    ops.members.remove(bell)

    info = await api.call("GET", f"{CHATS}/{ops.chat_id}")
    assert info.body["data"] == {
        "name": "ops",
        "avatar": "",
        "user_count": "2",
        "bot_count": "0",
        "chat_status": "normal",
    }


async def test_a_chat_that_never_was_is_refused(api: Api) -> None:
    for rest in ("", "/members", "/members/is_in_chat"):
        answer = await api.call("GET", f"{CHATS}/oc_nothing{rest}")
        assert answer.verdict == (400, 232006)


async def test_members_are_people_and_pages_may_be_short(
    api: Api, lark: Lark, ops: Chat, bell: App, alice: User, bob: User
) -> None:
    answers = await pages(api, f"{CHATS}/{ops.chat_id}/members", page_size="2")

    listed = [[i["member_id"] for i in a.body["data"]["items"]] for a in answers]
    assert listed == [[bell.open_id_of(alice)], [bell.open_id_of(bob)]]
    assert answers[0].body["data"]["items"][0] == {
        "member_id_type": "open_id",
        "member_id": bell.open_id_of(alice),
        "name": "Alice",
        "tenant_key": lark.tenant.key,
    }
    assert answers[0].body["data"]["member_total"] == 2


async def test_members_can_be_named_by_another_id(
    api: Api, ops: Chat, alice: User, bob: User
) -> None:
    path = f"{CHATS}/{ops.chat_id}/members"

    answer = await api.call("GET", path, params={"member_id_type": "union_id"})
    ids = [item["member_id"] for item in answer.body["data"]["items"]]
    assert ids == [alice.union_id, bob.union_id]
    refused = await api.call("GET", path, params={"member_id_type": "phone"})
    assert refused.verdict == (400, 232001)


async def test_members_are_for_members(api: Api, ops: Chat, bell: App) -> None:
    path = f"{CHATS}/{ops.chat_id}/members"

    ops.members.remove(bell)
    assert (await api.call("GET", path)).verdict == (400, 232011)
    ops.status = "dissolved"
    assert (await api.call("GET", path)).verdict == (400, 232009)


async def test_the_bot_can_ask_whether_it_is_in_a_chat(
    api: Api, ops: Chat, bell: App
) -> None:
    path = f"{CHATS}/{ops.chat_id}/members/is_in_chat"

    assert (await api.call("GET", path)).body["data"] == {"is_in_chat": True}
    ops.members.remove(bell)
    assert (await api.call("GET", path)).body["data"] == {"is_in_chat": False}


async def test_an_unpublished_bot_sees_no_chats(api: Api, ops: Chat, bell: App) -> None:
    bell.published = False

    for rest in ("", f"/{ops.chat_id}", f"/{ops.chat_id}/members"):
        assert (await api.call("GET", CHATS + rest)).verdict == (400, 232025)
