"""What of a long text still fits into a card."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from bot.cards.frame import Envelope, markdown, text
from bot.cards.markup import Block
from store.values import Json

_ENOUGH = 40
_LOOK_BACK = 60


def weigh_text(content: str, envelope: Envelope) -> int:
    """Return what *content* adds to a card that has a place for it."""
    return envelope.weigh(content) - envelope.weigh("")


def fit_lines(
    lines: Sequence[str], separator: str, room: int, envelope: Envelope
) -> int:
    """Return how many of *lines*, from the first, weigh no more than *room*."""
    for count, line in enumerate(lines):
        room -= weigh_text(separator + line, envelope)
        if room < 0:
            return count
    return len(lines)


def fit_text(content: str, room: int, envelope: Envelope) -> str:
    """Return the start of *content* that weighs no more than *room*, cut with ``…``.

    The cut is made between words where there is a gap near; the answer is empty where
    there is no room for anything worth reading.
    """
    if weigh_text(content, envelope) <= room:
        return content
    longest = bisect_right(
        range(len(content)),
        room,
        key=lambda length: weigh_text(content[:length] + "…", envelope),
    )
    length = max(longest - 1, 0)
    gap = max(content.rfind(" ", 0, length), content.rfind("\n", 0, length))
    if gap > max(length - _LOOK_BACK, 0):
        length = gap
    head = content[:length].rstrip()
    return head + "…" if len(head) >= _ENOUGH else ""


def show(block: Block) -> Json:
    """Return the element that shows *block*."""
    return text(block.source) if block.markdown is None else markdown(block.markdown)


def fit_blocks(
    blocks: Sequence[Block], room: int, envelope: Envelope
) -> tuple[list[Json], int]:
    """Return the elements that fit, and how many characters of *blocks* they leave out.

    The block that fits in part is shown as plain text: cut markdown means other things.
    """
    shown: list[Json] = []
    left_out = sum(len(block.source) for block in blocks)
    for block in blocks:
        element = show(block)
        room -= envelope.weigh(element) + 1
        if room < 0:
            room += envelope.weigh(element) - envelope.weigh(text(""))
            part = fit_text(block.source, room, envelope)
            if part:
                shown.append(text(part))
                left_out -= len(part) - 1
            break
        shown.append(element)
        left_out -= len(block.source)
    return shown, left_out
