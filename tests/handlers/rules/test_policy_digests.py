"""Scheduled digests among the gates: what waits, for how long, and that it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.gates import Gate
from handlers.rules.methods import ALL
from handlers.rules.policy import Action, Decision, decide
from handlers.rules.schedules import COLLECTABLE
from handlers.rules.windows import spread
from store.values import (
    Channel,
    Mute,
    Notification,
    Schedule,
    Severity,
    Status,
    Window,
)
from tests.handlers.rules.test_policy import DISK, NIGHTS, OPS
from tests.handlers.rules.test_schedules import due
from tests.handlers.rules.test_windows import openings

#: A Monday in January.
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNINGS = Schedule(
    id=4,
    name="1",
    target=OPS,
    times=(9 * 60,),
    zone="UTC",
    collects=COLLECTABLE,
    created_by="ou_lin",
    created_at=NOON,
)
WORDS = "digest: daily 09:00 UTC"
TOMORROW = datetime(2026, 1, 6, 9, 0, tzinfo=UTC)


def ask(
    notification: Notification = DISK,
    *,
    schedules: tuple[Schedule, ...] = (MORNINGS,),
    channel: Channel = Channel.CHAT,
    windows: tuple[Window, ...] = (),
    mutes: tuple[Mute, ...] = (),
    firing_shown: bool = False,
    since: datetime = NOON,
    now: datetime | None = None,
) -> Decision:
    return decide(
        notification,
        channel=channel,
        destination=OPS,
        windows=windows,
        mutes=mutes,
        schedules=schedules,
        firing_shown=firing_shown,
        since=since,
        now=now or since,
    )


def test_what_comes_at_noon_waits_for_the_digest_of_the_morning():
    until = TOMORROW + spread(OPS, TOMORROW)

    assert ask() == Decision(
        Action.HOLD,
        until,
        "digest:4",
        WORDS,
        (Gate("digest", False, "digest:4", "ou_lin", WORDS, until),),
    )
    assert TOMORROW <= until < TOMORROW + timedelta(seconds=90)


def test_it_goes_when_its_time_has_come_and_is_not_collected_again():
    until = TOMORROW + spread(OPS, TOMORROW)

    for late in (timedelta(), timedelta(minutes=1), 3 * DAY):
        decision = ask(now=until + late)
        assert decision.action is Action.SEND
        assert [gate.words for gate in decision.gates] == [
            f"{WORDS}; its time has come"
        ]


def test_what_each_time_tells_is_kept_apart():
    early, late = ask(since=NOON), ask(since=NOON + DAY, now=NOON + DAY)

    assert early.cause == late.cause == "digest:4"
    assert early.keeper != late.keeper


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"channel": Channel.SMS}, "it does not collect sms"),
        ({"channel": Channel.VOICE}, "it does not collect voice"),
        (
            {"schedules": (replace(MORNINGS, patterns=("finance.*",)),)},
            "it is for finance.*",
        ),
        (
            {"notification": replace(DISK, severity=Severity.CRITICAL)},
            "it lets criticals pass",
        ),
    ],
)
def test_what_a_digest_lets_pass_says_why(settings, why):
    decision = ask(**settings)

    assert decision.action is Action.SEND
    assert decision.gates[0].words == f"{WORDS}; {why}"


def test_a_digest_may_include_criticals():
    fire = replace(DISK, severity=Severity.CRITICAL)
    all_of_it = replace(MORNINGS, spare_critical=False)

    assert ask(fire, schedules=(all_of_it,)).action is Action.HOLD


def test_the_end_of_what_was_shown_passes_a_digest():
    over = replace(DISK, status=Status.RESOLVED)

    assert ask(over, firing_shown=True).action is Action.SEND
    assert ask(over).action is Action.HOLD


def test_of_several_digests_the_closest_is_waited_for():
    weekly = replace(MORNINGS, id=5, days="sun")
    alarms = replace(MORNINGS, id=6, patterns=("product.alarm",))

    decision = ask(schedules=(weekly, alarms))

    assert decision.cause == "digest:6"
    assert [gate.words for gate in decision.gates] == [
        "digest: weekly sun 09:00 UTC; another digest is closer to it",
        WORDS,
    ]


def test_a_window_that_ends_later_is_waited_for():
    # In the window that ends at 08:00, a digest that is due at 07:00.
    early = replace(MORNINGS, times=(7 * 60,))
    night = datetime(2026, 1, 5, 23, 0, tzinfo=UTC)

    assert ask(schedules=(early,), windows=(NIGHTS,), since=night).cause == "window:12"
    assert ask(windows=(NIGHTS,), since=night).cause == "digest:4"


def test_a_digest_promises_when_it_tells_whatever_keeps_it_longer():
    early = replace(MORNINGS, times=(7 * 60,))
    night = datetime(2026, 1, 5, 23, 0, tzinfo=UTC)
    seven = datetime(2026, 1, 6, 7, 0, tzinfo=UTC)

    decision = ask(schedules=(early,), windows=(NIGHTS,), since=night)

    assert decision.promised == seven + spread(OPS, seven)
    assert ask(schedules=(), windows=(NIGHTS,), since=night).promised is None


# Any windows, mutes and digests, against an oracle that reads clocks by the minute.

ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]
FIRST = datetime(2026, 3, 1, tzinfo=UTC)  # New York changes its clocks on the 8th.
MINUTES = 35 * 1440
DAYS = st.sampled_from(["daily", "sat,sun", "mon", "mon,wed,fri"])
TYPES = st.sampled_from([("*",), ("product.*",), ("product.alarm",), ("finance.*",)])
CHANNELS = [Channel.CHAT, Channel.SMS]


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(st.integers(0, 1439))
    return replace(
        NIGHTS,
        id=draw(st.integers(1, 1000)),
        start=start,
        end=(start + draw(st.integers(1, 1439))) % 1440,
        days=draw(DAYS),
        zone=draw(st.sampled_from(ZONES)),
        patterns=draw(TYPES),
        spare_critical=draw(st.booleans()),
        mutes=draw(st.sampled_from([ALL, frozenset({Channel.SMS})])),
    )


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    return replace(
        MORNINGS,
        id=draw(st.integers(1, 1000)),
        times=tuple(sorted(draw(st.sets(st.integers(0, 1439), min_size=1)))),
        days=draw(DAYS),
        zone=draw(st.sampled_from(ZONES)),
        patterns=draw(TYPES),
        spare_critical=draw(st.booleans()),
    )


@st.composite
def mutes(draw: st.DrawFn) -> Mute:
    return Mute(
        id=draw(st.integers(1, 1000)),
        target=OPS,
        where=draw(st.sampled_from(["", "severity>=warning", "type=finance.*"])),
        until=FIRST + timedelta(minutes=draw(st.integers(0, 20 * 1440))),
        mutes=ALL,
        spare_critical=draw(st.booleans()),
        created_by="ou_wei",
        created_at=FIRST,
    )


def covers(patterns: tuple[str, ...], type_id: str) -> int:
    """How closely patterns name a type; 0 for not at all."""
    category = type_id.split(".", maxsplit=1)[0]
    ranks = {"*": 1, f"{category}.*": 2, type_id: 3}
    return max(ranks.get(pattern, 0) for pattern in patterns)


class Oracle:
    """When one delivery goes, by reading every wall clock minute by minute."""

    def __init__(
        self, message: Notification, channel: Channel, since: datetime
    ) -> None:
        self.message = message
        self.channel = channel
        self.since = since

    def spared(self, rule: Window | Mute | Schedule) -> bool:
        return rule.spare_critical and self.message.severity is Severity.CRITICAL

    def windows(self, rules: list[Window], now: datetime) -> list[datetime]:
        ends = []
        for rule in rules:
            meant = covers(rule.patterns, self.message.type)
            if self.channel not in rule.mutes or not meant or self.spared(rule):
                continue
            end = now
            # Openings may touch or overlap: they are one.
            for start, stop in openings(rule, FIRST - 3 * DAY, MINUTES):
                if start <= end < stop:
                    end = stop
            if end > now:
                ends.append(end + spread(OPS, end))
        return ends

    def mutes(self, rules: list[Mute], now: datetime) -> list[datetime]:
        return [
            rule.until
            for rule in rules
            if rule.until > now
            and not self.spared(rule)
            and rule.where
            in (
                "",
                "severity>=warning" if self.message.severity else "",
                f"type={self.message.type.split('.')[0]}.*",
            )
        ]

    def digest(self, rules: list[Schedule], now: datetime) -> list[datetime]:
        meant = sorted(
            (covers(rule.patterns, self.message.type), rule.id, at)
            for at, rule in enumerate(rules)
            if covers(rule.patterns, self.message.type)
        )
        if self.channel is Channel.SMS or not meant:
            return []
        rule = rules[meant[-1][2]]
        if self.spared(rule):
            return []
        times = due(rule, FIRST - 3 * DAY, MINUTES)
        told = min(time for time in times if time > self.since)
        until = told + spread(OPS, told)
        return [until] if until > now else []


@settings(max_examples=100, deadline=None)
@given(
    windowed=st.lists(windows(), max_size=3),
    muted=st.lists(mutes(), max_size=2, unique_by=lambda each: each.id),
    scheduled=st.lists(schedules(), max_size=3, unique_by=lambda each: each.id),
    type_id=st.sampled_from(["product.alarm", "finance.refund"]),
    severity=st.sampled_from(Severity),
    channel=st.sampled_from(CHANNELS),
    minute=st.integers(0, 14 * 1440),
)
def test_every_delivery_goes_when_reading_the_clocks_says_so(
    windowed, muted, scheduled, type_id, severity, channel, minute
):
    message = replace(DISK, type=type_id, severity=severity)
    since = now = FIRST + timedelta(minutes=minute)
    oracle = Oracle(message, channel, since)
    for _ in range(200):
        decision = decide(
            message,
            channel=channel,
            destination=OPS,
            windows=windowed,
            mutes=muted,
            schedules=scheduled,
            firing_shown=False,
            since=since,
            now=now,
        )
        ends = [
            *oracle.windows(windowed, now),
            *oracle.mutes(muted, now),
            *oracle.digest(scheduled, now),
        ]
        if not ends:
            assert decision.action is Action.SEND
            return
        if channel is Channel.SMS:
            assert (decision.action, decision.until) == (Action.MUTED, None)
            return
        assert (decision.action, decision.until) == (Action.HOLD, max(ends))
        assert max(ends) > now
        now = max(ends)
        if now > FIRST + 20 * DAY:
            return  # The windows leave no minute free: nobody promised one.
    raise AssertionError("it is held again and again")
