from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.gates import Gate
from handlers.rules.methods import ALL, channels_muted, method_words
from handlers.rules.policy import Action, Decision, decide
from handlers.rules.windows import spread
from store.values import (
    Channel,
    Destination,
    Kind,
    Mute,
    Notification,
    Severity,
    Status,
    Window,
)

OPS = Destination(Kind.CHAT, "oc_ops")
NIGHT = datetime(2026, 1, 5, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 1, 6, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

DISK = Notification(
    number=1,
    source="prometheus",
    type="product.alarm",
    severity=Severity.WARNING,
    title="Disk full",
    labels={"product": "cvm"},
    accepted_at=NIGHT,
)
NIGHTS = Window(
    id=12,
    name="nights",
    target=OPS,
    start=22 * 60,
    end=8 * 60,
    zone="UTC",
    mutes=ALL,
    created_by="ou_lin",
    created_at=NIGHT,
)
SWITCHOVER = Mute(
    id=3,
    target=OPS,
    where="product=cvm",
    until=NIGHT + HOUR,
    mutes=ALL,
    reason="switchover",
    created_by="ou_wei",
    created_at=NIGHT,
)


def ask(
    notification: Notification = DISK,
    *,
    channel: Channel = Channel.CHAT,
    windows: tuple[Window, ...] = (),
    mutes: tuple[Mute, ...] = (),
    firing_shown: bool = False,
    now: datetime = NIGHT,
) -> Decision:
    return decide(
        notification,
        channel=channel,
        destination=OPS,
        windows=windows,
        mutes=mutes,
        firing_shown=firing_shown,
        now=now,
    )


def test_without_rules_everything_goes_out():
    assert ask() == Decision(Action.SEND)


def test_a_message_at_night_waits_for_the_morning_and_a_little():
    until = MORNING + spread(OPS, MORNING)
    words = "nights: 22:00-08:00 daily UTC"

    assert ask(windows=(NIGHTS,)) == Decision(
        Action.HOLD,
        until,
        "window:12",
        words,
        (Gate("window", False, "window:12", "ou_lin", words, until),),
    )
    assert MORNING <= until < MORNING + timedelta(seconds=90)


def test_a_muted_message_waits_for_the_end_of_the_mute():
    words = "mute: switchover"

    assert ask(mutes=(SWITCHOVER,)) == Decision(
        Action.HOLD,
        NIGHT + HOUR,
        "mute:3",
        words,
        (Gate("mute", False, "mute:3", "ou_wei", words, NIGHT + HOUR),),
    )


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.VOICE])
def test_a_call_is_never_late(channel):
    decision = ask(channel=channel, windows=(NIGHTS,))

    assert (decision.action, decision.until) == (Action.MUTED, None)
    assert decision.cause == "window:12"


def test_the_inbox_is_never_muted():
    everything = replace(NIGHTS, mutes=frozenset(Channel))

    assert ask(channel=Channel.INBOX, windows=(everything,)) == Decision(
        Action.SEND,
        words="the inbox is never muted",
        gates=(Gate("inbox", True, "", "", "the inbox is never muted"),),
    )


def test_a_resolution_of_what_was_shown_passes():
    over = replace(DISK, status=Status.RESOLVED)

    shown = ask(over, windows=(NIGHTS,), mutes=(SWITCHOVER,), firing_shown=True)
    unseen = ask(over, windows=(NIGHTS,))

    assert shown == Decision(
        Action.SEND,
        words="it resolves what was shown",
        gates=(Gate("resolved", True, "", "", "it resolves what was shown"),),
    )
    assert unseen.action is Action.HOLD


def test_a_repeat_of_what_was_shown_does_not_pass():
    again = replace(DISK, status=Status.FIRING)

    assert ask(again, windows=(NIGHTS,), firing_shown=True).action is Action.HOLD


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"enabled": False}, "nights: it is off"),
        ({"mutes": frozenset({Channel.DM})}, "nights: it does not mute chat"),
        (
            {"patterns": ("finance.*", "updates.*")},
            "nights: it is for finance.*, updates.*",
        ),
        ({"days": "tue"}, "nights: it is not 22:00-08:00 tue UTC"),
    ],
)
def test_a_window_that_does_not_apply_says_why(change, words):
    decision = ask(windows=(replace(NIGHTS, **change),))

    assert decision == Decision(
        Action.SEND, gates=(Gate("window", True, "window:12", "ou_lin", words),)
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"until": NIGHT}, "mute: it has ended"),
        ({"mutes": frozenset({Channel.DM})}, "mute: it does not mute chat"),
        (
            {"where": "cpu product=cvm"},
            "mute: it is for cpu (not in its text)",
        ),
        ({"where": "(("}, "mute: it is for (( (which cannot be read)"),
    ],
)
def test_a_mute_that_does_not_apply_says_why(change, words):
    decision = ask(mutes=(replace(SWITCHOVER, **change),))

    assert decision == Decision(
        Action.SEND, gates=(Gate("mute", True, "mute:3", "ou_wei", words),)
    )


def test_a_critical_passes_where_the_rule_spares_it():
    critical = replace(DISK, severity=Severity.CRITICAL)
    strict = replace(NIGHTS, spare_critical=False)

    spared = ask(critical, windows=(NIGHTS,), mutes=(SWITCHOVER,))

    assert spared.action is Action.SEND
    assert [gate.words for gate in spared.gates] == [
        "nights: it lets criticals pass",
        "mute: it lets criticals pass",
    ]
    assert ask(critical, windows=(strict,)).action is Action.HOLD


