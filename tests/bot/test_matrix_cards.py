"""Every card of the matrix is one that Lark takes, whatever there is to show."""

from __future__ import annotations

import pytest

from bot.cards.frame import APP
from bot.cards.view import count
from handlers.rules.types import Types, define
from store.values import Channel, Destination, Kind
from tests.bot.cards.reading import assert_sound, contents
from tests.bot.desk import HERE, Desk
from tests.bot.room import LIN
from tests.conftest import HandClock
from tests.store.samples import sqlite_in

#: As many as a large team defines, under names as long as they may be.
CUSTOM = [
    define(
        f"custom.{'of-a-very-long-name-' * 4}{number:02}",
        title_en=f"A message that some source of ours sends now, number {number}",
        title_zh=f"我们的某个来源不时会发出来的一类消息，编号为 {number}",
    )
    for number in range(60)
]
TYPES = Types(CUSTOM)
#: As many recipients as a type may have.
MANY = tuple(Destination(Kind.PERSON, f"ou_{number:032}") for number in range(100))
COLUMNS = [*Channel, "dnd", "recipients"]
LANGUAGES = ["en", "zh"]


def assert_fits(card):
    assert_sound(card)
    assert APP.weigh(card) <= APP.most
    assert count(card) <= 200
    left_out = [text for text in contents(card) if "Left out" in text or "未能" in text]
    assert left_out == []


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_page_and_every_open_cell_fits(tmp_path, lang):
    async with sqlite_in(tmp_path) as db:
        desk = await Desk(db, HandClock(), types=TYPES).open()
        await desk.rule(HERE, types="*", where="severity>=warning")
        await desk.rule(HERE, types="custom.* finance.*", where="-severity=info")
        kinds = ["finance.refund", "product.alarm", CUSTOM[0].id, CUSTOM[59].id]
        for kind in kinds:
            await desk.rule(*MANY, HERE, types=kind, via=(Channel.DM, Channel.CHAT))
            await desk.rule(*MANY[:3], types=kind, where="severity=info", via=None)
        shown = []
        for page in range(1, 5):
            await desk.shows(f"/sub page {page}", lang)
            assert_fits(desk.card)
            shown += desk.labels
        for kind in kinds:
            for column in ["", *(COLUMNS if kind == kinds[-1] else COLUMNS[1::3])]:
                await desk.shows(f"/sub {kind} {column}", lang)
                assert_fits(desk.card)
        titles = [
            f"{each.title_zh if lang == 'zh' else each.title_en}" for each in TYPES
        ]
        cut = [title[:30] for title in titles]
        assert [t for t in cut if not any(t in label for label in shown)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_what_was_done_fits_on_the_longest_page(tmp_path, lang):
    async with sqlite_in(tmp_path) as db:
        desk = await Desk(db, HandClock(), types=TYPES).open()
        for number in range(0, 60, 3):
            await desk.rule(HERE, types=" ".join(k.id for k in CUSTOM[number:][:3]))
        await desk.rule(*MANY, types=CUSTOM[5].id, via=(Channel.INBOX,))
        await desk.shows(f"/sub {CUSTOM[5].id}", lang)
        sms = "SMS" if lang == "en" else "短信"

        await desk.taps(f"○ {sms}")
        assert_fits(desk.card)

        await desk.taps("Confirm" if lang == "en" else "确认")
        assert_fits(desk.card)
        assert f"● {sms}" in desk.labels


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_forms_fit(tmp_path, lang):
    async with sqlite_in(tmp_path) as db:
        desk = await Desk(db, HandClock(), types=TYPES).open()
        await desk.rule(*MANY, types="finance.refund")
        for line in (
            "/sub several",
            "/sub several page 2",
            "/sub several custom",
            "/sub finance.refund recipients",
            "/sub finance.refund recipients page 4",
        ):
            await desk.shows(line, lang)
            assert_fits(desk.card)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_alone_every_card_fits_too(tmp_path, lang):
    async with sqlite_in(tmp_path) as db:
        desk = await Desk(db, HandClock(), types=TYPES).open()
        me = Destination(Kind.PERSON, LIN)
        await desk.rule(me, types="*", owner=str(me))
        await desk.types("hello", alone=True)
        for line in ("/sub", "/sub page 4", "/sub refund", "/sub refund dm"):
            await desk.shows(line, lang, alone=True)
            assert_fits(desk.card)
        await desk.shows("/sub refund", lang, alone=True)
        await desk.shows("/sub refund", alone=True)
        assert desk.cells()["Group"] == "–"
