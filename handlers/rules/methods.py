"""Which channels a window or mute silences: ``all``, ``sms+voice``, ``chat+email``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from store.values import Channel
from store.wording import Text, _, listed

#: The inbox is never muted.
ALL = frozenset(Channel) - {Channel.INBOX}

#: Channels as a sentence names them.
SAID: Mapping[Channel, Text] = {
    Channel.INBOX: _("inbox"),
    Channel.CHAT: _("chat"),
    Channel.DM: _("dm"),
    Channel.EMAIL: _("email"),
    Channel.SMS: _("sms"),
    Channel.VOICE: _("voice"),
}

_SEPARATORS = re.compile(r"[\s+,、&和]+")
_WORDS = {
    **{str(channel): channel for channel in Channel},
    **dict.fromkeys(["group", "robot", "群", "群聊"], Channel.CHAT),
    **dict.fromkeys(["direct", "私聊", "单聊"], Channel.DM),
    **dict.fromkeys(["mail", "e-mail", "邮件"], Channel.EMAIL),
    **dict.fromkeys(["text", "短信"], Channel.SMS),
    **dict.fromkeys(["call", "phone", "语音", "电话"], Channel.VOICE),
}
_EVERYTHING = frozenset({"all", "everything", "全部", "所有"})


def channels_muted(method: str) -> frozenset[Channel]:
    """Return the channels that *method* silences.

    Raise ``ValueError`` when it names none, or the inbox.
    """
    typed = unicodedata.normalize("NFKC", method).casefold().strip()
    if typed in _EVERYTHING:
        return ALL
    words = [word for word in _SEPARATORS.split(typed) if word]
    if not words or any(word not in _WORDS for word in words):
        raise ValueError(
            f"{method!r} is not a way to mute. Write all, sms+voice, voice, or a list "
            "of chat, dm, email, sms, voice."
        )
    chosen = frozenset(_WORDS[word] for word in words)
    if Channel.INBOX in chosen:
        raise ValueError(
            "The inbox is never muted. Write all, or a list of chat, dm, email, sms, "
            "voice."
        )
    return chosen


def method_words(channels: Iterable[Channel]) -> str:
    """Return the channels in their one form, which ``channels_muted`` reads."""
    chosen = frozenset(channels)
    if chosen >= ALL:
        return "all"
    return "+".join(channel for channel in Channel if channel in chosen)


def say_channels(channels: Iterable[Channel]) -> Text:
    """Return the channels in a sentence: ``chat and email``."""
    chosen = frozenset(channels)
    return listed([SAID[channel] for channel in Channel if channel in chosen])


def say_method(channels: Iterable[Channel]) -> Text:
    """Return what is silenced in a sentence: ``all``, ``sms+voice``."""
    chosen = frozenset(channels)
    if chosen >= ALL:
        return _("all")
    *most, said = [SAID[channel] for channel in Channel if channel in chosen]
    for each in reversed(most):
        said = _("{channel}+{more_channels}", channel=each, more_channels=said)
    return said