def test_a_delivery_under_several_rules_waits_for_the_latest():
    evenings = replace(NIGHTS, id=13, start=1080, end=0, zone="America/New_York")
    long = replace(SWITCHOVER, until=NIGHT + 3 * HOUR)

    assert ask(windows=(NIGHTS, evenings), mutes=(long,)).cause == "window:12"
    assert ask(windows=(evenings,), mutes=(SWITCHOVER,)).cause == "window:13"
    assert (
        ask(
            windows=(NIGHTS,), mutes=(replace(long, until=MORNING + HOUR), SWITCHOVER)
        ).until
        == MORNING + HOUR
    )


def test_a_changed_rule_is_its_changers():
    changed = replace(NIGHTS, created_by="yaml", changed_by="ou_wei")

    assert ask(windows=(changed,)).gates[0].author == "ou_wei"


# A model of its own, over whole hours in UTC.

RULED_WINDOWS = st.builds(
    lambda number, start, length, patterns, mutes, spare, enabled: replace(
        NIGHTS,
        id=number,
        start=start * 60,
        end=(start + length) % 24 * 60,
        patterns=patterns,
        mutes=mutes,
        spare_critical=spare,
        enabled=enabled,
    ),
    st.integers(1, 99),
    st.integers(0, 23),
    st.integers(1, 23),
    st.sampled_from([("*",), ("product.*",), ("finance.*", "product.alarm"), ("a.b",)]),
    st.frozensets(st.sampled_from(Channel)),
    st.booleans(),
    st.booleans(),
)
RULED_MUTES = st.builds(
    lambda number, after, where, mutes, spare: replace(
        SWITCHOVER,
        id=number,
        until=NIGHT + after * HOUR,
        where=where,
        mutes=mutes,
        spare_critical=spare,
    ),
    st.integers(1, 99),
    st.integers(-1, 30),
    st.sampled_from(["", "product=cvm", "product=cos", "severity>=critical"]),
    st.frozensets(st.sampled_from(Channel)),
    st.booleans(),
)


@settings(deadline=None)
@given(
    windows=st.lists(RULED_WINDOWS, max_size=3),
    mutes=st.lists(RULED_MUTES, max_size=3),
    channel=st.sampled_from(Channel),
    severity=st.sampled_from(Severity),
    status=st.sampled_from([None, *Status]),
    firing_shown=st.booleans(),
    hour=st.integers(0, 23),
)
def test_policy_agrees_with_a_model(
    windows, mutes, channel, severity, status, firing_shown, hour
):
    now = NIGHT.replace(hour=hour)
    message = replace(DISK, severity=severity, status=status)
    ends = []
    for rule in windows:
        length = (rule.end - rule.start) // 60 % 24
        since = (hour - rule.start // 60) % 24
        typed = rule.patterns != ("a.b",)
        if rule.enabled and typed and channel in rule.mutes and since < length:
            end = now + (length - since) * HOUR
            ends.append((rule.spare_critical, end + spread(OPS, end)))
    for rule in mutes:
        meant = {
            "": True,
            "product=cvm": True,
            "product=cos": False,
            "severity>=critical": severity == Severity.CRITICAL,
        }[rule.where]
        if meant and channel in rule.mutes and rule.until > now:
            ends.append((rule.spare_critical, rule.until))
    held = [end for spare, end in ends if not (spare and severity == Severity.CRITICAL)]
    free = channel == Channel.INBOX or (status == Status.RESOLVED and firing_shown)

    decision = ask(
        message,
        channel=channel,
        windows=tuple(windows),
        mutes=tuple(mutes),
        firing_shown=firing_shown,
        now=now,
    )

    if free or not held:
        assert (decision.action, decision.until) == (Action.SEND, None)
    elif channel in (Channel.SMS, Channel.VOICE):
        assert (decision.action, decision.until) == (Action.MUTED, None)
    else:
        assert (decision.action, decision.until) == (Action.HOLD, max(held))


@pytest.mark.parametrize(
    ("method", "channels", "words"),
    [
        ("all", "chat dm email sms voice", "all"),
        ("全部", "chat dm email sms voice", "all"),
        ("sms+voice", "sms voice", "sms+voice"),
        ("Voice, SMS", "sms voice", "sms+voice"),
        ("短信＋电话", "sms voice", "sms+voice"),
        ("voice", "voice", "voice"),
        ("email chat", "chat email", "chat+email"),
        ("chat,dm,email,sms,voice", "chat dm email sms voice", "all"),
    ],
)
def test_a_method_names_channels_and_is_echoed_in_one_form(method, channels, words):
    named = frozenset(map(Channel, channels.split()))

    assert channels_muted(method) == named
    assert method_words(named) == words


@settings(deadline=None)
@given(st.frozensets(st.sampled_from(sorted(ALL)), min_size=1))
def test_any_channels_read_back_the_same(channels):
    assert channels_muted(method_words(channels)) == channels


NO_METHOD = (
    "{!r} is not a way to mute. Write all, sms+voice, voice, or a list of "
    "chat, dm, email, sms, voice."
)
NOT_THE_INBOX = (
    "The inbox is never muted. Write all, or a list of chat, dm, email, sms, voice."
)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("loudly", NO_METHOD.format("loudly")),
        ("+", NO_METHOD.format("+")),
        ("chat+inbox", NOT_THE_INBOX),
    ],
)
def test_what_cannot_be_muted_is_said(method, words):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is compared
        channels_muted(method)

    assert str(caught.value) == words
