"""The door for other processes, and running alone."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox import App, Chat, Lark, User
from sandbox.crypto import sign_post
from tests.conftest import HandClock
from tests.sandbox.conftest import KEY, Api, Client, Listener, button, card


async def ask(client: Client, path: str, body: Any = None) -> Any:
    method = "GET" if body is None else "POST"
    async with client.request(method, f"/sandbox/{path}", json=body) as response:
        assert response.status == 200, await response.text()
        return await response.json()


async def test_a_tenant_can_be_set_up_from_outside(client: Client, lark: Lark) -> None:
    app = await ask(client, "apps", {"name": "Bell", "encrypt_key": "key"})
    user = await ask(client, "users", {"name": "Alice", "email": "a@example.com"})
    members = [user["user_id"], app["app_id"]]
    chat = await ask(client, "chats", {"name": "ops", "members": members})
    robot = await ask(
        client, "robots", {"chat_id": chat["chat_id"], "keywords": ["alert"]}
    )

    made = lark.tenant.apps[app["app_id"]]
    alice = lark.tenant.users[user["union_id"]]
    assert app == {
        "app_id": made.app_id,
        "app_secret": made.secret,
        "encrypt_key": "key",
        "verification_token": made.verification_token,
        "open_id": made.open_id,
    }
    assert user["open_ids"] == {made.app_id: made.open_id_of(alice)}
    assert lark.tenant.chats[chat["chat_id"]].members == [alice, made]
    assert lark.tenant.robots[robot["token"]].keywords == ("alert",)
    async with client.post(
        robot["path"], json={"msg_type": "text", "content": {"text": "alert"}}
    ) as response:
        assert (await response.json())["code"] == 0


async def test_people_act_and_are_read_from_outside(
    client: Client, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    said = await ask(
        client,
        "say",
        {
            "chat_id": ops.chat_id,
            "user": alice.user_id,
            "text": "/help",
            "mention_bot": True,
        },
    )
    assert listener.texts == ["@_user_1 /help"]
    await ask(
        client,
        "say",
        {
            "chat_id": ops.chat_id,
            "user": alice.user_id,
            "text": "more",
            "reply_to": said["message_id"],
        },
    )
    direct = await ask(
        client,
        "say",
        {"app_id": bell.app_id, "user": alice.union_id, "text": "hi", "post": True},
    )
    listed = await ask(client, f"chats/{ops.chat_id}/messages")

    assert [message["text"] for message in listed["messages"]] == [
        f'<at user_id="{bell.app_id}">Bell</at> /help',
        "more",
    ]
    assert listed["messages"][0] == said
    assert listed["messages"][1]["root_id"] == said["message_id"]
    assert (said["sender"], said["mentioned"]) == ("Alice", ["Bell"])
    assert (direct["msg_type"], direct["text"]) == ("post", "hi")


async def test_cards_are_tapped_and_recalled_from_outside(
    api: Api, client: Client, listener: Listener, ops: Chat, alice: User
) -> None:
    await api.card(ops.chat_id, card(button()))
    message_id = ops.messages[0].message_id
    listener.reply = {"toast": {"type": "info", "content": "done"}}

    tapped = await ask(
        client,
        "tap",
        {"message_id": message_id, "user": alice.user_id, "button": "Mute"},
    )
    assert tapped == {
        "toast": {"type": "info", "content": "done"},
        "card": None,
        "error": None,
        "words": "done",
    }
    await ask(client, "recall", {"message_id": message_id})
    listed = await ask(client, f"chats/{ops.chat_id}/messages")
    assert listed["messages"][0]["recalled"] is True


async def test_what_can_be_tapped_is_listed_and_forms_are_sent_from_outside(
    api: Api, client: Client, listener: Listener, ops: Chat, alice: User
) -> None:
    options = [{"text": {"tag": "plain_text", "content": "DM"}, "value": "2"}]
    where = {"tag": "select_static", "name": "where", "options": options}
    send = button("Send", name="send", form_action_type="submit")
    form = {"tag": "form", "name": "f", "elements": [{**where, "required": True}, send]}
    await api.card(ops.chat_id, card(form))
    message_id = ops.messages[0].message_id
    body = {"message_id": message_id, "user": alice.user_id, "button": "Send"}

    listed = await ask(client, f"messages/{message_id}")
    await ask(client, "tap", {**body, "form": {"where": "DM"}, "timezone": "UTC"})
    assert listed["tappable"] == [
        {
            "tag": "button",
            "label": "Send",
            "name": "send",
            "value": {"act": "mute"},
            "choices": [],
            "beside": [],
            "asks": "",
            "fields": [
                {
                    "tag": "select_static",
                    "label": "",
                    "name": "where",
                    "required": True,
                    "choices": ["DM"],
                }
            ],
        }
    ]
    action = listener.heard[0].body["event"]["action"]
    assert (action["form_value"], action["timezone"]) == ({"where": "2"}, "UTC")
    async with client.post("/sandbox/tap", json=body) as response:
        assert await response.json() == {"error": "where is required"}


async def test_an_unknown_message_cannot_be_read(client: Client) -> None:
    async with client.get("/sandbox/messages/om_1") as response:
        assert (response.status, await response.json()) == (
            404,
            {"error": "there is no such thing"},
        )


async def test_bots_come_and_go_from_outside(
    client: Client, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    body = {"chat_id": ops.chat_id, "app_id": bell.app_id, "user": alice.user_id}

    await ask(client, "bots", {**body, "added": False})
    assert bell not in ops
    await ask(client, "bots", {**body, "added": True})
    assert bell in ops
    await ask(client, "disband", body)
    assert ops.status == "dissolved"
    assert len(listener.heard) == 3


async def test_people_enter_choose_and_hand_over_from_outside(
    client: Client, listener: Listener, ops: Chat, bell: App, alice: User, bob: User
) -> None:
    acting = {"app_id": bell.app_id, "user": alice.user_id}

    entered = await ask(client, "enter", acting)
    await ask(client, "menu", {**acting, "event_key": "help"})
    await ask(
        client,
        "owner",
        {"chat_id": ops.chat_id, "user": alice.user_id, "to": bob.user_id},
    )
    await ask(
        client,
        "people",
        {"chat_id": ops.chat_id, "user": alice.user_id, "added": False},
    )
    heard = [each.body.get("header", {}).get("event_type") for each in listener.heard]
    assert heard == [
        None,
        "im.chat.access_event.bot_p2p_chat_entered_v1",
        "application.bot.menu_v6",
        "im.chat.updated_v1",
    ]
    assert ops.owner is bob
    listed = await ask(client, "chats")
    assert listed["chats"] == [
        {
            "chat_id": ops.chat_id,
            "name": "ops",
            "mode": "group",
            "status": "normal",
            "owner": "Bob",
            "members": ["Bell", "Bob"],
        },
        {
            "chat_id": entered["chat_id"],
            "name": "Bell",
            "mode": "p2p",
            "status": "normal",
            "owner": None,
            "members": ["Alice", "Bell"],
        },
    ]


async def test_people_are_put_into_a_chat_once_from_outside(
    client: Client, lark: Lark, ops: Chat
) -> None:
    eve = lark.create_user("Eve")
    body = {"chat_id": ops.chat_id, "user": eve.user_id, "added": True}

    await ask(client, "people", body)
    await ask(client, "people", body)
    assert ops.members.count(eve) == 1


async def test_anything_is_changed_from_outside(
    client: Client, lark: Lark, ops: Chat, bell: App, alice: User, bob: User
) -> None:
    robot = lark.create_robot(ops)
    alice.unread_urgents = 5

    for body in (
        {"user": alice.user_id, "timezone": "Europe/Berlin", "stopped": [bell.app_id]},
        {
            "app_id": bell.app_id,
            "scopes": ["im:message"],
            "contact_range": [bob.user_id],
            "available_to": None,
        },
        {"chat_id": ops.chat_id, "owner": bob.user_id, "managers": [alice.union_id]},
        {"token": robot.token, "keywords": ["alert"], "secret": "s"},
    ):
        assert await ask(client, "change", body) == {}
    await ask(client, "read_urgents", {"user": alice.user_id})
    assert (alice.timezone, alice.stopped) == ("Europe/Berlin", {bell.app_id})
    assert (bell.scopes, bell.contact_range) == ({"im:message"}, {bob})
    assert (ops.owner, ops.managers) == (bob, [alice])
    assert (robot.keywords, robot.secret) == (("alert",), "s")
    assert alice.unread_urgents == 0


async def test_a_mistaken_change_changes_nothing(
    client: Client, ops: Chat, alice: User
) -> None:
    for body in (
        {"name": "dev"},
        {"chat_id": ops.chat_id, "name": "dev", "colour": "red"},
        {"chat_id": ops.chat_id, "name": "dev", "owner": "nobody"},
    ):
        async with client.post("/sandbox/change", json=body) as response:
            assert response.status == 400
    assert (ops.name, ops.owner) == ("ops", alice)


async def test_people_are_listed_with_their_ids_and_contacts(
    client: Client, bell: App, alice: User
) -> None:
    listed = await ask(client, "people")

    assert listed["people"] == [
        {
            "name": "Alice",
            "user_id": alice.user_id,
            "union_id": alice.union_id,
            "open_ids": {bell.app_id: bell.open_id_of(alice)},
            "email": "alice@example.com",
            "mobile": "+6580000000",
            "locale": "en_us",
            "timezone": "Asia/Shanghai",
            "unread_urgents": 0,
        }
    ]


async def test_what_was_done_to_a_message_is_told(
    api: Api, client: Client, bell: App, ops: Chat, alice: User
) -> None:
    bell.scopes.add("im:message.reactions:write_only")
    await api.text(ops.chat_id)
    path = f"/open-apis/im/v1/messages/{ops.messages[0].message_id}"
    await api.call(
        "PATCH",
        f"{path}/urgent_app",
        params={"user_id_type": "open_id"},
        json={"user_id_list": [bell.open_id_of(alice)]},
    )
    emoji = {"reaction_type": {"emoji_type": "DONE"}}
    await api.call("POST", f"{path}/reactions", json=emoji)
    whisper = {"chat_id": ops.chat_id, "msg_type": "interactive", "card": card()}
    await api.call(
        "POST",
        "/open-apis/ephemeral/v1/send",
        json={**whisper, "user_id": alice.user_id},
    )

    listed = await ask(client, f"chats/{ops.chat_id}/messages")
    [message], [whispered] = listed["messages"], listed["ephemeral"]
    assert message["urgents"] == [{"kind": "app", "user": "Alice"}]
    assert message["reactions"] == [{"emoji": "DONE", "by": "Bell"}]
    assert (message["sender_type"], message["only_for"]) == ("app", None)
    assert whispered["only_for"] == "Alice"


async def test_chaos_is_turned_on_from_outside(client: Client, lark: Lark) -> None:
    await ask(client, "chaos", {"duplicate": True, "late": 60})
    await ask(client, "switches", {"recall_window": 3600, "region": "feishu"})

    assert (lark.chaos.duplicate, lark.chaos.late) == (True, timedelta(minutes=1))
    assert lark.switches.recall_window == timedelta(hours=1)
    assert lark.switches.region == "feishu"


async def test_faults_switches_and_tokens_are_turned_from_outside(
    api: Api, client: Client, lark: Lark, ops: Chat, bell: App
) -> None:
    await ask(client, "faults", {"kind": "code", "target": "send", "code": 5000})
    assert (await api.text(ops.chat_id)).verdict == (400, 5000)
    async with client.delete("/sandbox/faults") as response:
        assert response.status == 200
    assert (await api.text(ops.chat_id)).verdict == (200, 0)

    await ask(client, "switches", {"time_scale": 0.5, "in_flight": 2})
    assert lark.switches.time_scale == 0.5
    assert lark.switches.in_flight.total_seconds() == 2
    await ask(client, "revoke", {"app_id": bell.app_id})
    assert (await api.text(ops.chat_id)).verdict == (400, 99991663)


async def test_counters_are_read_from_outside(
    api: Api,
    client: Client,
    listener: Listener,
    ops: Chat,
    bell: App,
    alice: User,
    lark: Lark,
    clock: HandClock,
) -> None:
    listener.statuses = [500]
    await api.text(ops.chat_id)
    await lark.say(ops, alice, "/help", mention_bot=True)
    assert await ask(client, "deliver_due", {}) == {"attempts": 0}
    clock.advance(seconds=15)
    assert await ask(client, "deliver_due", {}) == {"attempts": 1}

    counters = await ask(client, "counters")
    assert counters["answers"] == {"token": {"0": 1}, "send": {"0": 1}}
    assert counters["calls_this_month"] == 1
    assert [
        (delivery["attempt"], delivery["status"]) for delivery in counters["deliveries"]
    ] == [(1, 500), (2, 200)]


async def test_an_event_address_is_saved_from_outside(
    client: Client, listener: Listener, lark: Lark, unused_tcp_port: int
) -> None:
    app = lark.create_app("Fresh", encrypt_key=KEY)

    await ask(client, "event_url", {"app_id": app.app_id, "url": listener.url})
    assert app.event_url == listener.url
    nowhere = f"http://127.0.0.1:{unused_tcp_port}/"
    async with client.post(
        "/sandbox/event_url", json={"app_id": app.app_id, "url": nowhere}
    ) as response:
        assert response.status == 400
        assert await response.json() == {"error": "challenge failed: unreachable"}
    assert app.event_url == listener.url


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("apps", {"colour": "red"}),
        ("chats", {}),
        ("chats", {"name": "ops", "members": ["nobody"]}),
        ("say", {"user": "nobody"}),
        ("say", []),
        ("faults", {"kind": "fire"}),
        ("switches", {"colour": "red"}),
        ("tap", {"message_id": "om_1"}),
    ],
)
async def test_a_mistake_is_told(client: Client, path: str, body: Any) -> None:
    async with client.post(f"/sandbox/{path}", json=body) as response:
        assert response.status == 400
        assert list(await response.json()) == ["error"]


async def test_a_mistake_says_what_is_wrong(
    client: Client, ops: Chat, bell: App
) -> None:
    said = []
    for path, body in (
        ("change", {"name": "dev"}),
        ("enter", {"app_id": bell.app_id, "user": bell.app_id}),
        ("enter", {"app_id": bell.app_id, "user": "nobody"}),
        ("enter", {"app_id": bell.app_id}),
    ):
        async with client.post(f"/sandbox/{path}", json=body) as response:
            said.append((await response.json())["error"])
    assert said == [
        "say what: user, chat_id, app_id or token",
        f"{bell.app_id!r} must be a person",
        "nobody is 'nobody'",
        "missing or unknown: 'user'",
    ]


async def test_an_unknown_chat_has_no_messages(client: Client) -> None:
    async with client.get("/sandbox/chats/oc_1/messages") as response:
        assert response.status == 404


# Waiting


async def test_one_can_wait_for_what_an_app_will_do(
    api: Api, lark: Lark, ops: Chat
) -> None:
    waiting = asyncio.create_task(lark.until(lambda: len(ops.messages) == 2))

    await api.text(ops.chat_id)
    assert waiting.done() is False
    await api.text(ops.chat_id)
    await waiting


async def test_one_can_wait_for_a_robots_post(
    client: Client, lark: Lark, ops: Chat
) -> None:
    robot = lark.create_robot(ops)
    waiting = asyncio.create_task(lark.until(lambda: len(ops.messages) == 1))
    body = {"msg_type": "text", "content": {"text": "x"}}

    async with client.post(f"/open-apis/bot/v2/hook/{robot.token}", json=body):
        await waiting


async def test_waiting_ends_at_last(lark: Lark) -> None:
    with pytest.raises(TimeoutError):
        await lark.until(lambda: False, seconds=0.01)


# Serving


async def test_it_serves_on_loopback_only(lark: Lark) -> None:
    async with lark.serve() as url, aiohttp.ClientSession() as session:
        assert url.startswith("http://127.0.0.1:")
        async with session.get(f"{url}/sandbox/counters") as response:
            assert response.status == 200
    with pytest.raises(ValueError, match="loopback only"):
        async with lark.serve(host="0.0.0.0"):
            pass


async def test_with_the_real_clock_it_redelivers_by_itself(
    listener: Listener,
) -> None:
    lark = Lark()
    bell = lark.create_app("Bell", encrypt_key=KEY)
    alice = lark.create_user("Alice")
    ops = lark.create_chat("ops", [alice, bell])
    lark.switches.time_scale = 0.001
    listener.statuses = [500, 500]
    async with lark.serve():
        await lark.set_event_url(bell, listener.url)
        await lark.say(ops, alice, "/help", mention_bot=True)
        async with asyncio.timeout(10):
            for _ in range(3):
                await listener.news.get()
    assert [heard.body["header"]["event_id"] for heard in listener.heard] == [
        lark.deliveries[0].event_id
    ] * 3


async def test_it_runs_alone_and_says_what_it_made() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    try:
        made = json.loads(await process.stdout.readuntil(b"\n}\n"))
        timestamp = str(int(asyncio.get_running_loop().time()))
        robot = made["robot"]
        body = {
            "msg_type": "text",
            "content": {"text": "hi"},
            "timestamp": timestamp,
            "sign": sign_post(timestamp, secret=robot["secret"]),
        }
        async with aiohttp.ClientSession() as session:
            async with session.post(robot["webhook"], json=body) as response:
                # Signed with the time since boot: right secret, wrong hour.
                assert (await response.json())["code"] == 19021
            path = "/open-apis/auth/v3/tenant_access_token/internal"
            secret = {k: made[k] for k in ("app_id", "app_secret")}
            async with session.post(made["domain"] + path, json=secret) as response:
                assert (await response.json())["code"] == 0
    finally:
        process.terminate()
        await process.communicate()
    assert set(made) == {
        "domain",
        "app_id",
        "app_secret",
        "encrypt_key",
        "verification_token",
        "chat_id",
        "users",
        "robot",
        "control",
    }
