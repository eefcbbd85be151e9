"""What a robot takes: by its words, by its cap, and while nobody paused it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.policy import Action, Decision, decide
from handlers.rules.reception import full_until
from store.posts import Post, Reception
from store.robots import Robot
from store.values import Channel, Severity, Status
from tests.conftest import MONDAY
from tests.handlers.rules.test_policy import DISK, NIGHTS

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BELL = Robot(id=5, name="bell", created_by="ou_wei", created_at=MONDAY)
FIRE = replace(DISK, severity=Severity.CRITICAL)


def ask(
    notification: Any = DISK, *posts: Post, windows: Any = (), **settings: Any
) -> Decision:
    shown = settings.pop("firing_shown", False)
    return decide(
        notification,
        channel=Channel.CHAT,
        destination=BELL.destination,
        windows=windows,
        mutes=(),
        reception=Reception(replace(BELL, **settings), posts),
        firing_shown=shown,
        now=MONDAY,
    )


def gates(decision: Decision) -> list[tuple[str, bool, str]]:
    return [(gate.name, gate.passed, gate.words) for gate in decision.gates]


def ago(minutes: int, *, critical: bool = False) -> Post:
    return Post(MONDAY - minutes * MINUTE, critical)


def test_a_robot_without_settings_takes_everything() -> None:
    assert ask() == Decision(Action.SEND)


@pytest.mark.parametrize(
    ("words", "stopped"),
    [
        ({"allow": ("disk",)}, ""),
        ({"allow": ("cpu", "FULL")}, ""),
        ({"allow": ("cpu", "fan")}, "it takes only what says cpu, fan"),
        ({"deny": ("disk",)}, "it does not take what says “disk”"),
        ({"deny": ("in /var",)}, "it does not take what says “in /var”"),
        ({"deny": ("full no space",)}, ""),
        ({"deny": ("cpu",), "allow": ("disk",)}, ""),
        ({"deny": ("disk",), "allow": ("disk",)}, "it does not take what says “disk”"),
    ],
)
def test_words_decide_what_a_robot_is_sent(words: Any, stopped: str) -> None:
    decision = ask(replace(DISK, body="No space left in /var"), **words)

    if stopped:
        assert (decision.action, decision.until) == (Action.MUTED, None)
        assert (decision.words, decision.cause) == (stopped, "robot:5")
    else:
        assert decision.action is Action.SEND


def test_words_hold_for_criticals_too() -> None:
    assert ask(FIRE, deny=("disk",)).action is Action.MUTED


def test_words_do_not_keep_the_end_of_what_was_shown() -> None:
    over = replace(DISK, status=Status.RESOLVED)

    decision = ask(over, deny=("disk",), firing_shown=True)

    assert (decision.action, decision.words) == (
        Action.SEND,
        "it resolves what was shown",
    )


def test_what_the_words_stop_is_not_kept_for_later() -> None:
    nights = replace(NIGHTS, start=None, end=None)

    assert ask(windows=(nights,), deny=("disk",)).action is Action.MUTED
    assert ask(windows=(nights,), deny=("cpu",)).action is Action.HOLD


def test_the_cap_makes_wait_until_there_is_room() -> None:
    decision = ask(DISK, ago(10), ago(20), ago(50), per_hour=3)

    assert (decision.action, decision.until, decision.words) == (
        Action.HOLD,
        MONDAY + 10 * MINUTE,
        "at most 3 posts an hour",
    )
    assert decision.promised == decision.until


@pytest.mark.parametrize(
    ("posts", "until"),
    [
        ((), None),
        ((ago(1), ago(59)), None),
        ((ago(1), ago(2), ago(60)), None),
        ((ago(1), ago(2), ago(59)), 1),
        # More than the cap, because criticals do not wait.
        ((ago(1), ago(2), ago(30), ago(40)), 30),
        # Criticals count, and leave room for one of the others an hour.
        (tuple(ago(n, critical=True) for n in range(1, 9)), None),
        ((*(ago(n, critical=True) for n in range(1, 4)), ago(50)), 10),
    ],
)
def test_a_cap_of_three(posts: tuple[Post, ...], until: int | None) -> None:
    found = full_until(Reception(replace(BELL, per_hour=3), posts), DISK, now=MONDAY)

    assert found == (None if until is None else MONDAY + until * MINUTE)


def test_criticals_pass_the_cap_and_it_is_said() -> None:
    decision = ask(FIRE, ago(1), per_hour=1)

    assert decision.action is Action.SEND
    assert gates(decision) == [
        ("cap", True, "at most 1 post an hour; it lets criticals pass")
    ]


def test_the_end_of_what_was_shown_waits_for_the_cap() -> None:
    over = replace(DISK, status=Status.RESOLVED)

    decision = ask(over, ago(1), per_hour=1, firing_shown=True)

    assert (decision.action, decision.until) == (Action.HOLD, MONDAY + 59 * MINUTE)


def test_a_paused_robot_keeps_what_it_would_be_sent() -> None:
    decision = ask(paused=True, changed_by="ou_lin")

    assert (decision.action, decision.until) == (Action.WAIT, None)
    (gate,) = decision.gates
    assert (gate.name, gate.passed, gate.author) == ("pause", False, "ou_lin")
    assert ask(FIRE, paused=True).action is Action.WAIT
    # Its words are asked when it goes on: until then its lane is closed.
    assert ask(paused=True, deny=("disk",)).action is Action.WAIT


def test_every_gate_is_said_in_order() -> None:
    noon = replace(NIGHTS, start=12 * 60, end=13 * 60)

    decision = ask(
        DISK, ago(5), windows=(noon,), allow=("disk",), per_hour=4, paused=True
    )

    assert gates(decision) == [
        ("words", True, "it says “disk”"),
        ("window", True, "nights: it is not 12:00-13:00 daily UTC"),
        ("cap", True, "at most 4 posts an hour; 1 of them used"),
        ("pause", False, "it is paused"),
    ]


POSTS = st.lists(
    st.builds(ago, st.integers(0, 70), critical=st.booleans()), max_size=12
).map(lambda posts: tuple(sorted(posts, key=lambda post: post.at, reverse=True)))


@given(posts=POSTS, most=st.integers(1, 6))
def test_what_waits_for_a_cap_waits_an_hour_at_the_most_and_then_finds_room(
    posts: tuple[Post, ...], most: int
) -> None:
    reception = Reception(replace(BELL, per_hour=most), posts)

    until = full_until(reception, DISK, now=MONDAY)

    within = [post for post in posts if MONDAY - post.at < HOUR]
    if until is None:
        assert len(within) < most or all(post.critical for post in within)
    else:
        assert MONDAY < until <= MONDAY + HOUR
        assert full_until(reception, DISK, now=until) is None
