"""How much is allowed. The governor stays at 80 % of the ceilings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.config import kinds
from bot.config.section import Section


class RobotLimits(Section):
    """Lark's ceiling for one robot."""

    per_second: int = Field(5, ge=1, description="Posts a second.")
    per_minute: int = Field(100, ge=1, description="Posts a minute.")


class ChatLimits(Section):
    """Lark's ceiling for one group, which other bots share."""

    per_second: int = Field(5, ge=1, description="Messages a second.")


class PersonLimits(Section):
    """Lark's ceiling for one person."""

    per_second: int = Field(5, ge=1, description="Messages a second.")


class AppLimits(Section):
    """Lark's ceiling for the app as a whole."""

    per_second: int = Field(50, ge=1, description="API calls a second.")
    per_minute: int = Field(1000, ge=1, description="API calls a minute.")


class EmailLimits(Section):
    """What the mail server, and whoever reads, are asked to take."""

    per_minute: int = Field(120, ge=1, description="Letters a minute, all together.")
    address_per_minute: int = Field(
        20, ge=1, description="Letters a minute to one address."
    )


class SmsLimits(Section):
    """What whoever carries text messages is asked to take."""

    per_second: int = Field(20, ge=1, description="Text messages a second.")
    number_per_minute: int = Field(
        20, ge=1, description="Text messages a minute to one number."
    )


class VoiceLimits(Section):
    """What whoever makes calls is asked to take."""

    per_second: int = Field(
        20, ge=1, description="Calls a second; Tencent Cloud takes 20."
    )
    number_per_minute: int = Field(
        10, ge=1, description="Calls a minute to one number."
    )


class LimitsConfig(Section):
    """Ceilings, the hosts that chat may name, and the longest queue."""

    robot: RobotLimits = Field(
        RobotLimits(), description="Lark's ceiling for one robot."
    )
    chat: ChatLimits = Field(
        ChatLimits(), description="Lark's ceiling for one group; other bots share it."
    )
    person: PersonLimits = Field(
        PersonLimits(), description="Lark's ceiling for one person."
    )
    app: AppLimits = Field(
        AppLimits(), description="Lark's ceiling for the app as a whole."
    )
    email: EmailLimits = Field(
        EmailLimits(), description="How many letters the mail server is given."
    )
    sms: SmsLimits = Field(
        SmsLimits(), description="How many text messages their carrier is given."
    )
    voice: VoiceLimits = Field(
        VoiceLimits(), description="How many calls their carrier is asked to make."
    )
    hosts: tuple[Annotated[str, kinds.HOST], ...] = Field(
        ("open.larksuite.com", "open.feishu.cn"),
        description="The hosts that a webhook added from chat may be on.",
    )
    queue: int = Field(
        100_000,
        ge=1,
        description="Notifications that may wait before new ones are answered 503.",
    )
