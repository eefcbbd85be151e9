"""Robots and what they post with: sealed, apart, and gone when nobody can undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from store import lanes, posts, robot_baseline, robots
from store.errors import StoreError
from store.lanes import Waking
from store.opening import open_database
from store.posts import Health, Post
from store.robots import KEPT, Hook, Robot
from store.secrets import Keyring
from store.values import Channel, Destination, Kind
from tests.conftest import KEYRING, MONDAY
from tests.known_robots import WEBHOOK, know

HOOK = Hook(WEBHOOK, "s3cr3t-signing-key")
WEB_HOOK = Hook("https://x/web")
OPS_ROOM = Robot(
    name="ops-room",
    chat="oc_ops",
    keyword="alert",
    mention_all=True,
    allow=("disk", "out of memory"),
    deny=("test",),
    per_hour=20,
    created_at=MONDAY,
)
WEB_ROOM = Robot(name="web-room", created_at=MONDAY)
OPS = Destination(Kind.ROBOT, "ops-room")
LIN = Destination(Kind.PERSON, "ou_lin")
LANE = lanes.Lane("robot:ops-room/chat", OPS, Channel.CHAT)
LATER = MONDAY + KEPT


async def _add(db, robot=OPS_ROOM, hook=HOOK):
    return await db.write(lambda tx: robots.add(tx, robot, hook, now=MONDAY))


async def _apply(db, *wanted, now=MONDAY):
    return await db.write(lambda tx: robot_baseline.apply(tx, wanted, now=now))


async def _every(db):
    async with db.reading() as tx:
        return await robots.every(tx)


async def _said(db):
    """The robots as they were said: without the numbers that the store gave."""
    return [replace(each, id=0, hook=0) for each in await _every(db)]


async def _hook(db, robot):
    async with db.reading() as tx:
        return await robots.hook(tx, robot)


async def _hooks(db):
    async with db.reading() as tx:
        return len(await tx.all("hooks_all"))


async def _put(db, robot, *, now=MONDAY):
    return await db.write(lambda tx: robots.put(tx, robot, now=now))


async def _remove(db, robot, *, now=MONDAY):
    await db.write(lambda tx: robots.remove(tx, robot, now=now))


async def _forget(db, *, now):
    return await db.write(lambda tx: robots.forget(tx, now=now))


async def _due(db):
    """Whether the lane of ops-room would be claimed, if it had anything to say."""
    waking = Waking(OPS, Channel.CHAT, MONDAY)
    await db.write(lambda tx: lanes.touch(tx, [waking]))
    async with db.reading() as tx:
        return await lanes.next_due(tx) is not None


async def test_a_robot_comes_back_as_it_was_written(db):
    made = await _add(db)
    web = await _add(db, WEB_ROOM, WEB_HOOK)

    assert await _every(db) == [made, web]
    assert await _said(db) == [OPS_ROOM, WEB_ROOM]
    assert [await _hook(db, each) for each in (made, web)] == [HOOK, WEB_HOOK]
    async with db.reading() as tx:
        assert await robots.named(tx, "ops-room") == made
        assert await robots.named(tx, "nobody") is None
        assert await robots.chats(tx) == {"ops-room": "oc_ops", "web-room": None}
        assert await robots.holder(tx, WEBHOOK) == made.id
        assert await robots.holder(tx, WEBHOOK + "5") is None


def test_what_a_robot_posts_with_shows_nothing():
    assert repr(HOOK) == "Hook()"


async def test_no_credential_is_in_the_file_of_the_database(tmp_path):
    db = await open_database(f"sqlite:{tmp_path / 'larkbell.db'}", keyring=KEYRING)
    await _add(db)
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
    made = await _add(db)

    async with db.reading() as tx:
        row = await tx.one("hook_get", id=made.hook)
    sealed = (row["webhook"], row["secret"])
    assert [KEYRING.open(each) for each in sealed] == [WEBHOOK, "s3cr3t-signing-key"]
    assert WEBHOOK not in str(dict(row))


async def test_the_yaml_s_robots_are_written_changed_and_removed(db):
    both = (OPS_ROOM, HOOK), (WEB_ROOM, WEB_HOOK)
    first = await _apply(db, *both)
    assert (first.changed, first.gone) == (["ops-room", "web-room"], [])
    again = await _apply(db, *both, now=LATER)
    assert (again.changed, again.gone) == ([], [])

    moved = replace(WEB_ROOM, chat="oc_web")
    assert (await _apply(db, (moved, WEB_HOOK), both[0])).changed == ["web-room"]
    assert (await _apply(db, (moved, WEB_HOOK))).gone == ["ops-room"]
    assert await _said(db) == [moved]
    assert await _hooks(db) == 1


@pytest.mark.parametrize(
    ("change", "hook"),
    [
        ({}, Hook(WEBHOOK + "5", HOOK.secret)),
        ({}, Hook(WEBHOOK, "another")),
        ({}, Hook(WEBHOOK)),
        ({"chat": None}, HOOK),
        ({"keyword": None}, HOOK),
        ({"mention_all": False}, HOOK),
        ({"platform": "feishu"}, HOOK),
        ({"allow": ()}, HOOK),
        ({"deny": ("test", "drill")}, HOOK),
        ({"per_hour": None}, HOOK),
    ],
)
async def test_any_change_of_the_yaml_is_noticed(db, change, hook):
    await _apply(db, (OPS_ROOM, HOOK))

    changed = replace(OPS_ROOM, **change)
    assert (await _apply(db, (changed, hook))).changed == ["ops-room"]
    assert await _said(db) == [changed]
    [robot] = await _every(db)
    assert (await _hook(db, robot), await _hooks(db)) == (hook, 1)


async def test_what_chat_made_of_a_yaml_robot_stays_and_can_be_reset(db):
    await _apply(db, (OPS_ROOM, HOOK))
    [robot] = await _every(db)
    paused = replace(robot, paused=True, per_hour=5, changed_by="ou_wei")
    await _put(db, paused)
    assert (await _apply(db, (OPS_ROOM, HOOK))).beneath == []

    applied = await _apply(db, (replace(OPS_ROOM, keyword="word"), WEB_HOOK))

    assert (applied.beneath, applied.changed) == (["ops-room"], ["ops-room"])
    [robot] = await _every(db)
    assert replace(robot, hook=0) == replace(paused, hook=0)
    assert await _hook(db, robot) == WEB_HOOK
    reset = await db.write(lambda tx: robot_baseline.reset(tx, robot.id, now=MONDAY))
    assert reset == replace(
        robot, keyword="word", per_hour=20, paused=False, changed_by=None
    )
    assert await _every(db) == [reset]


async def test_robots_made_in_chat_stay_when_the_yaml_is_applied(db):
    await _add(db, replace(WEB_ROOM, owner="chat:oc_web"), WEB_HOOK)

    await _apply(db, (OPS_ROOM, HOOK))
    assert (await _apply(db)).gone == ["ops-room"]
    assert await _said(db) == [replace(WEB_ROOM, owner="chat:oc_web")]


async def test_the_yaml_takes_a_name_that_chat_had(db):
    made = await _add(db, replace(OPS_ROOM, owner="chat:oc_web", chat="oc_web"))

    applied = await _apply(db, (OPS_ROOM, WEB_HOOK))

    assert (applied.taken, applied.changed) == (["ops-room"], ["ops-room"])
    assert await _said(db) == [OPS_ROOM]
    assert await _hook(db, made) is None
    assert not await _put(db, made)


async def test_what_no_key_opens_any_more_is_written_anew(db_url):
    async def started_with(key):
        db = await open_database(db_url, keyring=Keyring([key]))
        applied = await _apply(db, (OPS_ROOM, HOOK))
        [robot] = await _every(db)
        found = await _hook(db, robot)
        await db.close()
        return applied.changed, found

    lost, new = (Fernet.generate_key().decode() for _ in range(2))
    await started_with(lost)
    assert await started_with(new) == (["ops-room"], HOOK)
    assert await started_with(new) == ([], HOOK)


async def test_secrets_are_sealed_again_with_the_first_key(db_url):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    db = await open_database(db_url, keyring=Keyring([old]))
    made = await _add(db)
    await _add(db, WEB_ROOM, WEB_HOOK)
    await db.close()

    db = await open_database(db_url, keyring=Keyring([new, old]))
    assert await db.write(robots.reseal) == 2
    await db.close()

    db = await open_database(db_url, keyring=Keyring([new]))
    assert await _hook(db, made) == HOOK
    await db.close()


async def test_without_a_key_no_robot_is_written_at_all(db_url):
    db = await open_database(db_url, keyring=Keyring())
    with pytest.raises(StoreError):
        await _apply(db, (OPS_ROOM, HOOK))

    assert await _every(db) == []
    await db.close()


async def test_a_paused_robot_is_silent_until_it_is_resumed(db):
    made = await _add(db)
    assert await _due(db)

    await _put(db, replace(made, paused=True))
    assert not await _due(db)

    await _put(db, made)
    assert await _due(db)


async def test_a_robot_may_be_paused_before_it_was_ever_spoken_to(db):
    await _add(db, replace(OPS_ROOM, paused=True))

    assert not await _due(db)


async def test_a_removed_robot_can_be_brought_back_for_ten_minutes(db):
    made = await _add(db)
    await _remove(db, made)
    assert (await _every(db), await _due(db)) == ([], False)

    just_before = LATER - timedelta(milliseconds=1)
    assert await _forget(db, now=just_before) == []
    assert await _put(db, made, now=just_before)

    assert (await _every(db), await _due(db)) == ([made], True)
    assert await _hook(db, made) == HOOK
    assert await _forget(db, now=LATER + KEPT) == []


async def test_after_that_nothing_is_left_but_its_name(db):
    made = await _add(db)
    await _remove(db, made)

    assert await _forget(db, now=LATER) == [OPS]

    assert (await _hooks(db), await _put(db, made)) == (0, False)
    async with db.reading() as tx:
        assert await robots.removed(tx) == {"ops-room": ("oc_ops", MONDAY)}
    assert await _forget(db, now=LATER) == []
    assert await db.write(lambda tx: robots.prune(tx, before=LATER)) == 1
    async with db.reading() as tx:
        assert await robots.removed(tx) == {}


async def test_who_takes_the_name_meanwhile_keeps_it_and_what_waits(db):
    made = await _add(db)
    await _remove(db, made)
    other = await _add(db, OPS_ROOM, WEB_HOOK)

    assert not await _put(db, made)
    assert await _forget(db, now=LATER) == []
    assert (await _every(db), await _due(db)) == ([other], True)
    assert await _hook(db, other) == WEB_HOOK


async def test_another_hook_can_be_undone_for_ten_minutes_too(db):
    made = await _add(db)

    async def equip(tx):
        robot = await robots.equip(tx, made, WEB_HOOK, now=MONDAY)
        await robots.put(tx, robot, now=MONDAY)
        return robot

    changed = await db.write(equip)
    assert await _hook(db, changed) == WEB_HOOK
    assert await _put(db, made)
    assert await _hook(db, made) == HOOK
    assert await _put(db, changed)

    await _forget(db, now=LATER)
    assert (await _hooks(db), await _put(db, made)) == (1, False)
    assert await _hook(db, changed) == WEB_HOOK


async def test_a_draft_is_its_person_s_alone_and_lasts_a_day(db):
    until = MONDAY + timedelta(days=1)
    draft = replace(OPS_ROOM, owner=str(LIN), chat=None, draft_until=until)
    made = await _add(db, draft)
    await _add(db, OPS_ROOM, WEB_HOOK)

    async def drafts(person=LIN, now=MONDAY):
        async with db.reading() as tx:
            return await robots.drafts(tx, person, now=now)

    assert await drafts() == [made]
    assert await drafts(Destination(Kind.PERSON, "ou_wei")) == []
    assert await drafts(now=until) == []
    assert await _said(db) == [OPS_ROOM]

    assert await _forget(db, now=until) == []
    assert await _hooks(db) == 1
    async with db.reading() as tx:
        assert await robots.removed(tx) == {}


@pytest.mark.parametrize("first", ["the robot", "the draft"])
async def test_a_robot_takes_over_what_a_draft_has_and_gives_it_back(db, first):
    until = MONDAY + timedelta(days=1)
    robot = await _add(db)
    draft = await _add(
        db, replace(WEB_ROOM, owner=str(LIN), draft_until=until), WEB_HOOK
    )
    taking = replace(robot, hook=draft.hook)

    await _put(db, taking)
    await _remove(db, draft)
    assert await _hook(db, taking) == WEB_HOOK

    back = [robot, draft] if first == "the robot" else [draft, robot]
    assert [await _put(db, each) for each in back] == [True, True]
    await _forget(db, now=LATER)
    assert [await _hook(db, each) for each in (robot, draft)] == [HOOK, WEB_HOOK]


async def test_what_a_robot_posted_counts_for_an_hour(db):
    made = await _add(db)

    async def post(minutes, *, critical=False):
        now = MONDAY + timedelta(minutes=minutes)
        await db.write(lambda tx: posts.made(tx, LANE, critical=critical, now=now))

    async def within(minutes):
        async with db.reading() as tx:
            now = MONDAY + timedelta(minutes=minutes)
            found = await posts.of(tx, LANE.id, now=now)
            return [(each.at - MONDAY) // timedelta(minutes=1) for each in found]

    await post(0)
    await post(10, critical=True)
    assert [await within(n) for n in (10, 59, 60, 70)] == [[10, 0], [10, 0], [10], []]
    await post(65)
    assert await within(59) == [65, 10, 0]
    now = MONDAY + timedelta(minutes=65)
    assert await db.write(lambda tx: posts.prune(tx, now=now)) == 1
    assert await within(59) == [65, 10]
    async with db.reading() as tx:
        found = await posts.of(tx, LANE.id, now=MONDAY + timedelta(minutes=65))
        assert found[-1] == Post(MONDAY + timedelta(minutes=10), critical=True)
        worked = MONDAY + timedelta(minutes=65)
        assert await posts.health(tx, made) == Health(worked_at=worked)


async def test_a_robot_remembers_when_it_failed_and_why(db):
    made = await _add(db)
    await db.write(lambda tx: posts.failed(tx, OPS, words="it is gone", now=MONDAY))

    async with db.reading() as tx:
        found = await posts.health(tx, made)
    assert found == Health(failed_at=MONDAY, words="it is gone")


async def test_a_robot_is_known_again_under_what_it_was_changed_to(db):
    await db.write(lambda tx: know(tx, "bell", keyword="a"))
    await db.write(lambda tx: know(tx, "bell", keyword="b", secret="s"))

    [robot] = await _every(db)
    assert (robot.keyword, await _hook(db, robot)) == ("b", Hook(WEBHOOK, "s"))
