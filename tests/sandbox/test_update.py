from __future__ import annotations

from typing import Any

import pytest

from sandbox import App, Chat, Lark, Message, User
from tests.conftest import HandClock
from tests.sandbox.conftest import Api, card, markdown


def legacy(text: str, *, shared: bool = True) -> dict[str, Any]:
    return {"config": {"update_multi": shared}, "elements": [markdown(text)]}


async def sent(api: Api, chat: Chat, content: Any) -> Message:
    await api.card(chat.chat_id, content)
    return chat.messages[-1]


async def test_an_update_replaces_the_card_and_keeps_what_it_showed(
    api: Api, ops: Chat, clock: HandClock
) -> None:
    message = await sent(api, ops, card(markdown("firing")))
    clock.advance(minutes=1)

    answer = await api.patch(message.message_id, card(markdown("resolved")))

    assert answer.body == {"code": 0, "msg": "success", "data": {}}
    assert message.versions == [card(markdown("firing")), card(markdown("resolved"))]
    assert message.content == card(markdown("resolved"))
    assert message.updated_at == clock.now()
    assert len(ops.messages) == 1


async def test_another_apps_card_cannot_be_updated(
    api: Api, lark: Lark, ops: Chat
) -> None:
    message = await sent(api, ops, card())
    other = lark.create_app("Other")
    ops.members.append(other)

    answer = await Api(api.client, other).patch(message.message_id, card())
    assert answer.verdict == (400, 230012)


async def test_what_is_not_a_card_cannot_be_updated(api: Api, ops: Chat) -> None:
    await api.text(ops.chat_id)

    answer = await api.patch(ops.messages[0].message_id, card())
    assert answer.verdict == (400, 230001)
    assert answer.body["msg"].endswith("This message is NOT a card.")


@pytest.mark.parametrize(("state", "code"), [("recalled", 230011), ("deleted", 230110)])
async def test_a_card_that_is_gone_cannot_be_updated(
    api: Api, ops: Chat, state: str, code: int
) -> None:
    message = await sent(api, ops, card())
    setattr(message, state, True)

    assert (await api.patch(message.message_id, card())).verdict == (400, code)


async def test_a_card_that_never_was_cannot_be_updated(api: Api) -> None:
    assert (await api.patch("om_nothing", card())).verdict == (400, 99992354)


async def test_a_card_can_be_updated_for_14_days(
    api: Api, ops: Chat, clock: HandClock
) -> None:
    message = await sent(api, ops, card())

    clock.advance(days=14)
    api.token = ""
    assert (await api.patch(message.message_id, card())).verdict == (200, 0)
    clock.advance(seconds=1)
    assert (await api.patch(message.message_id, card())).verdict == (400, 230031)


async def test_a_card_in_a_chat_that_was_left_or_dissolved_cannot_be_updated(
    api: Api, ops: Chat, bell: App
) -> None:
    message = await sent(api, ops, card())

    ops.members.remove(bell)
    assert (await api.patch(message.message_id, card())).verdict == (400, 230002)
    ops.status = "dissolved"
    assert (await api.patch(message.message_id, card())).verdict == (400, 232009)


async def test_an_unpublished_bot_cannot_update(api: Api, ops: Chat, bell: App) -> None:
    message = await sent(api, ops, card())
    bell.published = False

    assert (await api.patch(message.message_id, card())).verdict == (400, 230006)


async def test_a_2_0_card_cannot_become_a_1_0_card(api: Api, ops: Chat) -> None:
    message = await sent(api, ops, card())

    answer = await api.patch(message.message_id, legacy("old"))
    assert answer.verdict == (400, 230099)
    assert "ErrCode: 200830;" in answer.body["msg"]
    assert message.content == card()


async def test_a_1_0_card_can_become_a_2_0_card(api: Api, ops: Chat) -> None:
    message = await sent(api, ops, legacy("old"))

    assert (await api.patch(message.message_id, card())).verdict == (200, 0)


@pytest.mark.parametrize(("old", "new"), [(False, True), (True, False), (False, False)])
async def test_both_1_0_cards_must_be_shared(
    api: Api, ops: Chat, old: bool, new: bool
) -> None:
    message = await sent(api, ops, legacy("old", shared=old))

    answer = await api.patch(message.message_id, legacy("new", shared=new))
    assert answer.verdict == (400, 230001)
    assert len(message.versions) == 1


async def test_two_shared_1_0_cards_can_replace_each_other(api: Api, ops: Chat) -> None:
    message = await sent(api, ops, legacy("old"))

    assert (await api.patch(message.message_id, legacy("new"))).verdict == (200, 0)
    assert message.content == legacy("new")


async def test_a_bad_card_leaves_the_old_one(api: Api, ops: Chat) -> None:
    message = await sent(api, ops, card())

    answer = await api.patch(message.message_id, card({"tag": "note"}))
    assert answer.verdict == (400, 230099)
    assert message.versions == [card()]


async def test_an_update_may_have_30_kb_and_no_more(api: Api, ops: Chat) -> None:
    message = await sent(api, ops, card())

    large = card(markdown("x" * 30 * 1024))
    assert (await api.patch(message.message_id, large)).verdict == (400, 230025)


async def test_an_update_must_be_a_json_string(api: Api, ops: Chat) -> None:
    message = await sent(api, ops, card())
    path = f"/open-apis/im/v1/messages/{message.message_id}"

    answer = await api.call("PATCH", path, json={"content": card()})
    assert answer.verdict == (400, 99992402)


async def test_a_card_that_is_being_tapped_cannot_be_updated(
    api: Api, ops: Chat
) -> None:
    message = await sent(api, ops, card())
    message.locked = True

    answer = await api.patch(message.message_id, card())
    assert answer.verdict == (400, 230099)
    assert "ErrCode: 11310; ErrMsg: card action is lock;" in answer.body["msg"]


async def test_an_update_mentions_whom_the_new_card_mentions(
    api: Api, ops: Chat, bell: App, alice: User
) -> None:
    message = await sent(api, ops, card())
    at = f"<at id={bell.open_id_of(alice)}></at>"

    await api.patch(message.message_id, card(markdown(at)))
    assert message.mentioned == ("Alice",)
