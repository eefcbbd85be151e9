"""Do-not-disturb as a column of the matrix: a switch where there are hours."""

from __future__ import annotations

import pytest

from handlers.commands import router
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.filled import Filled
from handlers.view import Buttons, Form, Panel
from store import windows
from store.values import Destination, Kind
from tests.handlers.talk import OPS, context

CHAT = Destination(Kind.CHAT, OPS)


async def patterns(talk):
    found = await talk.do(lambda tx: windows.of(tx, CHAT))
    return [each.patterns for each in found]


def dnd_button(reply):
    """The button of the column, in the row that is open."""
    return next(each for each in buttons(reply.view) if "Do not disturb" in each.label)


def buttons(parts):
    for part in parts:
        if isinstance(part, Buttons):
            yield from part.buttons
        elif isinstance(part, Panel):
            yield from buttons(part.parts)


async def test_the_switch_turns_it_on_and_off_in_the_usual_hours(wei):
    await wei.say("/dnd add 22:00-08:00 product.*")
    off = dnd_button(await wei.say("/sub finance.refund"))
    assert (off.label, off.line, off.about) == (
        "○ Do not disturb",
        "/sub switch finance.refund on dnd",
        "dnd",
    )

    reply = await wei.say(off.line)

    assert reply.lines == (
        (
            "Do not disturb: 22:00-08:00 daily Asia/Shanghai: off → on, mutes all for "
            "finance.refund, except critical."
        ),
    )
    on = dnd_button(await wei.say("/sub finance.refund"))
    assert (on.label, on.line, on.primary) == (
        "● Do not disturb",
        "/sub switch finance.refund off dnd",
        True,
    )
    assert on.was != off.was
    undo = await wei.say(on.line)
    assert await patterns(wei) == [("product.*",)]
    await wei.say(undo.buttons[0].line)
    assert await patterns(wei) == [("product.*",), ("finance.refund",)]


async def test_without_hours_or_under_a_wider_window_it_opens(wei):
    there = dnd_button(await wei.say("/sub finance.refund"))
    assert (there.line, there.show) == ("", "/sub finance.refund dnd")
    shown = [each.show for each in buttons((await wei.say(there.show)).view)]
    assert {"/dnd form finance.refund", "/dnd list"} <= set(shown)
    refused = await wei.refused("/sub switch finance.refund on dnd")
    assert isinstance(refused, Misunderstood)
    assert refused.choices[0] == "/dnd add 22:00-08:00 finance.refund"

    await wei.say("/dnd add 22:00-08:00 finance.*")

    partly = dnd_button(await wei.say("/sub finance.refund"))
    assert (partly.label, partly.line) == ("◐ Do not disturb", "")


async def test_channels_and_silence_are_one_change(wei):
    await wei.say("/dnd add 22:00-08:00 product.*")

    reply = await wei.say("/sub switch finance.refund finance.voucher on chat,dnd")

    assert len(reply.lines) > 1
    assert await patterns(wei) == [
        ("product.*",),
        ("finance.refund", "finance.voucher"),
    ]
    await wei.say(reply.buttons[0].line)
    assert await patterns(wei) == [("product.*",)]
    assert (await wei.said("/sub list refund"))[0].startswith("No rule")


async def test_the_form_of_several_has_it_too(wei):
    await wei.say("/dnd add 22:00-08:00 product.*")
    (form,) = [
        each
        for each in (await wei.say("/sub several finance")).view
        if isinstance(each, Form)
    ]
    (on,) = [each for each in form.fields if each.name == "on"]
    assert "dnd" in [each.value for each in on.options]

    def line(**fields):
        filled = Filled(fields={"types": ("finance.refund",), **fields})
        return router.line_of(form.kind, filled, context())

    assert line(on=("dnd",)) == "/sub switch finance.refund on dnd"
    assert line(on=("chat",), off=("dnd",)) == (
        "/sub switch finance.refund on chat off dnd"
    )
    with pytest.raises(UserError, match="both on and off"):
        line(on=("dnd",), off=("dnd",))
    await wei.say(line(on=("dnd",)))
    assert await patterns(wei) == [("product.*",), ("finance.refund",)]


async def test_nothing_changes_where_it_is_so_already(wei):
    await wei.say("/dnd add 22:00-08:00 finance.refund")

    for line in ("/sub switch refund on dnd", "/sub switch voucher off dnd"):
        assert (await wei.said(line))[0] == "It is so already. Nothing changed."


async def test_members_may_not_turn_it(wei):
    await wei.say("/dnd add 22:00-08:00 product.*")

    refused = await wei.by("ou_member").refused("/sub switch refund on dnd")

    assert isinstance(refused, Forbidden)
