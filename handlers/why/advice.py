"""What would let a message through: the smallest change, as lines to run.

It is found by trying (``rules/turning.py``); here it is only written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.digest import requests as digest
from handlers.dnd import requests as dnd
from handlers.errors import Forbidden
from handlers.mute import requests as mute
from handlers.reply import Button
from handlers.robot import requests as robot
from handlers.rules.filters import parse
from handlers.rules.foresight import World
from handlers.rules.steps import UNKNOWN, Step, Thing
from handlers.rules.turning import Goal, ending, otherwise, smallest, together
from handlers.sub import requests as sub
from handlers.subscribed import called, shown, visible
from handlers.why.requests import write_message
from handlers.why.rules import may_see
from store.people import Addressee, Means
from store.robots import Robot
from store.values import (
    Destination,
    Kind,
    Mute,
    Notification,
    Schedule,
    Subscription,
    Window,
)
from store.wording import Text, _, clauses, commas, sentences

#: Cards have room for so many.
BUTTONS = 3


@dataclass(frozen=True, slots=True)
class Advice:
    """Lines that would let it through, whether the asker may run each, and what of the
    message would do so as well.
    """

    lines: tuple[tuple[str, bool], ...]
    instead: tuple[str, ...] = ()

    def say(self) -> Text:
        """Return it in a sentence."""
        lines = [line for line, _may in self.lines]
        if not lines:
            return _("It would go out at once with {such}.", such=commas(self.instead))
        said = _("To have it at once: {line}.", line=clauses(*lines))
        if not all(may for _line, may in self.lines):
            said = _(
                "Who may change this has it at once with: {line}.", line=clauses(*lines)
            )
        if not self.instead:
            return said
        also = _("With {such} it would go out too.", such=commas(self.instead))
        return sentences(said, also)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return a button for each line that the asker may run as it is."""
        return tuple(Button(line, line) for line, may in self.lines if may)


async def advise(goal: Goal, world: World, context: Context) -> Advice | None:
    """Return what would let the message through; ``None`` where nothing known does."""
    steps = await steps_for(goal, world, context)
    message = otherwise(goal, world, told=lambda rule: may_see(rule, context))
    instead = _differs(goal.seen, message) if message else ()
    if steps == () or not (steps or instead):
        return None
    lines = tuple(
        (line, may_run(step, context))
        for step in steps or ()
        for line in lines_of(step, goal.destination, context)
    )
    return Advice(lines, instead)


async def steps_for(
    goal: Goal, world: World, context: Context
) -> tuple[Step, ...] | None:
    """Return the smallest change that can be made from here.

    ``None`` where no change is known that would do.
    """
    free = await _changeable(goal.destination, world, context)
    steps = smallest(goal, world, changeable=lambda rule: rule.id in free)
    return None if steps is None else together(steps)


async def how_to_end(goal: Goal, world: World, context: Context) -> tuple[str, ...]:
    """Return the lines after which such messages come there no more; none if unknown.

    They are those that the asker may run.
    """
    free = await _changeable(goal.destination, world, context)
    steps = ending(goal, world, changeable=lambda rule: rule.id in free)
    if not steps or not all(may_run(step, context) for step in steps):
        return ()
    lines = (_end(step, goal, context) for step in steps)
    return tuple(dict.fromkeys(lines))


def _end(step: Step, goal: Goal, context: Context) -> str:
    match step.was, step.now:
        case Subscription() as rule, Subscription() as left if left.where != rule.where:
            return sub.write(_set_rule(rule, left, goal.destination), context)
    gone = sub.Remove(patterns=(goal.seen.type,), to=(goal.destination,))
    return sub.write(gone, context)


def say_end(lines: Sequence[str]) -> Text:
    """Say how such messages would end."""
    return _("To have no more of it there: {line}.", line=clauses(*lines))


def say_all(found: Iterable[Advice]) -> tuple[list[Text], tuple[Button, ...]]:
    """Return what several pieces of advice say, each once, with their buttons."""
    each = list(dict.fromkeys(found))
    buttons = dict.fromkeys(button for one in each for button in one.buttons)
    return [one.say() for one in each], tuple(buttons)[:BUTTONS]


