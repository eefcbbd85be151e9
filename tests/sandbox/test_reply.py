from __future__ import annotations

from sandbox import App, Chat, Lark, Message, User
from tests.sandbox.conftest import Api


async def said(lark: Lark, chat: Chat, user: User, text: str = "hi") -> Message:
    return await lark.say(chat, user, text)


async def test_a_reply_names_its_parent_and_the_root_of_the_chain(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    asked = await said(lark, ops, alice)
    first = await api.reply(asked.message_id)
    second = await api.reply(first.body["data"]["message_id"])

    assert first.body["data"]["root_id"] == asked.message_id
    assert first.body["data"]["parent_id"] == asked.message_id
    assert second.body["data"]["root_id"] == asked.message_id
    assert second.body["data"]["parent_id"] == first.body["data"]["message_id"]
    assert "thread_id" not in second.body["data"]
    assert [message.root_id for message in ops.messages] == [
        None,
        asked.message_id,
        asked.message_id,
    ]


async def test_a_reply_in_thread_starts_a_thread_and_later_ones_stay_in_it(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    asked = await said(lark, ops, alice)
    first = await api.reply(asked.message_id, reply_in_thread=True)
    second = await api.reply(first.body["data"]["message_id"])

    thread = first.body["data"]["thread_id"]
    assert thread.startswith("omt_")
    assert second.body["data"]["thread_id"] == thread
    assert second.body["data"]["parent_id"] == asked.message_id
    assert asked.thread_id == thread


async def test_in_a_topic_chat_every_message_is_a_thread(
    api: Api, lark: Lark, bell: App
) -> None:
    topics = lark.create_chat("topics", [bell], mode="topic")
    first = await api.text(topics.chat_id)
    second = await api.text(topics.chat_id)
    reply = await api.reply(first.body["data"]["message_id"])

    threads = [answer.body["data"]["thread_id"] for answer in (first, second, reply)]
    assert threads[0] == threads[2]
    assert threads[0] != threads[1]


async def test_a_chat_without_threads_refuses_them(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    ops.threads = False
    asked = await said(lark, ops, alice)

    answer = await api.reply(asked.message_id, reply_in_thread=True)
    assert answer.verdict == (400, 230071)
    assert (await api.reply(asked.message_id)).verdict == (200, 0)


async def test_a_recalled_target_is_refused(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    asked = await said(lark, ops, alice)
    lark.recall(asked)

    assert (await api.reply(asked.message_id)).verdict == (400, 230011)


async def test_a_deleted_target_is_refused(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    asked = await said(lark, ops, alice)
    asked.deleted = True

    assert (await api.reply(asked.message_id)).verdict == (400, 230110)


async def test_a_target_that_never_was_is_refused(api: Api) -> None:
    assert (await api.reply("om_nothing")).verdict == (400, 99992354)


async def test_a_bot_outside_the_chat_cannot_reply(
    api: Api, lark: Lark, ops: Chat, alice: User, bell: App
) -> None:
    asked = await said(lark, ops, alice)
    ops.members.remove(bell)

    assert (await api.reply(asked.message_id)).verdict == (400, 230002)


async def test_an_unpublished_bot_cannot_reply(
    api: Api, lark: Lark, ops: Chat, alice: User, bell: App
) -> None:
    asked = await said(lark, ops, alice)
    bell.published = False

    assert (await api.reply(asked.message_id)).verdict == (400, 230006)


async def test_a_uuid_makes_one_reply_of_many(
    api: Api, lark: Lark, ops: Chat, alice: User
) -> None:
    asked = await said(lark, ops, alice)
    first = await api.reply(asked.message_id, uuid="u1")
    again = await api.reply(asked.message_id, uuid="u1")

    assert again.body["data"] == first.body["data"]
    assert len(ops.messages) == 2
