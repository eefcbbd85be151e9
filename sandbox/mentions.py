"""How ``<at>`` is read: one way in text and post, another in cards.

Both readings are generous about quotes and about the closing tag. Where Lark's own
parser may or may not take something for a mention, this one does: whoever wants to be
sure that nobody is notified must have defused it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass

from sandbox.state import Member, Mention, User

_QUOTED = r"""["']?([^"'<>\s]+)["']?"""
#: ``<at user_id="ou_x">name</at>``: what text messages and post markdown carry.
TEXT_AT = re.compile(
    rf"<at\s+user_id\s*=\s*{_QUOTED}\s*/?>(?:([^<]*)</at>)?", re.IGNORECASE
)
#: ``<at id=ou_x></at>``, ``<at ids=a,b>``, ``<at email=x@y>``: what cards carry.
CARD_AT = re.compile(rf"<at\s+(id|ids|email)\s*=\s*{_QUOTED}[^>]*>", re.IGNORECASE)
#: Code is shown as it stands: nothing in it is a tag.
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)

ALL = "all"
EVERYONE = Mention(key="@_all", who=None, name=ALL)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a message's content is checked against: who and what exists around it."""

    find: Callable[[str], Member | None]
    find_email: Callable[[str], User | None]
    images: Container[str]
    at_all: bool = True


class Unknown(Exception):
    """A card mentions somebody who does not exist, or everyone where it may not."""


def numbered(who: Member, number: int) -> Mention:
    """Return the mention that stands as ``@_user_N`` in the text."""
    return Mention(key=f"@_user_{number}", who=who, name=who.name)


def rewrite(
    text: str, around: Surroundings, *, start: int = 1
) -> tuple[str, tuple[Mention, ...]]:
    """Return *text* with placeholders for its ``<at>`` tags, and whom they mean.

    Somebody unknown stays as it was typed. Everyone is a mention only where the chat
    allows it.
    """
    found: list[Mention] = []

    def placeholder(match: re.Match[str]) -> str:
        if match[1] == ALL:
            if around.at_all:
                found.append(EVERYONE)
            return EVERYONE.key
        who = around.find(match[1])
        if who is None:
            return match[0]
        people = sum(1 for mention in found if mention.who is not None)
        found.append(numbered(who, start + people))
        return found[-1].key

    return TEXT_AT.sub(placeholder, text), tuple(found)


def in_card(markdown: str, around: Surroundings) -> tuple[Mention, ...]:
    """Return whom the markdown of a card mentions; raise :class:`Unknown`."""
    found: list[Mention] = []
    for kind, value in CARD_AT.findall(CODE.sub("", markdown)):
        ids = value.split(",") if kind.lower() == "ids" else [value]
        for one in ids:
            if one == ALL:
                if not around.at_all:
                    raise Unknown(ALL)
                found.append(EVERYONE)
                continue
            email = kind.lower() == "email"
            who = around.find_email(one) if email else around.find(one)
            if who is None:
                raise Unknown(one)
            found.append(numbered(who, len(found) + 1))
    return tuple(found)
