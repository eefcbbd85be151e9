"""Which changes of the file act at once, and which wait for a restart."""

from __future__ import annotations

from bot.config.models import Config
from bot.config.section import walk
from bot.config.tree import Path, written

#: Sections that are read once, when the process starts. All others are reloaded.
AT_START = ("server", "database", "lark", "secrets", "email", "sms", "voice")


def until_restart(running: Config, new: Config) -> Config:
    """Return *new* with what only a restart changes as *running* has it.

    So that no half of such a change acts before the other.
    """
    return new.model_copy(update={name: getattr(running, name) for name in AT_START})


def needs_restart(old: Config, new: Config) -> list[str]:
    """Return the settings that differ but act only after a restart, in order.

    ``server.listen``; a section alone where it came or went as a whole.
    """
    changed: dict[Path, None] = {}
    for name in AT_START:
        before, after = getattr(old, name), getattr(new, name)
        if (before is None) != (after is None):
            changed[(name,)] = None
            continue
        was, now = dict(walk(before, (name,))), dict(walk(after, (name,)))
        changed |= {path: None for path in was | now if was.get(path) != now.get(path)}
    return [written(path) for path in changed]
