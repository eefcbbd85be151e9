"""Codes that prove an address, on their way: by a letter, or by a text message."""

from __future__ import annotations

from typing import Protocol

from bot.errors import Refused
from bot.phones.carrier import Carrier
from bot.phones.codes import send_code
from bot.phones.said import Said
from handlers.language.catalogues import say
from handlers.proving import MINUTES
from store.people import Means
from store.values import Json
from store.wording import Text, _


class Post(Protocol):
    """Who takes letters to the mail server."""

    async def send(
        self, to: str, subject: str, text: str, *, locale: str = "en", key: str = ""
    ) -> None:
        """Send a letter of our own, once. Raises a ``TransportError``."""
        ...


class CodeSender:
    """Sends codes. ``None`` where there is no mail, or nobody who carries texts."""

    def __init__(self, *, post: Post | None, texts: Carrier | None) -> None:
        self._post = post
        self._texts = texts

    async def send(self, details: Json) -> Json:
        """Send the code of *details* to its address, if it has one; see ``proving``."""
        if not details["address"]:
            return {"sent": True}
        if Means(details["means"]) is Means.EMAIL:
            await self._by_letter(details)
        else:
            await self._by_text(details)
        return {"sent": True}

    async def _by_letter(self, details: Json) -> None:
        if self._post is None:
            raise Refused(_("e-mail is not set up here"))
        locale, code = details["locale"], details["code"]
        text = "\n\n".join(say(each, locale) for each in _letter(details))
        subject = say(_("{code} is your Larkbell code", code=code), locale)
        await self._post.send(
            details["address"], subject, text, locale=locale, key=details["key"]
        )

    async def _by_text(self, details: Json) -> None:
        locale, code, number = details["locale"], details["code"], details["address"]
        if details["for"] and self._texts is not None:
            said = say(_for_admin(details), locale)
            message = Said(text=said, code=code, locale=locale)
            await self._texts.carry(number, message, key=details["key"])
            return
        await send_code(
            self._texts,
            number,
            code,
            minutes=MINUTES,
            locale=locale,
            key=details["key"],
        )


def _letter(details: Json) -> tuple[Text, ...]:
    """Return what the letter says, a paragraph each."""
    ignored = _(
        "If you do not know what this is about, do nothing: without the code, nothing "
        "else is sent here."
    )
    if details["for"]:
        return (_for_admin(details), ignored)
    return (
        _(
            "Somebody, you I hope, wants Larkbell to send messages to this address. "
            "To confirm that it is yours, send this to Larkbell in Lark, in a direct "
            "chat:"
        ),
        _("verify {code}", code=details["code"]),
        _("The code lasts {minutes} minutes.", minutes=MINUTES),
        ignored,
    )


def _for_admin(details: Json) -> Text:
    return _(
        "{code} is your Larkbell code, for {minutes} minutes. If you want its messages "
        "here, tell it to the colleague who asked you: an admin sends “verify {code} "
        "for {whom}”.",
        code=details["code"],
        minutes=MINUTES,
        whom=details["for"],
    )
