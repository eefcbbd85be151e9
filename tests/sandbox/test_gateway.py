from __future__ import annotations

import pytest

from sandbox import App, Chat, Lark, User
from tests.conftest import HandClock
from tests.sandbox.conftest import SEND, Api


async def test_a_refusal_carries_a_log_id_in_body_and_header(api: Api) -> None:
    answer = await api.text("oc_nowhere")

    assert answer.verdict == (400, 230034)
    assert answer.body["msg"] == "The receive_id is invalid."
    assert answer.body["error"]["log_id"] == answer.headers["X-Tt-Logid"]
    assert len(answer.headers["X-Tt-Logid"]) == 32


async def test_an_unknown_path_is_refused(api: Api) -> None:
    answer = await api.call("GET", "/open-apis/im/v1/nothing")

    assert answer.verdict == (404, 99991201)


async def test_a_wrong_method_is_refused(api: Api) -> None:
    assert (await api.call("DELETE", SEND)).verdict == (404, 99991301)


async def test_a_body_that_is_not_json_is_refused(api: Api) -> None:
    json_type = {"Content-Type": "application/json"}

    for body in (b"{", b"[]"):
        answer = await api.call("POST", SEND, data=body, headers=json_type)
        assert answer.verdict == (400, 9499)


async def test_a_body_of_another_content_type_is_refused(api: Api) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = await api.call("POST", SEND, data=b"{}", headers=form)
    assert answer.verdict == (400, 9499)


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("POST", SEND, "im:message, im:message:send_as_bot, im:message:send"),
        ("POST", SEND + "/om_1/reply", "im:message, im:message:send_as_bot"),
        ("PATCH", SEND + "/om_1", "im:message:update"),
        ("GET", SEND + "/om_1", "im:message, im:message:readonly"),
        ("GET", "/open-apis/im/v1/chats", "im:chat, im:chat:readonly"),
        ("GET", "/open-apis/im/v1/chats/oc_1", "im:chat, im:chat:readonly"),
        ("GET", "/open-apis/im/v1/chats/oc_1/members", "im:chat.members:read"),
        ("GET", "/open-apis/contact/v3/users/ou_1", "contact:contact.base:readonly"),
        (
            "POST",
            "/open-apis/contact/v3/users/batch_get_id",
            "contact:user.id:readonly",
        ),
    ],
)
async def test_without_the_scope_the_acceptable_ones_are_named(
    api: Api, bell: App, method: str, path: str, named: str
) -> None:
    bell.scopes.clear()

    answer = await api.call(method, path, json={})
    assert answer.verdict == (400, 99991672)
    assert answer.body["msg"].startswith(
        "Access denied. One of the following scopes is required: ["
    )
    assert named in answer.body["msg"]
    subjects = [
        violation["subject"]
        for violation in answer.body["error"]["permission_violations"]
    ]
    assert ", ".join(subjects) in answer.body["msg"]


async def test_any_one_of_the_scopes_will_do(api: Api, bell: App, ops: Chat) -> None:
    bell.scopes = {"im:message:send_as_bot"}

    assert (await api.text(ops.chat_id)).verdict == (200, 0)


async def test_bot_info_needs_no_scope(api: Api, bell: App) -> None:
    bell.scopes.clear()

    assert (await api.call("GET", "/open-apis/bot/v3/info")).verdict == (200, 0)


async def test_a_disabled_app_is_refused(api: Api, bell: App, ops: Chat) -> None:
    bell.enabled = False

    assert (await api.text(ops.chat_id)).verdict == (400, 99991662)


async def test_an_address_off_the_list_is_refused(
    api: Api, bell: App, ops: Chat
) -> None:
    bell.ips = ("203.0.113.7",)
    assert (await api.text(ops.chat_id)).verdict == (400, 99991401)

    bell.ips = ("127.0.0.1",)
    assert (await api.text(ops.chat_id)).verdict == (200, 0)


async def test_the_monthly_quota_counts_successes_only_and_ends_with_the_month(
    api: Api, lark: Lark, ops: Chat, clock: HandClock
) -> None:
    lark.switches.monthly_quota = 2

    await api.text("oc_nowhere")
    assert (await api.text(ops.chat_id)).verdict == (200, 0)
    assert (await api.text(ops.chat_id)).verdict == (200, 0)
    assert lark.calls_this_month == 2
    answer = await api.text(ops.chat_id)
    assert answer.verdict == (429, 99991403)
    assert lark.calls_this_month == 2

    clock.advance(days=31)
    api.token = ""
    assert (await api.text(ops.chat_id)).verdict == (200, 0)


async def test_tokens_and_contacts_are_not_counted_but_bot_info_is(
    api: Api, lark: Lark, bell: App, alice: User
) -> None:
    lark.switches.monthly_quota = 1
    path = "/open-apis/contact/v3/users/batch_get_id"

    await api.call("POST", path, json={"emails": ["alice@example.com"]})
    open_id = bell.open_id_of(alice)
    user = await api.call("GET", f"/open-apis/contact/v3/users/{open_id}")
    assert (user.verdict, lark.calls_this_month) == ((200, 0), 0)
    await api.call("GET", "/open-apis/bot/v3/info")
    assert lark.calls_this_month == 1
    assert (await api.call("POST", path, json={})).verdict == (200, 0)
    assert (await api.fetch_token()).verdict == (200, 0)


async def test_what_was_answered_is_counted(api: Api, lark: Lark, ops: Chat) -> None:
    await api.text(ops.chat_id)
    await api.text(ops.chat_id)
    await api.text("oc_nowhere")

    assert dict(lark.answers) == {
        ("token", 0): 1,
        ("send", 0): 2,
        ("send", 230034): 1,
    }
