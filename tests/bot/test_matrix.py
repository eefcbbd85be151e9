"""The matrix card: every cell of every type tapped, and what is delivered then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.rules.types import BUILT_IN
from sandbox.tappable import choose
from store import audit, subscriptions
from store.values import Channel, Severity
from tests.bot.desk import HERE, ROBOT, TEAM, TO_LIN, TO_WEI, Desk
from tests.bot.room import GROUP, LIN, WEI
from tests.conftest import HandClock
from tests.store.samples import sqlite_in

#: A column, and where its messages go in this group: Lin is the recipient.
COLUMNS = {
    "Group": f"{HERE}/chat",
    "DM": f"{TO_LIN}/dm",
    "Email": f"{TO_LIN}/email",
    "SMS": f"{TO_LIN}/sms",
    "Voice": f"{TO_LIN}/voice",
}
#: Which types go by voice, and which never go to a phone, as the console has it.
VOICE = {
    "finance.account-arrears",
    "finance.balance-warning",
    "product.alarm",
    "product.event-alarm",
    "product.expiry",
    "security.event",
}
NEWS = {"updates.announcement", "updates.promotion", "updates.community"}


@pytest.fixture
async def desk(db, clock):
    return await Desk(db, clock).open()


def offered(type_id, column):
    if column == "Voice":
        return type_id in VOICE
    return not (column == "SMS" and type_id in NEWS)


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: kind.id)
async def test_every_cell_of_every_type_switches_what_is_delivered(
    tmp_path, kind
) -> None:
    async with sqlite_in(tmp_path) as db:
        desk = await Desk(db, HandClock()).open()
        kept = {f"{TO_LIN}/inbox"}
        await desk.rule(TO_LIN, types=kind.id, via=(Channel.INBOX,))
        await desk.types("/sub")
        await desk.taps(f"○ {kind.title_en}")
        assert desk.toast == {}
        wanted = {f"{HERE}/inbox", *kept}
        for column, place in COLUMNS.items():
            if not offered(kind.id, column):
                assert desk.cells()[column] == "–"
                assert f"○ {column}" not in desk.labels
                continue
            assert await desk.comes(kind.id) == (wanted if len(wanted) > 2 else kept)

            await desk.taps(f"○ {column}")

            wanted.add(place)
            assert desk.toast["type"] == "success"
            assert desk.cells()[column] == "●"
            assert await desk.comes(kind.id) == wanted
        for column, place in COLUMNS.items():
            if not offered(kind.id, column):
                continue
            await desk.taps(f"● {column}")
            if kind.severity is Severity.CRITICAL:
                await desk.taps("Confirm")

            wanted.remove(place)
            assert desk.cells()[column] == "○"
            assert await desk.comes(kind.id) == wanted
        assert desk.cells()["Inbox"] == "✓"
        assert await desk.comes(kind.id) == {f"{HERE}/inbox", *kept}


# What a card shows, and what becomes of it


async def test_a_row_opens_with_its_switches_and_their_commands(desk):
    await desk.rule(TO_LIN, types="finance.refund")
    await desk.types("/sub")
    await desk.taps("● Return and refund")

    assert desk.cells() == {
        "Inbox": "✓",
        "Group": "○",
        "DM": "●",
        "Email": "○",
        "SMS": "○",
        "Voice": "–",
        "Do not disturb": "○",
    }
    assert "Recipients: 1" in desk.labels
    typed = "/sub switch finance.refund on chat · off dm · on email · on sms"
    assert typed in desk.lines


async def test_what_a_tap_did_stands_on_the_card_with_its_command_and_undo(desk):
    await desk.types("/sub")
    await desk.taps("○ Return and refund")
    await desk.taps("○ Group")

    assert desk.toast["content"] == "finance.refund: Group off → on."
    assert "/sub switch finance.refund on chat" in desk.lines
    assert await desk.comes("finance.refund") == {f"{HERE}/inbox", f"{HERE}/chat"}

    await desk.taps("Undo")

    assert desk.toast["type"] == "success"
    assert desk.cells()["Group"] == "○"
    assert await desk.comes("finance.refund") == set()


async def test_a_stale_switch_does_nothing_but_refresh(desk):
    await desk.types("/sub")
    await desk.taps("○ Return and refund")
    await desk.rule(HERE, types="finance.refund")

    await desk.taps("○ Group")

    assert desk.toast["type"] == "warning"
    assert desk.toast["content"].startswith("This changed meanwhile")
    assert desk.cells()["Group"] == "●"
    assert len(await desk.rules()) == 1


async def test_other_recipients_meanwhile_make_a_switch_stale(desk):
    rule = await desk.rule(TO_LIN, types="finance.refund")
    await desk.types("/sub finance.refund")
    moved = replace(rule, to=(TO_WEI,))
    now = desk.clock.now()
    await desk.db.write(lambda tx: subscriptions.put(tx, moved, now=now))

    await desk.taps("● DM")

    assert desk.toast["content"].startswith("This changed meanwhile")
    assert await desk.comes("finance.refund") == {f"{TO_WEI}/inbox", f"{TO_WEI}/dm"}


async def test_an_unrelated_change_refuses_no_tap(desk):
    await desk.types("/sub finance.refund")
    await desk.rule(HERE, types="finance.voucher product.*")

    await desk.taps("○ Group")

    assert desk.toast["type"] == "success"


async def test_who_may_not_switch_is_told_so_and_sees_how_it_stands(db, clock):
    desk = await Desk(db, clock, editors=frozenset({WEI})).open()
    await desk.types("/sub finance.refund", by=WEI)
    await desk.rule(TO_WEI, types="finance.voucher")

    await desk.taps("○ Group", by=LIN)

    assert desk.toast["type"] == "warning"
    assert desk.toast["content"].startswith("Only editors of this group and admins")
    assert desk.cells()["Group"] == "○"
    assert "● Voucher" in desk.labels
    assert await desk.comes("finance.refund") == set()


async def test_criticals_are_switched_off_after_a_yes_of_the_asker_alone(desk):
    await desk.rule(HERE, types="security.event")
    await desk.types("/sub security.event")
    await desk.taps("● Group")

    assert desk.toast["type"] == "info"
    assert desk.cells()["Group"] == "●"
    assert "Critical messages come that way no more: Security event." in desk.lines
    confirm = choose(desk.card, "Confirm").value

    await desk.taps("Confirm", by=WEI)
    assert desk.toast["content"].startswith("This button is for whoever asked")
    desk.clock.advance(minutes=11)
    await desk.heard(confirm)
    assert desk.toast["content"].startswith("That was more than 10 minutes ago")
    assert desk.cells()["Group"] == "●"

    await desk.taps("● Group")
    await desk.taps("Confirm")
    assert desk.cells()["Group"] == "○"


async def test_a_cell_that_a_wider_rule_brings_opens_and_says_what_can_be_done(desk):
    await desk.rule(HERE, types="finance.*", where="severity>=warning")
    await desk.types("/sub finance.refund")

    assert desk.cells()["Group"] == "◐"
    await desk.taps("◐ Group")

    assert desk.toast == {}
    assert "finance.* → this group: severity>=warning (rule 1)" in desk.lines
    assert {"Send every message", "Leave it out of finance.*", "Remove finance.*"} <= (
        set(desk.labels)
    )

    await desk.taps("Send every message")
    assert desk.cells()["Group"] == "●"
    assert f"{HERE}/chat" in await desk.comes("finance.refund", severity=Severity.INFO)

    await desk.taps("● Group")
    assert desk.cells()["Group"] == "◐"
    assert await desk.comes("finance.refund", severity=Severity.INFO) == {
        f"{HERE}/inbox"
    }


async def test_a_type_is_left_out_of_a_wider_rule(desk):
    await desk.rule(HERE, types="finance.*")
    await desk.shows("/sub finance.refund chat")
    await desk.taps("Leave it out of finance.*")

    assert desk.toast["type"] == "success"
    assert await desk.comes("finance.refund") == set()
    assert await desk.comes("finance.voucher") == {f"{HERE}/inbox", f"{HERE}/chat"}


async def test_a_person_channel_without_recipients_offers_to_add_me(desk):
    await desk.types("/sub finance.refund")
    await desk.taps("○ SMS")

    assert "SMS goes to people, and nobody is a recipient of it here yet." in desk.lines
    await desk.taps("Add me", by=WEI)

    assert desk.cells()["SMS"] == "●"
    assert desk.cells()["DM"] == "○"
    assert await desk.comes("finance.refund") == {f"{TO_WEI}/inbox", f"{TO_WEI}/sms"}


async def test_recipients_are_chosen_in_a_form_and_told(desk):
    await desk.rule(TO_LIN, types="finance.refund")
    await desk.types("/sub finance.refund")
    await desk.taps("Recipients: 1")
    assert desk.lines[:2] == [
        "Recipients of Return and refund",
        "@lin · dm, email l***@example.com, sms, voice",
    ]

    await desk.taps("Save", people=[WEI], others=[str(TEAM), str(ROBOT)])
    assert desk.toast["type"] == "info"
    await desk.taps("Confirm")

    assert desk.toast["type"] == "success"
    assert await desk.comes("finance.refund") == {
        *(f"{each}/{way}" for each in (TO_LIN, TO_WEI) for way in ("inbox", "dm")),
        f"{ROBOT}/inbox",
        f"{ROBOT}/chat",
    }
    assert await desk.told(TO_WEI) == ["You get messages from a group"]

    await desk.taps("Save", remove=[str(TO_LIN), str(TEAM)])

    assert await desk.comes("finance.refund") == {
        f"{TO_WEI}/inbox",
        f"{TO_WEI}/dm",
        f"{ROBOT}/inbox",
        f"{ROBOT}/chat",
    }


async def test_several_types_are_set_as_one_change(desk):
    await desk.rule(TO_LIN, types="finance.refund", via=(Channel.DM, Channel.SMS))
    before = await desk.rules()
    await desk.types("/sub finance")
    await desk.taps("Set several")
    types = ["finance.refund", "finance.voucher"]

    await desk.taps("Set", types=types, on=["chat", "email"], off=["sms"], people=[WEI])
    await desk.taps("Confirm")

    assert desk.toast["type"] == "success"
    assert await desk.comes("finance.refund") == {
        f"{HERE}/inbox",
        f"{HERE}/chat",
        *(f"{TO_LIN}/{way}" for way in ("inbox", "dm", "email")),
        *(f"{TO_WEI}/{way}" for way in ("inbox", "dm", "email")),
    }
    assert await desk.comes("finance.voucher") == {
        f"{HERE}/inbox",
        f"{HERE}/chat",
        f"{TO_WEI}/inbox",
        f"{TO_WEI}/email",
    }

    await desk.taps("Undo")

    assert await desk.rules() == before


async def test_much_at_once_asks_first_and_is_one_entry_in_the_audit_log(desk):
    await desk.types("/sub several")
    types = [each.id for each in BUILT_IN[:12]]
    await desk.taps("Set", types=types, on=["chat"])

    assert desk.toast["content"] == "This switches 12 types: Group off → on."
    assert await desk.rules() == []
    await desk.taps("Confirm")

    assert len(await desk.rules()) == 12
    async with desk.db.reading() as tx:
        changes = await audit.latest(tx, GROUP, since=desk.clock.now())
    assert len(changes) == 1


async def test_do_not_disturb_is_switched_for_one_type(desk):
    await desk.types("/sub finance.refund")
    await desk.taps("○ Do not disturb")
    await desk.taps("Set hours")
    assert desk.lines[0] == "Do not disturb"
    await desk.types("/dnd add 22:00-08:00 product.alarm")
    await desk.shows("/sub finance.refund")

    await desk.taps("○ Do not disturb")

    assert desk.toast["type"] == "success"
    assert desk.cells()["Do not disturb"] == "●"
    assert "/sub switch finance.refund on dnd" in desk.lines
    await desk.taps("● Do not disturb")
    assert desk.cells()["Do not disturb"] == "○"
    await desk.types("/dnd add 22:00-08:00")
    await desk.shows("/sub finance.refund")
    assert desk.cells()["Do not disturb"] == "◐"
    await desk.taps("◐ Do not disturb")
    assert "Set hours" in desk.labels


async def test_a_rule_of_the_yaml_is_switched_as_an_override(desk):
    await desk.rule(
        HERE, TO_WEI, types="finance.refund", owner="yaml", name="money", via=None
    )
    await desk.types("/sub finance.refund")
    assert (desk.cells()["Group"], desk.cells()["DM"]) == ("●", "○")

    await desk.taps("● Group")

    assert desk.cells()["Group"] == "○"
    assert await desk.comes("finance.refund") == {
        f"{TO_WEI}/inbox",
        f"{TO_WEI}/dm",
        f"{HERE}/inbox",
    }
    (money,) = await desk.rules("yaml")
    assert (money.to, money.changed_by) == ((TO_WEI,), LIN)


async def test_a_group_that_a_robot_serves_is_switched_by_the_robot(desk):
    await desk.rule(ROBOT, types="finance.voucher")
    await desk.types("/sub finance.refund")
    await desk.taps("○ Group")

    assert await desk.comes("finance.refund") == {f"{ROBOT}/inbox", f"{ROBOT}/chat"}
    await desk.taps("● Group")
    assert await desk.comes("finance.refund") == {f"{ROBOT}/inbox"}


async def test_alone_the_channels_are_the_askers(desk):
    await desk.rule(TEAM, types="finance.voucher", owner="yaml", name="money")
    await desk.rule(TO_LIN, TO_WEI, types="product.alarm")
    await desk.types("/sub", alone=True)
    assert "What comes to you. Tap a type for its switches." in desk.lines
    await desk.shows("/sub finance.voucher", alone=True)
    assert (desk.cells()["Group"], desk.cells()["DM"]) == ("–", "◐")
    await desk.shows("/sub product.alarm", alone=True)
    assert desk.cells()["DM"] == "●"

    await desk.taps("● DM", alone=True)
    await desk.taps("○ Voice", alone=True)

    assert await desk.comes("product.alarm") == {
        f"{TO_WEI}/inbox",
        f"{TO_WEI}/dm",
        f"{TO_LIN}/inbox",
        f"{TO_LIN}/voice",
    }
