"""/robot: listed, set, paused, removed and reset; and who may."""

from __future__ import annotations

import orjson
import pytest

from bot.cards.view import count
from bot.voice import Voice
from handlers.errors import Forbidden
from handlers.rules.types import Types
from store import posts, robots, subscriptions
from store.robots import Hook
from store.values import Destination, Kind
from tests.handlers.robots import (
    HOOK,
    SECRET,
    WEBHOOK,
    Host,
    hook_of,
    said,
    shown,
)
from tests.handlers.shown import everything
from tests.handlers.talk import DEV, LIN, OPS
from tests.store.samples import deliver

OPS_HOOK = Destination(Kind.ROBOT, "ops-hook")


async def test_what_a_robot_takes_is_set_and_undone(bound):
    reply = await bound.say('/robot set ops-hook 20/h deny=drill,"fire drill"')

    assert (reply.lines, reply.canonical) == (
        (
            (
                "ops-hook: not: none → drill, fire drill; cap: none → at most 20 posts "
                "an hour."
            ),
            (
                "What its words leave out is not sent there, criticals neither; /why "
                "tells it. What is over the cap waits, an hour at the most, and comes "
                "as one digest; criticals count and do not wait."
            ),
        ),
        '/robot set ops-hook deny=drill,"fire drill" per_hour=20',
    )
    robot = await bound.robot()
    assert (robot.deny, robot.per_hour) == (("drill", "fire drill"), 20)

    await bound.say("/undo")
    robot = await bound.robot()
    assert (robot.deny, robot.per_hour) == ((), None)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("per_hour=none", (None, (), (), "alert", False)),
        ("不限", (None, (), (), "alert", False)),
        ("keyword=none", (5, (), (), None, False)),
        ('keyword "out of memory"', (5, (), (), "out of memory", False)),
        ("allow disk, cpu", (5, ("disk", "cpu"), (), "alert", False)),
        ("白名单 磁盘，内存 提醒所有人", (5, ("磁盘", "内存"), (), "alert", True)),
        ("deny=a,b,a notify all", (5, (), ("a", "b"), "alert", True)),
        ("notify none 每小时 7 条", (7, (), (), "alert", False)),
        ("30 posts an hour", (30, (), (), "alert", False)),
    ],
)
async def test_settings_are_said_in_many_ways(bound, line, expected):
    await bound.say("/robot set ops-hook keyword=alert per_hour=5")

    await bound.say(f"/robot set ops-hook {line}")

    robot = await bound.robot()
    assert expected == (
        robot.per_hour,
        robot.allow,
        robot.deny,
        robot.keyword,
        robot.mention_all,
    )


async def test_what_is_the_same_changes_nothing(bound):
    assert await bound.said("/robot set ops-hook notify none") == (
        "It is so already. Nothing changed.",
    )
    assert await bound.said("/robot resume ops-hook") == (
        "Robot ops-hook is not paused.",
    )


async def test_a_paused_robot_waits_and_says_so_everywhere(bound):
    await deliver(bound.db, "disk", to=OPS_HOOK)

    reply = await bound.say("/robot pause ops-hook")

    assert reply.lines == (
        "ops-hook: on → paused.",
        (
            "What is sent to it waits, criticals too, until /robot resume ops-hook. 1 "
            "message waits."
        ),
    )
    assert "Robots: ops-hook (paused)." in said(await bound.say("/status"))
    why = everything(await bound.say("/why M1"))
    assert [each for each in why if each.startswith("– the robot’s pause stops it")]
    assert shown(await bound.say("/robot")) == [
        "ops-hook: paused by you",
        "open.larksuite.com/…/hook/****4e5f · signed · this group",
        "1 waits; has posted nothing yet",
    ]
    assert (await bound.said("/robot resume ops-hook"))[1] == (
        "1 message that waited is on its way."
    )
    await bound.say("/undo")
    assert (await bound.robot()).paused


async def test_a_list_says_how_each_is_doing(bound):
    await bound.say("/robot set ops-hook per_hour=3 keyword=alert notify all allow=a")
    now = bound.clock.now()
    await bound.do(lambda tx: posts.worked(tx, OPS_HOOK, now=now))
    bound.clock.advance(minutes=3)
    now = bound.clock.now()
    await bound.do(lambda tx: posts.failed(tx, OPS_HOOK, words="it is gone", now=now))
    bound.clock.advance(minutes=2)

    reply = await bound.by(LIN).say("/robot")

    assert shown(reply) == [
        "ops-hook: on",
        (
            "open.larksuite.com/…/hook/****4e5f · signed · this group · keyword "
            "“alert” · notifies all · only a"
        ),
        (
            "0 of 3 an hour used; took a message 5 min ago; the last post failed 2 min "
            "ago: it is gone"
        ),
    ]
    assert (reply.facts, len(reply.view)) == ({"robot:1": "on"}, 3)


async def test_many_robots_are_listed_by_pages(admin):
    for number in range(10):
        await admin.say(f"/robot add r{number} {HOOK}abcdefghijklmnop{number}")

    first = await admin.say("/robot")
    assert (len(first.facts), first.canonical) == (8, "/robot list")
    assert [(each.label, each.show) for each in first.buttons[:-1]] == [
        ("More (2 of 2)", "/robot list page 2")
    ]
    second = await admin.say("/robot list page 2")
    assert list(second.facts) == ["robot:9", "robot:10"]
    assert [(each.label, each.show) for each in second.buttons[:-1]] == [
        ("Back", "/robot list")
    ]
    assert await admin.say("/robot list page 9") == second
    for page in (first, second):
        for locale in ("en", "zh"):
            drawn = orjson.loads(Voice(types=Types(), locale=locale).reply(page))
            assert "r9" in str(drawn) or "r7" in str(drawn)
            assert count(drawn) <= 200


