"""Changes of settings from the chat: made, written to the audit log, taken back.

A rule of the YAML is never taken away from the chat: it is turned off or changed, and
that override stands beside what the YAML says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from handlers.context import Context
from handlers.errors import UserError
from handlers.reply import Button, Reply, Tone
from store import audit, mutes, silences, subscriptions, windows
from store.audit import Change, Setting
from store.values import Destination, Mute, Subscription, Window
from store.wording import _

#: How long a change can be taken back.
UNDO_LASTS = timedelta(minutes=10)

S = TypeVar("S", Subscription, Window, Mute)
R = TypeVar("R", Subscription, Window)
_Key = tuple[type, int]


@dataclass
class Changes:
    """What one command changes, with what was before."""

    context: Context
    _was: dict[_Key, Setting | None] = field(default_factory=dict)
    _is: dict[_Key, Setting | None] = field(default_factory=dict)

    async def make(self, setting: S) -> S:
        """Add a new setting; return it with its number and name."""
        tx = self.context.tx
        if isinstance(setting, Subscription):
            made = await subscriptions.add(tx, setting)
        elif isinstance(setting, Window):
            made = await windows.add(tx, setting)
        else:
            made = await mutes.add(tx, setting)
        self.note(made, None, made)
        return made

    async def change(
        self, was: Subscription | Window, now: Subscription | Window
    ) -> None:
        """Make *was* what *now* says."""
        if was.owner == subscriptions.YAML:
            now = replace(now, changed_by=self.context.asker)
        await _put(self.context, now)
        self.note(was, was, now)

    async def drop(self, setting: Setting) -> None:
        """Take *setting* away; a rule of the YAML is turned off."""
        if not isinstance(setting, Mute) and setting.owner == subscriptions.YAML:
            await self.change(setting, replace(setting, enabled=False))
            return
        await _drop(self.context, setting)
        self.note(setting, setting, None)

    async def reset(self, setting: R) -> R:
        """Make a rule of the YAML what the YAML says, and return that."""
        now = await _reset(self.context, setting)
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
                was=tuple(each for each in self._was.values() if each is not None),
                became=tuple(each for each in self._is.values() if each is not None),
            ),
        )
        return change.id

    async def reply(self, command: str, *lines: str, title: str = "") -> Reply:
        """Write the change to the audit log, and return the answer to it."""
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
        key = (type(setting), setting.id)
        self._was.setdefault(key, was)
        self._is[key] = now


async def take_back(context: Context, change: Change) -> Changes:
    """Make everything what it was before *change*, and return that as changes.

    Raises ``UserError`` when something was changed since.
    """
    was = {(type(each), each.id): each for each in change.was}
    became = {(type(each), each.id): each for each in change.became}
    present = {key: await _present(context, key) for key in {**was, **became}}
    if any(found != became.get(key) for key, found in present.items()):
        raise UserError(
            _(
                "This was changed again since, so I leave it as it is. "
                "/sub, /dnd and /mute show how it stands."
            )
        )
    undone = Changes(context)
    for key, found in present.items():
        before = was.get(key)
        if before is None and found is not None:
            await _drop(context, found)
        elif before is not None:
            before = await _restore(context, before)
        undone.note(found or before or became[key], found, before)
    return undone


def targets_of(settings: Iterable[Setting]) -> tuple[Destination, ...]:
    """Return whose silence these windows and mutes are, each once."""
    silent = (each.target for each in settings if not isinstance(each, Subscription))
    return tuple(dict.fromkeys(silent))


async def release(context: Context, settings: Iterable[Setting]) -> int:
    """End the holds that these windows and mutes made; return how many messages.

    They are decided again as they are sent: what another rule keeps stays kept.
    """
    kept = 0
    for target in targets_of(settings):
        kept += await silences.release(context.tx, target, now=context.now)
    return kept


async def _present(context: Context, key: _Key) -> Setting | None:
    kind, number = key
    if kind is Subscription:
        return await subscriptions.get(context.tx, number)
    if kind is Window:
        return await windows.get(context.tx, number)
    return await mutes.get(context.tx, number, now=context.now)


async def _put(context: Context, setting: Subscription | Window) -> None:
    if isinstance(setting, Subscription):
        await subscriptions.put(context.tx, setting, now=context.now)
    else:
        await windows.put(context.tx, setting, now=context.now)


async def _drop(context: Context, setting: Setting) -> None:
    match setting:
        case Subscription():
            await subscriptions.remove(context.tx, setting.id)
        case Window():
            await windows.remove(context.tx, setting.id)
        case Mute():
            await mutes.lift(context.tx, setting.id, now=context.now)


async def _restore(context: Context, setting: Setting) -> Setting | None:
    """Bring *setting* back as it was."""
    match setting:
        case Mute():
            await mutes.revive(context.tx, setting.id)
            return await mutes.get(context.tx, setting.id, now=context.now)
        # The YAML may say something else by now: then that is what it was.
        case Subscription(owner=subscriptions.YAML, changed_by=None):
            return await _reset(context, setting)
        case Window(owner=windows.YAML, changed_by=None):
            return await _reset(context, setting)
        case _:
            await _put(context, setting)
            return setting


async def _reset(context: Context, setting: R) -> R:
    tx, now = context.tx, context.now
    if isinstance(setting, Subscription):
        found = await subscriptions.reset(tx, setting.id, now=now)
    else:
        found = await windows.reset(tx, setting.id, now=now)
    if found is None:
        raise UserError(_("Only rules from the YAML can be reset."))
    return found
