"""What the markdown of a card refers to: images, links, people, moments, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.mentions import CODE

_QUOTED = r"""(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_ATTRIBUTE = re.compile(rf"([a-z_]+)\s*=\s*{_QUOTED}", re.IGNORECASE)
_TAG = re.compile(r"<(a|link|person|local_datetime)\s([^>]*)>", re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*([^)\s]+)[^)]*\)")
# A bracket with a backslash before it opens and closes nothing.
_LINK = re.compile(r"(?<![!\\])\[(?:[^\]\\]|\\.)*\]\(\s*<?([^)\s>]*)")
_TABLE_RULE = re.compile(
    r"^[^\n]*\|[^\n]*\n[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$",
    re.MULTILINE,
)
#: How a moment can be shown in the reader's own time zone.
MOMENTS = frozenset(
    {
        "date_num",
        "date_short",
        "date",
        "week",
        "week_long",
        "time",
        "time_sec",
        "timezone",
    }
)

Tag = tuple[str, dict[str, str]]


def shown(text: str) -> str:
    """Return *text* without its code, in which nothing is a tag or a link."""
    return CODE.sub("", text)


def images(text: str) -> list[str]:
    """Return the keys of the images in *text*."""
    return _IMAGE.findall(text)


def tables(text: str) -> int:
    """Return how many tables *text* would be rendered with."""
    return len(_TABLE_RULE.findall(text))


def links(text: str) -> Iterator[str]:
    """Yield every address that *text* links to, in brackets or in tags."""
    yield from _LINK.findall(text)
    for name, attributes in tags(text):
        for where in ("href", "url", "link", "pc_url", "ios_url", "android_url"):
            if where in attributes and name != "person":
                yield attributes[where]


def tags(text: str) -> Iterator[Tag]:
    """Yield Lark's own tags in *text* that refer to something, with what they say."""
    for name, inside in _TAG.findall(text):
        found = _ATTRIBUTE.findall(inside)
        yield (
            name.lower(),
            {key.lower(): "".join(quoted) for key, *quoted in found},
        )


def is_moment(attributes: dict[str, str]) -> bool:
    """Return whether a ``local_datetime`` says when, and in a way that is known."""
    when = attributes.get("millisecond", "")
    return when.isdecimal() and attributes.get("format_type", "date") in MOMENTS
