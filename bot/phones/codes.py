"""One text message of the moment: a code that proves whose a number is."""

from __future__ import annotations

from bot.errors import Refused
from bot.phones.carrier import Carrier
from bot.phones.said import Said
from handlers.language.catalogues import say
from store.wording import _, _n


async def send_code(
    carrier: Carrier | None,
    number: str,
    code: str,
    *,
    minutes: int,
    locale: str,
    key: str,
) -> None:
    """Send *code* to *number* by whoever carries text messages.

    Once: whoever asked is told what came of it, and asks again. Raises a
    ``TransportError``; ``Refused`` where nobody carries text messages to a number.
    """
    if carrier is None:
        raise Refused(no_carrier())
    await carrier.carry(number, code_message(code, minutes, locale), key=key)


def code_message(code: str, minutes: int, locale: str) -> Said:
    """Return what a code is sent as."""
    words = _n(
        "{code} is your Larkbell code, for 1 minute. Tell nobody.",
        "{code} is your Larkbell code, for {count} minutes. Tell nobody.",
        minutes,
        code=code,
    )
    return Said(text=say(words, locale), code=code, locale=locale)


def no_carrier() -> str:
    """Return why no code can be sent to a number."""
    return _("no text messages can be sent from here: an admin can set up sms")
