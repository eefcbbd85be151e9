"""What can be asked without changing anything: help, types, whoami."""

from __future__ import annotations

import re

import pytest

from handlers.commands import router
from handlers.context import Role
from handlers.errors import Misunderstood
from handlers.reply import Button
from tests.handlers.talk import ADMIN, LIN, choices, context


async def test_help_shows_an_editor_one_example_each(wei):
    reply = await wei.say("help")

    nouns = [line.split(" ")[0] for line in reply.lines]
    shown = [noun for noun in router.entries if not router.entries[noun].hidden]
    assert nouns == [*(f"/{noun}" for noun in shown), "“/help"]
    assert reply.buttons == (
        Button("/sub", "/help sub"),
        Button("/dnd", "/help dnd"),
        Button("/mute", "/help mute"),
    )


async def test_help_shows_a_member_what_she_may_do(wei):
    lines = await wei.by(LIN).said("help")

    looks = [
        entry.look
        for entry in router.entries.values()
        if entry.look and not entry.hidden
    ]
    assert [line.partition(" —")[0] for line in lines] == [
        *looks,
        "You may look; editors of this group and admins may change.",
        "“/help dnd” shows more of one. The slash may be left out.",
    ]
    assert "/sub" in looks
    assert "/unmute" not in looks


async def test_help_explains_one_command(wei):
    reply = await wei.say("/help dnd")

    assert reply.lines[0] == (
        "Hold messages at night, and send them in the morning as one digest."
    )
    assert reply.lines[1] == "/dnd add 22:00-08:00 workdays"


@pytest.mark.parametrize(
    "line",
    [
        line
        for entry in router.entries.values()
        for line in (*entry.examples, entry.look)
        if line
    ],
)
def test_every_example_in_the_help_can_be_typed(line):
    # Lark puts a key where somebody is picked from its list of people.
    assert router.read(re.sub(r"@(Lin|Wei)\b", "@_user_2", line), context())


def test_every_noun_has_a_summary_and_an_example():
    for entry in router.entries.values():
        assert entry.summary.endswith(".")
        assert entry.examples


async def test_types_show_the_tree_a_branch_and_a_leaf(wei):
    tree = await wei.say("/types")
    assert tree.lines[2] == (
        "security · Security notifications: event, content-violation, credential-age"
    )

    branch = await wei.say("/types security")
    assert branch.title == "Security notifications"
    assert branch.lines[0] == "security.event · Security event · critical"
    assert branch.buttons == (Button("Subscribe to all", "/sub add security.*"),)

    leaf = await wei.say("/types 余额预警")
    assert leaf.lines[0] == ("finance.balance-warning · Balance warning · warning")
    assert leaf.buttons == (Button("Subscribe", "/sub add finance.balance-warning"),)
    assert await wei.said("/types custom") == (
        "Nothing is known below custom yet. What a source sends appears here.",
    )


async def test_whoami_tells_open_id_and_roles(wei):
    assert await wei.said("/whoami") == (
        "You are ou_wei.",
        "Your roles in this group: member, editor.",
    )
    boss = wei.by(ADMIN, Role.EDITOR, Role.COST_VIEWER, Role.ADMIN).alone()
    assert (await boss.said("whoami"))[1] == (
        "Your roles here: member, editor, cost viewer, admin."
    )
    assert (await wei.by("ou_alice").said("whoami"))[0] == "You are ou_alice (alice)."


async def test_a_refusal_offers_lines_that_can_be_run(wei):
    refusal = await wei.refused("/sub rmove finance.refnd")

    assert isinstance(refusal, Misunderstood)
    assert refusal.choices == ("/sub remove finance.refund",)
    assert choices("/sub rmove finance.refnd") == refusal.choices
    await wei.say("/sub add refund")
    await wei.say(refusal.choices[0])


@pytest.mark.parametrize("greeting", ["hi", "Hello", "你好", "嗨"])
async def test_a_greeting_is_answered(wei, greeting):
    refusal = await wei.refused(greeting)

    assert (str(refusal), refusal.choices) == (
        "What can I do? /help shows what I understand.",
        ("/help",),
    )


async def test_a_greeting_before_a_command_is_no_part_of_it(wei):
    assert await wei.said("hi, whoami") == await wei.said("/whoami")
