"""What people change from the chat, kind by kind: how it is made, put, taken away.

``handlers.changes`` writes all of it to the audit log and takes it back the same way. A
new kind of setting is a keeper here and a reader in ``store.audit``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from handlers.context import Context
from handlers.errors import UserError
from store import (
    mutes,
    preferences,
    robot_baseline,
    robots,
    schedules,
    subscriptions,
    windows,
)
from store.audit import Setting
from store.preferences import ROLES, Choice
from store.robots import Robot
from store.values import Destination, Mute, Schedule, Subscription, Window
from store.wording import _

T = TypeVar("T")

#: What tells settings of a kind apart: a number, or a name.
Key = tuple[type, int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper(Generic[T]):
    """How settings of one kind are kept.

    ``present`` looks one up by its id; ``make`` adds a new one and returns it with its
    id; ``put`` changes one, or brings it back; ``drop`` takes it away; ``restore``
    makes it what it was. ``whose`` says for whom it is: who may change that may take a
    change of it back, unless it is for ``admins_only``. ``cause`` is by which name
    it keeps messages, if it ever does.
    """

    present: Callable[[Context, Any], Awaitable[T | None]]
    make: Callable[[Context, T], Awaitable[T]]
    put: Callable[[Context, T], Awaitable[None]]
    drop: Callable[[Context, T], Awaitable[None]]
    restore: Callable[[Context, T], Awaitable[T | None]]
    whose: Callable[[T], tuple[Destination, ...]]
    cause: Callable[[T], str] = lambda setting: ""
    admins_only: Callable[[T], bool] = lambda setting: False


def keeper(setting: Setting) -> Keeper[Any]:
    """Return who keeps settings like this one."""
    return KEEPERS[type(setting)]


def key(setting: Setting) -> Key:
    """Return what tells *setting* apart from all others."""
    return type(setting), setting.id


async def reset_subscription(context: Context, rule: Subscription) -> Subscription:
    """Make a rule of the YAML what the YAML says, and return that."""
    found = await subscriptions.reset(context.tx, rule.id, now=context.now)
    return _from_yaml(found)


async def reset_window(context: Context, window: Window) -> Window:
    """Make a window of the YAML what the YAML says, and return that."""
    return _from_yaml(await windows.reset(context.tx, window.id, now=context.now))


async def reset_schedule(context: Context, schedule: Schedule) -> Schedule:
    """Make a digest of the YAML what the YAML says, and return that."""
    return _from_yaml(await schedules.reset(context.tx, schedule.id, now=context.now))


def _from_yaml(found: T | None) -> T:
    if found is None:
        raise UserError(_("Only rules from the YAML can be reset."))
    return found


async def _restore_subscription(context: Context, rule: Subscription) -> Subscription:
    # The YAML may say something else by now: then that is what it was.
    if rule.from_yaml and rule.changed_by is None:
        return await reset_subscription(context, rule)
    await subscriptions.put(context.tx, rule, now=context.now)
    return rule


async def _restore_window(context: Context, window: Window) -> Window:
    if window.owner == windows.YAML and window.changed_by is None:
        return await reset_window(context, window)
    await windows.put(context.tx, window, now=context.now)
    return window


async def _restore_schedule(context: Context, schedule: Schedule) -> Schedule:
    if schedule.owner == schedules.YAML and schedule.changed_by is None:
        return await reset_schedule(context, schedule)
    await schedules.put(context.tx, schedule, now=context.now)
    return schedule


async def _restore_mute(context: Context, mute: Mute) -> Mute | None:
    await mutes.revive(context.tx, mute.id)
    return await mutes.get(context.tx, mute.id, now=context.now)


async def _put_mute(context: Context, mute: Mute) -> None:
    await _restore_mute(context, mute)


async def _put_choice(context: Context, choice: Choice) -> None:
    await preferences.choose(context.tx, choice, by=context.asker, now=context.now)


async def _make_choice(context: Context, choice: Choice) -> Choice:
    await _put_choice(context, choice)
    return choice


async def _put_robot(context: Context, robot: Robot) -> None:
    if not await robots.put(context.tx, robot, now=context.now):
        raise UserError(
            _("Robot {robot} cannot be brought back any more.", robot=robot.name)
        )


async def _make_robot(context: Context, robot: Robot) -> Robot:
    await _put_robot(context, robot)
    return robot


async def _restore_robot(context: Context, robot: Robot) -> Robot:
    if robot.from_yaml and robot.changed_by is None:
        return await reset_robot(context, robot)
    return await _make_robot(context, robot)


async def reset_robot(context: Context, robot: Robot) -> Robot:
    """Make a robot of the YAML what the YAML says, and return that."""
    return _from_yaml(await robot_baseline.reset(context.tx, robot.id, now=context.now))


def _whose_robot(robot: Robot) -> tuple[Destination, ...]:
    if robot.draft_until is not None:
        return (Destination.parse(robot.owner),)
    return (robot.destination,)


SUBSCRIPTIONS: Keeper[Subscription] = Keeper(
    present=lambda context, number: subscriptions.get(context.tx, number),
    make=lambda context, rule: subscriptions.add(context.tx, rule),
    put=lambda context, rule: subscriptions.put(context.tx, rule, now=context.now),
    drop=lambda context, rule: subscriptions.remove(context.tx, rule.id),
    restore=_restore_subscription,
    whose=lambda rule: rule.to,
)
WINDOWS: Keeper[Window] = Keeper(
    present=lambda context, number: windows.get(context.tx, number),
    make=lambda context, window: windows.add(context.tx, window),
    put=lambda context, window: windows.put(context.tx, window, now=context.now),
    drop=lambda context, window: windows.remove(context.tx, window.id),
    restore=_restore_window,
    whose=lambda window: (window.target,),
    cause=lambda window: f"window:{window.id}",
)
SCHEDULES: Keeper[Schedule] = Keeper(
    present=lambda context, number: schedules.get(context.tx, number),
    make=lambda context, schedule: schedules.add(context.tx, schedule),
    put=lambda context, schedule: schedules.put(context.tx, schedule, now=context.now),
    drop=lambda context, schedule: schedules.remove(context.tx, schedule.id),
    restore=_restore_schedule,
    whose=lambda schedule: (schedule.target,),
    cause=lambda schedule: f"digest:{schedule.id}",
)
MUTES: Keeper[Mute] = Keeper(
    present=lambda context, number: mutes.get(context.tx, number, now=context.now),
    make=lambda context, mute: mutes.add(context.tx, mute),
    put=_put_mute,
    drop=lambda context, mute: mutes.lift(context.tx, mute.id, now=context.now),
    restore=_restore_mute,
    whose=lambda mute: (mute.target,),
    cause=lambda mute: f"mute:{mute.id}",
)
CHOICES: Keeper[Choice] = Keeper(
    present=lambda context, name: preferences.chosen(context.tx, name),
    make=_make_choice,
    put=_put_choice,
    drop=lambda context, choice: preferences.drop(context.tx, choice),
    restore=_make_choice,
    whose=lambda choice: (choice.subject,),
    admins_only=lambda choice: choice.name in ROLES,
)

ROBOTS: Keeper[Robot] = Keeper(
    present=lambda context, number: robots.get(context.tx, number),
    make=_make_robot,
    put=_put_robot,
    drop=lambda context, robot: robots.remove(context.tx, robot, now=context.now),
    restore=_restore_robot,
    whose=_whose_robot,
)

KEEPERS: Mapping[type, Keeper[Any]] = {
    Subscription: SUBSCRIPTIONS,
    Window: WINDOWS,
    Schedule: SCHEDULES,
    Mute: MUTES,
    Choice: CHOICES,
    Robot: ROBOTS,
}