async def test_another_group_sees_and_changes_nothing_of_it(bound):
    dev = bound.within(DEV)

    assert (await dev.say("/robot")).lines[0].startswith("No robot posts in this group")
    for verb in ("test", "pause", "remove", "bind", "set", "reset", "resume"):
        refusal = await dev.refused(f"/robot {verb} ops-hook")
        assert str(refusal) == "I know no robot “ops-hook” here."


async def test_members_may_look_and_no_more(bound):
    lin = bound.by(LIN)

    for verb in ("test", "pause", "remove", "set"):
        rest = " 5/h" if verb == "set" else ""
        refusal = await lin.refused(f"/robot {verb} ops-hook{rest}")
        assert type(refusal) is Forbidden
    assert len((await lin.say("/robot")).view) == 3


async def test_removing_asks_first_and_takes_it_out_of_the_rules(bound):
    await bound.say("/sub add product.alarm to robot:ops-hook")
    await bound.say("/sub add finance.refund to chat, robot:ops-hook")
    await bound.say("/dnd add 22:00-08:00 for robot:ops-hook")
    await bound.say("/mute 2h for robot:ops-hook")
    before = await _rules(bound)

    asked = await bound.say("/robot remove ops-hook")
    assert asked.lines[:2] == (
        ("Remove robot ops-hook: 2 rules send to it; 1 window is its own."),
        "Those rules send to their other places alone; one without any is removed.",
    )
    assert await _rules(bound) == before

    assert (await bound.say(asked.canonical)).lines == (
        "ops-hook: removed. 2 rules were changed.",
        (
            "What it posts with stays sealed for 10 minutes, so that /undo works, and "
            "so does what waits for it; then both are gone."
        ),
    )
    assert (await _rules(bound), await bound.robots()) == (["finance.refund: chat"], [])

    await bound.say("/undo")
    assert (await _rules(bound), await hook_of(bound)) == (
        before,
        Hook(WEBHOOK, SECRET),
    )
    assert len(await bound.said("/mute list")) == 1


async def _rules(talk: Host) -> list[str]:
    async with talk.db.reading() as tx:
        found = await subscriptions.owned_by(tx, f"chat:{OPS}")
    return [
        f"{each.patterns[0]}: {', '.join(str(to.kind) for to in each.to)}"
        for each in found
    ]


async def test_after_ten_minutes_nothing_brings_it_back(bound):
    await bound.confirmed("/robot remove ops-hook")
    bound.clock.advance(minutes=10)
    await bound.do(lambda tx: robots.forget(tx, now=bound.clock.now()))

    assert str(await bound.refused("/undo")) == (
        "Robot ops-hook cannot be brought back any more."
    )
    async with bound.db.reading() as tx:
        assert await tx.all("hooks_all") == []


async def test_a_robot_of_the_yaml_is_paused_and_reset_but_not_removed(host, admin):
    from store import robot_baseline
    from store.robots import Robot

    yaml = Robot(name="ops-room", chat=OPS, per_hour=9, created_at=host.clock.now())

    async def reload() -> None:
        wanted = [(yaml, Hook(WEBHOOK))]
        await host.do(lambda tx: robot_baseline.apply(tx, wanted, now=host.clock.now()))

    await reload()
    of_yaml = "Robot ops-room is the YAML's: its webhook, secret and group stand there."
    assert str(await host.refused("/robot remove ops-room")).startswith(of_yaml)
    refusal = await admin.refused(f"/robot set ops-room secret {SECRET}")
    assert str(refusal).startswith(of_yaml)

    await host.say("/robot pause ops-room")
    await host.say("/robot set ops-room per_hour=3")
    await reload()
    assert "yaml, changed by you" in said(await host.say("/robot"))
    assert (await host.robot("ops-room")).paused
    assert (await host.said("/robot reset ops-room"))[0] == (
        "ops-room: cap: at most 3 posts an hour → at most 9 posts an hour; paused → on."
    )
    await host.say("/undo")
    robot = await host.robot("ops-room")
    assert (robot.paused, robot.per_hour) == (True, 3)


# What is not understood


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("line", "choices"),
    [
        ("/robot pasue ops-hook", ("/robot pause ops-hook", "/robot list")),
        ("/robot pause ops-hok", ("/robot pause ops-hook",)),
        ("/robot test", ("/robot test ops-hook",)),
        ("/robot enable ops-hook", ()),
        (
            "/robot ops-hook",
            ("/robot test ops-hook", "/robot pause ops-hook", "/robot list"),
        ),
    ],
)
async def test_a_slip_is_offered_as_what_may_be_meant(bound, line, choices):
    refusal = await bound.refused(line)

    assert refusal.choices == choices


async def test_to_enable_a_robot_is_to_resume_it(bound, admin):
    refusal = await admin.refused("/robot enable ops-hook")

    assert refusal.choices == ("/robot resume ops-hook", "/robot set ops-hook secret")
