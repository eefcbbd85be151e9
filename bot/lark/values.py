"""What happens in Lark, as values: lines, taps, groups that we join and leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.lark.lines import Mention


@dataclass(frozen=True, slots=True)
class Challenge:
    """Lark asks whether this address is ours: the answer is the same word."""

    challenge: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event that asks nothing of us: of another type, or from another bot."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message that somebody sent where we can see it.

    ``text`` is ``None`` for what has no words, like an image. ``sender`` is an open_id.
    """

    event_id: str
    message_id: str
    chat_id: str
    chat_type: Literal["p2p", "group"]
    sender: str
    sender_name: str | None
    text: str | None
    mentions: Mapping[str, Mention]
    names_us: bool
    names_all: bool
    root_id: str | None
    parent_id: str | None
    thread_id: str | None
    created_at: datetime | None

    @property
    def direct(self) -> bool:
        """Whether it was said in a direct chat with us."""
        return self.chat_type == "p2p"

    @property
    def addressed(self) -> bool:
        """Whether it is said to us: in a direct chat, or where it mentions us."""
        return self.direct or self.names_us

    @property
    def once(self) -> str:
        """What redeliveries share. Lark docs: not the event_id, for messages."""
        return self.message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    event_id: str
    created_at: datetime | None

    @property
    def once(self) -> str:
        """What redeliveries share."""
        return self.event_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap(_Event):
    """Somebody used a button or a form of one of our cards."""

    operator: str
    message_id: str | None
    chat_id: str | None
    value: Mapping[str, Any]
    form_value: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None
    option: str | None = None
    options: tuple[str, ...] = ()
    input_value: str | None = None
    checked: bool | None = None
    timezone: str | None = None
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BotAdded(_Event):
    """We were added to a group."""

    chat_id: str
    operator: str | None
    name: str | None
    external: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BotRemoved(_Event):
    """We were removed from a group."""

    chat_id: str
    operator: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatDisbanded(_Event):
    """A group that we were in is no more."""

    chat_id: str
    operator: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatUpdated(_Event):
    """A group changed. ``name`` and ``owner`` are the new ones, where they changed."""

    chat_id: str
    operator: str | None
    name: str | None
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class P2pEntered(_Event):
    """Somebody opened their direct chat with us. ``first`` is for the first time."""

    chat_id: str
    operator: str
    name: str | None
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuClicked(_Event):
    """Somebody chose from our menu, in a direct chat: answer to ``operator``."""

    operator: str
    name: str | None
    event_key: str


Event = (
    Challenge
    | Unknown
    | Line
    | Tap
    | BotAdded
    | BotRemoved
    | ChatDisbanded
    | ChatUpdated
    | P2pEntered
    | MenuClicked
)
