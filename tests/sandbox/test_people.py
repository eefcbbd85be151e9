from __future__ import annotations

import pytest

from sandbox import App, Lark, User
from tests.sandbox.conftest import Answer, Api

USERS = "/open-apis/contact/v3/users"
HEALTHY = {
    "is_frozen": False,
    "is_resigned": False,
    "is_activated": True,
    "is_exited": False,
    "is_unjoin": False,
}


async def test_fields_without_their_scope_are_absent(
    api: Api, bell: App, alice: User
) -> None:
    bell.scopes = {"contact:contact.base:readonly"}
    path = f"{USERS}/{bell.open_id_of(alice)}"
    base = {"open_id": bell.open_id_of(alice), "union_id": alice.union_id}

    assert (await api.call("GET", path)).body["data"] == {"user": base}
    bell.scopes |= {"contact:user.email:readonly", "contact:user.employee_id:readonly"}
    assert (await api.call("GET", path)).body["data"] == {
        "user": {**base, "email": "alice@example.com", "user_id": alice.user_id}
    }
    bell.scopes |= {
        "contact:user.base:readonly",
        "contact:user.phone:readonly",
        "contact:user.employee:readonly",
    }
    user = (await api.call("GET", path)).body["data"]["user"]
    assert (user["name"], user["mobile"]) == ("Alice", "+6580000000")
    assert (user["status"], user["is_tenant_manager"]) == (HEALTHY, False)


async def test_a_person_can_be_asked_for_by_other_ids(
    api: Api, bell: App, alice: User
) -> None:
    for kind, some_id in (("union_id", alice.union_id), ("user_id", alice.user_id)):
        answer = await api.call(
            "GET", f"{USERS}/{some_id}", params={"user_id_type": kind}
        )
        assert answer.body["data"]["user"]["open_id"] == bell.open_id_of(alice)
    refused = await api.call("GET", f"{USERS}/1", params={"user_id_type": "phone"})
    assert refused.verdict == (400, 40001)


async def test_people_who_cannot_be_seen_are_refused(
    api: Api, lark: Lark, bell: App, alice: User, bob: User
) -> None:
    foreign = lark.create_app("Other").open_id_of(alice)
    assert (await api.call("GET", f"{USERS}/{foreign}")).verdict == (400, 99992361)
    assert (await api.call("GET", f"{USERS}/ou_nobody")).verdict == (400, 41012)

    bell.contact_range = {bob}
    path = f"{USERS}/{bell.open_id_of(alice)}"
    assert (await api.call("GET", path)).verdict == (400, 41050)


async def test_ids_are_found_by_email_and_number_and_the_unknown_come_back_bare(
    api: Api, bell: App, alice: User
) -> None:
    body = {
        "emails": ["alice@example.com", "nobody@example.com"],
        "mobiles": ["+6580000000"],
    }

    answer = await api.call("POST", f"{USERS}/batch_get_id", json=body)
    found = {"user_id": bell.open_id_of(alice)}
    assert answer.body["data"] == {
        "user_list": [
            {"email": "alice@example.com", **found},
            {"email": "nobody@example.com"},
            {"mobile": "+6580000000", **found},
        ]
    }


async def test_ids_are_given_of_the_kind_that_is_asked_for(
    api: Api, alice: User
) -> None:
    body = {"emails": ["alice@example.com"]}

    answer = await api.call(
        "POST",
        f"{USERS}/batch_get_id",
        json=body,
        params={"user_id_type": "union_id"},
    )
    assert answer.body["data"]["user_list"][0]["user_id"] == alice.union_id


async def test_a_user_id_is_given_with_its_scope_only(
    api: Api, bell: App, alice: User
) -> None:
    params = {"user_id_type": "user_id"}
    body = {"emails": ["alice@example.com"]}
    path = f"{USERS}/batch_get_id"

    without = await api.call("POST", path, json=body, params=params)
    bell.scopes.add("contact:user.employee_id:readonly")
    given = await api.call("POST", path, json=body, params=params)
    unknown = await api.call("POST", path, json=body, params={"user_id_type": "x"})
    assert without.body["data"]["user_list"] == [{"email": "alice@example.com"}]
    assert given.body["data"]["user_list"][0]["user_id"] == alice.user_id
    assert unknown.verdict == (400, 40001)


