"""/why if: what would become of a message, for whom one may know it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.commands import router
from handlers.context import Role
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.reply import Reply
from handlers.view import Panel, Words
from handlers.why import Suppose, write
from store import preferences, robots, subscriptions
from store.database import Database
from store.directory import Person
from store.people import Means, prove_contact
from store.values import Channel, Destination, Kind, Severity, Status, Subscription
from tests.conftest import MONDAY, HandClock
from tests.handlers.crowd import ALICE, BOB, Crowd
from tests.handlers.meaning import meaning
from tests.handlers.talk import ADMIN, DEV, LIN, OPS, WEI, choices, context

ME = Destination(Kind.PERSON, WEI)
NOW = "2026-01-05 09:00"


@pytest.fixture
async def wei(db: Database, clock: HandClock) -> Crowd:
    """Wei, an editor, in the group ops with its robot ops-room."""
    crowd = Crowd(db, clock)
    team = ("alice", "bob")
    await crowd.settle(ALICE, BOB, Person(name="wei", open_id=WEI), team=team)
    return crowd


def details(reply: Reply) -> tuple[str, ...]:
    """What stands in the panel of an answer."""
    (panel,) = reply.view
    assert isinstance(panel, Panel)
    return tuple(each.text for each in panel.parts if isinstance(each, Words))


async def test_a_message_that_would_be_held_is_foretold_with_what_turns_it(wei):
    await wei.say("/sub add alarm severity>=warning to chat, robot:ops-room")
    await wei.say("/dnd add 22:00-08:00")

    reply = await wei.say('/why if type=product.alarm at "sat 03:00" severity=warning')

    until = "2026-01-10 08:0"
    assert reply.lines[0] == (
        "If product.alarm, warning came 2026-01-10 03:00 Asia/Shanghai (in 4 d 18 h):"
    )
    assert reply.lines[1].startswith(f"this group, chat: held until {until}")
    assert reply.lines[2].startswith(f"robot ops-room, chat: held until {until}")
    assert reply.lines[3:] == (
        (
            "To have it at once: /dnd remove 1. "
            "With severity=critical it would go out too."
        ),
    )
    assert [each.line for each in reply.buttons] == ["/dnd remove 1"]
    assert reply.canonical == (
        '/why if type=product.alarm severity=warning at "2026-01-10 03:00"'
    )


async def test_two_rules_that_keep_it_are_both_to_be_lifted(wei):
    await wei.say("/sub add alarm")
    await wei.say("/dnd add 08:00-18:00")
    await wei.say("/mute 2h product=cvm including critical because switchover")

    reply = await wei.say("/why if product.alarm warning product=cvm")

    # PostgreSQL counts what it tried in vain, too.
    unmute, remove = (each.line for each in reply.buttons)
    assert (unmute.split()[0], remove) == ("/unmute", "/dnd remove 1")
    assert reply.lines[-1] == f"To have it at once: {unmute}; {remove}."


async def test_what_nearly_brings_it_says_what_it_asks_for(wei):
    await wei.say("/sub add alarm severity>=warning product=cvm")

    assert await wei.said("/why if alarm info product=cos") == (
        "If product.alarm, info, product=cos came now:",
        "Nothing brings it to this group and robot ops-room.",
        f"Rule 1 asks for severity>=warning (severity is info), by you, {NOW}.",
        (
            "To have it at once: /sub set 1 severity>=info product=cvm,cos. "
            "With severity=warning, product=cvm it would go out too."
        ),
    )


async def test_where_no_rule_is_about_it_one_is_offered(wei):
    await wei.say("/sub add finance.*")

    reply = await wei.say("/why if alarm to robot:ops-room")
    assert reply.lines[1:] == (
        "Nothing brings it to robot ops-room.",
        "To have it at once: /sub add product.alarm to robot:ops-room.",
    )
    await wei.say(reply.buttons[0].line)
    assert (await wei.said("/why if alarm to robot:ops-room"))[1:] == (
        "robot ops-room, chat: goes out at once.",
    )


async def test_a_rule_that_is_off_is_one_line_away(wei):
    rule = await wei.do(_of_yaml)
    await wei.say("/sub remove rule:money")

    reply = await wei.say("/why if refund severity=critical")

    assert reply.lines[2:] == (
        f"Rule money is off: finance.refund severity>=warning, by you, {NOW}.",
        "To have it at once: /sub set rule:money severity>=warning.",
    )
    await wei.say(reply.buttons[0].line)
    async with wei.db.reading() as tx:
        assert (await subscriptions.get(tx, rule.id)).enabled


async def _of_yaml(tx):
    chat = Destination(Kind.CHAT, OPS)
    return await subscriptions.add(
        tx,
        Subscription(
            id=0,
            name="money",
            owner="yaml",
            patterns=("finance.refund",),
            where="severity>=warning",
            to=(chat,),
            created_at=MONDAY,
        ),
    )


async def test_a_robot_says_what_of_it_stands_in_the_way(wei):
    await wei.say("/sub add alarm to robot:ops-room")
    await wei.do(lambda tx: _set(tx, deny=("drill",), allow=("db",), paused=True))

    asked = '/why if alarm "a drill" to robot:ops-room'
    lines = await wei.said(asked)
    assert lines[1] == "robot ops-room, chat: waits, it is paused, by yaml."
    assert lines[2] == (
        "To have it at once: /robot resume ops-room; "
        "/robot set ops-room allow=none deny=none."
    )
    for line in ("/robot resume ops-room", "/robot set ops-room allow=none deny=none"):
        await wei.say(line)
    assert (await wei.said(asked))[1] == "robot ops-room, chat: goes out at once."


async def _set(tx, **settings):
    there = await robots.named(tx, "ops-room")
    changed = replace(there, **settings)
    assert await robots.put(tx, changed, now=MONDAY)


async def test_an_unproved_address_is_proved_with_a_code(wei):
    alone = wei.alone()
    await alone.say("/sub add account-arrears via dm,email,sms")

    reply = await alone.say("/why if account-arrears")
    assert reply.lines[1:] == (
        "you, dm: goes out at once.",
        (
            "you, email: undeliverable, contact not verified: no e-mail address is "
            "known."
        ),
        "you, sms: undeliverable, contact not verified: no phone number is known.",
        "Who may change this has it at once with: /contact add you@example.com.",
        "Who may change this has it at once with: /contact add +0.",
    )
    assert reply.buttons == ()

    await alone.say("/contact add wei@example.com")
    reply = await alone.say("/why if account-arrears via email")
    assert reply.lines[-1] == "To have it at once: /verify email."
    await alone.do(
        lambda tx: prove_contact(
            tx, WEI, Means.EMAIL, "wei@example.com", own=True, by=WEI, now=MONDAY
        )
    )
    assert (await alone.said("/why if account-arrears via email"))[1:] == (
        "you, email: goes out at once.",
    )


async def test_who_asked_for_no_more_of_it_gets_none(wei):
    alone = wei.alone()
    await alone.say("/sub add refund via email")
    no = preferences.refusal(ME, Channel.EMAIL, "finance.refund")
    await alone.do(lambda tx: preferences.choose(tx, no, by=WEI, now=MONDAY))
    await alone.do(
        lambda tx: prove_contact(
            tx, WEI, Means.EMAIL, "wei@example.com", own=True, by=WEI, now=MONDAY
        )
    )

    lines = await alone.said("/why if refund critical via email")

    assert lines[1:] == (
        "you, email: muted, no more of it was asked for, by email, by you.",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "/why if announcement via sms to me",
            (
                "Nothing brings it to you, sms.",
                (
                    "updates.announcement does not go by sms: "
                    "news never goes to a phone number."
                ),
            ),
        ),
        (
            "/why if refund via sms to me",
            (
                "Nothing brings it to you, sms.",
                "To have it at once: /sub add finance.refund via sms to me.",
            ),
        ),
    ],
)
async def test_a_channel_that_cannot_be_says_why(wei, line, said):
    await wei.do(
        lambda tx: prove_contact(
            tx, WEI, Means.PHONE, "+6580000000", own=True, by=WEI, now=MONDAY
        )
    )

    assert (await wei.said(line))[1:] == said


# Whom one may know it of


async def test_a_group_learns_nothing_of_what_others_set(wei):
    """The rules of dev, and the hours of people, are theirs."""
    await wei.do(lambda tx: _of_dev(tx, '"secret project"'))
    lin = wei.by(LIN).alone()
    await lin.say("/sub add alarm")
    await lin.say("/dnd add whole day")
    await _confirmed(wei, "/sub add alarm to @_user_2")

    everything = await _everything(wei, "/why if alarm", "/why if alarm to me")

    assert "secret project" not in everything
    assert "dev" not in everything
    assert "whole day" not in everything
    assert (await wei.said("/why if alarm"))[1:] == (
        "@Lin, dm: goes on to them; their own hours decide when.",
        "Nothing brings it to this group and robot ops-room.",
    )
    assert (await wei.said("/why if alarm to me"))[1:] == (
        "Nothing brings it to you.",
        "To have it at once: /sub add product.alarm to me.",
    )


async def test_who_asks_for_oneself_in_a_group_hears_that_a_rule_is_elsewhere(wei):
    await wei.do(lambda tx: _of_dev(tx, ""))

    reply = await wei.say("/why if alarm to me")

    assert reply.lines[1:] == ("you, dm: goes out at once.",)
    assert details(reply)[0] == "A rule made elsewhere brings it."
    alone = await wei.alone().say("/why if alarm")
    assert details(alone)[0] == (
        f"Rule 1 of group {DEV} brings it: product.alarm, by @Lin, {NOW}."
    )


async def _of_dev(tx, where):
    """Let the group dev send something to Wei."""
    await subscriptions.add(
        tx,
        Subscription(
            id=0,
            name="",
            owner=f"chat:{DEV}",
            patterns=("product.alarm",),
            where=where,
            to=(Destination(Kind.CHAT, DEV), ME),
            created_by=LIN,
            created_at=MONDAY,
        ),
    )


async def _confirmed(wei, line):
    asks = await wei.say(line)
    await wei.say(asks.canonical)


async def _everything(wei, *lines):
    said = []
    for line in lines:
        reply = await wei.say(line)
        said += [*reply.lines, *(details(reply) if reply.view else ())]
    return " ".join(said)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/why if alarm to @_user_2", Forbidden),
        ("/why if alarm to alice", Forbidden),
        ("/why if alarm to robot:dev-room", Misunderstood),
        ("/why if alarm to chat:dev", Forbidden),
        ("/why if alarm to group:team", Misunderstood),
        ("/why if alarm via sms", UserError),
    ],
)
async def test_what_comes_to_others_is_not_told(wei, line, error):
    assert type(await wei.refused(line)) is error


async def test_an_admin_alone_may_ask_about_anybody(wei):
    boss = wei.by(ADMIN, Role.ADMIN, Role.EDITOR).alone()
    await wei.say("/sub add alarm to chat, @_user_2")

    assert (await boss.said("/why if alarm to chat:ops"))[1:] == (
        "group ops, chat: goes out at once.",
    )
    assert (await boss.said("/why if alarm to alice via email"))[1:] == (
        "Nothing brings it to @alice, email.",
        (
            "Who may change this has it at once with: /verify email for person:alice; "
            "/sub add product.alarm via email to person:alice."
        ),
    )


# What may be typed


ASKED = Suppose(type="product.alarm", severity=Severity.CRITICAL)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("/why if type=product.alarm severity=critical", ASKED),
        ("why if alarm critical", ASKED),
        ("/why if severity: critical, alarm", ASKED),
        ("/why suppose type:alarm level=crit", ASKED),
        ("为什么 如果 级别=严重 类型=product.alarm", ASKED),
        ("为什么如果 告警 严重", ASKED),
        (
            "/why if alarm critical status=firing fingerprint=web-1/cpu",
            replace(ASKED, status=Status.FIRING, fingerprint="web-1/cpu"),
        ),
        (
            '/why if alarm critical "disk full" source=prometheus body="on web 1"',
            replace(ASKED, title="disk full", source="prometheus", body="on web 1"),
        ),
        (
            "/why if alarm critical product=cvm labels.type=x region: ap-sg",
            replace(
                ASKED,
                labels=(("product", "cvm"), ("type", "x"), ("region", "ap-sg")),
            ),
        ),
        (
            "/why if alarm critical via chat,email to me",
            replace(
                ASKED,
                via=frozenset({Channel.CHAT, Channel.EMAIL}),
                to=ME,
            ),
        ),
        (
            "为什么 如果 告警 严重 产品=cvm 通过 邮件 到 我",
            replace(
                ASKED,
                labels=(("product", "cvm"),),
                via=frozenset({Channel.EMAIL}),
                to=ME,
            ),
        ),
    ],
)
def test_what_is_supposed_may_be_said_in_many_ways(line, meant):
    if "“" in line:
        with pytest.raises(Misunderstood):
            router.read(line, context())
        return
    assert router.read(line, context())[1] == meant
    assert router.read(write(meant, context()), context())[1] == meant


@pytest.mark.parametrize(
    ("said", "away"),
    [
        ('at "sat 03:00"', timedelta(days=4, hours=18)),
        ("at sat 03:00", timedelta(days=4, hours=18)),
        ("at 2026-01-10 03:00", timedelta(days=4, hours=18)),
        ("在 周六 03:00", timedelta(days=4, hours=18)),
        ("在“下周一 9:00”", timedelta(days=7)),
        ("at tomorrow 9am", timedelta(days=1)),
        ("at in 2h", timedelta(hours=2)),
        ("at '2 hours from now'", timedelta(hours=2)),
        ("在 2小时后", timedelta(hours=2)),
        ("at now", timedelta()),
        ("at 现在", timedelta()),
        ("at 2h ago", timedelta(hours=-2)),
        ("在 2小时前", timedelta(hours=-2)),
        ('at "yesterday 03:00"', timedelta(hours=-30)),
        ('at "last sat 03:00"', timedelta(days=-2, hours=-6)),
        ('at "2026-01-03 03:00"', timedelta(days=-2, hours=-6)),
        ("at 1月3日 3:00", timedelta(days=363) - timedelta(hours=6)),
    ],
)
def test_a_moment_is_any_before_or_after_now(said, away):
    asked = router.read(f"/why if refund {said}", context())[1]

    assert asked.at - MONDAY == away


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/why if", ("/why if type=product.alarm",)),
        ("/why if critical", ("/why if critical type=product.alarm",)),
        (
            "/why if type=product.alram",
            ("/why if type=product.alarm", '/why if type="product.alram"'),
        ),
        (
            "/why if type=security.*",
            (
                "/why if type=security.event",
                "/why if type=security.content-violation",
                "/why if type=security.credential-age",
            ),
        ),
        ("/why if alarm severity>=warning", ("/why if alarm severity=warning",)),
        ("/why if alarm -region=na", ("/why if alarm region=na",)),
        (
            "/why if alarm severity=critcal",
            ("/why if alarm severity=critical",),
        ),
        (
            "/why if alarm at 2h",
            ("/why if alarm at in 2h", "/why if alarm at 2h ago"),
        ),
        (
            '/why if alarm at "sat 9"',
            (
                '/why if alarm at "2026-01-10 09:00"',
                '/why if alarm at "2026-01-10 21:00"',
            ),
        ),
        ("/why if alarm product=cvm,cos", ("/help why",)),
        ("/why if alarm at noon-ish", ("/help why",)),
    ],
)
def test_what_cannot_be_supposed_has_corrections_that_can(line, offered):
    assert choices(line) == offered


def test_a_type_that_nobody_defined_may_be_meant_in_quotes():
    assert meaning('/why if type="product.alram"') == (
        "/why if type=product.alram severity=info"
    )
    assert meaning("/why if type=custom.backup") == (
        "/why if type=custom.backup severity=info"
    )
