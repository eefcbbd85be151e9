from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandbox import App, Chat, Lark, User
from tests.conftest import MONDAY, HandClock
from tests.sandbox.conftest import SEND, Api, card, markdown

MILLISECONDS = str(int(MONDAY.timestamp() * 1000))


async def test_a_sent_text_is_shown_and_answered(
    api: Api, lark: Lark, ops: Chat, bell: App
) -> None:
    answer = await api.text(ops.chat_id, "hello")

    [message] = ops.messages
    assert answer.status == 200
    assert answer.body == {
        "code": 0,
        "msg": "success",
        "data": {
            "message_id": message.message_id,
            "msg_type": "text",
            "create_time": MILLISECONDS,
            "update_time": MILLISECONDS,
            "deleted": False,
            "updated": False,
            "chat_id": ops.chat_id,
            "sender": {
                "id": bell.app_id,
                "id_type": "app_id",
                "sender_type": "app",
                "tenant_key": lark.tenant.key,
            },
            "body": {"content": '{"text": "hello"}'},
        },
    }
    assert message.sender is bell
    assert message.content == {"text": "hello"}
    assert [i[:3] for i in (message.message_id, ops.chat_id)] == ["om_", "oc_"]


@pytest.mark.parametrize("kind", ["open_id", "user_id", "union_id", "email"])
async def test_a_person_is_reached_by_any_id_in_one_direct_chat(
    api: Api, lark: Lark, bell: App, alice: User, kind: str
) -> None:
    ids = {
        "open_id": bell.open_id_of(alice),
        "user_id": alice.user_id,
        "union_id": alice.union_id,
        "email": str(alice.email),
    }
    await api.text(ids["open_id"], "first", kind="open_id")
    answer = await api.text(ids[kind], "second", kind=kind)

    chat = lark.tenant.direct_chat(alice, bell)
    assert answer.verdict == (200, 0)
    assert chat is not None
    assert [m.content["text"] for m in chat.messages] == ["first", "second"]


async def test_the_kind_of_id_must_be_one_of_five(api: Api, ops: Chat) -> None:
    for kind in ("", "phone"):
        answer = await api.text(ops.chat_id, kind=kind)
        assert answer.verdict == (400, 99992402)
        [violation] = answer.body["error"]["field_violations"]
        assert violation["field"] == "receive_id_type"


@pytest.mark.parametrize("missing", ["receive_id", "msg_type", "content"])
async def test_a_missing_field_is_named(api: Api, ops: Chat, missing: str) -> None:
    body = {"receive_id": ops.chat_id, "msg_type": "text", "content": '{"text":"x"}'}
    del body[missing]

    answer = await api.call(
        "POST", SEND, params={"receive_id_type": "chat_id"}, json=body
    )
    assert answer.verdict == (400, 99992402)
    assert answer.body["error"]["field_violations"][0]["field"] == missing


async def test_an_id_that_names_nobody_is_refused(api: Api, ops: Chat) -> None:
    for kind in ("chat_id", "open_id", "user_id", "union_id", "email"):
        assert (await api.text("nobody", kind=kind)).verdict == (400, 230034)
    bot = await api.text(api.app.open_id, kind="open_id")
    assert bot.verdict == (400, 230034)
    assert ops.messages == []


async def test_an_open_id_of_another_app_is_refused(
    api: Api, lark: Lark, alice: User
) -> None:
    foreign = lark.create_app("Other").open_id_of(alice)

    assert foreign != api.app.open_id_of(alice)
    answer = await api.text(foreign, kind="open_id")
    assert answer.verdict == (400, 99992361)


async def test_a_bot_outside_the_chat_is_refused(
    api: Api, lark: Lark, ops: Chat, bell: App
) -> None:
    ops.members.remove(bell)

    assert (await api.text(ops.chat_id)).verdict == (400, 230002)
    assert ops.messages == []


async def test_a_dissolved_chat_is_refused(api: Api, ops: Chat) -> None:
    for status in ("dissolved", "dissolved_save"):
        ops.status = status
        assert (await api.text(ops.chat_id)).verdict == (400, 232009)


async def test_a_chat_where_bots_may_not_speak_is_refused(api: Api, ops: Chat) -> None:
    ops.bots_may_speak = False
    assert (await api.text(ops.chat_id)).verdict == (400, 230018)


async def test_a_silenced_chat_is_refused(api: Api, ops: Chat) -> None:
    ops.silenced = True
    assert (await api.text(ops.chat_id)).verdict == (400, 230035)


async def test_an_unpublished_bot_is_refused(api: Api, bell: App, ops: Chat) -> None:
    bell.published = False
    assert (await api.text(ops.chat_id)).verdict == (400, 230006)


