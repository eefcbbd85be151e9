"""Many messages as one card: why they come together, how many, and their titles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards.frame import (
    APP,
    ROBOT,
    Envelope,
    card,
    everyone,
    post,
    small,
    text,
)
from bot.cards.gathering import colour_of, gather
from bot.cards.telling import DOT
from handlers.language.catalogues import say
from handlers.rules.digest import Digest
from store.values import Json
from store.wording import _

#: Titles are cut to these lengths, one after the other, before any is left out.
_TITLE_LENGTHS = (200, 100, 50)


def digest_card(
    digest: Digest,
    *,
    headline: str,
    zone: str,
    locale: str,
    type_title: Callable[[str], str],
    rest: str = "",
) -> Json:
    """Return the card for a chat or a person, at most 28 KB as it travels.

    *headline* says why they come together; *rest* is the line that lists them all.
    """
    made = _Page(
        headline=headline,
        zone=zone,
        locale=locale,
        type_title=type_title,
        rest=rest,
    )
    return _fitted(made, digest, APP)


def digest_post(
    digest: Digest,
    *,
    headline: str,
    zone: str,
    locale: str,
    type_title: Callable[[str], str],
    rest: str = "",
    mention_all: bool = False,
    keyword: str | None = None,
) -> Json:
    """Return the body for a robot, unsigned, at most 18 KB.

    *keyword* is the word without which the robot refuses a message.
    """
    made = _Page(
        headline=headline,
        zone=zone,
        locale=locale,
        type_title=type_title,
        rest=rest,
        mention_all=mention_all,
        keyword=keyword or "",
    )
    return post(_fitted(made, digest, ROBOT))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Everything about a digest's card but the digest."""

    headline: str
    zone: str
    locale: str
    type_title: Callable[[str], str]
    rest: str
    mention_all: bool = False
    keyword: str = ""

    def card(self, digest: Digest, title_length: int) -> Json:
        """Return the card of *digest* with titles of at most *title_length*."""
        told = gather(
            digest,
            headline=self.headline,
            zone=self.zone,
            locale=self.locale,
            type_title=self.type_title,
            title_length=title_length,
        )
        keyword = "" if self.keyword in told.headline else self.keyword
        elements = [
            text(_paragraph(told.count, told.severities, *told.ended)),
            text(_paragraph(*(f"• {line}" for line in told.lines), told.more)),
            small(_paragraph(told.types, self._rest(), keyword)),
        ]
        summary = DOT.join(part for part in (told.headline, told.severities) if part)
        return card(
            told.headline,
            [
                *(element for element in elements if element["text"]["content"]),
                *([everyone()] if self.mention_all else ()),
            ],
            colour=colour_of(digest),
            summary=summary,
        )

    def _rest(self) -> str:
        if not self.rest:
            return ""
        return say(_("All of them: {line}", line=self.rest), self.locale)


def _paragraph(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _fitted(page: _Page, digest: Digest, envelope: Envelope) -> Json:
    """Return the card with shorter titles, then with fewer, until it fits."""
    for length in _TITLE_LENGTHS:
        made = page.card(digest, length)
        if envelope.weigh(made) <= envelope.most:
            return made
    fits, too_many = 0, len(digest.lines)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        made = page.card(digest.shortened(middle), length)
        if envelope.weigh(made) <= envelope.most:
            fits = middle
        else:
            too_many = middle
    return page.card(digest.shortened(fits), length)
