"""Settings that are rules: sources, types, subscriptions, do-not-disturb."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from bot.config import kinds
from bot.config.section import Section
from bot.config.values import Hours, Rate
from bot.secret import Secret
from handlers.rules.schedules import COLLECTABLE
from handlers.rules.types import Offer
from store.values import Channel, Destination, Severity

Pattern = Annotated[str, kinds.PATTERN]


class MapConfig(Section):
    """What a source's message is, if it looks like this."""

    where: Annotated[str, kinds.FILTER] = Field(
        description="The filter that the message must match."
    )
    type: Annotated[str, kinds.TYPE_ID] | None = Field(
        None, description="The message type that it then is."
    )
    severity: Annotated[Severity, kinds.SEVERITY] | None = Field(
        None, description="The severity that it then has."
    )


class SourceConfig(Section):
    """A named sender of notifications. It has a token, a secret, or both."""

    name: Annotated[str, kinds.SLUG] = Field(
        description="What the source is called; it stands in /v1/sources/NAME."
    )
    kind: Literal["native", "alertmanager", "tencent", "lark-hook"] = Field(
        description="How its body is read: native, alertmanager, tencent or lark-hook."
    )
    token: Annotated[Secret, kinds.SECRET] | None = Field(
        None,
        description="What it proves itself with: as bearer token, Basic password or "
        "?token=; for lark-hook it is the end of the address.",
    )
    secret: Annotated[Secret, kinds.SECRET] | None = Field(
        None, description="What it signs with; lark-hook then must be signed."
    )
    type: Annotated[str, kinds.TYPE_ID] | None = Field(
        None, description="The message type where neither body nor map tells one."
    )
    severity: Annotated[Severity, kinds.SEVERITY] | None = Field(
        None,
        description="The severity where neither body nor map tells one; without it, "
        "the type's.",
    )
    rate: Annotated[Rate, kinds.RATE] | None = Field(
        None, description="How much it may send, such as 600/min."
    )
    map: tuple[MapConfig, ...] = Field(
        (),
        description="What its messages are; the first match wins, before the built-in "
        "recognition.",
    )


class TitleConfig(Section):
    """A title in both languages. One stands in for the other."""

    en: Annotated[str, kinds.Text(str)] | None = Field(None, description="In English.")
    zh: Annotated[str, kinds.Text(str)] | None = Field(None, description="In Chinese.")


class MessageTypeConfig(Section):
    """A message type of your own, or a change to a built-in one."""

    id: Annotated[str, kinds.TYPE_ID] = Field(description="The type: category.name.")
    title: TitleConfig = Field(
        TitleConfig(), description="What people call it; made from the id if left out."
    )
    severity: Annotated[Severity, kinds.SEVERITY] | None = Field(
        None, description="Its severity where nothing else tells one: info as a rule."
    )
    chat: Offer | None = Field(
        None,
        description="Whether groups get it: on, off (only who asks), required or "
        "unavailable; without it, as others of its category.",
    )
    dm: Offer | None = Field(
        None, description="Whether persons get it in a direct chat."
    )
    email: Offer | None = Field(None, description="Whether persons get it by e-mail.")
    sms: Offer | None = Field(None, description="Whether persons get it by SMS.")
    voice: Offer | None = Field(None, description="Whether persons are called.")


class SubscriptionConfig(Section):
    """A rule: which types go to whom, over which channels."""

    name: Annotated[str, kinds.NAME] | None = Field(
        None, description="What the rule is called; made from its content if left out."
    )
    types: tuple[Pattern, ...] = Field(
        min_length=1,
        description="The message types: finance.refund, finance.* or *.",
    )
    where: Annotated[str, kinds.FILTER] = Field(
        "", description="The filter that messages must match; none takes all."
    )
    to: tuple[Annotated[Destination, kinds.DESTINATION], ...] = Field(
        min_length=1,
        description="Where they go: chat:NAME, robot:NAME, person:NAME or group:NAME.",
    )
    via: tuple[Channel, ...] | None = Field(
        None,
        min_length=1,
        description="Over which channels: chat, dm, email, sms, voice; without it, "
        "chat in groups and dm to persons.",
    )


class DndConfig(Section):
    """A do-not-disturb window."""

    may_be_null: ClassVar[frozenset[str]] = frozenset({"except"})

    name: Annotated[str, kinds.NAME] | None = Field(
        None,
        description="What the window is called; made from its content if left out.",
    )
    target: Annotated[Destination, kinds.DESTINATION] = Field(
        alias="for", description="Whose window it is: chat:, robot: or person:NAME."
    )
    types: tuple[Pattern, ...] = Field(
        ("*",), min_length=1, description="The message types that it holds."
    )
    hours: Annotated[Hours, kinds.HOURS] = Field(
        description="When: 22:00-08:00 wraps midnight; or whole day."
    )
    days: Annotated[str, kinds.DAYS] = Field(
        "daily",
        description="On which days it starts: daily, workdays, weekends, mon-fri, or a "
        "list.",
    )
    timezone: Annotated[str, kinds.ZONE] | None = Field(
        None, description="The time zone of its hours; without it, the default one."
    )
    calendar: Annotated[str, kinds.CALENDAR] | None = Field(
        None, description="The country whose workdays count; without it, the default."
    )
    mute: Annotated[frozenset[Channel], kinds.MUTES] = Field(
        frozenset(kinds.MUTABLE),
        description="What is muted: all, sms+voice, voice, or a list of channels.",
        json_schema_extra={"default": "all"},
    )
    spared: Literal["critical"] | None = Field(
        "critical",
        alias="except",
        description="What passes all the same: critical, or null for nothing.",
    )


class DigestConfig(Section):
    """A digest by the clock: what comes waits for its next time."""

    may_be_null: ClassVar[frozenset[str]] = frozenset({"except"})

    name: Annotated[str, kinds.NAME] | None = Field(
        None,
        description="What the digest is called; made from its content if left out.",
    )
    target: Annotated[Destination, kinds.DESTINATION] = Field(
        alias="for", description="Who gets it: chat:, robot: or person:NAME."
    )
    types: tuple[Pattern, ...] = Field(
        ("*",), min_length=1, description="The message types that it collects."
    )
    at: Annotated[tuple[int, ...], kinds.TIMES] = Field(
        description="When it is sent: 09:00, or several times such as 09:00,18:00."
    )
    days: Annotated[str, kinds.DAYS] = Field(
        "daily",
        description="On which days: daily, workdays, weekends, mon-fri, or a list.",
    )
    timezone: Annotated[str, kinds.ZONE] | None = Field(
        None, description="The time zone of its times; without it, the default one."
    )
    calendar: Annotated[str, kinds.CALENDAR] | None = Field(
        None, description="The country whose workdays count; without it, the default."
    )
    collect: Annotated[frozenset[Channel], kinds.COLLECTS] = Field(
        COLLECTABLE,
        description="What it collects: all, or a list of chat, dm and email.",
        json_schema_extra={"default": "all"},
    )
    spared: Literal["critical"] | None = Field(
        "critical",
        alias="except",
        description="What is sent at once all the same: critical, or null for nothing.",
    )
