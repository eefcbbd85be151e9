"""The whole YAML file as one value. The types are the schema."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bot.config import kinds
from bot.config.billing import BillingConfig
from bot.config.limits import LimitsConfig
from bot.config.people import ChatConfig, PersonConfig, RobotConfig, RolesConfig
from bot.config.phones import SmsConfig, VoiceConfig
from bot.config.process import (
    DatabaseConfig,
    DefaultsConfig,
    EmailConfig,
    LarkConfig,
    SecretsConfig,
    ServerConfig,
)
from bot.config.rules import (
    DigestConfig,
    DndConfig,
    MessageTypeConfig,
    SourceConfig,
    SubscriptionConfig,
)
from bot.config.section import Section

Members = tuple[Annotated[str, kinds.MEMBER], ...]


class Config(Section):
    """Everything that admins configure. Read once; only ``app.py`` sees the whole."""

    revision: int = Field(
        0,
        ge=0,
        description="Counts the changes of this file, so that replicas can tell which "
        "of them is newer.",
    )
    server: ServerConfig = Field(ServerConfig(), description="Where others reach us.")
    database: DatabaseConfig = Field(
        DatabaseConfig(), description="Where everything is remembered."
    )
    lark: LarkConfig | None = Field(
        None, description="The Lark app; left out, only robots are used."
    )
    secrets: SecretsConfig = Field(
        SecretsConfig(), description="What secrets in the database are encrypted with."
    )
    defaults: DefaultsConfig = Field(
        DefaultsConfig(), description="What holds where nobody chose otherwise."
    )
    roles: RolesConfig = Field(
        RolesConfig(), description="Who may do what; everybody is a member."
    )
    chats: tuple[ChatConfig, ...] = Field((), description="Names for Lark groups.")
    sources: tuple[SourceConfig, ...] = Field(
        (), description="Who may send notifications."
    )
    robots: tuple[RobotConfig, ...] = Field(
        (), description="Custom bots of groups, by their webhooks."
    )
    people: tuple[PersonConfig, ...] = Field(
        (), description="Who can be a destination, and how they are reached."
    )
    groups: dict[Annotated[str, kinds.NAME], Members] = Field(
        {}, description="Names for several persons together."
    )
    message_types: tuple[MessageTypeConfig, ...] = Field(
        (), description="Message types of your own, and changes to built-in ones."
    )
    subscriptions: tuple[SubscriptionConfig, ...] = Field(
        (), description="Which types go to whom, over which channels."
    )
    dnd: tuple[DndConfig, ...] = Field((), description="Do-not-disturb windows.")
    digests: tuple[DigestConfig, ...] = Field(
        (), description="What is collected, and sent together by the clock."
    )
    email: EmailConfig | None = Field(
        None, description="The mail server; left out, no mail is sent."
    )
    sms: SmsConfig | None = Field(
        None, description="Who carries text messages; left out, nobody does."
    )
    voice: VoiceConfig | None = Field(
        None, description="Who makes calls; left out, nobody does."
    )
    billing: BillingConfig = Field(BillingConfig(), description="Bills.")
    limits: LimitsConfig = Field(LimitsConfig(), description="How much is allowed.")
    retention: Annotated[timedelta, kinds.RETENTION] = Field(
        timedelta(days=180),
        description="How long notifications and the audit log are kept.",
        json_schema_extra={"default": "180d"},
    )