@pytest.mark.parametrize("code", [230013, 230029, 230053])
async def test_people_who_cannot_be_written_to_are_refused_by_id_and_by_chat(
    api: Api, lark: Lark, bell: App, alice: User, bob: User, code: int
) -> None:
    open_id = bell.open_id_of(alice)
    await api.text(open_id, kind="open_id")
    chat = lark.tenant.direct_chat(alice, bell)
    assert chat is not None
    if code == 230013:
        bell.available_to = {bob}
    elif code == 230029:
        alice.resigned = True
    else:
        alice.stopped.add(bell.app_id)

    assert (await api.text(open_id, kind="open_id")).verdict == (400, code)
    assert (await api.text(chat.chat_id)).verdict == (400, code)
    assert len(chat.messages) == 1


# Contents


async def test_a_content_that_is_an_object_is_refused(api: Api, ops: Chat) -> None:
    body = {"receive_id": ops.chat_id, "msg_type": "text", "content": {"text": "x"}}

    answer = await api.call(
        "POST", SEND, params={"receive_id_type": "chat_id"}, json=body
    )
    assert answer.verdict == (400, 99992402)
    assert answer.body["error"]["field_violations"][0]["field"] == "content"


@pytest.mark.parametrize(
    ("msg_type", "content"),
    [
        ("text", {}),
        ("text", {"text": 1}),
        ("text", ["x"]),
        ("poem", {"text": "x"}),
        ("image", {"image_key": "img_of_another"}),
        ("file", {}),
        ("share_chat", {"chat": "oc_1"}),
        ("post", {}),
        ("post", {"en_us": []}),
        ("post", {"en_us": {"content": "x"}}),
        ("post", {"en_us": {"content": [{"tag": "text", "text": "x"}]}}),
        ("post", {"en_us": {"content": [[{"tag": "table"}]]}}),
        ("post", {"en_us": {"content": [[{"tag": "md"}, {"tag": "text"}]]}}),
    ],
)
async def test_a_content_that_does_not_fit_its_type_is_refused(
    api: Api, ops: Chat, msg_type: str, content: Any
) -> None:
    answer = await api.send(ops.chat_id, content, msg_type)

    assert answer.verdict == (400, 230001)
    assert ops.messages == []


async def test_a_content_that_is_not_json_is_refused(api: Api, ops: Chat) -> None:
    body = {"receive_id": ops.chat_id, "msg_type": "text", "content": "hello"}

    answer = await api.call(
        "POST", SEND, params={"receive_id_type": "chat_id"}, json=body
    )
    assert answer.verdict == (400, 230001)


@pytest.mark.parametrize(
    ("msg_type", "content"),
    [
        ("file", {"file_key": "file_v2_1"}),
        ("audio", {"file_key": "file_v2_1"}),
        ("media", {"file_key": "file_v2_1", "image_key": "img_1"}),
        ("sticker", {"file_key": "file_v2_1"}),
        ("share_chat", {"chat_id": "oc_1"}),
        ("share_user", {"user_id": "ou_1"}),
        (
            "post",
            {
                "en_us": {
                    "title": "t",
                    "content": [
                        [
                            {"tag": "text", "text": "a", "style": ["bold"]},
                            {"tag": "a", "href": "https://x", "text": "x"},
                            {"tag": "at", "user_id": "ou_a"},
                            {"tag": "emotion", "emoji_type": "SMILE"},
                        ],
                        [{"tag": "img", "image_key": "img_1"}],
                        [{"tag": "media", "file_key": "f"}],
                        [{"tag": "hr"}],
                        [{"tag": "code_block", "language": "GO", "text": "x"}],
                        [{"tag": "md", "text": "**b** `c`"}],
                    ],
                }
            },
        ),
    ],
)
async def test_every_documented_type_is_taken(
    api: Api, ops: Chat, msg_type: str, content: Any
) -> None:
    assert (await api.send(ops.chat_id, content, msg_type)).verdict == (200, 0)
    assert ops.messages[0].content == content


async def test_an_image_must_be_the_apps_own(
    api: Api, lark: Lark, bell: App, ops: Chat
) -> None:
    own = lark.create_image(bell)
    foreign = lark.create_image(lark.create_app("Other"))

    taken = await api.send(ops.chat_id, {"image_key": own}, "image")
    refused = await api.send(ops.chat_id, {"image_key": foreign}, "image")
    assert (taken.verdict, refused.verdict) == ((200, 0), (400, 230001))


async def test_a_text_may_have_150_kb_and_no_more(api: Api, ops: Chat) -> None:
    frame = len(
        json.dumps(
            {"receive_id": ops.chat_id, "msg_type": "text", "content": '{"text": ""}'}
        )
    )
    fits = 150 * 1024 - frame

    assert (await api.text(ops.chat_id, "x" * fits)).verdict == (200, 0)
    assert (await api.text(ops.chat_id, "x" * (fits + 1))).verdict == (400, 230025)


@pytest.mark.parametrize("msg_type", ["post", "interactive"])
async def test_a_card_or_post_may_have_30_kb_and_no_more(
    api: Api, ops: Chat, msg_type: str
) -> None:
    def content(size: int) -> Any:
        if msg_type == "interactive":
            return card(markdown("x" * size))
        parts = [[{"tag": "text", "text": "x" * size}]]
        return {"en_us": {"title": "", "content": parts}}

    small = await api.send(ops.chat_id, content(30 * 1024 - 400), msg_type)
    large = await api.send(ops.chat_id, content(30 * 1024), msg_type)
    assert (small.verdict, large.verdict) == ((200, 0), (400, 230025))


