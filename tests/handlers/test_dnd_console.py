"""Do-not-disturb beside the cloud console's: its two methods, channel by channel.

Its dialog has a method, a time zone, and hours or the whole day. Method A mutes SMS and
voice, method B voice alone; its in-site letters (our inbox) and e-mail always come. It
binds robots to SMS; ours are destinations of their own, so a method for SMS and voice
leaves groups alone.
"""

from __future__ import annotations

import pytest

from handlers.rules.policy import Action, decide
from store import windows
from store.values import Channel, Destination, Kind, Notification, Severity
from tests.conftest import MONDAY
from tests.handlers.talk import OPS, WEI

INBOX, CHAT, DM, EMAIL, SMS, VOICE = Channel
SEND, HOLD, MUTED = Action.SEND, Action.HOLD, Action.MUTED

CONSOLE_A = {INBOX: SEND, CHAT: SEND, DM: SEND, EMAIL: SEND, SMS: MUTED, VOICE: MUTED}
CONSOLE_B = {INBOX: SEND, CHAT: SEND, DM: SEND, EMAIL: SEND, SMS: SEND, VOICE: MUTED}
ALL = {INBOX: SEND, CHAT: HOLD, DM: HOLD, EMAIL: HOLD, SMS: MUTED, VOICE: MUTED}


async def becomes(talk, line, type_id="finance.balance-warning", **more):
    """What a window that *line* sets makes of a message, channel by channel."""
    await talk.say(line)
    whose = Destination(Kind.PERSON if line.endswith("for me") else Kind.CHAT, OPS)
    if whose.kind is Kind.PERSON:
        whose = Destination(Kind.PERSON, WEI)
    message = Notification(
        number=1,
        source="console",
        type=type_id,
        title="Balance warning",
        accepted_at=MONDAY,
        **{"severity": Severity.WARNING, **more},
    )
    found = await talk.do(lambda tx: windows.of(tx, whose))
    return {
        channel: decide(
            message,
            channel=channel,
            destination=whose,
            windows=found,
            mutes=(),
            firing_shown=False,
            now=talk.clock.now(),
        ).action
        for channel in Channel
    }


@pytest.mark.parametrize(
    ("method", "meaning"),
    [
        ("mute sms+voice", CONSOLE_A),
        ("静音 短信+语音", CONSOLE_A),
        ("mute voice", CONSOLE_B),
        ("静音 语音", CONSOLE_B),
        ("", ALL),
        ("mute all", ALL),
        ("mute email", {**dict.fromkeys(Channel, SEND), EMAIL: HOLD}),
        ("mute chat,dm", {**dict.fromkeys(Channel, SEND), CHAT: HOLD, DM: HOLD}),
        ("mute dm+voice", {**dict.fromkeys(Channel, SEND), DM: HOLD, VOICE: MUTED}),
    ],
)
@pytest.mark.parametrize("whom", ["", " for me"])
async def test_a_method_mutes_its_channels_and_no_others(wei, method, meaning, whom):
    assert await becomes(wei, f"/dnd add whole day {method}{whom}") == meaning


async def test_it_is_set_for_one_type_as_in_the_console(wei):
    line = "/dnd add whole day finance.balance-warning mute sms+voice"

    assert await becomes(wei, line) == CONSOLE_A
    await wei.say("/dnd off")
    assert await becomes(wei, line, "finance.refund") == dict.fromkeys(Channel, SEND)


async def test_criticals_pass_unless_they_are_included(wei):
    line = "/dnd add whole day mute sms+voice"
    critical = {"severity": Severity.CRITICAL}

    assert await becomes(wei, line, **critical) == dict.fromkeys(Channel, SEND)
    await wei.say("/dnd off")
    assert await becomes(wei, f"{line} including critical", **critical) == CONSOLE_A


@pytest.mark.parametrize(
    ("hours", "open_now"),
    [
        # It is 09:00 in Shanghai, 10:00 in Tokyo.
        ("09:00-10:00", True),
        ("08:00-09:00", False),
        ("22:00-09:01", True),
        ("09:00-10:00 Asia/Tokyo", False),
        ("10:00-11:00 Asia/Tokyo", True),
        ("whole day tue", False),
        ("whole day workdays", True),
    ],
)
async def test_hours_are_those_of_the_zone_that_is_said(wei, hours, open_now):
    expected = CONSOLE_A if open_now else dict.fromkeys(Channel, SEND)

    assert await becomes(wei, f"/dnd add {hours} mute sms+voice") == expected


async def test_several_windows_mute_what_any_of_them_does(wei):
    await wei.say("/dnd add whole day mute voice")

    assert await becomes(wei, "/dnd add 09:00-10:00 mute sms") == CONSOLE_A
