"""What a digest says, line by line: all of it defused, none of it laid out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.cards import defuse
from bot.cards.frame import COLOURS, SEVERITIES, Colour
from bot.cards.moments import short_stamp, stamp
from bot.cards.telling import DOT
from handlers.language.catalogues import say
from handlers.rules.digest import Digest, DigestLine
from handlers.rules.said import STATUSES
from store.values import Status
from store.wording import Text, _, _n

_MOST_TYPES = 8
_LONGEST_TYPE = 40
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A digest in lines; those that are empty are not said.

    ``count`` says how many since when, ``severities`` how bad they are, ``ended`` what
    is over, ``lines`` one message each, ``more`` how many have no line, ``types`` how
    many there are of each type.
    """

    headline: str
    count: str
    severities: str
    ended: tuple[str, ...]
    lines: tuple[str, ...]
    more: str
    types: str


def gather(
    digest: Digest,
    *,
    headline: str,
    zone: str,
    locale: str,
    type_title: Callable[[str], str],
    title_length: int = _LONGEST_TITLE,
) -> Gathering:
    """Return what *digest* says, with titles of at most *title_length*."""
    since = _(
        "{messages} since {moment}",
        messages=_n("1 message", "{count} messages", digest.messages),
        moment=stamp(digest.since, zone),
    )
    more = _n("and 1 more", "and {count} more", digest.more) if digest.more else ""
    return Gathering(
        headline=defuse.line(say(headline, locale)),
        count=say(since, locale),
        severities=DOT.join(
            f"{say(SEVERITIES[severity], locale)} {count:,}"
            for severity, count in digest.by_severity
        ),
        ended=tuple(say(each, locale) for each in _ended(digest)),
        lines=tuple(
            DOT.join(say(part, locale) for part in _line(each, title_length, zone))
            for each in digest.lines
        ),
        more=say(more, locale),
        types=DOT.join(say(each, locale) for each in _types(digest, type_title)),
    )


def colour_of(digest: Digest) -> Colour:
    """Return the colour of the worst that is left, as far as the digest knows."""
    if digest.all_resolved:
        return Colour.GREEN
    left = [
        line.severity for line in digest.lines if line.status is not Status.RESOLVED
    ]
    if digest.more or not left:
        left = [severity for severity, _count in digest.by_severity]
    return COLOURS[max(left)]


def _ended(digest: Digest) -> list[Text]:
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
    return said


def _line(line: DigestLine, title_length: int, zone: str) -> list[str]:
    parts = (
        SEVERITIES[line.severity],
        defuse.line(line.title, most=title_length),
        STATUSES[line.status] if line.status else "",
        _n("once", "{count} times", line.count) if line.count > 1 else "",
        short_stamp(line.at, zone),
        f"M{line.number}",
    )
    return [part for part in parts if part]


def _types(digest: Digest, type_title: Callable[[str], str]) -> list[str]:
    """Return how many there are of each type, where there are several types."""
    if len(digest.by_type) < 2:
        return []
    named = [
        f"{defuse.line(type_title(slug), most=_LONGEST_TYPE)} {count:,}"
        for slug, count in digest.by_type[:_MOST_TYPES]
    ]
    others = len(digest.by_type) - len(named)
    if others:
        named.append(_n("1 other type", "{count} other types", others))
    return named
