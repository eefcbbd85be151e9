"""What happens between a tap and what the person sees."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandbox import App, Chat, Lark, Message, Robot, Tapped, User
from tests.conftest import MONDAY, HandClock
from tests.sandbox.conftest import Api, Listener, button, card, markdown, panel

MICROSECONDS = str(int(MONDAY.timestamp()) * 1_000_000)


async def shown(api: Api, chat: Chat, content: Any) -> Message:
    assert (await api.card(chat.chat_id, content)).verdict == (200, 0)
    return chat.messages[-1]


async def test_a_tap_tells_who_tapped_what_where(
    api: Api, lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    message = await shown(api, ops, card(button("Mute", {"act": "mute"})))

    tapped = await lark.tap(message, alice, "Mute")

    [heard] = listener.heard
    token = heard.body["event"]["token"]
    assert tapped == Tapped()
    assert heard.body["header"] == {
        "event_id": heard.body["header"]["event_id"],
        "event_type": "card.action.trigger",
        "create_time": MICROSECONDS,
        "token": bell.verification_token,
        "app_id": bell.app_id,
        "tenant_key": lark.tenant.key,
    }
    assert heard.body["event"] == {
        "operator": {
            "tenant_key": lark.tenant.key,
            "open_id": bell.open_id_of(alice),
            "union_id": alice.union_id,
        },
        "token": token,
        "action": {"tag": "button", "value": {"act": "mute"}},
        "host": "im_message",
        "context": {
            "open_message_id": message.message_id,
            "open_chat_id": ops.chat_id,
        },
    }
    assert token.startswith("c-")
    assert "X-Lark-Signature" in heard.headers


@pytest.mark.parametrize("wanted", ["Undo", "undo_1", {"act": "undo"}, 1])
async def test_a_button_is_found_by_label_name_value_or_place(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User, wanted: Any
) -> None:
    undo = button("Undo", {"act": "undo"}, name="undo_1")
    message = await shown(api, ops, card(button(), panel(undo)))

    await lark.tap(message, alice, wanted)
    assert listener.heard[0].body["event"]["action"]["value"] == {"act": "undo"}


async def test_what_does_not_call_back_cannot_be_tapped(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    link = button("Open")
    link["behaviors"] = [{"type": "open_url", "default_url": "https://x"}]
    message = await shown(api, ops, card(link, button("Off", disabled=True), button()))

    assert [one.label for one in lark.buttons(message)] == ["Mute"]
    with pytest.raises(LookupError, match="there is: 'Mute'"):
        await lark.tap(message, alice, "Open")
    assert listener.heard == []


async def test_a_tap_acts_on_the_card_that_is_shown_now(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button("Mute")))
    await api.patch(message.message_id, card(button("Unmute")))

    with pytest.raises(LookupError):
        await lark.tap(message, alice, "Mute")
    await lark.tap(message, alice, "Unmute")
    assert len(listener.heard) == 1


async def test_buttons_of_1_0_cards_call_back_with_their_value(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    old = {
        "tag": "button",
        "text": {"tag": "plain_text", "content": "Ack"},
        "value": {"act": "ack"},
    }
    why = {**old, "text": {"tag": "plain_text", "content": "Why"}}
    beside = {"tag": "div", "extra": {**why, "value": {"act": "why"}}}
    row = {"tag": "action", "actions": [old]}
    message = await shown(api, ops, {"elements": [row, beside]})

    await lark.tap(message, alice, "Ack")
    await lark.tap(message, alice, {"act": "why"})
    assert [heard.body["event"]["action"] for heard in listener.heard] == [
        {"tag": "button", "value": {"act": "ack"}},
        {"tag": "button", "value": {"act": "why"}},
    ]


@pytest.mark.parametrize(("schema", "days"), [("2.0", 14), ("1.0", 30)])
async def test_a_card_answers_taps_for_a_while(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    clock: HandClock,
    schema: str,
    days: int,
) -> None:
    content = card(button()) if schema == "2.0" else {"elements": [button()]}
    message = await shown(api, ops, content)

    clock.advance(days=days)
    await lark.tap(message, alice, "Mute")
    clock.advance(seconds=1)
    with pytest.raises(LookupError, match="too old"):
        await lark.tap(message, alice, "Mute")
    assert len(listener.heard) == 1


async def test_a_card_that_was_taken_back_cannot_be_tapped(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    lark.recall(message)

    with pytest.raises(LookupError, match="taken back"):
        await lark.tap(message, alice, "Mute")
    assert listener.heard == []


async def test_only_members_tap(
    api: Api, lark: Lark, listener: Listener, ops: Chat
) -> None:
    message = await shown(api, ops, card(button()))

    with pytest.raises(ValueError, match="Eve cannot act in ops"):
        await lark.tap(message, lark.create_user("Eve"), "Mute")
    assert listener.heard == []


# What the app answers


async def test_a_toast_is_seen(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    listener.reply = {"toast": {"type": "success", "content": "Muted for 2 h"}}

    tapped = await lark.tap(message, alice, "Mute")
    assert tapped == Tapped(toast={"type": "success", "content": "Muted for 2 h"})
    assert tapped.words == "Muted for 2 h"
    assert len(message.versions) == 1


async def test_a_card_in_the_answer_replaces_the_one_that_was_tapped(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    new = card(markdown("muted"))
    listener.reply = {"card": {"type": "raw", "data": new}}

    assert await lark.tap(message, alice, "Mute") == Tapped(card=new)
    assert message.content == new


async def test_a_toast_is_seen_in_the_language_of_the_client(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    toast = {"type": "info", "content": "Muted", "i18n": {"zh_cn": "已静音"}}
    listener.reply = {"toast": toast}

    tapped = await lark.tap(message, alice, "Mute")
    said = [tapped.words_in(locale) for locale in ("zh_cn", "en_us", "")]
    assert said == ["已静音", "Muted", "Muted"]


async def test_a_card_in_the_answer_mentions_whom_it_mentions(
    api: Api, lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    new = card(markdown(f"<at id={bell.open_id_of(alice)}></at>"))
    listener.reply = {"card": {"type": "raw", "data": new}}

    await lark.tap(message, alice, "Mute")
    assert message.mentioned == ("Alice",)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ([], 200672),
        ({"msg": "success"}, 200672),
        ({"toast": "hello"}, 200672),
        ({"toast": {"type": "loud", "content": "x"}}, 200672),
        ({"toast": {"type": "info", "content": 5}}, 200672),
        ({"toast": {"type": "info", "text": "x"}}, 200672),
        ({"toast": {"type": "info", "i18n": "x"}}, 200672),
        ({"toast": {"type": "info", "i18n": {"zh_cn": 5}}}, 200672),
        ({"card": card()}, 200673),
        ({"card": "x"}, 200673),
        ({"card": {"type": "raw", "data": card({"tag": "note"})}}, 200673),
        ({"card": {"type": "raw", "data": card(markdown("![x](img_9)"))}}, 200673),
        ({"card": {"type": "template", "data": {"template_id": "AA"}}}, 200673),
        ({"card": {"type": "template", "data": card()}}, 200673),
        ({"card": {"type": "raw", "data": card(markdown("x" * 30 * 1024))}}, 200673),
        ({"card": {"type": "raw", "data": {"elements": []}}}, 200830),
    ],
)
async def test_an_answer_that_is_not_as_documented_is_seen_as_an_error(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    reply: Any,
    error: int,
) -> None:
    message = await shown(api, ops, card(button()))
    listener.reply = reply

    assert await lark.tap(message, alice, "Mute") == Tapped(error=error)
    assert len(message.versions) == 1


async def test_an_answer_that_is_not_json_is_seen_as_an_error(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))

    for text in ("", "ok"):
        listener.reply_text = text
        assert await lark.tap(message, alice, "Mute") == Tapped(error=200672)


@pytest.mark.parametrize("status", [201, 302, 307, 500])
async def test_an_answer_other_than_200_is_seen_and_not_tried_again(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    clock: HandClock,
    status: int,
) -> None:
    message = await shown(api, ops, card(button()))
    listener.statuses = [status]

    assert await lark.tap(message, alice, "Mute") == Tapped(error=200671)
    clock.advance(hours=8)
    assert await lark.deliver_due() == []
    assert len(listener.heard) == 1


async def test_an_answer_that_comes_too_late_is_seen_as_a_timeout(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    listener.silent = asyncio.Event()
    lark.switches.answer_timeout = 0.05

    assert await lark.tap(message, alice, "Mute") == Tapped(error=200341)
    listener.silent.set()


async def test_a_server_that_is_down_is_seen_as_unreachable(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    bell: App,
    alice: User,
    unused_tcp_port: int,
) -> None:
    message = await shown(api, ops, card(button()))
    bell.card_url = f"http://127.0.0.1:{unused_tcp_port}/"

    assert await lark.tap(message, alice, "Mute") == Tapped(error=200342)
    assert listener.heard == []


async def test_without_an_address_a_tap_is_an_error(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))

    assert await lark.tap(message, alice, "Mute") == Tapped(error=200340)


async def test_a_robots_card_cannot_be_clicked_back(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    robot: Robot = lark.create_robot(ops)
    body = {"msg_type": "interactive", "card": card(button())}
    await api.client.post(f"/open-apis/bot/v2/hook/{robot.token}", json=body)

    assert await lark.tap(ops.messages[0], alice, "Mute") == Tapped(error=200340)


async def test_a_card_is_locked_while_a_tap_on_it_is_answered(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button()))
    listener.silent = asyncio.Event()
    tapping = asyncio.create_task(lark.tap(message, alice, "Mute"))
    await listener.news.get()

    assert (await api.patch(message.message_id, card())).verdict == (400, 230099)
    listener.silent.set()
    await tapping
    assert (await api.patch(message.message_id, card())).verdict == (200, 0)


# What can be tapped


async def test_the_buttons_of_a_checker_can_be_tapped(
    api: Api, lark: Lark, listener: Listener, ops: Chat
) -> None:
    checker = {"tag": "checker", "button_area": {"buttons": [button("Later")]}}
    message = await shown(api, ops, card(checker))

    assert [one.label for one in lark.buttons(message)] == ["Later"]


def row(name: str, label: str, value: str) -> dict[str, Any]:
    cells = [markdown(name), button(label, {"set": value})]
    columns = [{"tag": "column", "elements": [cell]} for cell in cells]
    return {"tag": "column_set", "columns": columns}


async def test_what_reads_the_same_is_told_apart_by_what_stands_beside_it(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    rows = [row("CVM", "on", "a"), row("CDN", "on", "b")]
    inside = panel(button("on", {"set": "c"}), title="Billing")
    under = [markdown("Tickets"), button("off"), button("on", {"set": "d"})]
    message = await shown(api, ops, card(*rows, inside, *under))

    with pytest.raises(LookupError, match="4 of 'on' on this card"):
        await lark.tap(message, alice, "on")
    for where in ("CDN", "Billing", "Tickets"):
        await lark.tap(message, alice, "on", beside=where)
    values = [heard.body["event"]["action"]["value"] for heard in listener.heard]
    assert values == [{"set": "b"}, {"set": "c"}, {"set": "d"}]
    assert [one.beside for one in lark.buttons(message)] == [
        ("CVM",),
        ("CDN",),
        ("Billing",),
        ("Tickets",),
        ("Tickets",),
    ]


async def test_what_does_the_same_need_not_be_told_apart(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    message = await shown(api, ops, card(button(), button()))

    await lark.tap(message, alice, "Mute")
    assert len(listener.heard) == 1


async def test_a_container_is_tapped_by_what_is_in_it(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    callback = {"type": "callback", "value": {"open": "M3"}}
    container = {
        "tag": "interactive_container",
        "behaviors": [callback],
        "elements": [markdown("M3"), markdown("disk full")],
    }
    message = await shown(api, ops, card(container))

    await lark.tap(message, alice, "M3\ndisk full")
    assert listener.heard[0].body["event"]["action"] == {
        "tag": "interactive_container",
        "value": {"open": "M3"},
    }


async def test_what_the_client_asks_first_can_be_read(
    api: Api, lark: Lark, listener: Listener, ops: Chat
) -> None:
    title, text = ({"tag": "plain_text", "content": each} for each in ("Sure", "All?"))
    asking = button(confirm={"title": title, "text": text})
    message = await shown(api, ops, card(asking, button("Undo")))

    assert [one.asks for one in lark.buttons(message)] == ["Sure\nAll?", ""]