async def _changeable(
    whom: Destination, world: World, context: Context
) -> frozenset[int]:
    """Return the rules that a line typed here can change for *whom*, by number."""
    there = await visible(context, (whom,))
    return frozenset(
        rule.id
        for rule in world.rules
        if may_see(rule, context)
        and whom in shown(context, rule, (whom,))
        and [each.id for each in called(there, rule.name)] == [rule.id]
    )


def lines_of(step: Step, whom: Destination, context: Context) -> Iterator[str]:
    """Yield the lines that make *step* for *whom*."""
    match step.was, step.now:
        case Mute() as kept, None:
            yield mute.write(mute.Unmute(number=kept.id, target=kept.target), context)
        case Window() as window, None:
            gone = dnd.Remove(name=window.name, target=window.target)
            yield dnd.write(gone, context)
        case Schedule() as schedule, None:
            off = digest.Remove(name=schedule.name, target=schedule.target)
            yield digest.write(off, context)
        case Robot() as before, Robot() as now:
            yield from _set_robot(before, now)
        case Addressee() as who, Addressee() as proved:
            yield _prove(who, proved, context)
        case Subscription() as before, Subscription() as rule:
            yield sub.write(_set_rule(before, rule, whom), context)
        case _, Subscription() as rule:
            via = None if rule.via is None else frozenset(rule.via)
            where = parse(rule.where)
            made = sub.Add(patterns=rule.patterns, where=where, via=via, to=rule.to)
            yield sub.write(made, context)
        case _:
            raise AssertionError(f"nobody can type {step}")


def _set_rule(was: Subscription, now: Subscription, whom: Destination) -> sub.Set:
    """Return what makes a rule what it shall be; a filter said again turns it on."""
    via = frozenset(now.via) if now.via is not None and now.via != was.via else None
    says_where = now.where != was.where or via is None
    return sub.Set(
        name=was.name,
        where=parse(now.where) if says_where else None,
        via=via,
        to=(whom,),
    )


def _set_robot(was: Robot, now: Robot) -> Iterator[str]:
    if was.paused and not now.paused:
        yield robot.write(robot.Resume(name=now.name))
    settings = robot.Settings(
        allow=None if now.allow == was.allow else now.allow,
        deny=None if now.deny == was.deny else now.deny,
        per_hour=None if now.per_hour == was.per_hour else now.per_hour or 0,
    )
    if settings != robot.Settings():
        yield robot.write(robot.Set(name=now.name, settings=settings))


def _prove(was: Addressee, now: Addressee, context: Context) -> str:
    means = next(
        each for each in Means if was.contacts.get(each) != now.contacts.get(each)
    )
    if now.contacts[means].address == UNKNOWN[means]:
        return f"/contact add {UNKNOWN[means]}"
    mine = context.me.name in (was.name, was.open_id)
    whom = "" if mine else f" for {context.write(was.destination)}"
    return f"/verify {means}{whom}"


def may_run(step: Step, context: Context) -> bool:
    """Whether the asker may make *step*, by the line as it is written."""
    thing = step.was or step.now
    match thing:
        case Subscription():
            whom = shown(context, thing, thing.to) if step.was else thing.to
        case Window() | Mute() | Schedule():
            whom = (thing.target,)
            if thing.target.kind is Kind.PERSON and thing.target != context.me:
                # Her hours are her own, whoever asks.
                return False
        case Robot():
            whom = (thing.destination,)
        case Addressee():
            return _may_prove(thing, step.now, context)
        case _:
            return False
    try:
        for each in whom:
            context.require_editor(each)
    except Forbidden:
        return False
    return True


def _may_prove(who: Addressee, proved: Thing | None, context: Context) -> bool:
    """Whether it is the asker's own address, and known: only its code is missing."""
    mine = context.me.name in (who.name, who.open_id)
    known = proved.contacts.values() if isinstance(proved, Addressee) else ()
    return mine and all(each.address not in UNKNOWN.values() for each in known)


def _differs(seen: Notification, other: Notification) -> tuple[str, ...]:
    """Return what *other* says that *seen* does not, as one would suppose it."""
    there = set(write_message(seen))
    more = tuple(word for word in write_message(other) if word not in there)
    gone = (key for key in seen.labels if key not in other.labels)
    return (*more, *(_("no {label}", label=key) for key in gone))
