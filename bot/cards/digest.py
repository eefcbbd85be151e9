"""Many messages as one card: why they come together, how many, and their titles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards import defuse
from bot.cards.frame import (
    APP,
    COLOURS,
    ROBOT,
    SEVERITIES,
    Colour,
    Envelope,
    card,
    everyone,
    post,
    small,
    text,
)
from bot.cards.moments import short_stamp, stamp
from bot.cards.telling import DOT
from handlers.language.catalogues import say
from handlers.rules.digest import Digest, DigestLine
from handlers.rules.said import STATUSES
from store.values import Json, Status
from store.wording import Text, _, _n

#: Titles are cut to these lengths, one after the other, before any is left out.
_TITLE_LENGTHS = (200, 100, 50)
_MOST_TYPES = 8
_LONGEST_TYPE = 40


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
        headline=defuse.line(say(headline, locale)),
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
        headline=defuse.line(say(headline, locale)),
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
        severities = self._severities(digest)
        lines = [self._line(line, title_length) for line in digest.lines]
        if digest.more:
            more = _n("and 1 more", "and {count} more", digest.more)
            lines.append(say(more, self.locale))
        elements = [
            text(_paragraph(self._count(digest), severities, *self._ended(digest))),
            text(_paragraph(*lines)),
            small(
                _paragraph(self._types(digest), self._rest(), self._missing_keyword())
            ),
        ]
        summary = DOT.join(part for part in (self.headline, severities) if part)
        return card(
            self.headline,
            [
                *(element for element in elements if element["text"]["content"]),
                *([everyone()] if self.mention_all else ()),
            ],
            colour=_colour(digest),
            summary=summary,
        )

    def _count(self, digest: Digest) -> str:
        since = _(
            "{messages} since {moment}",
            messages=_n("1 message", "{count} messages", digest.messages),
            moment=stamp(digest.since, self.zone),
        )
        return say(since, self.locale)

    def _severities(self, digest: Digest) -> str:
        return DOT.join(
            f"{say(SEVERITIES[severity], self.locale)} {count:,}"
            for severity, count in digest.by_severity
        )

    def _ended(self, digest: Digest) -> list[str]:
        said: list[Text] = []
        if digest.resolved:
            said.append(
                _n(
                    "1 incident began and ended meanwhile.",
                    "{count} incidents began and ended meanwhile.",
                    digest.resolved,
                )
            )
        if digest.all_resolved:
            said.append(_("All of it is resolved: nothing is left to look at."))
        return [say(each, self.locale) for each in said]

    def _line(self, line: DigestLine, title_length: int) -> str:
        parts = (
            SEVERITIES[line.severity],
            defuse.line(line.title, most=title_length),
            STATUSES[line.status] if line.status else "",
            _n("once", "{count} times", line.count) if line.count > 1 else "",
            short_stamp(line.at, self.zone),
            f"M{line.number}",
        )
        return "• " + DOT.join(say(part, self.locale) for part in parts if part)

    def _types(self, digest: Digest) -> str:
        """Return how many there are of each type, where there are several types."""
        if len(digest.by_type) < 2:
            return ""
        named = [
            f"{defuse.line(self.type_title(slug), most=_LONGEST_TYPE)} {count:,}"
            for slug, count in digest.by_type[:_MOST_TYPES]
        ]
        others = len(digest.by_type) - len(named)
        if others:
            other = _n("1 other type", "{count} other types", others)
            named.append(say(other, self.locale))
        return DOT.join(named)

    def _rest(self) -> str:
        if not self.rest:
            return ""
        return say(_("All of them: {line}", line=self.rest), self.locale)

    def _missing_keyword(self) -> str:
        return "" if self.keyword in self.headline else self.keyword


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


def _colour(digest: Digest) -> Colour:
    """Return the colour of the worst that is left, as far as the digest knows."""
    if digest.all_resolved:
        return Colour.GREEN
    left = [
        line.severity for line in digest.lines if line.status is not Status.RESOLVED
    ]
    if digest.more or not left:
        left = [severity for severity, _count in digest.by_severity]
    return COLOURS[max(left)]
