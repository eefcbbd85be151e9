"""What the message center needs beside messages, as Lark's SDK reads and calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from sandbox import Lark, Message
from tests.conformance import sdk
from tests.conformance.sdk import Sdk
from tests.conformance.test_sandbox import BUTTON, Stage, card, send
from tests.conftest import MONDAY

pytestmark = pytest.mark.asyncio(loop_scope="module")

URGENT = {f"im:message.urgent{kind}" for kind in ("", ":sms", ":phone")}
UPDATE = "/open-apis/interactive/v1/card/update"


def plain(text: str) -> dict[str, Any]:
    return {"tag": "plain_text", "content": text}


OPTIONS = [{"text": plain(label), "value": label[0]} for label in ("Group", "DM")]
HINT = {"placeholder": plain("Choose")}
FORM = {
    "tag": "form",
    "name": "form",
    "elements": [
        {"tag": "input", "name": "why"},
        {"tag": "multi_select_static", "name": "days", "options": OPTIONS},
        {"tag": "date_picker", "name": "d", **HINT},
        {"tag": "picker_datetime", "name": "dt", **HINT},
        {"tag": "picker_time", "name": "t", **HINT},
        {"tag": "select_person", "name": "who", **HINT},
        {"tag": "checker", "name": "sure"},
        {**BUTTON, "name": "send", "form_action_type": "submit"},
    ],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process() -> AsyncIterator[Sdk]:
    async with sdk.running() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def stage(process: Sdk) -> AsyncIterator[Stage]:
    lark = Lark(clock=lambda: MONDAY)
    async with lark.serve() as domain:
        bot = await sdk.bot(process, lark, domain=domain)
        bot.app.scopes |= URGENT | {"im:message.reactions:write_only"}
        alice = lark.create_user("Alice", email="alice@example.com")
        ops = lark.create_chat("ops", [alice, bot.app])
        await lark.set_event_url(bot.app, bot.url)
        yield Stage(lark, domain, bot, alice, ops)


async def posted(stage: Stage, *elements: dict[str, Any]) -> Message:
    await send(stage, "interactive", card(*elements))
    return stage.ops.messages[-1]


async def heard(stage: Stage) -> Any:
    [event] = (await stage.bot("heard"))["heard"]
    return event["event"]


async def buzz(stage: Stage, kind: str, *people: str) -> Any:
    message_id = stage.ops.messages[0].message_id
    return await stage.bot(
        "urgent", kind=kind, message_id=message_id, people=list(people)
    )


# The SDK's client


async def test_its_client_buzzes_people_in_the_app(stage: Stage) -> None:
    await send(stage)

    answer = await buzz(stage, "app", stage.bot.app.open_id_of(stage.alice), "ou_1")
    refused = await buzz(stage, "app", "ou_1")
    assert answer["data"] == {"invalid_user_id_list": ["ou_1"]}
    assert (refused["success"], refused["code"]) == (False, 230001)
    [urgent] = stage.ops.messages[0].urgents
    assert (urgent.kind, urgent.user) == ("app", stage.alice)


async def test_its_client_buzzes_by_text_and_telephone_where_that_exists(
    stage: Stage,
) -> None:
    await send(stage)
    alice = stage.bot.app.open_id_of(stage.alice)

    lacking = [(await buzz(stage, kind, alice))["code"] for kind in ("sms", "phone")]
    stage.lark.switches.region = "feishu"
    taken = [(await buzz(stage, kind, alice))["code"] for kind in ("sms", "phone")]
    assert (lacking, taken) == ([99991201, 99991201], [0, 0])


async def test_its_client_takes_a_message_back(stage: Stage) -> None:
    sent = await send(stage)
    message_id = sent["data"]["message_id"]

    first = await stage.bot("recall", message_id=message_id)
    second = await stage.bot("recall", message_id=message_id)
    assert (first["success"], second["code"]) == (True, 230011)
    assert stage.ops.messages[0].recalled is True


async def test_its_client_reacts_and_thinks_better_of_it(stage: Stage) -> None:
    sent = await send(stage)
    where = {"message_id": sent["data"]["message_id"]}

    put = await stage.bot("react", **where, emoji="OnIt")
    wrong = await stage.bot("react", **where, emoji="onit")
    reaction_id = put["data"]["reaction_id"]
    taken = await stage.bot("unreact", **where, reaction_id=reaction_id)
    assert put["data"]["reaction_type"] == {"emoji_type": "OnIt"}
    assert put["data"]["operator"]["operator_type"] == "app"
    assert (wrong["code"], taken["data"]["reaction_id"]) == (231001, reaction_id)


async def test_its_client_reads_several_people(stage: Stage) -> None:
    ids = [stage.bot.app.open_id_of(stage.alice), "ou_nobody"]

    answer = await stage.bot("users", user_ids=ids)
    assert [one["open_id"] for one in answer["data"]["items"]] == ids[:1]


async def test_its_client_shows_a_card_to_one_person(stage: Stage) -> None:
    body = {
        "chat_id": stage.ops.chat_id,
        "open_id": stage.bot.app.open_id_of(stage.alice),
        "msg_type": "interactive",
        "card": {"schema": "2.0", "body": {"elements": [BUTTON]}},
    }

    shown = await stage.bot("post", uri="/open-apis/ephemeral/v1/send", body=body)
    [message] = stage.ops.ephemeral
    assert shown["data"] == {"message_id": message.message_id}
    uri = "/open-apis/ephemeral/v1/delete"
    taken = await stage.bot("post", uri=uri, body=shown["data"])
    assert (taken["success"], stage.ops.ephemeral) == (True, [])


# The SDK's dispatcher


async def test_its_dispatcher_reads_what_was_filled_in(stage: Stage) -> None:
    message = await posted(stage, FORM)

    await stage.lark.tap(
        message,
        stage.alice,
        "Mute",
        form={
            "why": "切换",
            "days": ["Group", "DM"],
            "d": "2024-04-01",
            "dt": "2024-04-29 07:07",
            "t": "00:00",
            "who": "Alice",
            "sure": True,
        },
    )
    action = (await heard(stage))["action"]
    assert action == {
        "tag": "button",
        "value": {"act": "mute"},
        "name": "send",
        "timezone": "Asia/Shanghai",
        "form_value": {
            "why": "切换",
            "days": ["G", "D"],
            "d": "2024-04-01 +0800",
            "dt": "2024-04-29 07:07 +0800",
            "t": "00:00 +0800",
            "who": stage.bot.app.open_id_of(stage.alice),
            "sure": True,
        },
    }


@pytest.mark.parametrize(
    ("element", "chosen", "told"),
    [
        ({"tag": "select_static", "options": OPTIONS}, "DM", {"option": "D"}),
        ({"tag": "overflow", "options": OPTIONS}, "Group", {"option": "G"}),
        (
            {"tag": "picker_time", **HINT},
            "22:00",
            {"option": "22:00 +0800", "timezone": "Asia/Shanghai"},
        ),
        ({"tag": "input"}, "hello", {"input_value": "hello"}),
        ({"tag": "checker"}, True, {"checked": True}),
    ],
)
async def test_its_dispatcher_reads_what_was_chosen(
    stage: Stage, element: dict[str, Any], chosen: Any, told: dict[str, Any]
) -> None:
    message = await posted(stage, {**element, "behaviors": BUTTON["behaviors"]})

    await stage.lark.tap(message, stage.alice, 0, option=chosen)
    action = (await heard(stage))["action"]
    assert action == {"tag": element["tag"], "value": {"act": "mute"}, **told}


async def test_the_card_that_it_answers_a_tap_with_is_shown(stage: Stage) -> None:
    message = await posted(stage, BUTTON)
    done = {"schema": "2.0", "body": {"elements": [{"tag": "hr"}]}}
    toast = {"type": "info", "content": "Done", "i18n": {"zh_cn": "完成"}}
    answer = {"toast": toast, "card": {"type": "raw", "data": done}}
    await stage.bot("answer_taps", answer=answer)

    tapped = await stage.lark.tap(message, stage.alice, "Mute")
    assert (tapped.error, tapped.words_in("zh_cn")) == (None, "完成")
    assert message.content == done


async def test_its_client_updates_a_tapped_card_later(stage: Stage) -> None:
    message = await posted(stage, BUTTON)
    await stage.lark.tap(message, stage.alice, "Mute")
    token = (await heard(stage))["token"]
    done = {"schema": "2.0", "body": {"elements": [{"tag": "hr"}]}}

    codes = [
        (await stage.bot("post", uri=UPDATE, body={"token": token, "card": done}))[
            "code"
        ]
        for _ in range(3)
    ]
    assert codes == [0, 0, 300040]
    assert message.content == done


async def test_its_dispatcher_takes_what_opens_and_greets(stage: Stage) -> None:
    app, alice = stage.bot.app, stage.alice
    chat = await stage.lark.direct_chat(alice, app)
    await stage.bot("heard")

    await stage.lark.enter(alice, app)
    entered = await heard(stage)
    await stage.lark.choose_from_menu(alice, app, "help")
    chosen = await heard(stage)
    open_id = app.open_id_of(alice)
    assert entered["chat_id"] == chat.chat_id
    assert entered["operator_id"]["open_id"] == open_id
    assert chosen["event_key"] == "help"
    assert chosen["timestamp"] == int(MONDAY.timestamp())
    assert chosen["operator"]["operator_id"]["open_id"] == open_id


async def test_its_dispatcher_takes_changes_and_ends_of_chats(stage: Stage) -> None:
    bob = stage.lark.create_user("Bob")
    stage.ops.members.append(bob)

    await stage.lark.hand_over(stage.ops, bob, by=stage.alice)
    changed = await heard(stage)
    await stage.lark.disband(stage.ops, by=bob)
    ended = await heard(stage)
    owner = changed["after_change"]["owner_id"]["open_id"]
    assert owner == stage.bot.app.open_id_of(bob)
    assert ended["chat_id"] == stage.ops.chat_id
