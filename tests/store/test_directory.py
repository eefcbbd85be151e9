"""Who and what we know: people, groups, chats."""

from __future__ import annotations

from datetime import timedelta

from store import directory
from store.directory import HEARD_FOR, Chat, Person
from tests.conftest import MONDAY


async def test_people_and_groups_are_replaced_whole(db):
    lin = Person(
        name="lin",
        open_id="ou_lin",
        email="lin@example.com",
        phone="+65 8000 0000",
        verified=("email", "phone"),
    )
    wei = Person(name="wei")

    async def apply(people, groups):
        await db.write(lambda tx: directory.apply_people(tx, people, groups))
        async with db.reading() as tx:
            return await directory.people(tx), await directory.groups(tx)

    first = {"finance": ("lin", "wei"), "ops": ()}
    assert await apply([wei, lin], first) == ([lin, wei], first)
    assert await apply([wei], {"ops": ("wei",)}) == ([wei], {"ops": ("wei",)})
    assert await apply([], {}) == ([], {})


async def _put_chat(db, **settings):
    chat = Chat(**settings)
    await db.write(lambda tx: directory.put_chat(tx, chat, now=MONDAY))


async def _chats(db):
    async with db.reading() as tx:
        return await directory.chats(tx)


async def test_what_is_not_said_of_a_chat_keeps_what_was_known(db):
    await _put_chat(db, id="oc_1", kind="p2p", name="Lin", person="ou_lin", alias="l")
    await _put_chat(db, id="oc_1", kind="p2p", state="gone")

    assert await _chats(db) == [
        Chat(
            id="oc_1", kind="p2p", name="Lin", person="ou_lin", alias="l", state="gone"
        )
    ]


async def test_the_yaml_s_names_for_chats_are_replaced_whole(db):
    async def apply(**aliases):
        await db.write(lambda tx: directory.apply_aliases(tx, aliases, now=MONDAY))
        return {each.id: each.alias for each in await _chats(db)}

    assert await apply(ops="oc_1", web="oc_2") == {"oc_1": "ops", "oc_2": "web"}
    assert await apply(ops="oc_2") == {"oc_1": None, "oc_2": "ops"}


async def test_a_name_does_not_bring_a_disbanded_group_back(db):
    await _put_chat(db, id="oc_1", name="Ops", state="disbanded")
    await db.write(lambda tx: directory.apply_aliases(tx, {"ops": "oc_1"}, now=MONDAY))

    async with db.reading() as tx:
        assert await directory.chat(tx, "oc_1") == Chat(
            id="oc_1", name="Ops", alias="ops", state="disbanded"
        )
        assert await directory.chat(tx, "oc_2") is None


async def test_an_event_is_new_once(db):
    async def hear(event):
        return await db.write(lambda tx: directory.hear(tx, event, now=MONDAY))

    assert [await hear("om_1"), await hear("om_2"), await hear("om_1")] == [
        True,
        True,
        False,
    ]


async def test_an_event_is_remembered_for_as_long_as_lark_sends_it(db):
    async def hear(at):
        return await db.write(lambda tx: directory.hear(tx, "om_1", now=at))

    async def forget(at):
        return await db.write(lambda tx: directory.forget_heard(tx, now=at))

    await hear(MONDAY)
    last = MONDAY + timedelta(hours=7, minutes=7)
    assert (await forget(last), await hear(last)) == (0, False)
    gone = MONDAY + HEARD_FOR + timedelta(milliseconds=1)
    assert (await forget(gone), await hear(gone)) == (1, True)
