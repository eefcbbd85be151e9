"""The smallest change that would let a message through. Pure.

Nothing here knows why a message is kept: changes are tried on the world, and the same
functions decide again that decide on deliveries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from handlers.rules.filters import parse
from handlers.rules.foresight import Foreseen, Obeyed, World, foresee
from handlers.rules.planning import brings
from handlers.rules.steps import Step, Thing, steps_away, steps_towards
from handlers.rules.widening import passing
from store.people import Addressee
from store.robots import Robot
from store.values import (
    Channel,
    Destination,
    Kind,
    Notification,
    Severity,
    Subscription,
)

#: More than this many changes are no advice.
MOST = 3


@dataclass(frozen=True, slots=True)
class Goal:
    """What shall be: *seen* goes out to a destination over a channel."""

    seen: Notification
    destination: Destination
    channel: Channel
    now: datetime

    def is_reached(self, world: World) -> bool:
        """Whether it does so in *world*."""
        return any(each.goes_out for each in self._there(world))

    def is_brought(self, world: World) -> bool:
        """Whether anything brings it there in *world*, whatever comes of it then."""
        return any(self._there(world))

    def _there(self, world: World) -> Iterator[Foreseen]:
        for each in foresee(self.seen, world, now=self.now):
            here = each.destination == self.destination
            if here and each.channel is self.channel:
                yield each


def smallest(
    goal: Goal, world: World, *, changeable: Callable[[Subscription], bool]
) -> tuple[Step, ...] | None:
    """Return the fewest and lightest changes by which *goal* is reached.

    ``None`` where none are known, or where too many were needed. Rules that are not
    *changeable* stay as they are.
    """
    world = _of(world, goal.destination)
    steps = steps_towards(
        goal.seen,
        (goal.destination, goal.channel),
        world,
        changeable=changeable,
        now=goal.now,
    )
    return _fewest(goal.is_reached, world, steps)


def ending(
    goal: Goal, world: World, *, changeable: Callable[[Subscription], bool]
) -> tuple[Step, ...] | None:
    """Return the fewest and lightest changes by which nothing comes there any more.

    ``None`` where none are known: another's rules bring it, say.
    """
    world = _of(world, goal.destination)
    rules = (each for each in world.naming(goal.seen) if changeable(each))
    steps = (step for rule in rules for step in steps_away(rule, goal.seen))
    return _fewest(lambda after: not goal.is_brought(after), world, steps)


def _fewest(
    works: Callable[[World], bool], world: World, steps: Iterable[Step]
) -> tuple[Step, ...] | None:
    """Return the fewest of *steps*, and of those the lightest, after which it works."""
    steps = sorted(steps, key=lambda step: step.weight)
    if works(world):
        return ()
    if not works(after(world, steps)):
        return None

    def do(chosen: Iterable[Step]) -> bool:
        return works(after(world, chosen))

    needed = [one for one in steps if not do(each for each in steps if each != one)]
    others = [each for each in steps if each not in needed]
    for count in range(MOST + 1 - len(needed)):
        ways = sorted(
            combinations(others, count),
            key=lambda way: sum(step.weight for step in way),
        )
        for way in ways:
            if do((*needed, *way)):
                return (*needed, *way)
    return None


def otherwise(
    goal: Goal, world: World, *, told: Callable[[Subscription], bool]
) -> Notification | None:
    """Return a message like the one in *goal* that would go out, or ``None``.

    It is made after what the rules ask for that may be *told*, and no others.
    """
    world, seen = _of(world, goal.destination), goal.seen
    tried = [replace(seen, severity=Severity.CRITICAL)]
    for rule in world.naming(seen):
        if told(rule) and not brings(rule, seen):
            tried += passing(parse(rule.where), seen)
    tried += [replace(each, severity=Severity.CRITICAL) for each in tried[1:]]
    for each in tried:
        if each != seen and replace(goal, seen=each).is_reached(world):
            return each
    return None


def after(world: World, steps: Iterable[Step]) -> World:
    """Return *world* as it is when *steps* were made."""
    for step in steps:
        thing = step.was or step.now
        match thing:
            case Subscription():
                world = replace(world, rules=tuple(_changed(world.rules, step)))
            case Addressee(name=name):
                people = dict(world.known.people)
                people[name] = _merged(people.get(name, step.was), step)
                world = replace(world, known=replace(world.known, people=people))
            case _:
                obeyed = {
                    destination: _obeying(each, step)
                    for destination, each in world.obeyed.items()
                }
                world = replace(world, obeyed=obeyed)
    return world


def _obeying(obeyed: Obeyed, step: Step) -> Obeyed:
    reception = obeyed.reception
    if isinstance(step.was, Robot) and reception is not None:
        robot = _merged(reception.robot, step)
        obeyed = replace(obeyed, reception=replace(reception, robot=robot))
    return replace(
        obeyed,
        windows=tuple(_changed(obeyed.windows, step)),
        mutes=tuple(_changed(obeyed.mutes, step)),
        schedules=tuple(_changed(obeyed.schedules, step)),
    )


def _changed(things: Iterable[Any], step: Step) -> Iterator[Any]:
    """Yield *things* with *step* made on the one that it is about."""
    for each in things:
        if step.was is None or not _same(each, step.was):
            yield each
        elif step.now is not None:
            yield _merged(each, step)
    if step.was is None and isinstance(step.now, Subscription):
        yield step.now


def _same(one: Thing, other: Thing) -> bool:
    return (
        type(one) is type(other)
        and not isinstance(one, Addressee)
        and not isinstance(other, Addressee)
        and one.id == other.id
    )


def _merged(present: Any, step: Step) -> Any:
    """Return *present* with what *step* changes, beside what other steps did."""
    differs = {
        each.name: getattr(step.now, each.name)
        for each in fields(present)
        if getattr(step.now, each.name) != getattr(step.was, each.name)
    }
    return replace(present, **differs)


def together(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return *steps* with those that change the same thing as one."""
    found: list[Step] = []
    for step in steps:
        for at, each in enumerate(found):
            if step.was is not None and each.was == step.was and each.now and step.now:
                found[at] = replace(each, now=_merged(each.now, step))
                break
        else:
            found.append(step)
    return tuple(found)


def _of(world: World, destination: Destination) -> World:
    """Return what of *world* is about *destination*."""
    groups = {
        Destination(Kind.GROUP, name)
        for name, members in world.known.groups.items()
        if destination in members
    }
    about = {destination, *groups}
    return replace(
        world,
        rules=tuple(each for each in world.rules if about & set(each.to)),
        obeyed={destination: world.obeyed.get(destination, Obeyed())},
    )
