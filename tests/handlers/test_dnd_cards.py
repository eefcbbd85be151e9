"""What /dnd shows beside lines: the coming days, the form, what can be changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.reply import reply_card
from handlers.commands import router
from handlers.context import Role
from handlers.errors import Forbidden, Misunderstood, Unconfirmed, UserError
from handlers.filled import Filled
from handlers.language.catalogues import say
from handlers.rules.methods import ALL
from handlers.view import Buttons, Form, Panel, Words
from store import windows
from store.values import Channel, Destination, Kind, Severity, Window
from tests.bot.cards.reading import assert_sound
from tests.conftest import MONDAY
from tests.handlers.talk import ADMIN, LIN, OPS, WEI, context
from tests.store.samples import deliver

CHAT = Destination(Kind.CHAT, OPS)
NIGHTS = Window(
    id=0,
    name="nights",
    target=CHAT,
    start=22 * 60,
    end=8 * 60,
    zone="Asia/Shanghai",
    mutes=ALL,
    created_at=MONDAY,
)


async def windows_of(talk, target=CHAT):
    return await talk.do(lambda tx: windows.of(tx, target))


def drawn(reply, locale="en"):
    """The words of a card below its lines, as its reader sees them."""
    return [say(each.text, locale) for each in reply.view if isinstance(each, Words)]


def form_of(reply):
    (form,) = [each for each in reply.view if isinstance(each, Form)]
    return form


def chosen(form):
    """What stands in a form before anybody fills it in."""
    found = {}
    for each in form.fields:
        found[each.name] = each.chosen
    return found


def sound(*replies):
    """Every card is one that Lark takes, in both languages."""
    for reply in replies:
        for locale in ("en", "zh"):
            assert_sound(reply_card(reply, locale=locale))


# The list


async def test_the_list_offers_what_its_reader_may_do(wei):
    await wei.say("/dnd add 22:00-08:00")
    editor, member = await wei.say("/dnd"), await wei.by("ou_member").say("/dnd")

    assert [(each.label, each.line, each.show) for each in editor.buttons] == [
        ("Add", "", "/dnd form"),
        ("Next 7 days", "", "/dnd preview 7d"),
        ("Turn all off", "/dnd off", "/dnd list"),
    ]
    assert [each.label for each in member.buttons] == ["Next 7 days"]
    assert member.view == ()
    (panel, _place) = editor.view
    assert isinstance(panel, Panel)
    (line, buttons) = panel.parts
    assert isinstance(buttons, Buttons)
    assert line.text == "1 · 22:00-08:00 daily Asia/Shanghai"
    assert [(each.label, each.line, each.show) for each in buttons.buttons] == [
        ("Edit", "", "/dnd form 1"),
        ("Remove", "/dnd remove 1", "/dnd list"),
    ]
    sound(editor, member)


async def test_a_card_that_shows_other_windows_than_there_are_is_out_of_date(wei):
    await wei.say("/dnd add 22:00-08:00")
    before = await wei.say("/dnd")
    remove = before.view[0].parts[1].buttons[1]
    assert (remove.about, remove.was) == ("windows", before.facts["windows"])

    await wei.say("/dnd set 1 23:00-07:00")

    assert (await wei.say("/dnd")).facts["windows"] != remove.was


async def test_an_empty_list_offers_the_form(wei):
    assert [each.show for each in (await wei.say("/dnd")).buttons] == ["/dnd form"]
    assert (await wei.by("ou_member").say("/dnd")).buttons == ()


async def test_twenty_windows_and_more_fit_on_a_card(wei):
    for hour in range(23):
        await wei.say(f"/dnd add {hour:02}:00-{hour + 1:02}:00 finance.* product.*")

    reply = await wei.say("/dnd")

    assert len(reply.lines) == 23
    sound(reply, await wei.say("/dnd preview 31d"))


# The coming days


async def test_a_preview_draws_each_day_with_what_opens_on_it(wei):
    await wei.say("/dnd add 22:00-08:00 fri, sat")
    await wei.say("/dnd add 12:00-13:00 mon finance.*")

    reply = await wei.say("/dnd preview 6d")

    assert reply.lines == (
        (
            "2026-01-05 to 2026-01-11, Asia/Shanghai. A bar is a day, a block two "
            "hours: █ quiet, ▄ in part."
        ),
        "No messages came here in the last 7 days to measure that by.",
    )
    assert drawn(reply) == [
        "Mon 01-05 ▁▁▁▁▁▁▄▁▁▁▁▁\n12:00 – 13:00 · 2",
        "Tue 01-06 ▁▁▁▁▁▁▁▁▁▁▁▁",
        "Wed 01-07 ▁▁▁▁▁▁▁▁▁▁▁▁",
        "Thu 01-08 ▁▁▁▁▁▁▁▁▁▁▁▁",
        ("Fri 01-09 ▁▁▁▁▁▁▁▁▁▁▁█\n22:00 – Sat 08:00 · 1"),
        ("Sat 01-10 ████▁▁▁▁▁▁▁█\n22:00 – Sun 08:00 · 1"),
        "Sun 01-11 ████▁▁▁▁▁▁▁▁",
        (
            "1 · 22:00-08:00 fri,sat Asia/Shanghai · mutes all, except critical\n"
            "2 · 12:00-13:00 mon Asia/Shanghai · mutes all for finance.*, "
            "except critical"
        ),
    ]
    sound(reply)


async def test_a_preview_is_drawn_in_chinese(wei):
    await wei.say("/dnd add 22:00-08:00")

    reply = await wei.say("/dnd preview 1d")

    assert [say(line, "zh") for line in reply.lines] == [
        (
            "2026-01-05 至 2026-01-06，Asia/Shanghai。每行一天，每格两小时："
            "█ 免打扰，▄ 部分时间免打扰。"
        ),
        "最近 7 天这里没有收到消息，无从估算。",
    ]
    assert drawn(reply, "zh") == [
        "01-05（周一）▁▁▁▁▁▁▁▁▁▁▁█\n22:00 – 周二 08:00 · 1",
        "01-06（周二）████▁▁▁▁▁▁▁▁",
        "1 · 每天 22:00-08:00 Asia/Shanghai · 静音全部渠道，严重消息除外",
    ]


async def test_a_preview_counts_what_last_week_would_have_met(wei):
    await wei.say("/dnd add 22:00-08:00")
    await wei.say("/dnd add whole day security.* mute sms+voice")
    night, noon = MONDAY - timedelta(hours=8), MONDAY - timedelta(hours=21)
    await deliver(wei.db, "a", "b", "c", to=CHAT, now=night)
    await deliver(wei.db, "d", to=CHAT, now=noon)
    await deliver(wei.db, "e", to=CHAT, now=night, severity=Severity.CRITICAL)
    await deliver(wei.db, "f", to=CHAT, now=night, type="finance.refund")
    await deliver(wei.db, "g", to=CHAT, now=night - timedelta(days=7))
    robot = Destination(Kind.ROBOT, "ops-room")
    await deliver(wei.db, "h", to=robot, now=night)

    lines = await wei.said("/dnd preview")

    # The robot is not bound to the group in this database: it obeys no window of it.
    assert lines[1] == (
        "7 messages came here in the last 7 days. These windows would have held 4 "
        "(chat 4) until they close. Most of them: product.alarm 3, finance.refund 1."
    )


async def test_a_preview_counts_what_would_not_have_been_sent_at_all(wei):
    me = wei.alone()
    await me.say("/dnd add 22:00-08:00")
    night = MONDAY - timedelta(hours=8)
    for channel in (Channel.SMS, Channel.EMAIL, Channel.DM):
        await deliver(
            wei.db, "a", to=Destination(Kind.PERSON, WEI), over=channel, now=night
        )

    assert (await me.said("/dnd preview"))[1] == (
        "3 messages came here in the last 7 days. These windows would have held 2 "
        "(dm 1, email 1) until they close. They would have muted 1 (sms 1)."
    )


async def test_a_preview_says_when_all_would_have_passed_or_nothing_opens(wei):
    await wei.say("/dnd add 22:00-08:00 sun")
    await deliver(wei.db, "a", to=CHAT, now=MONDAY - timedelta(hours=21))

    assert await wei.said("/dnd preview 2h") == (
        "No window opens in that time.",
        (
            "1 message came here in the last 7 days. These windows would have let all "
            "of them through."
        ),
    )


# The form


async def test_the_form_of_a_new_window_is_filled_in_and_saved(wei):
    reply = await wei.say("/dnd form")
    form = form_of(reply)
    sound(reply)
    assert chosen(form) == {
        "from": "22:00",
        "to": "08:00",
        "whole": ("hours",),
        "days": ("daily",),
        "weekdays": (),
        "types": ("*",),
        "method": ("all",),
        "zone": ("mine",),
        "critical": ("except critical",),
    }
    assert (form.given, form.show) == ((("for", "chat"),), "/dnd list")

    line = line_of(form, {"from": "23:30 +0900", "to": "07:00"}, zone="Asia/Tokyo")

    assert line == "/dnd add 23:30-07:00 daily * mute all Asia/Tokyo except critical"
    await wei.say(line)
    (made,) = await windows_of(wei)
    assert (made.start, made.end, made.zone) == (23 * 60 + 30, 7 * 60, "Asia/Tokyo")


def line_of(form, filled, zone=""):
    """The line of a form that is filled in, the rest left as it stands in it."""
    fields = {**chosen(form), **filled}
    made = Filled(fields=fields, given=dict(form.given), zone=zone)
    return router.line_of(form.kind, made, context())


async def test_every_field_of_the_form_is_in_its_line(wei):
    form = form_of(await wei.say("/dnd form for robot:ops-room"))

    line = line_of(
        form,
        {
            "whole": ("whole",),
            "days": ("workdays",),
            "types": ("*", "finance.*", "product.alarm", "not a type\n/dnd off"),
            "method": ("sms+voice",),
            "zone": ("UTC",),
            "critical": ("including critical",),
        },
        zone="Asia/Tokyo",
    )

    assert line == (
        "/dnd add whole day workdays finance.* product.alarm mute sms+voice UTC "
        "including critical for robot:ops-room"
    )
    assert (await wei.say(line)).lines[0] == (
        "whole day workdays UTC: off → on, mutes sms+voice for finance.*, "
        "product.alarm, including critical."
    )


async def test_days_of_the_week_go_before_the_other_days(wei):
    form = form_of(await wei.say("/dnd form"))

    line = line_of(form, {"weekdays": ("fri", "mon"), "days": ("workdays",)})

    assert line == (
        "/dnd add 22:00-08:00 mon,fri * mute all Asia/Shanghai except critical"
    )


@pytest.mark.parametrize("missing", [{"from": ""}, {"to": ""}, {"from": "25:99"}])
async def test_a_time_that_is_missing_is_asked_for(wei, missing):
    form = form_of(await wei.say("/dnd form"))

    with pytest.raises(UserError, match="Pick both times"):
        line_of(form, missing)


async def test_a_window_is_edited_in_the_form_that_shows_it(wei):
    await wei.say("/dnd add whole day mon,wed finance.* mute chat+email UTC for chat")
    reply = await wei.say("/dnd form 1")
    form = form_of(reply)
    sound(reply)
    assert chosen(form) == {
        "from": "22:00",
        "to": "08:00",
        "whole": ("whole",),
        "days": ("daily",),
        "weekdays": ("mon", "wed"),
        "types": ("finance.*",),
        "method": ("chat+email",),
        "zone": ("UTC",),
        "critical": ("except critical",),
    }

    line = line_of(form, {"whole": ("hours",), "weekdays": (), "method": ("voice",)})

    assert line == (
        "/dnd set 1 22:00-08:00 daily finance.* mute voice UTC except critical"
    )
    assert await wei.said(line) == (
        (
            "whole day mon,wed UTC, mutes chat+email for finance.*, except critical → "
            "22:00-08:00 daily UTC, mutes voice for finance.*, except critical."
        ),
        (
            "For everyone in this group. It holds from now until 2026-01-05 08:00 UTC "
            "(in 7 h); what it mutes is not sent later."
        ),
    )


async def test_the_form_may_be_about_types(wei):
    form = form_of(await wei.say("/dnd form refund, custom.deploys"))

    assert chosen(form)["types"] == ("finance.refund", "custom.deploys")
    (types,) = [each for each in form.fields if each.name == "types"]
    assert {"*", "finance.*", "finance.refund", "custom.deploys"} <= {
        each.value for each in types.options
    }


async def test_members_get_no_form(wei):
    assert isinstance(await wei.by("ou_member").refused("/dnd form"), Forbidden)
    assert isinstance(await wei.refused('/dnd form "nights"'), UserError)


async def test_a_window_of_the_yaml_has_the_form_too(wei):
    await wei.do(lambda tx: windows.apply_baseline(tx, (NIGHTS,), now=MONDAY))
    (_line, buttons) = (await wei.say("/dnd")).view[0].parts

    reply = await wei.say(buttons.buttons[0].show)

    assert reply.canonical == '/dnd form "nights"'
    assert line_of(form_of(reply), {}).startswith("/dnd set nights 22:00-08:00")


# Setting, and the switch of the matrix


async def test_what_is_not_said_stays_as_it_is(wei):
    await wei.say("/dnd add 22:00-08:00 workdays finance.* mute sms+voice UTC")

    reply = await wei.say("/dnd set 1 23:00-07:00 including critical")

    (now,) = await windows_of(wei)
    assert (now.start, now.end, now.days, now.patterns, now.zone) == (
        23 * 60,
        7 * 60,
        "workdays",
        ("finance.*",),
        "UTC",
    )
    assert (now.mutes, now.spare_critical) == (
        frozenset({Channel.SMS, Channel.VOICE}),
        False,
    )
    await wei.say(reply.buttons[0].line)
    assert (await windows_of(wei))[0].start == 22 * 60


async def test_a_window_of_the_yaml_is_set_beside_it(wei):
    await wei.do(lambda tx: windows.apply_baseline(tx, (NIGHTS,), now=MONDAY))

    await wei.say("/dnd set nights 21:00-09:00")

    (kept,) = await windows_of(wei)
    assert (kept.start, kept.changed_by) == (21 * 60, WEI)
    await wei.say("/dnd reset nights")
    assert (await windows_of(wei)) == [replace(NIGHTS, id=kept.id)]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/dnd set 1", "What should change?"),
        ("/dnd set", "Which window?"),
        ("/dnd set 7 22-8", "There is no window 7 here."),
    ],
)
async def test_a_set_that_says_too_little_is_asked_about(wei, line, why):
    await wei.say("/dnd add 22:00-08:00")

    refused = await wei.refused(line)

    assert isinstance(refused, Misunderstood)
    assert str(refused).startswith(why)


async def test_a_set_without_a_name_makes_a_new_window(wei):
    await wei.say("/dnd set 22:00-08:00 workdays")

    assert [each.days for each in await windows_of(wei)] == ["workdays"]


async def test_the_switch_of_a_type_takes_the_usual_hours(wei):
    await wei.say("/dnd add whole day updates.*")
    await wei.say("/dnd add 21:00-07:00 workdays product.* mute chat UTC")
    there = await windows_of(wei)

    reply = await wei.say("/dnd add finance.refund")

    assert reply.lines[0] == (
        "21:00-07:00 workdays UTC: off → on, mutes chat for finance.refund, "
        "except critical."
    )
    assert reply.canonical == "/dnd add finance.refund"
    await wei.say("/dnd off finance.refund")
    assert await windows_of(wei) == there


async def test_other_types_join_the_window_of_the_first(wei):
    await wei.say("/dnd add 22:00-08:00 product.*")
    await wei.say("/dnd add finance.refund")

    reply = await wei.say("/dnd add finance.voucher finance.refund")

    assert reply.lines[0] == (
        "22:00-08:00 daily Asia/Shanghai, mutes all for finance.refund, except "
        "critical → 22:00-08:00 daily Asia/Shanghai, mutes all for finance.refund, "
        "finance.voucher, except critical."
    )
    assert [each.patterns for each in await windows_of(wei)] == [
        ("product.*",),
        ("finance.refund", "finance.voucher"),
    ]
    assert (await wei.said("/dnd add finance.voucher"))[0].startswith("Already so")


async def test_the_switch_asks_for_hours_where_there_are_none(wei):
    refused = await wei.refused("/dnd add finance.refund")

    assert str(refused) == "In which hours? Nobody has set any for finance.refund."
    assert refused.choices == (
        "/dnd add 22:00-08:00 finance.refund",
        "/dnd add whole day finance.refund",
        "/dnd form finance.refund",
    )


async def test_a_type_is_taken_out_of_a_window_for_several(wei):
    await wei.say("/dnd add 22:00-08:00 finance.refund finance.voucher")

    reply = await wei.say("/dnd off finance.refund")

    assert reply.lines[0] == (
        "22:00-08:00 daily Asia/Shanghai, mutes all for finance.refund, "
        "finance.voucher, except critical → 22:00-08:00 daily Asia/Shanghai, mutes all "
        "for finance.voucher, except critical."
    )
    assert [each.patterns for each in await windows_of(wei)] == [("finance.voucher",)]
    await wei.say(reply.buttons[0].line)
    assert [each.patterns for each in await windows_of(wei)] == [
        ("finance.refund", "finance.voucher")
    ]


async def test_several_types_are_switched_at_once(wei):
    await wei.say("/dnd add 22:00-08:00 finance.refund finance.voucher")
    await wei.say("/dnd add 12:00-13:00 finance.refund")

    await wei.say("/dnd off finance.refund finance.voucher")

    assert await windows_of(wei) == []


async def test_a_type_that_a_wider_window_silences_is_not_switched(wei):
    await wei.say("/dnd add 22:00-08:00 finance.*")

    refused = await wei.refused("/dnd off finance.refund")

    assert str(refused) == (
        "finance.refund: no window is for these alone. A wider one silences them: "
        "22:00-08:00 daily Asia/Shanghai, mutes all for finance.*, except critical."
    )
    assert refused.choices == ("/dnd remove 1",)
    assert (await wei.said("/dnd off product.alarm"))[0].startswith("No do-not")


# For somebody else


@pytest.mark.parametrize(
    ("line", "taken_back"),
    [
        ("/dnd add 22:00-08:00", "/dnd remove"),
        ("/digest daily 09:00", "/digest remove"),
        ("/mute 2h", "/unmute"),
    ],
)
async def test_an_admin_sets_hours_for_somebody_after_a_yes_and_she_is_told(
    wei, line, taken_back
):
    admin = wei.by(ADMIN, Role.ADMIN)

    asked = await replace(admin, sure=False).refused(f"{line} for @_user_2")
    assert isinstance(asked, Unconfirmed)
    assert asked.preview == ("It is about what @Lin gets, who is told.",)

    reply = await admin.say(f"{line} for @_user_2")

    (note,) = reply.notes
    assert note.to == Destination(Kind.PERSON, LIN)
    assert note.lines == ("@ou_admin set this for you.", reply.lines[0])
    (button,) = note.buttons
    assert button.line.rpartition(" ")[0] == taken_back
    alone, listed = wei.by(LIN).alone(), line.split()[0] + " list"
    (shown,) = await alone.said(listed)
    await alone.say(button.line)
    (nothing,) = await alone.said(listed)
    assert shown[:1].isdecimal()
    assert nothing.startswith("No")


async def test_what_somebody_sets_for_herself_asks_nobody(wei):
    sure_of_nothing = replace(wei, sure=False)

    assert (await sure_of_nothing.say("/dnd add 22:00-08:00 for me")).notes == ()