async def test_ids_of_people_out_of_range_are_not_found(
    api: Api, bell: App, bob: User, alice: User
) -> None:
    bell.contact_range = {bob}
    body = {"emails": ["alice@example.com"], "mobiles": ["+6580000000"]}

    answer = await api.call("POST", f"{USERS}/batch_get_id", json=body)
    assert answer.body["data"]["user_list"] == [
        {"email": "alice@example.com"},
        {"mobile": "+6580000000"},
    ]


@pytest.mark.parametrize("known_as", ["13800138000", "+8613800138000"])
@pytest.mark.parametrize("asked", ["13800138000", "+8613800138000"])
async def test_a_number_without_a_country_is_chinas(
    api: Api, lark: Lark, bell: App, known_as: str, asked: str
) -> None:
    wei = lark.create_user("Wei", mobile=known_as)

    path = f"{USERS}/batch_get_id"
    answer = await api.call("POST", path, json={"mobiles": [asked, "80000000"]})
    assert answer.body["data"]["user_list"] == [
        {"mobile": asked, "user_id": bell.open_id_of(wei)},
        {"mobile": "80000000"},
    ]


async def test_several_people_are_read_at_once(
    api: Api, lark: Lark, bell: App, alice: User, bob: User
) -> None:
    foreign = lark.create_app("Other").open_id_of(alice)
    ids = [bell.open_id_of(bob), "ou_nobody", bell.open_id_of(alice)]

    async def read(*wanted: str) -> Answer:
        params = [("user_ids", some_id) for some_id in wanted]
        return await api.call("GET", f"{USERS}/batch", params=params)

    found = await read(*ids)
    assert [one["name"] for one in found.body["data"]["items"]] == ["Bob", "Alice"]
    bell.contact_range = {bob}
    found = await read(*ids)
    assert [one["name"] for one in found.body["data"]["items"]] == ["Bob"]
    verdicts = [(await read(*bad)).verdict for bad in ([], ["x"] * 51, [foreign])]
    assert verdicts == [(400, 40001), (400, 40001), (400, 99992361)]


async def test_the_resigned_are_found_only_when_asked_for(
    api: Api, bell: App, alice: User
) -> None:
    alice.resigned = True
    body = {"emails": ["alice@example.com"]}
    path = f"{USERS}/batch_get_id"

    without = await api.call("POST", path, json=body)
    assert without.body["data"]["user_list"] == [{"email": "alice@example.com"}]
    included = await api.call("POST", path, json={**body, "include_resigned": True})
    [found] = included.body["data"]["user_list"]
    assert found["user_id"] == bell.open_id_of(alice)
    bell.scopes.add("contact:user.employee:readonly")
    included = await api.call("POST", path, json={**body, "include_resigned": True})
    [found] = included.body["data"]["user_list"]
    assert found["status"] == {**HEALTHY, "is_resigned": True}


async def test_fifty_addresses_at_once_are_the_most(api: Api) -> None:
    path = f"{USERS}/batch_get_id"

    for name in ("emails", "mobiles"):
        fits = await api.call("POST", path, json={name: ["x"] * 50})
        too_many = await api.call("POST", path, json={name: ["x"] * 51})
        assert (fits.verdict, too_many.verdict) == ((200, 0), (400, 40001))


async def test_the_bot_stands_at_the_top_of_its_answer(api: Api, bell: App) -> None:
    answer = await api.call("GET", "/open-apis/bot/v3/info")

    assert answer.body == {
        "code": 0,
        "msg": "ok",
        "bot": {
            "activate_status": 2,
            "app_name": "Bell",
            "avatar_url": "",
            "ip_white_list": [],
            "open_id": bell.open_id,
        },
    }


async def test_an_unpublished_bot_says_so(api: Api, bell: App) -> None:
    bell.published = False

    answer = await api.call("GET", "/open-apis/bot/v3/info")
    assert answer.body["bot"]["activate_status"] == 0


async def test_everybody_has_another_open_id_in_every_app(
    lark: Lark, bell: App, alice: User
) -> None:
    other = lark.create_app("Other")

    ids = {bell.open_id_of(alice), other.open_id_of(alice), bell.open_id, other.open_id}
    assert len(ids) == 4
    assert all(len(one) == 35 and one.startswith("ou_") for one in ids)
