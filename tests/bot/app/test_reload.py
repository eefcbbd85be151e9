"""A changed YAML is what is done from now on, and no request is lost on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import loads, needs_restart
from bot.governor import Gate
from bot.intake import Intake
from sandbox import Chat, Lark, Robot
from store import lanes, outbox, subscriptions, windows
from store.errors import StoreRefused
from store.lanes import Lane
from store.values import Channel, Destination, Kind
from store.wording import read
from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import (
    HOOK,
    NATIVE,
    SECRETS,
    WITHOUT_ROBOT,
    YAML,
    Hall,
    note,
    on_both_engines,
)
from tests.bot.doors.test_foreign import AT
from tests.bot.house import title_of
from tests.bot.stores import Away

Change = Callable[[str], str]


def changed(old: str, new: str) -> str:
    assert old in YAML
    return YAML.replace(old, new)


def section(name: str, *, until: str, be: str = "") -> str:
    """Return the YAML with *be* in place of a section."""
    start, end = YAML.index(f"{name}:"), YAML.index(f"{until}:")
    return YAML[:start] + be + "\n" + YAML[end:]


async def waiting(hall: Hall) -> list[tuple[str, str, str, str]]:
    """Return the deliveries: where to, over what, how they stand, and why."""
    return [
        (row["destination"], row["channel"], row["state"], read(row["reason"]))
        for row in (await hall.kept())["outbox"]
        if row["kind"] == "delivery"
    ]


# Sources


@on_both_engines
async def test_a_source_has_its_new_token_and_not_its_old_one(hall: Hall) -> None:
    await hall.reload(changed('token: "${SCRIPTS}", secret', 'token: "new", secret'))

    old = await hall.send(note())
    new = await hall.send(note(), token="new")

    assert (old.status, new.status) == (401, 202)


async def test_sources_come_and_go(hall: Hall) -> None:
    one = "sources:\n  - {name: fresh, kind: native, token: fresh-token}"
    await hall.reload(section("sources", until="robots", be=one))

    gone = await hall.send(note())
    by_name = await hall.post(f"{AT}prometheus", {}, token=SECRETS["PROM"])
    hook = await hall.post(f"{HOOK}{SECRETS['OPEN']}", {})
    fresh = await hall.send(note(), token="fresh-token")

    assert (gone.status, by_name.status, fresh.status) == (401, 401, 202)
    assert hook.body["code"] == 19001


async def test_what_was_sent_before_is_still_told_to_its_source(hall: Hall) -> None:
    await hall.send(note())
    await hall.reload(changed('token: "${SCRIPTS}", secret', 'token: "new", secret'))

    assert (await hall.ask(f"{NATIVE}/n_1", "new")).status == 200


async def test_a_reload_does_not_fill_a_source_again(hall: Hall) -> None:
    token = SECRETS["HURRIED"]
    await hall.send([note()] * 2, token=token)

    await hall.reload(YAML)
    same = await hall.send(note(), token=token)
    await hall.reload(
        changed("rate: 2/min}\n  - name: prom", "rate: 3/min}\n  - name: prom")
    )
    other = await hall.send(note(), token=token)

    assert (same.status, other.status) == (429, 202)


class Crowd:
    """An intake before which requests gather, and go in all at once."""

    def __init__(self, intake: Intake, size: int) -> None:
        self._intake = intake
        self._size = size
        self._come = 0
        self.gathered = asyncio.Event()
        self.open = asyncio.Event()

    async def accept(self, *handed: Any) -> Any:
        self._come += 1
        if self._come == self._size:
            self.gathered.set()
        await self.open.wait()
        return await self._intake.accept(*handed)


async def test_requests_on_their_way_are_answered_as_they_were_asked(
    hall: Hall,
) -> None:
    crowd = Crowd(hall.bell.intake, 20)
    hall.bell.ingest._intake = crowd  # type: ignore[assignment]
    asked = [asyncio.create_task(hall.send(note(str(each)))) for each in range(20)]
    await crowd.gathered.wait()

    one = "sources:\n  - {name: fresh, kind: native, token: fresh-token}"
    await hall.reload(section("sources", until="robots", be=one))
    late = await hall.send(note())
    crowd.open.set()

    assert [(await each).status for each in asked] == [202] * 20
    assert (late.status, await hall.count("notifications")) == (401, 20)


@on_both_engines
async def test_no_request_is_lost_while_the_file_is_read_again_and_again(
    hall: Hall,
) -> None:
    done = asyncio.Event()

    async def send(sender: int) -> list[int]:
        return [
            (await hall.send(note(f"{sender}-{each}"))).status for each in range(25)
        ]

    async def reload() -> int:
        times = 0
        while not done.is_set():
            await hall.reload(YAML if times % 2 else WITHOUT_ROBOT)
            times += 1
        return times

    reloading = asyncio.create_task(reload())
    statuses = await asyncio.gather(*(send(each) for each in range(4)))
    done.set()

    assert statuses == [[202] * 25] * 4
    assert await reloading > 1
    assert await hall.count("notifications") == 100


# Rules


async def test_rules_are_those_of_the_new_file(hall: Hall) -> None:
    await hall.reload(changed("types: [security.*]", "types: [product.*]"))
    await hall.send([note(type="security.event"), note(type="product.alarm")])

    await hall.bell.routing.run_once()

    assert await waiting(hall) == [
        ("robot:ops-room", "inbox", "delivered", ""),
        ("robot:ops-room", "chat", "queued", ""),
    ]
    assert (await hall.ask(f"{NATIVE}/n_1", SECRETS["SCRIPTS"])).body["state"] == (
        "unrouted"
    )


async def test_types_are_those_of_the_new_file(hall: Hall) -> None:
    types = "message_types: [{id: security.event, severity: warning}]\n"
    await hall.send(note(type="security.event"))
    await hall.reload(YAML + types)
    await hall.send(note(type="security.event"))

    severities = [
        (await hall.ask(f"{NATIVE}/n_{each}", SECRETS["SCRIPTS"])).body["severity"]
        for each in (1, 2)
    ]

    assert severities == ["critical", "warning"]


async def notices(hall: Hall) -> list[str]:
    """Return the titles of what admins are told."""
    return [
        title_of(json.loads(row["payload"]))
        for row in (await hall.kept())["outbox"]
        if row["kind"] == "notice"
    ]


async def change_in_chat(hall: Hall) -> None:
    """Let chat have the rule of the YAML ask for more."""
    async with hall.bell.db.transaction() as tx:
        [rule] = await subscriptions.owned_by(tx, "yaml")
        await subscriptions.put(
            tx,
            replace(rule, where="severity>=critical", changed_by="ou_ada"),
            now=hall.clock.now(),
        )


async def rule(hall: Hall) -> tuple[str, str | None]:
    async with hall.bell.db.reading() as tx:
        [found] = await subscriptions.owned_by(tx, "yaml")
    return found.where, found.changed_by


@on_both_engines
async def test_what_chat_changed_stays_and_admins_are_told_once(hall: Hall) -> None:
    await change_in_chat(hall)
    await hall.reload(YAML)
    untouched = await notices(hall)
    beneath = changed("types: [security.*]", "types: [product.*]")
    await hall.reload(beneath)
    await hall.reload(beneath)

    assert untouched == []
    assert await notices(hall) == ["The YAML changed security, which chat had changed"]
    assert await rule(hall) == ("severity>=critical", "ou_ada")


async def test_what_the_yaml_dropped_is_gone_and_admins_are_told_so(
    hall: Hall,
) -> None:
    await change_in_chat(hall)
    await hall.reload(section("subscriptions", until="limits"))
    await hall.reload(section("subscriptions", until="limits"))

    assert await notices(hall) == ["The YAML dropped security, which chat had changed"]
    async with hall.bell.db.reading() as tx:
        assert await subscriptions.owned_by(tx, "yaml") == []


async def test_a_window_that_chat_changed_stays_too(open_hall: Open) -> None:
    window = (
        'dnd: [{name: nights, for: "robot:ops-room", hours: "22:00-08:00", '
        "types: [%s]}]\n"
    )
    hall = await open_hall(yaml=YAML + window % '"*"')
    ops_room = Destination(Kind.ROBOT, "ops-room")
    async with hall.bell.db.transaction() as tx:
        [known] = await windows.of(tx, ops_room)
        await windows.put(
            tx,
            replace(known, enabled=False, changed_by="ou_ada"),
            now=hall.clock.now(),
        )

    await hall.reload(YAML + window % "finance.*")

    async with hall.bell.db.reading() as tx:
        [found] = await windows.of(tx, ops_room)
    assert (found.enabled, found.changed_by) == (False, "ou_ada")
    assert await notices(hall) == ["The YAML changed nights, which chat had changed"]


# Robots


@on_both_engines
async def test_what_waits_for_a_robot_that_was_removed_is_undeliverable(
    hall: Hall,
) -> None:
    await hall.send(note(type="security.event"))
    await hall.bell.routing.run_once()

    await hall.reload(WITHOUT_ROBOT)

    assert await waiting(hall) == [
        ("robot:ops-room", "inbox", "delivered", ""),
        ("robot:ops-room", "chat", "undeliverable", "this robot was removed"),
    ]
    assert await hall.bell.delivery.run_once() == 0


class Group:
    """A group of a Lark on loopback with a robot in it, and a hall that posts there."""

    def __init__(self, lark: Lark, url: str, open_hall: Open) -> None:
        self.lark = lark
        self.url = url
        self.open_hall = open_hall
        self.chat: Chat = lark.create_chat("ops", [lark.create_user("Ada")])
        self.robot: Robot = lark.create_robot(self.chat, secret="right")

    def yaml(self, *, secret: str) -> str:
        return YAML.replace("${WEBHOOK}", self.url + HOOK + self.robot.token).replace(
            "${WEBHOOK_SECRET}", secret
        )


@pytest.fixture
async def group(open_hall: Open, clock: Any):
    lark = Lark(clock=clock.now)
    async with lark.serve() as url:
        yield Group(lark, url, open_hall)


async def parked(hall: Hall) -> list[str]:
    async with hall.bell.db.reading() as tx:
        return [str(each.destination) for each in await lanes.parked(tx)]


async def test_a_robot_whose_secret_is_mended_goes_on_at_once(group: Group) -> None:
    hall = await group.open_hall(yaml=group.yaml(secret="wrong"))
    await hall.send(
        [note("a", type="security.event"), note("b", type="security.event")]
    )
    await hall.bell.routing.run_once()
    await hall.bell.delivery.run_once()
    assert (await parked(hall), len(group.chat.messages)) == (["robot:ops-room"], 0)

    await hall.reload(group.yaml(secret="wrong"))
    assert await parked(hall) == ["robot:ops-room"]

    await hall.reload(group.yaml(secret="right"))
    assert await parked(hall) == []
    hall.clock.advance(seconds=1)
    await hall.bell.delivery.run_once()
    assert len(group.chat.messages) == 1
    hall.clock.advance(seconds=1)
    await hall.bell.delivery.run_once()
    assert len(group.chat.messages) == 2


async def test_a_robot_that_is_added_is_posted_to(group: Group) -> None:
    hall = await group.open_hall()
    second = (
        f'  - {{name: second, webhook: "{group.url}{HOOK}{group.robot.token}", '
        "secret: right}\n"
    )
    await hall.reload(
        YAML.replace("subscriptions:\n", f"{second}subscriptions:\n").replace(
            "to: [robot:ops-room]", "to: [robot:second]"
        )
    )
    await hall.send(note("a", type="security.event"))
    await hall.bell.routing.run_once()
    await hall.bell.delivery.run_once()

    assert len(group.chat.messages) == 1


# Limits


async def test_limits_are_those_of_the_new_file(hall: Hall) -> None:
    lane = Lane("chat:oc_1/chat", Destination(Kind.CHAT, "oc_1"), Channel.CHAT)
    before = hall.bell.delivery.settings.governor.interval(lane)
    await hall.send([note()] * 9)

    await hall.reload(changed("{queue: 100}", "{queue: 9, chat: {per_second: 1}}"))
    await hall.bell.housekeeping.measure()

    after = hall.bell.delivery.settings.governor.interval(lane)
    assert (before, after) == (
        timedelta(seconds=1) / (5 * 0.8),
        timedelta(seconds=1) / 0.8,
    )
    assert (await hall.send(note())).status == 503


async def test_a_reload_does_not_shorten_a_wait_that_lark_asked_for(
    hall: Hall,
) -> None:
    now = hall.clock.now()
    hall.bell.delivery.settings.governor.close(Gate.APP, now + timedelta(seconds=60))

    await hall.reload(YAML)

    waits = hall.bell.delivery.settings.governor.wait(Gate.APP, now)
    assert waits == timedelta(seconds=60)


# What is not taken


async def test_what_needs_a_restart_waits_for_one_as_a_whole(hall: Hall) -> None:
    before = hall.bell.config
    new = section("lark", until="roles").replace("${ADMIN}", "another")
    config = loads(
        new, {**SECRETS, "DATABASE": "sqlite:other.db"}, path=Path("a.yaml")
    ).config

    assert needs_restart(before, config) == [
        "server.admin_token",
        "database.url",
        "lark",
    ]
    await hall.bell.apply(config)

    # Asked again, it is still what the process started with that counts.
    assert needs_restart(hall.bell.config, config) == needs_restart(before, config)
    assert hall.bell.config.lark == before.lark
    assert hall.bell.routing.settings.ways == {
        (Kind.ROBOT, Channel.CHAT),
        (Kind.CHAT, Channel.CHAT),
        (Kind.PERSON, Channel.DM),
    }
    assert (await hall.ask("/v1/ledger", SECRETS["ADMIN"])).status == 200


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_what_the_store_refuses_changes_nothing(
    open_hall: Open, engine: str
) -> None:
    hall = await open_hall(engine, seen_as=Away)
    before, config = await hall.kept(), hall.bell.config
    hall.bell.db.gone = True  # type: ignore[attr-defined]

    with pytest.raises(StoreRefused):
        await hall.reload(
            changed('token: "${SCRIPTS}", secret', 'token: "new", secret')
        )

    hall.bell.db.gone = False  # type: ignore[attr-defined]
    assert hall.bell.config is config
    assert await hall.kept() == before
    new = await hall.send(note(), token="new")
    assert ((await hall.send(note())).status, new.status) == (202, 401)


async def test_an_open_outbox_is_looked_at_after_a_reload(hall: Hall) -> None:
    hall.bell.routing._wake.clear()
    hall.bell.delivery._wake.clear()

    await hall.reload(YAML)

    assert hall.bell.routing._wake.is_set()
    assert hall.bell.delivery._wake.is_set()
    async with hall.bell.db.reading() as tx:
        assert await outbox.count_open(tx) == 0
