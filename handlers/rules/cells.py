"""What one message type offers over one channel, and why where it offers nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from store.values import Channel
from store.wording import Text, titled


class Offer(StrEnum):
    """Whether a type goes over a channel, before anybody chose.

    ``ON`` is what a subscription gets that names no channel; ``OFF`` must be asked for.
    """

    ON = "on"
    OFF = "off"
    REQUIRED = "required"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Cell:
    """One type × one channel, and why, where it cannot be chosen freely."""

    offer: Offer
    reason_en: str = ""
    reason_zh: str = ""

    @property
    def reason(self) -> Text:
        """Why, in the reader's language; empty where the choice is free."""
        return titled(self.reason_en, self.reason_zh)


ON = Cell(Offer.ON)
OFF = Cell(Offer.OFF)
ALWAYS_KEPT = Cell(
    Offer.REQUIRED, "the inbox keeps every message", "收件箱保留每一条消息"
)
NOTBY_VOICE = Cell(
    Offer.UNAVAILABLE,
    "voice is only for what cannot wait until morning",
    "语音仅用于不能等到天亮的消息",
)
NOT_BY_PHONE = Cell(
    Offer.UNAVAILABLE, "news never goes to a phone number", "动态类消息不发往手机号"
)
NOT_CONFIGURED = Cell(
    Offer.UNAVAILABLE, "switched off for this type by an admin", "管理员已对此类型停用"
)

BY_VOICE: Mapping[Channel, Cell] = MappingProxyType(
    {
        Channel.INBOX: ALWAYS_KEPT,
        Channel.CHAT: ON,
        Channel.DM: ON,
        Channel.EMAIL: OFF,
        Channel.SMS: OFF,
        Channel.VOICE: OFF,
    }
)
NO_VOICE = MappingProxyType({**BY_VOICE, Channel.VOICE: NOTBY_VOICE})
NO_PHONE = MappingProxyType(
    {**BY_VOICE, Channel.SMS: NOT_BY_PHONE, Channel.VOICE: NOT_BY_PHONE}
)
