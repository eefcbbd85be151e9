"""Who and what we know: robots and their secrets, people, groups, chats."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from store import directory
from store.directory import HEARD_FOR, Chat, Person, Robot
from store.errors import StoreError
from store.opening import open_database
from store.secrets import Keyring
from tests.conftest import KEYRING, MONDAY

WEBHOOK = "https://open.larksuite.com/open-apis/bot/v2/hook/f00dfeed-1234"
OPS_ROOM = Robot(
    name="ops-room",
    webhook=WEBHOOK,
    secret="s3cr3t-signing-key",
    chat="oc_ops",
    keyword="alert",
    mention_all=True,
)
WEB_ROOM = Robot(name="web-room", webhook="https://x/web", platform="feishu")


async def _put(db, robot):
    await db.write(lambda tx: directory.put_robot(tx, robot, now=MONDAY))


async def _apply(db, *robots):
    return await db.write(lambda tx: directory.apply_robots(tx, robots, now=MONDAY))


async def _robots(db):
    async with db.reading() as tx:
        return await directory.robots(tx)


async def test_a_robot_comes_back_as_it_was_written(db):
    await _put(db, OPS_ROOM)
    await _put(db, WEB_ROOM)

    assert await _robots(db) == [OPS_ROOM, WEB_ROOM]
    async with db.reading() as tx:
        assert await directory.robot(tx, "ops-room") == OPS_ROOM
        assert await directory.robot(tx, "nobody") is None
        assert await directory.robot_chats(tx) == {
            "ops-room": "oc_ops",
            "web-room": None,
        }


def test_a_robot_shows_no_credential():
    assert repr(OPS_ROOM) == (
        "Robot(name='ops-room', platform='lark', chat='oc_ops', keyword='alert', "
        "mention_all=True, owner='yaml')"
    )


async def test_no_credential_is_in_the_file_of_the_database(tmp_path):
    db = await open_database(f"sqlite:{tmp_path / 'larkbell.db'}", keyring=KEYRING)
    await _put(db, OPS_ROOM)
    [file, *logs] = sorted(tmp_path.iterdir())
    while_open = b"".join(path.read_bytes() for path in (file, *logs))
    await db.close()
    closed = file.read_bytes()

    for written in (while_open, closed):
        assert b"ops-room" in written
        assert b"f00dfeed" not in written
        assert b"open-apis" not in written
        assert b"s3cr3t" not in written


async def test_no_credential_is_in_a_column_of_postgresql(db):
    await _put(db, OPS_ROOM)

    async with db.reading() as tx:
        row = await tx.one("robot_get", name="ops-room")
    sealed = (row["webhook"], row["secret"])
    assert [KEYRING.open(each) for each in sealed] == [WEBHOOK, "s3cr3t-signing-key"]
    assert WEBHOOK not in str(dict(row))


async def test_the_yaml_s_robots_are_written_changed_and_removed(db):
    assert await _apply(db, OPS_ROOM, WEB_ROOM) == (["ops-room", "web-room"], [])
    assert await _apply(db, OPS_ROOM, WEB_ROOM) == ([], [])

    moved = replace(WEB_ROOM, chat="oc_web")
    assert await _apply(db, moved, OPS_ROOM) == (["web-room"], [])
    assert await _apply(db, moved) == ([], ["ops-room"])
    assert await _robots(db) == [moved]


@pytest.mark.parametrize(
    "change",
    [
        {"webhook": WEBHOOK + "5"},
        {"secret": "another"},
        {"secret": None},
        {"chat": None},
        {"keyword": None},
        {"mention_all": False},
        {"platform": "feishu"},
    ],
)
async def test_any_change_of_a_robot_is_noticed(db, change):
    await _apply(db, OPS_ROOM)

    changed = replace(OPS_ROOM, **change)
    assert await _apply(db, changed) == (["ops-room"], [])
    assert await _robots(db) == [changed]


async def test_robots_made_in_chat_stay_when_the_yaml_is_applied(db):
    of_chat = replace(WEB_ROOM, owner="chat:oc_web")
    await _put(db, of_chat)

    assert await _apply(db, OPS_ROOM) == (["ops-room"], [])
    assert await _apply(db) == ([], ["ops-room"])
    assert await _robots(db) == [of_chat]


async def test_what_no_key_opens_any_more_is_written_anew(db_url):
    async def started_with(key):
        db = await open_database(db_url, keyring=Keyring([key]))
        applied = await _apply(db, OPS_ROOM)
        found = await _robots(db)
        await db.close()
        return applied, found

    lost, new = (Fernet.generate_key().decode() for _ in range(2))
    await started_with(lost)
    assert await started_with(new) == ((["ops-room"], []), [OPS_ROOM])
    assert await started_with(new) == (([], []), [OPS_ROOM])


async def test_secrets_are_sealed_again_with_the_first_key(db_url):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    db = await open_database(db_url, keyring=Keyring([old]))
    await _put(db, OPS_ROOM)
    await _put(db, WEB_ROOM)
    await db.close()

    db = await open_database(db_url, keyring=Keyring([new, old]))
    assert await db.write(directory.reseal) == 2
    await db.close()

    db = await open_database(db_url, keyring=Keyring([new]))
    assert await _robots(db) == [OPS_ROOM, WEB_ROOM]
    await db.close()


async def test_without_a_key_no_robot_is_written_at_all(db_url):
    db = await open_database(db_url, keyring=Keyring())
    with pytest.raises(StoreError):
        await _apply(db, OPS_ROOM)

    assert await _robots(db) == []
    await db.close()


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
