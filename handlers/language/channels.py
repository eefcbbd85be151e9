"""Channels as people name them: ``chat,sms`` after *via*, ``sms+voice`` as a mute."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.lexicon import AND, CHANNELS, EVERYTHING
from handlers.rules.methods import ALL
from store.values import Channel
from store.wording import _

#: What can be typed for a channel, for suggestions.
CHANNEL_WORDS: Mapping[str, str] = {
    word: str(channel) for word, channel in CHANNELS.items()
}
_PLUS = re.compile(r"[+&/]")


def read_channels(cursor: Cursor) -> frozenset[Channel] | None:
    """Take a list of channels: ``chat,sms``, ``chat sms``, ``chat and sms``."""
    found: set[Channel] = set()
    while True:
        mark = cursor.mark()
        if found and not cursor.done and cursor.here.raw == "+":
            cursor.take()
        elif found:
            cursor.one_of(AND)
        some = _some(cursor)
        if not some:
            cursor.back(mark)
            return frozenset(found) or None
        found |= some


def read_method(cursor: Cursor) -> frozenset[Channel] | None:
    """Take the channels that a window or mute silences: ``all``, ``sms+voice``.

    Raises ``Misunderstood`` for the inbox, which is never muted.
    """
    mark = cursor.mark()
    everything = frozenset(EVERYTHING) - {"*", "all types"} | {"all channels"}
    if cursor.one_of(everything):
        return ALL
    found = read_channels(cursor)
    if found and Channel.INBOX in found:
        cursor.back(mark)
        raise Misunderstood(
            _(
                "The inbox keeps everything and is never muted. "
                "Mute all, or a list of chat, dm, email, sms, voice."
            )
        )
    return found


def write_channels(channels: frozenset[Channel]) -> str:
    """Return *channels* as they follow *via*: ``inbox,chat``."""
    return ",".join(channel for channel in Channel if channel in channels)


def _some(cursor: Cursor) -> set[Channel]:
    """Take one word for a channel, or several that + joins."""
    found = cursor.phrase(CHANNELS)
    if found is not None:
        return {found}
    if cursor.done or not cursor.here.word:
        return set()
    words = [word for word in _PLUS.split(cursor.here.word) if word]
    if len(words) < 2 or any(word not in CHANNELS for word in words):
        return set()
    cursor.take()
    return {CHANNELS[word] for word in words}
