"""/dnd by taps and forms alone: what Lark is answered, and what is kept."""

from __future__ import annotations

from typing import Any

import pytest

from bot.hearing import Hearing
from handlers import commands
from store import windows
from store.values import Destination, Kind
from tests.bot.cards.reading import assert_sound, contents, elements
from tests.bot.room import GROUP, LIN, Room

OPS = Destination(Kind.CHAT, GROUP)


class Ops(Room):
    """The group ops, with everything that can be asked for."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.hearing = Hearing(
            self.db,
            clock=self.clock,
            settings=self.hearing.settings,
            book=commands.router,
            queued=lambda: None,
        )
        self.card: Any = None

    async def look(self, line: str) -> None:
        """Draw the card that *line* shows."""
        (answer,) = await self.hear(self.tap({"show": line, "lang": "en"}))
        self.card = answer["card"]["data"]

    async def press(self, label: str, nth: int = 0, **more: Any) -> str:
        """Tap a button of the card; it is drawn anew. Return what the toast says."""
        found = [
            each
            for each in elements(self.card, "button")
            if each["text"]["content"] == label
        ]
        (behaviour,) = found[nth]["behaviors"]
        (answer,) = await self.hear(self.tap(behaviour["value"], **more))
        if "card" in answer:
            self.card = answer["card"]["data"]
            assert_sound(self.card)
        return answer.get("toast", {}).get("content", "")

    async def windows(self) -> list[Any]:
        async with self.db.reading() as tx:
            return await windows.of(tx, OPS)


@pytest.fixture
async def ops(db, clock):
    ops = Ops(db, clock)
    # So that it is known for a group.
    await ops.says("/dnd")
    return ops


FILLED = {
    "from": "23:00 +0900",
    "to": "07:00 +0900",
    "whole": "hours",
    "days": "workdays",
    "types": ["finance.*"],
    "method": "sms+voice",
    "zone": "mine",
    "critical": "except critical",
}


async def test_a_window_is_made_changed_and_removed_by_taps(ops):
    await ops.look("/dnd")
    await ops.press("Add")
    said = await ops.press("Save", form_value=FILLED, timezone="Asia/Tokyo")

    assert said == (
        "23:00-07:00 workdays Asia/Tokyo: off → on, mutes sms+voice for finance.*, "
        "except critical."
    )
    assert (
        "1 · 23:00-07:00 workdays Asia/Tokyo · mutes sms+voice for finance.*, "
        "except critical" in contents(ops.card)
    )
    (made,) = await ops.windows()
    assert (made.zone, made.created_by) == ("Asia/Tokyo", LIN)

    await ops.press("Edit")
    changed = {**FILLED, "zone": "Asia/Tokyo", "method": "all", "types": ["*"]}
    await ops.press("Save", form_value=changed)
    (now,) = await ops.windows()
    assert (now.id, now.patterns, len(now.mutes)) == (made.id, ("*",), 5)

    await ops.press("Remove")
    assert await ops.windows() == []
    await ops.press("Undo")
    assert await ops.windows() == [now]
    assert len(await ops.replies()) == 1  # to the first line


async def test_a_form_that_lacks_a_time_says_so_and_changes_nothing(ops):
    await ops.look("/dnd form")

    said = await ops.press("Save", form_value={**FILLED, "from": ""})

    assert said == "From when until when? Pick both times, or the whole day."
    assert await ops.windows() == []


async def test_a_card_from_before_somebody_elses_change_removes_nothing(ops):
    await ops.says("/dnd add 22:00-08:00", names_us=True)
    await ops.look("/dnd")
    await ops.says("/dnd set 1 21:00-08:00", names_us=True)

    said = await ops.press("Remove")

    assert said.startswith("This changed meanwhile")
    assert len(await ops.windows()) == 1
    await ops.press("Remove")
    assert await ops.windows() == []


async def test_the_coming_days_are_drawn_and_left_again(ops):
    await ops.says("/dnd add 22:00-08:00", names_us=True)
    await ops.look("/dnd")

    await ops.press("Next 7 days")
    assert any("▁▁▁▁▁▁▁▁▁▁▁█" in text for text in contents(ops.card))
    await ops.press("Windows")

    assert [each["text"]["content"] for each in elements(ops.card, "button")] == [
        *("Edit", "Remove"),
        *("Add", "Next 7 days", "Turn all off"),
    ]


async def test_who_may_not_change_anything_is_told_so_by_the_toast(db, clock):
    ops = Ops(db, clock, editors=frozenset({LIN}))
    await ops.says("/dnd add 22:00-08:00", names_us=True)
    await ops.look("/dnd")

    said = await ops.press("Remove", operator="ou_guest")

    assert said.startswith("Only editors of this group")
    assert len(await ops.windows()) == 1
