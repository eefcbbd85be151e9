"""Who carries text messages and calls: as the settings say, or nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp

from bot.clock import Clock
from bot.config.models import Config
from bot.config.phones import (
    GatewayConfig,
    LarkSmsConfig,
    LarkVoiceConfig,
    MainlandConfig,
    TencentSmsConfig,
    TencentVoiceConfig,
)
from bot.phones.carrier import Carrier
from bot.phones.tencent import Approved, Template, TencentCalls, TencentTexts
from bot.tencent.client import TencentClient
from store.values import Channel

if TYPE_CHECKING:
    from bot.phones.http import HttpCarrier

_Carried = TencentSmsConfig | TencentVoiceConfig | GatewayConfig


def by_number(config: Config) -> frozenset[Channel]:
    """Return which of the two go to a phone number. Lark's buzz goes to an account."""
    chosen = {Channel.SMS: config.sms, Channel.VOICE: config.voice}
    return frozenset(
        channel for channel, each in chosen.items() if isinstance(each, _Carried)
    )


def buzzed(config: Config) -> dict[Channel, str]:
    """Return which of the two Lark carries, and what it calls its buzz."""
    found: dict[Channel, str] = {}
    if isinstance(config.sms, LarkSmsConfig):
        found[Channel.SMS] = config.sms.buzz
    if isinstance(config.voice, LarkVoiceConfig):
        found[Channel.VOICE] = "phone"
    return found


def carriers(
    config: Config, session: aiohttp.ClientSession, *, clock: Clock
) -> dict[Channel, Carrier]:
    """Return who carries messages to numbers."""
    found: dict[Channel, Carrier] = {}
    match config.sms:
        case TencentSmsConfig() as sms:
            found[Channel.SMS] = _texts(sms)
        case GatewayConfig() as gateway:
            found[Channel.SMS] = _gateway(gateway, session, clock)
    match config.voice:
        case TencentVoiceConfig() as voice:
            found[Channel.VOICE] = _calls(voice)
        case GatewayConfig() as gateway:
            found[Channel.VOICE] = _gateway(gateway, session, clock)
    return found


def _texts(sms: TencentSmsConfig) -> TencentTexts:
    mainland = None if sms.mainland is None else _approved(sms, sms.mainland)
    return TencentTexts(
        TencentClient(
            secret_id=sms.secret_id,
            secret_key=sms.secret_key,
            site=sms.site,
            endpoint=sms.endpoint,
        ),
        region=sms.region,
        app_id=sms.app_id,
        approved=replace(_approved(sms, sms), sender=sms.sender),
        mainland=mainland,
    )


def _approved(sms: TencentSmsConfig, of: TencentSmsConfig | MainlandConfig) -> Approved:
    code = of.code_template and Template(of.code_template, sms.code_parameters)
    return Approved(
        template=Template(of.template, sms.parameters),
        code_template=code or None,
        sign=of.sign,
    )


def _calls(voice: TencentVoiceConfig) -> TencentCalls:
    return TencentCalls(
        TencentClient(
            secret_id=voice.secret_id,
            secret_key=voice.secret_key,
            site="domestic",
            endpoint=voice.endpoint,
        ),
        region=voice.region,
        app_id=voice.app_id,
        template=Template(voice.template, voice.parameters),
        plays=voice.plays,
    )


def _gateway(
    gateway: GatewayConfig, session: aiohttp.ClientSession, clock: Clock
) -> HttpCarrier:
    # Its templates take a while to import.
    from bot.phones.http import Gateway, HttpCarrier, Success
    from bot.phones.template import BodyTemplate

    success = gateway.success
    return HttpCarrier(
        session,
        Gateway(
            url=gateway.url,
            method=gateway.method,
            headers=gateway.headers,
            template=BodyTemplate(gateway.body, gateway.format),
            secret=gateway.secret,
            success=Success(success.status, success.field or "", success.values),
        ),
        clock=clock,
    )
