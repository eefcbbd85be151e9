"""The message types of the YAML, added to those that are built in."""

from __future__ import annotations

from bot.config.models import Config
from bot.config.rules import MessageTypeConfig
from handlers.rules.types import MessageType, Types, define
from store.values import Channel


def catalogue(config: Config) -> Types:
    """Return every message type that is known under *config*."""
    return Types(map(_defined, config.message_types))


def _defined(written: MessageTypeConfig) -> MessageType:
    offers = {
        Channel.CHAT: written.chat,
        Channel.DM: written.dm,
        Channel.EMAIL: written.email,
        Channel.SMS: written.sms,
        Channel.VOICE: written.voice,
    }
    return define(
        written.id,
        title_en=written.title.en or written.title.zh,
        title_zh=written.title.zh or written.title.en,
        severity=written.severity,
        offers={key: offer for key, offer in offers.items() if offer is not None},
    )
