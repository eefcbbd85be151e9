"""The smallest change: what it is made of, and that the fewest are taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.filters import parse
from handlers.rules.foresight import Obeyed, World, foresee
from handlers.rules.methods import ALL
from handlers.rules.planning import Known, ways_over
from handlers.rules.steps import Step
from handlers.rules.turning import Goal, ending, otherwise, smallest, together
from handlers.rules.types import Types
from handlers.rules.widening import passing, widened
from store.posts import Reception
from store.robots import Robot
from store.values import (
    Channel,
    Destination,
    Kind,
    Mute,
    Notification,
    Severity,
    State,
    Status,
    Subscription,
    Window,
)
from tests.conftest import MONDAY
from tests.handlers.rules.test_filters import SEEN, TREES, written

OPS = Destination(Kind.CHAT, "oc_ops")
BELL = Destination(Kind.ROBOT, "bell")
DISK = Notification(
    number=1,
    source="prometheus",
    type="product.alarm",
    severity=Severity.WARNING,
    title="Disk full",
    accepted_at=MONDAY,
    labels={"product": "cos", "region": "na-west"},
)


def rule(*patterns, where="", number=1, to=OPS, **settings):
    return Subscription(
        id=number,
        name=str(number),
        owner="chat:oc_ops",
        patterns=patterns or ("product.alarm",),
        where=where,
        to=(to,),
        created_at=MONDAY,
        **settings,
    )


def mute(number=1, **settings):
    return Mute(
        **{
            "id": number,
            "target": OPS,
            "where": "",
            "until": MONDAY + timedelta(hours=2),
            "mutes": ALL,
            "created_by": "ou_lin",
            "created_at": MONDAY,
            **settings,
        }
    )


def window(number=1, **settings):
    return Window(
        **{
            "id": number,
            "name": str(number),
            "target": OPS,
            "start": None,
            "end": None,
            "zone": "UTC",
            "mutes": ALL,
            "created_at": MONDAY,
            **settings,
        }
    )


def world(*rules, place=OPS, **obeyed):
    return World(
        rules=rules,
        known=Known(
            types=Types(),
            robots=frozenset({"bell"}),
            groups={},
            gone=frozenset(),
            ways=ways_over(frozenset(Channel)),
            by_contact=frozenset(),
            people={},
        ),
        obeyed={place: Obeyed(**obeyed)},
    )


def goal(seen=DISK, place=OPS, channel=Channel.CHAT):
    return Goal(seen, place, channel, MONDAY)


def fewest(there, wanted=None, changeable=lambda each: True):
    return smallest(wanted or goal(), there, changeable=changeable)


# What is taken


def test_nothing_is_to_be_changed_where_it_goes_out():
    assert fewest(world(rule())) == ()
    assert [each.state for each in foresee(DISK, world(rule()), now=MONDAY)] == [
        State.DELIVERED,
        State.DELIVERED,
    ]


def test_only_what_keeps_it_is_lifted():
    idle = mute(1, where="product=cvm")
    there = world(rule(), mutes=(idle, mute(2)), windows=(window(1),))

    assert fewest(there) == (
        Step(mute(2), None, 1),
        Step(window(1), None, 3),
    )


def test_a_rule_for_this_type_is_changed_and_not_one_for_everything():
    wide, exact = rule("*", where="product=cvm"), rule(where="product=cvm", number=2)

    (step,) = fewest(world(wide, exact))
    assert (step.was, step.now.where) == (exact, "product=cvm,cos")
    (step,) = fewest(world(wide))
    assert (step.was, step.now.patterns, step.now.to) == (
        None,
        ("product.alarm",),
        (OPS,),
    )


def test_a_rule_that_may_not_be_changed_stays_and_another_is_made():
    exact = rule(where="product=cvm")

    (step,) = fewest(world(exact), changeable=lambda each: False)

    assert step.was is None


def test_a_channel_more_is_asked_of_the_rule_that_brings_it():
    (step,) = fewest(world(rule(via=(Channel.INBOX,))))

    assert (step.now.via, step.now.where) == ((Channel.INBOX, Channel.CHAT), "")


def test_what_is_changed_twice_of_one_thing_is_one_change():
    robot = Robot(
        id=5, name="bell", created_at=MONDAY, deny=("disk", "drill"), allow=("db",)
    )
    there = world(rule(to=BELL), place=BELL, reception=Reception(robot))

    steps = fewest(there, goal(place=BELL))

    assert len(steps) == 2
    (step,) = together(steps)
    assert step.now == replace(robot, deny=("drill",), allow=())


def test_what_no_change_helps_has_none():
    announced = replace(DISK, type="updates.announcement")
    lin = Destination(Kind.PERSON, "ou_lin")

    assert fewest(world(), goal(announced, lin, Channel.SMS)) is None
    assert fewest(world(), goal(place=Destination(Kind.ROBOT, "gone"))) is None
    parked = replace(world(rule()), parked={"chat:oc_ops/chat": "not in the group"})
    assert fewest(parked) is None
    many = tuple(mute(each) for each in range(1, 5))
    assert fewest(world(rule(), mutes=many)) is None


def test_a_message_that_would_go_out_differs_as_little_as_it_can():
    kept = world(rule(where="severity>=warning product=cvm"), mutes=(mute(),))

    found = otherwise(goal(), kept, told=lambda each: True)

    assert found == replace(
        DISK,
        severity=Severity.CRITICAL,
        labels={"product": "cvm", "region": "na-west"},
    )
    assert otherwise(goal(), kept, told=lambda each: False) is None


def test_what_ends_it_leaves_the_other_types_alone():
    exact, wide = rule(), rule("product.*", "custom.x", where="a or b", number=2)
    disk = replace(DISK, title="a")

    steps = ending(goal(disk), world(exact, wide), changeable=lambda each: True)

    assert steps == (
        Step(exact, None, 2),
        Step(wide, replace(wide, where="(a or b) -type=product.alarm"), 2),
    )
    assert ending(goal(), world(exact), changeable=lambda each: False) is None


# What is proposed


@pytest.mark.parametrize(
    ("where", "wider"),
    [
        ("severity=critical", "severity=critical,warning"),
        ("severity>=critical", "severity>=warning"),
        ("severity<info", ""),
        ("product=cvm", "product=cvm,cos"),
        ("product=cvm severity>=warning", "product=cvm,cos severity>=warning"),
        ("zone=a", ""),
        ("-region=na*", ""),
        ('"drill" product=cos', "product=cos"),
        ("status=firing product=cvm", "product=cvm,cos"),
        ("product=cvm or zone=a", "product=cvm,cos or zone=a"),
        ("zone=a or product=cvm", ""),
        ("source=scripts (product=cvm or zone=a)", "product=cvm,cos or zone=a"),
        ("product=cos", "product=cos"),
        ("", ""),
    ],
)
def test_a_filter_is_widened_as_little_as_lets_it_in(where, wider):
    found = widened(parse(where), DISK)

    assert str(found) == wider
    assert found.matches(DISK)


@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("severity=critical", {"severity": Severity.CRITICAL}),
        ("severity<warning", {"severity": Severity.INFO}),
        ("source=scripts", {"source": "scripts"}),
        ("status=resolved", {"status": Status.RESOLVED}),
        ("title=drill*", {"title": "drill"}),
        ('"drill"', {"title": "Disk full drill"}),
        ("product=cv*", {"labels": {"product": "cv", "region": "na-west"}}),
        ("-region=na*", {"labels": {"product": "cos"}}),
        ("-severity=warning", {"severity": Severity.INFO}),
        (
            "product=cvm severity=critical",
            {
                "severity": Severity.CRITICAL,
                "labels": {"product": "cvm", "region": "na-west"},
            },
        ),
        ("(zone=a or x) product=cos", {"labels": {**DISK.labels, "zone": "a"}}),
    ],
)
def test_a_message_is_changed_as_little_as_lets_it_in(where, change):
    found = next(passing(parse(where), DISK))

    assert found == replace(DISK, **change)
    assert parse(where).matches(found)


def test_no_message_is_made_up_for_a_type_or_against_a_text():
    assert list(passing(parse("type=finance.*"), DISK)) == []
    assert list(passing(parse('-"disk"'), DISK)) == []
    assert list(passing(parse(""), DISK)) == []


@settings(deadline=None)
@given(TREES, SEEN, st.data())
def test_whatever_is_proposed_lets_it_in(tree, message, noise):
    asked = parse(written(tree, noise))

    assert widened(asked, message).matches(message)
    assert all(asked.matches(each) for each in passing(asked, message))
