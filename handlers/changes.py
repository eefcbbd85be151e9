"""Changes of settings from the chat: made, written to the audit log, taken back.

A rule of the YAML is never taken away from the chat: it is turned off or changed, and
that override stands beside what the YAML says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from handlers.breadth import preview
from handlers.context import Context
from handlers.errors import Unconfirmed, UserError
from handlers.keepers import (
    KEEPERS,
    Key,
    keeper,
    key,
    reset_schedule,
    reset_subscription,
    reset_window,
)
from handlers.reply import Button, Reply, Tone
from store import audit, silences
from store.audit import Change, Setting
from store.robots import Robot
from store.subscriptions import YAML
from store.values import Schedule, Subscription, Window
from store.wording import _

#: How long a change can be taken back.
UNDO_LASTS = timedelta(minutes=10)

S = TypeVar("S", bound=Setting)
R = TypeVar("R", Subscription, Window, Schedule)
#: What the YAML may say too.
Rule = Subscription | Window | Schedule


@dataclass
class Changes:
    """What one command changes, with what was before."""

    context: Context
    _was: dict[Key, Setting | None] = field(default_factory=dict)
    _is: dict[Key, Setting | None] = field(default_factory=dict)

    async def make(self, setting: S) -> S:
        """Add a new setting; return it with its number and name."""
        made: S = await keeper(setting).make(self.context, setting)
        self.note(made, None, made)
        return made

    async def change(self, was: S, now: S) -> None:
        """Make *was* what *now* says."""
        if _is_yaml(was) and isinstance(now, Rule | Robot):
            now = replace(now, changed_by=self.context.asker)
        await keeper(now).put(self.context, now)
        self.note(was, was, now)

    async def drop(self, setting: Setting) -> None:
        """Take *setting* away; a rule of the YAML is turned off."""
        if _is_yaml(setting) and isinstance(setting, Rule):
            await self.change(setting, replace(setting, enabled=False))
            return
        await keeper(setting).drop(self.context, setting)
        self.note(setting, setting, None)

    async def reset(self, setting: R) -> R:
        """Make a rule of the YAML what the YAML says, and return that."""
        if isinstance(setting, Subscription):
            now: R = await reset_subscription(self.context, setting)
        elif isinstance(setting, Schedule):
            now = await reset_schedule(self.context, setting)
        else:
            now = await reset_window(self.context, setting)
        self.note(setting, setting, now)
        return now

    async def done(self, command: str) -> int:
        """Write the change to the audit log; return its number."""
        context = self.context
        change = await audit.record(
            context.tx,
            Change(
                id=0,
                at=context.now,
                actor=context.asker,
                place=context.chat,
                command=command,
                subject=str(context.home),
                was=_there(self._was),
                became=_there(self._is),
            ),
        )
        return change.id

    async def reply(self, command: str, *lines: str, title: str = "") -> Reply:
        """Write the change to the audit log, and return the answer to it.

        Raises ``Unconfirmed`` for what is broad and nobody said yes to.
        """
        asks = preview(_there(self._was), _there(self._is), self.context)
        if asks and not self.context.confirmed:
            raise Unconfirmed(command, asks)
        number = await self.done(command)
        return Reply(
            title=title,
            lines=tuple(filter(None, lines)),
            canonical=command,
            buttons=(Button(_("Undo"), f"/undo {number}"),),
            tone=Tone.DONE,
        )

    def note(self, setting: Setting, was: Setting | None, now: Setting | None) -> None:
        """Remember that *setting* was and is so; ``None`` where it is not there."""
        self._was.setdefault(key(setting), was)
        self._is[key(setting)] = now


async def take_back(context: Context, change: Change) -> Changes:
    """Make everything what it was before *change*, and return that as changes.

    Raises ``UserError`` when something was changed since.
    """
    was = {key(each): each for each in change.was}
    became = {key(each): each for each in change.became}
    present = {
        name: await KEEPERS[name[0]].present(context, name[1])
        for name in {**was, **became}
    }
    if any(found != became.get(name) for name, found in present.items()):
        raise UserError(
            _(
                "This was changed again since, so I leave it as it is. "
                "/sub, /dnd, /digest and /mute show how it stands."
            )
        )
    undone = Changes(context)
    for name, found in present.items():
        before = was.get(name)
        if before is None and found is not None:
            await keeper(found).drop(context, found)
        elif before is not None:
            before = await keeper(before).restore(context, before)
        undone.note(found or before or became[name], found, before)
    return undone


def _there(settings: Mapping[Key, Setting | None]) -> tuple[Setting, ...]:
    return tuple(each for each in settings.values() if each is not None)


def _is_yaml(setting: Setting) -> bool:
    return isinstance(setting, Rule | Robot) and setting.owner == YAML


async def release(context: Context, settings: Iterable[Setting]) -> int:
    """End the holds that these windows, mutes and digests made; return how many.

    That is how many messages they kept. They are decided again as they are sent: what
    another rule keeps too stays kept.
    """
    kept = 0
    for cause in dict.fromkeys(keeper(each).cause(each) for each in settings):
        if cause:
            kept += await silences.release_cause(context.tx, cause, now=context.now)
    return kept
