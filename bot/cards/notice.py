"""What Larkbell says of its own accord, to admins or to a group: plain notices."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards.frame import APP, ROBOT, Colour, post
from bot.cards.sheet import sheet
from handlers.language.catalogues import say
from store.values import Json


def notice_card(title: str, lines: Sequence[str], *, locale: str = "en") -> Json:
    """Return a notice for a chat or a person."""
    return sheet(title, lines, colour=Colour.GREY, envelope=APP, locale=locale)


def notice_post(
    title: str,
    lines: Sequence[str],
    *,
    locale: str = "en",
    mention_all: bool = False,
    keyword: str | None = None,
) -> Json:
    """Return a notice as the body for a robot, unsigned.

    *keyword* is the word without which the robot refuses a message: it stands in grey
    under the lines, unless the title has it.
    """
    title = say(title, locale)
    made = sheet(
        title,
        lines,
        colour=Colour.GREY,
        envelope=ROBOT,
        locale=locale,
        remark=keyword if keyword and keyword not in title else "",
        mention_all=mention_all,
    )
    return post(made)