async def test_the_size_is_measured_in_bytes(api: Api, ops: Chat) -> None:
    answer = await api.card(ops.chat_id, card(markdown("账" * 11_000)))

    assert answer.verdict == (400, 230025)


# Mentions


async def test_mentions_in_a_text_are_answered_as_placeholders(
    api: Api, lark: Lark, bell: App, ops: Chat, alice: User
) -> None:
    open_id = bell.open_id_of(alice)
    text = f'<at user_id="{open_id}">A</at> and <at user_id="all"></at>, look'

    answer = await api.text(ops.chat_id, text)

    assert json.loads(answer.body["data"]["body"]["content"]) == {
        "text": "@_user_1 and @_all, look"
    }
    assert answer.body["data"]["mentions"] == [
        {
            "key": "@_user_1",
            "id": open_id,
            "id_type": "open_id",
            "name": "Alice",
            "tenant_key": lark.tenant.key,
        }
    ]
    assert ops.messages[0].mentioned == ("Alice", "all")


async def test_a_text_may_name_people_who_do_not_exist(api: Api, ops: Chat) -> None:
    answer = await api.text(ops.chat_id, '<at user_id="ou_nobody">X</at> hi')

    assert answer.verdict == (200, 0)
    assert ops.messages[0].mentioned == ()


async def test_mentioning_all_in_a_text_does_nothing_where_the_chat_forbids_it(
    api: Api, ops: Chat
) -> None:
    ops.at_all = False

    answer = await api.text(ops.chat_id, '<at user_id="all">all</at> hi')
    assert answer.verdict == (200, 0)
    assert ops.messages[0].mentioned == ()


async def test_a_post_mentions_by_tag_and_by_markdown(
    api: Api, bell: App, ops: Chat, alice: User, bob: User
) -> None:
    at = f'<at user_id="{bell.open_id_of(bob)}"></at>'
    content = [
        [{"tag": "at", "user_id": bell.open_id_of(alice)}],
        [{"tag": "md", "text": at}],
        [{"tag": "at", "user_id": "all"}, {"tag": "at", "user_id": "ou_nobody"}],
    ]

    post = {"en_us": {"title": "", "content": content}}
    answer = await api.send(ops.chat_id, post, "post")
    assert ops.messages[0].mentioned == ("Alice", "Bob", "all")
    keys = [mention["key"] for mention in answer.body["data"]["mentions"]]
    assert keys == ["@_user_1", "@_user_2"]

    ops.at_all = False
    await api.send(ops.chat_id, post, "post")
    assert ops.messages[1].mentioned == ("Alice", "Bob")


# Idempotency


async def test_a_uuid_makes_one_message_of_many_sends_for_an_hour(
    api: Api, ops: Chat, clock: HandClock
) -> None:
    first = await api.text(ops.chat_id, "one", uuid="u1")
    clock.advance(minutes=59, seconds=59)
    again = await api.text(ops.chat_id, "two", uuid="u1")

    assert again.verdict == (200, 0)
    assert again.body["data"] == first.body["data"]
    clock.advance(seconds=1)
    later = await api.text(ops.chat_id, "three", uuid="u1")
    assert later.verdict == (200, 0)
    assert [m.content["text"] for m in ops.messages] == ["one", "three"]


async def test_a_duplicate_does_not_count_against_the_chat(api: Api, ops: Chat) -> None:
    verdicts = [(await api.text(ops.chat_id, uuid="u1")).verdict for _ in range(10)]

    assert verdicts == [(200, 0)] * 10
    assert len(ops.messages) == 1


async def test_another_app_may_use_the_same_uuid(
    api: Api, lark: Lark, ops: Chat
) -> None:
    other = lark.create_app("Other")
    ops.members.append(other)

    await api.text(ops.chat_id, uuid="u1")
    await Api(api.client, other).text(ops.chat_id, uuid="u1")
    assert len(ops.messages) == 2


async def test_a_duplicate_in_flight_is_told_to_wait_where_that_is_switched_on(
    api: Api, lark: Lark, ops: Chat, clock: HandClock
) -> None:
    lark.switches.in_flight = timedelta(seconds=2)

    await api.text(ops.chat_id, uuid="u1")
    clock.advance(seconds=1)
    assert (await api.text(ops.chat_id, uuid="u1")).verdict == (400, 230049)
    clock.advance(seconds=1)
    assert (await api.text(ops.chat_id, uuid="u1")).verdict == (200, 0)
    assert len(ops.messages) == 1


async def test_a_uuid_has_50_characters_at_most(api: Api, ops: Chat) -> None:
    assert (await api.text(ops.chat_id, uuid="x" * 50)).verdict == (200, 0)
    assert (await api.text(ops.chat_id, uuid="x" * 51)).verdict == (400, 99992402)
    assert (await api.text(ops.chat_id, uuid=5)).verdict == (400, 99992402)
    assert len(ops.messages) == 1
