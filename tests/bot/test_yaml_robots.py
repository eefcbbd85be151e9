"""Robots of the YAML beside those of the chat, and what becomes of those removed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import robots as yaml_robots
from bot.config import Config, loads
from store import robots
from store.robots import KEPT, Hook
from tests.bot.house import HOOK, House

HOST = "https://open.larksuite.com"


def config(*lines: str) -> Config:
    """Return the settings with these robots."""
    text = "\n".join(["robots:", *(f"  - {{{each}}}" for each in lines)])
    return loads(text if lines else "{}", {}, path=Path("config.yaml")).config


async def reload(house: House, *lines: str) -> None:
    """Let the YAML have these robots from now on."""
    telling = house.delivery.settings.telling
    now = house.clock.now()
    await house.db.write(
        lambda tx: yaml_robots.apply(tx, config(*lines), telling, now=now)
    )
    await house.run(seconds=1)


BELL = f"name: bell, webhook: {HOST}{HOOK}abcdefgh"


async def test_the_yaml_sets_what_a_robot_takes(house):
    await reload(house, f"{BELL}, allow: [disk], deny: [drill], per_hour: 20")

    async with house.db.reading() as tx:
        (robot,) = await robots.every(tx)
        assert await robots.hook(tx, robot) == Hook(f"{HOST}{HOOK}abcdefgh")
    assert (robot.allow, robot.deny, robot.per_hour) == (("disk",), ("drill",), 20)


@pytest.mark.parametrize("line", ["per_hour: 0", "per_hour: x", "allow: disk"])
def test_a_setting_that_is_none_is_a_mistake(line):
    with pytest.raises(Exception, match="robots"):
        config(f"{BELL}, {line}")


async def test_admins_hear_of_what_the_yaml_changed_beneath_the_chat(house):
    await reload(house, BELL)

    async def pause(tx):
        (robot,) = await robots.every(tx)
        paused = replace(robot, paused=True, changed_by="ou_wei")
        await robots.put(tx, paused, now=house.clock.now())

    await house.db.write(pause)
    await reload(house, BELL)
    assert house.notices() == []

    await reload(house, f"{BELL}, keyword: alert")

    assert house.notices() == ["The YAML changed bell, which chat had changed"]
    assert "/robot reset bell" in house.text(chat=house.told_admin)
    async with house.db.reading() as tx:
        (robot,) = await robots.every(tx)
    assert (robot.paused, robot.keyword) == (True, None)


async def test_admins_hear_of_a_name_that_the_yaml_took_from_the_chat(house):
    await house.robot("bell")

    await reload(house, BELL)

    assert house.notices() == ["The YAML has a robot bell now, as chat had"]
    async with house.db.reading() as tx:
        (robot,) = await robots.every(tx)
    assert robot.from_yaml


async def test_what_waits_for_a_robot_of_the_yaml_ends_with_it(house):
    await reload(house, BELL)
    bell = (await _robot(house)).destination
    await reload(house)
    number = await house.notify("disk", to=bell)

    await house.run(seconds=1)

    assert await house.fate(number) == ("undeliverable", "this robot was removed")


async def test_what_waits_for_one_removed_in_chat_ends_when_nobody_can_undo_it(house):
    bell = await house.robot("bell")
    number = await house.notify("disk", to=bell)

    async def remove(tx):
        robot = await robots.named(tx, "bell")
        await robots.remove(tx, robot, now=house.clock.now())

    async def forget():
        now = house.clock.now()
        await house.db.write(lambda tx: yaml_robots.forget(tx, now=now))

    await house.db.write(remove)
    await house.run(minutes=9)
    await forget()
    assert await house.states([number]) == ["queued"]

    house.clock.advance(seconds=KEPT.total_seconds())
    await forget()

    assert await house.fate(number) == ("undeliverable", "this robot was removed")
    assert (await house.ledger()).adds_up
    async with house.db.reading() as tx:
        assert await tx.all("hooks_all") == []


async def _robot(house: House) -> robots.Robot:
    async with house.db.reading() as tx:
        (robot,) = await robots.every(tx)
    return robot
