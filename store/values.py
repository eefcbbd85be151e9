"""What is remembered, as values: nothing here knows a database, or Lark.

Times are aware datetimes in UTC. Text is exactly as it was handed over: whoever shows
it to people defuses it (``bot/cards``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any


class Severity(IntEnum):
    """How bad it is. Ordered, so that filters can say ``severity>=warning``."""

    INFO = 0
    WARNING = 1
    CRITICAL = 2

    @property
    def word(self) -> str:
        """The word that bodies, filters and people use."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> Severity:
        """Return the severity called *word*; raise ``ValueError`` for another word."""
        try:
            return cls[word.upper()]
        except KeyError:
            raise ValueError(f"{word!r} is not info, warning or critical") from None


class Status(StrEnum):
    """Where an incident stands. A one-off message has none (``None``)."""

    FIRING = "firing"
    RESOLVED = "resolved"


class Channel(StrEnum):
    """How a delivery reaches its destination."""

    INBOX = "inbox"
    CHAT = "chat"
    DM = "dm"
    EMAIL = "email"
    SMS = "sms"
    VOICE = "voice"


class Kind(StrEnum):
    """What sort of destination it is."""

    CHAT = "chat"
    ROBOT = "robot"
    PERSON = "person"
    GROUP = "group"


@dataclass(frozen=True, slots=True, order=True)
class Destination:
    """Where deliveries go. Written ``kind:name``.

    A chat is named by its ``oc_…`` id, a robot by its name, a person by open_id (or by
    the name in the YAML where there is no open_id), a group of persons by its name.
    """

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read ``kind:name``; raise ``ValueError`` when it is not of that form."""
        kind, colon, name = text.partition(":")
        if not colon or not name or kind not in set(Kind):
            raise ValueError(f"{text!r} is not chat:…, robot:…, person:… or group:…")
        return cls(Kind(kind), name)


class State(StrEnum):
    """Where one delivery stands. The last six are final and carry a reason."""

    QUEUED = "queued"
    SENDING = "sending"
    HELD = "held"
    DELIVERED = "delivered"
    DIGESTED = "digested"
    MUTED = "muted"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    UNDELIVERABLE = "undeliverable"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Field:
    """One named figure of a notification, shown as it is: ``value: 97 %``."""

    name: str
    value: str


# These two are made for each notification, and to make a frozen one takes five times as
# long. Nobody changes them all the same.
@dataclass(slots=True, kw_only=True)
class Incoming:
    """One message as a source handed it over: no number and, often, no type yet.

    ``key`` identifies redeliveries of the same message within the source and is
    remembered for ``key_lasts``; ``None`` means that nothing identifies it. ``cut``
    says that text was shortened to the limits.
    """

    title: str
    body: str = ""
    type: str | None = None
    severity: Severity | None = None
    status: Status | None = None
    fingerprint: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    link: str | None = None
    occurred_at: datetime | None = None
    key: str | None = None
    key_lasts: timedelta = timedelta(days=7)
    cut: bool = False


@dataclass(slots=True, kw_only=True)
class Notification:
    """One accepted message. Immutable; ``number`` is the 123 of ``M123``."""

    number: int
    source: str
    type: str
    severity: Severity
    title: str
    accepted_at: datetime
    status: Status | None = None
    body: str = ""
    fingerprint: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    link: str | None = None
    occurred_at: datetime | None = None
    cut: bool = False

    @property
    def id(self) -> str:
        """The id that doors answer with: ``n_123``."""
        return f"n_{self.number}"

    @property
    def short(self) -> str:
        """The id that people type: ``M123``."""
        return f"M{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A rule with an owner: types and a filter → destinations, over channels.

    ``owner`` is ``yaml`` (an admin's), or the chat or person who made it as
    ``chat:oc_…`` / ``person:ou_…``. ``via`` of ``None`` means the default channels of
    each destination. ``changed_by`` is set when chat changed or turned off a YAML rule.
    """

    id: int
    name: str
    owner: str
    patterns: tuple[str, ...]
    to: tuple[Destination, ...]
    where: str = ""
    via: tuple[Channel, ...] | None = None
    enabled: bool = True
    created_by: str = "yaml"
    created_at: datetime
    changed_by: str | None = None

    @property
    def from_yaml(self) -> bool:
        """Whether an admin wrote it in the YAML file."""
        return self.owner == "yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Recurring hours in which chosen channels of one destination are muted.

    ``start`` and ``end`` are minutes after local midnight, half open, wrapping midnight
    when ``start > end``; both ``None`` mean the whole day. ``days`` is ``daily``,
    ``workdays``, ``weekends`` or a comma list of ``mon`` … ``sun``; a window's day is
    the day it starts. ``calendar`` is the country code whose holidays and make-up
    workdays decide what a workday is. ``spare_critical`` lets criticals pass.
    """

    id: int
    name: str
    target: Destination
    patterns: tuple[str, ...] = ("*",)
    start: int | None
    end: int | None
    days: str = "daily"
    zone: str
    calendar: str = "CN"
    mutes: frozenset[Channel]
    spare_critical: bool = True
    owner: str = "yaml"
    enabled: bool = True
    created_by: str = "yaml"
    created_at: datetime
    changed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A one-off silence of one destination, with an end. ``where`` is a filter."""

    id: int
    target: Destination
    where: str
    until: datetime
    mutes: frozenset[Channel]
    spare_critical: bool = True
    reason: str = ""
    created_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When one destination is told together what came of some types: as a digest.

    ``times`` are minutes after local midnight, on ``days`` as a ``Window`` has them.
    ``collects`` are the channels whose messages wait for it. ``spare_critical`` lets
    criticals pass.
    """

    id: int
    name: str
    target: Destination
    patterns: tuple[str, ...] = ("*",)
    times: tuple[int, ...]
    days: str = "daily"
    zone: str
    calendar: str = "CN"
    collects: frozenset[Channel]
    spare_critical: bool = True
    owner: str = "yaml"
    enabled: bool = True
    created_by: str = "yaml"
    created_at: datetime
    changed_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One notification × one destination × one channel, with a state and its reason.

    ``since`` is when it began to wait, ``at`` when its state was written.
    """

    id: int
    notification: int
    destination: Destination
    channel: Channel
    state: State
    reason: str = ""
    rule: str = ""
    until: datetime | None = None
    attempts: int = 0
    since: datetime
    at: datetime


#: JSON as it is written to or read from the database, where a shape is Lark's own.
Json = dict[str, Any]
