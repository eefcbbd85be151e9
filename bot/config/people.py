"""Settings that name people and places: roles, groups, robots, contacts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.config import kinds
from bot.config.section import Section
from bot.config.values import Audience
from bot.secret import Secret


class RolesConfig(Section):
    """Who may do what. Everybody is a member."""

    admins: tuple[Annotated[str, kinds.MEMBER], ...] = Field(
        (),
        description="Who may do everything: open_ids, e-mail addresses, or names from "
        "people.",
    )
    editors: Annotated[Audience, kinds.EDITORS] = Field(
        Audience("everyone"),
        description="Who may change a group's settings: everyone in it, its managers "
        "(owner and managers), or a list.",
    )
    cost_viewers: Annotated[Audience, kinds.COST_VIEWERS] = Field(
        Audience("admins"),
        description="Who may see bills: admins, everyone, or a list.",
    )


class ChatConfig(Section):
    """A name for a Lark group."""

    name: Annotated[str, kinds.NAME] = Field(
        description="What the group is called here."
    )
    id: Annotated[str, kinds.CHAT_ID] = Field(
        description="Its id at Lark, oc_…; /status tells it."
    )


class RobotConfig(Section):
    """A custom bot in one group. The webhook is a credential."""

    name: Annotated[str, kinds.NAME] = Field(
        description="What the robot is called here."
    )
    platform: Literal["lark"] = Field(
        "lark", description="What it posts to: lark (Feishu too)."
    )
    webhook: Annotated[Secret, kinds.SECRET_URL] = Field(
        description="The address that Lark shows in the group's robot settings."
    )
    secret: Annotated[Secret, kinds.SECRET] | None = Field(
        None, description="The secret that its posts are signed with, if it asks."
    )
    chat: Annotated[str, kinds.NAME] | None = Field(
        None,
        description="The group that it posts in, by name under chats; that group's "
        "windows hold for it.",
    )
    keyword: Annotated[str, kinds.Text(str)] | None = Field(
        None, description="The keyword that every post must hold, if it asks."
    )
    mention_all: bool = Field(
        False, description="Whether its posts mention everybody in the group."
    )
    allow: tuple[Annotated[str, kinds.Text(str)], ...] = Field(
        (),
        description="Words of which a message's title or body must hold one, or it is "
        "not sent to this robot.",
    )
    deny: tuple[Annotated[str, kinds.Text(str)], ...] = Field(
        (), description="Words of which a message's title or body must hold none."
    )
    per_hour: int | None = Field(
        None,
        ge=1,
        description="How many posts it gets an hour; what is over that waits and comes "
        "as one digest, criticals do not wait.",
    )


class PersonConfig(Section):
    """Somebody who can be a destination, and how they are reached."""

    name: Annotated[str, kinds.PERSON_NAME] = Field(
        description="What the person is called here."
    )
    open_id: Annotated[str, kinds.OPEN_ID] | None = Field(
        None, description="Their open_id, ou_…; /whoami tells it."
    )
    email: Annotated[str, kinds.EMAIL] | None = Field(
        None, description="Their e-mail address."
    )
    phone: Annotated[str, kinds.PHONE] | None = Field(
        None, description="Their phone number, with + and the country."
    )
    verified: tuple[Literal["email", "phone"], ...] = Field(
        (), description="Which of the contacts are known to be theirs."
    )
