"""The ways to the outside, as the configuration has them: Lark, mail, phones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import aiohttp

from bot.channels.buzz import BuzzChannel
from bot.channels.chat import AppChannel
from bot.channels.phone import PhoneChannel
from bot.channels.posting import Channel as WayOut
from bot.channels.robot import RobotChannel
from bot.clock import Clock
from bot.config import Config, catalogue
from bot.config.process import EmailConfig, LarkConfig
from bot.doors.lark import LarkDoor
from bot.health import Health
from bot.hearing import Hearing
from bot.lark.client import LarkClient
from bot.lark.events import Keys
from bot.letters.stopping import StopPages
from bot.phones.carrier import Carrier
from store.secrets import Keyring
from store.values import Channel, Kind

if TYPE_CHECKING:
    from bot.channels.email import Postman


def ways_out(
    client: LarkClient | None,
    session: aiohttp.ClientSession,
    postman: Postman | None,
    carriers: Mapping[Channel, Carrier],
    buzzes: Mapping[Channel, str],
    *,
    stops: StopPages | None,
    clock: Clock,
    health: Health,
) -> dict[tuple[Kind, Channel], WayOut]:
    """Return the channels that there are."""
    robot = RobotChannel(session, clock=clock)
    found: dict[tuple[Kind, Channel], WayOut] = {(Kind.ROBOT, Channel.CHAT): robot}
    if client is not None:
        app = AppChannel(client, heard=health.lark_answers)
        found |= {(Kind.CHAT, Channel.CHAT): app, (Kind.PERSON, Channel.DM): app}
        for channel, how in buzzes.items():
            found[Kind.PERSON, channel] = BuzzChannel(client, how)
    if postman is not None:
        from bot.channels.email import EmailChannel, no_page

        letters = EmailChannel(
            postman,
            stop_page=stops.address if stops else no_page,
            heard=health.mail_goes,
        )
        found[Kind.PERSON, Channel.EMAIL] = letters
    for channel, carrier in carriers.items():
        found[Kind.PERSON, channel] = PhoneChannel(carrier)
    return found


def lark_client(
    lark: LarkConfig | None, session: aiohttp.ClientSession, clock: Clock
) -> LarkClient | None:
    """Return how we call Lark, where there is an app."""
    if lark is None:
        return None
    return LarkClient(
        session,
        base=lark.api,
        app_id=lark.app_id,
        app_secret=lark.app_secret,
        clock=clock,
    )


def postman(email: EmailConfig | None, clock: Clock) -> Postman | None:
    """Return who sends letters, where there is a mail server."""
    if email is None:
        return None
    # Mail takes a while to import: only where there is a server.
    from bot.channels.email import Postman
    from bot.channels.smtp import MailHost, MailServer

    host = MailHost(
        host=email.host,
        port=email.port,
        tls=email.tls,
        username=email.username,
        password=email.password,
        ca_file=email.ca_file,
    )
    return Postman(MailServer(host, clock), sender=email.sender, clock=clock)


def stop_pages(config: Config, keyring: Keyring) -> StopPages | None:
    """Return where people end e-mails, where there is a key that seals addresses.

    Old letters lead there even if no new ones are sent.
    """
    if not config.secrets.keys:
        return None
    base = config.server.public_url or ""
    return StopPages(keyring, base=base, types=catalogue(config))


def lark_door(lark: LarkConfig | None, hearing: Hearing) -> LarkDoor | None:
    """Return where Lark's events come in, where there is a key that proves them."""
    if lark is None or not (lark.encrypt_key or lark.verification_token):
        return None
    keys = Keys(
        encrypt_key=lark.encrypt_key.reveal() if lark.encrypt_key else "",
        verification_token=(
            lark.verification_token.reveal() if lark.verification_token else ""
        ),
    )
    return LarkDoor(hearing, keys=keys)
