"""/sub: which messages come here, asked for in a group and alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.context import Role
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.reply import Button, Reply, Tone
from store import matching, subscriptions
from store.values import Channel, Destination, Kind, Subscription
from tests.conftest import MONDAY
from tests.handlers.talk import ADMIN, DEV, LIN, OPS, WEI

CHAT = Destination(Kind.CHAT, OPS)
ROOM = Destination(Kind.ROBOT, "ops-room")


async def rules(talk, owner=f"chat:{OPS}"):
    """The rules of this chat: name, patterns, filter, channels, destinations."""
    found = await talk.do(lambda tx: subscriptions.owned_by(tx, owner))
    return [
        (
            each.name,
            " ".join(each.patterns),
            each.where,
            each.via and " ".join(each.via),
            " ".join(map(str, each.to)),
        )
        for each in found
    ]


async def brings(talk, pattern):
    """Who gets a type by a rule that names exactly this pattern."""
    found = await talk.do(lambda tx: matching.rules_naming(tx, [pattern]))
    return [str(to) for each in found for to in each.to]


async def from_yaml(talk, **settings):
    """A rule of the YAML that sends money matters to ops and its robot."""
    rule = Subscription(
        **{
            "id": 0,
            "name": "money",
            "owner": "yaml",
            "patterns": ("finance.*", "product.expiry"),
            "to": (CHAT,),
            "created_at": MONDAY,
        }
        | settings
    )
    await talk.do(lambda tx: subscriptions.apply_baseline(tx, [rule], now=MONDAY))
    return rule


async def test_add_adds_exactly_one_type(wei):
    reply = await wei.say("／sub　add　“finance.refund”")

    assert reply == Reply(
        title="Subscribed",
        lines=(
            "finance.refund: off → on, every message, by chat.",
            "For everyone in this group, from the next message on.",
        ),
        canonical="/sub add finance.refund",
        buttons=(Button("Undo", "/undo 1"),),
        tone=Tone.DONE,
    )
    assert await rules(wei) == [("1", "finance.refund", "", None, f"chat:{OPS}")]
    assert await brings(wei, "finance.refund") == [f"chat:{OPS}"]


async def test_add_keeps_filter_channels_and_destinations(wei):
    await wei.say(
        'sub add 余额预警 severity>=warning product=cvm "disk full" via inbox '
        "to robot:ops-room and @_user_2"
    )

    where = 'severity>=warning product=cvm "disk full"'
    assert await rules(wei) == [
        ("1", "finance.balance-warning", where, "inbox", "robot:ops-room"),
        ("2", "finance.balance-warning", where, "inbox", f"person:{LIN}"),
    ]


async def test_adding_what_exists_says_so_and_changes_nothing(wei):
    await wei.say("/sub add finance.refund")

    reply = await wei.say("/sub add refund via inbox")

    assert reply.lines == (
        (
            "Already there: finance.refund, every message, by chat (rule 1). "
            "Nothing changed."
        ),
    )
    assert reply.buttons == (
        Button("Change the channels", "/sub set finance.refund via inbox"),
    )
    assert await rules(wei) == [("1", "finance.refund", "", None, f"chat:{OPS}")]
    assert str(await wei.refused("/undo 2")) == "There is no change 2 here."


async def test_of_several_types_only_what_is_missing_is_added(wei):
    await wei.say("/sub add refund")

    assert await wei.said("/sub add refund, voucher") == (
        "finance.voucher: off → on, every message, by chat.",
        (
            "For everyone in this group, from the next message on. "
            "finance.refund was there already."
        ),
    )
    assert [rule[1] for rule in await rules(wei)] == [
        "finance.refund",
        "finance.voucher",
    ]


async def test_the_same_type_with_another_filter_is_another_rule(wei):
    await wei.say("/sub add alarm product=cvm")
    await wei.say("/sub add alarm product=cos")

    assert [rule[2] for rule in await rules(wei)] == ["product=cvm", "product=cos"]


async def test_adding_what_a_wider_rule_brings_says_so(wei):
    await wei.say("/sub add finance.*")

    assert (await wei.said("/sub add refund"))[1] == (
        "For everyone in this group, from the next message on. "
        "finance.* (rule 1) brings it already."
    )


async def test_alone_a_subscription_is_for_the_asker(wei):
    reply = await wei.alone().say("/sub add refund")

    assert reply.lines[1] == "For you, from the next message on."
    owner = f"person:{WEI}"
    assert await rules(wei, owner) == [("1", "finance.refund", "", None, owner)]


async def test_what_one_asks_for_oneself_in_a_group_is_ones_own(wei):
    await wei.say("/sub add refund to me")

    assert await rules(wei, f"person:{WEI}") != []
    assert (await wei.said("/sub list"))[0].startswith("Nothing comes to everyone")
    assert await wei.said("/sub list to me") == (
        "1 · finance.refund → you · every message, inbox only",
    )
    await wei.say("/sub remove refund to me")
    assert await rules(wei, f"person:{WEI}") == []


async def test_removing_takes_exactly_what_was_named(wei):
    await wei.say("/sub add refund, voucher, alarm")

    assert await wei.said("/sub remove refund, alarm") == (
        "finance.refund, product.alarm: on → off.",
        "For everyone in this group, from the next message on.",
    )
    assert [rule[1] for rule in await rules(wei)] == ["finance.voucher"]


async def test_removing_by_number_takes_the_whole_rule(wei):
    await wei.say("/sub add alarm product=cvm")
    await wei.say("/sub add alarm product=cos")

    await wei.say("/sub remove 1")

    assert [rule[2] for rule in await rules(wei)] == ["product=cos"]
    assert str(await wei.refused("/sub remove 1")) == (
        "There is no rule 1 here. /sub list shows them."
    )


async def test_removing_with_a_filter_takes_the_rule_with_that_filter(wei):
    await wei.say("/sub add alarm product=cvm")
    await wei.say("/sub add alarm product=cos")

    await wei.say("/sub remove alarm product=cos")

    assert [rule[2] for rule in await rules(wei)] == ["product=cvm"]


async def test_removing_what_only_a_pattern_covers_explains_what_does(wei):
    await wei.say("/sub add finance.* severity>=warning")

    refusal = await wei.refused("/sub remove refund")

    assert type(refusal) is UserError
    assert str(refusal) == (
        "No rule names finance.refund itself. It comes through finance.*, "
        "severity>=warning (rule 1). Remove that, or leave finance.refund out of it."
    )
    assert refusal.choices == (
        "/sub remove finance.*",
        "/sub set 1 severity>=warning -type=finance.refund",
    )
    await wei.say(refusal.choices[1])
    assert await rules(wei) == [
        (
            "1",
            "finance.*",
            "severity>=warning -type=finance.refund",
            None,
            f"chat:{OPS}",
        )
    ]


async def test_removing_a_category_that_no_rule_names_lists_what_is_below_it(wei):
    await wei.say("/sub add refund, voucher, alarm")

    refusal = await wei.refused("/sub remove finance")

    assert str(refusal) == (
        "No rule is for finance.* as a whole. "
        "There are: finance.refund, finance.voucher."
    )
    assert refusal.choices == ("/sub remove finance.refund finance.voucher",)


async def test_removing_what_nothing_brings_says_so(wei):
    assert str(await wei.refused("/sub remove refund")) == (
        "No rule sends finance.refund to this group. /sub list shows the rules."
    )


async def test_removing_says_what_still_brings_it(wei):
    await wei.say("/sub add finance.*")
    await wei.say("/sub add refund")

    assert (await wei.said("/sub remove refund"))[1] == (
        "For everyone in this group, from the next message on. "
        "It still comes through finance.* (rule 1)."
    )


async def test_nothing_is_removed_when_one_of_several_cannot_be(wei):
    await wei.say("/sub add refund")

    await wei.refused("/sub remove refund, voucher")

    assert [rule[1] for rule in await rules(wei)] == ["finance.refund"]


async def test_set_changes_filter_and_channels_and_says_was_and_now(wei):
    await wei.say("/sub add alarm")

    reply = await wei.say("/sub set alarm severity=critical via inbox")

    assert reply.lines == (
        "product.alarm: every message → severity=critical; by chat → inbox only.",
        "For everyone in this group, from the next message on.",
    )
    assert await rules(wei) == [
        ("1", "product.alarm", "severity=critical", "inbox", f"chat:{OPS}")
    ]
    await wei.say("/sub set 1 no filter via default")
    assert await rules(wei) == [("1", "product.alarm", "", None, f"chat:{OPS}")]


async def test_set_asks_which_rule_when_several_name_the_type(wei):
    await wei.say("/sub add alarm product=cvm")
    await wei.say("/sub add alarm product=cos")

    refusal = await wei.refused("/sub set alarm via inbox")

    assert type(refusal) is Misunderstood
    assert refusal.choices == ("/sub set 1 via inbox", "/sub set 2 via inbox")


async def test_setting_what_is_set_changes_nothing(wei):
    await wei.say("/sub add alarm via inbox")

    assert await wei.said("/sub set alarm via inbox") == (
        (
            "Already there: product.alarm, every message, inbox only (rule 1). "
            "Nothing changed."
        ),
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "/sub add refund via sms to me",
            "There is no sms here yet, only inbox and chat.",
        ),
        (
            "/sub add refund via email",
            "email reaches people, not groups. Say whom: “to me”, “to @Wei”.",
        ),
        (
            "/sub add refund to robot:dev-room",
            "I know no robot “dev-room” here.",
        ),
        (
            "/sub add refund to chat:dev",
            (
                "A group's settings are seen and changed in that group alone. "
                "Ask me there; admins can also do it in a direct chat."
            ),
        ),
    ],
)
async def test_what_cannot_be_sent_is_refused_with_the_reason(wei, line, reason):
    assert str(await wei.refused(line)) == reason
    assert await rules(wei) == []


async def test_sub_list_lists_the_rules_of_this_chat(wei):
    await from_yaml(wei)
    await wei.say("/sub add alarm severity>=warning via chat,inbox")
    await wei.say("/sub add refund to robot:ops-room")

    reply = await wei.say("/sub list")

    assert reply.title == "Subscriptions"
    assert reply.lines == (
        (
            "rule:money · finance.*, product.expiry → this group · "
            "every message, by chat · yaml"
        ),
        "1 · product.alarm → this group · severity>=warning, by chat",
        "2 · finance.refund → robot ops-room · every message, by chat",
    )
    assert reply.canonical == "/sub list"


async def test_a_list_can_be_asked_for_some_types(wei):
    await wei.say("/sub add refund, alarm")

    assert await wei.said("/sub list finance") == (
        "1 · finance.refund → this group · every message, by chat",
    )


async def test_a_long_list_has_pages(wei):
    for number in range(23):
        await wei.say(f"/sub add custom.n{number}")

    first = await wei.say("/sub list")

    assert len(first.lines) == 20
    assert first.buttons == (Button("More", "/sub list page 2"),)
    second = await wei.say("/sub list page 2")
    assert len(second.lines) == 3
    assert second.buttons == ()
    assert str(await wei.refused("/sub list page 3")) == "The last page is 2."


async def test_one_group_neither_sees_nor_changes_anothers_rules(wei):
    await wei.say("/sub add refund")
    await wei.say("/sub add alarm to robot:ops-room")
    dev = wei.within(DEV)

    assert await dev.said("/sub list") == (
        (
            "Nothing comes to everyone in this group yet. "
            "/types shows what there is, /sub add adds it."
        ),
    )
    await dev.refused("/sub remove 1")
    await dev.refused("/sub remove refund")
    await dev.refused("/sub remove refund to chat:ops")
    await dev.refused("/sub list to robot:ops-room")
    await dev.by(ADMIN, Role.ADMIN).refused("/sub list to chat:ops")
    await dev.refused("/undo 1")

    assert len(await rules(wei)) == 2


async def test_members_may_look_and_not_change(wei):
    await wei.say("/sub add refund")
    lin = wei.by(LIN)

    assert len(await lin.said("/sub list")) == 1
    for line in (
        "/sub add alarm",
        "/sub remove refund",
        "/sub set refund via inbox",
        "/sub add refund to @_user_2 and chat",
        "/undo 1",
    ):
        refusal = await lin.refused(line)
        assert type(refusal) is Forbidden
        assert "Only editors of this group and admins" in str(refusal)
    assert [rule[1] for rule in await rules(wei)] == ["finance.refund"]


async def test_members_may_subscribe_themselves(wei):
    lin = wei.by(LIN)

    await lin.say("/sub add refund to me")

    assert await brings(wei, "finance.refund") == [f"person:{LIN}"]


async def test_alone_others_are_not_subscribed(wei):
    refusal = await wei.alone().refused("/sub add refund to alice")

    assert type(refusal) is Forbidden


async def test_an_admin_alone_can_act_on_any_group(wei):
    boss = wei.by(ADMIN, Role.ADMIN).alone()

    await boss.say("/sub add refund to chat:ops")

    assert await rules(wei) == [("1", "finance.refund", "", None, f"chat:{OPS}")]
    assert await boss.said("/sub list to chat:ops") == (
        "1 · finance.refund → group ops · every message, by chat",
    )
    assert len(await wei.said("/sub list")) == 1


async def test_an_unbound_robot_is_the_admins(wei):
    assert str(await wei.refused("/sub add refund to robot:loose")) == (
        "I know no robot “loose” here."
    )

    await wei.by(ADMIN, Role.ADMIN).say("/sub add refund to robot:loose")

    assert await brings(wei, "finance.refund") == ["robot:loose"]


async def test_a_yaml_rule_is_turned_off_from_the_chat_and_reset(wei):
    await from_yaml(wei)

    assert await wei.said("/sub remove rule:money") == (
        "finance.*, product.expiry: on → off.",
        "For everyone in this group, from the next message on.",
    )
    assert await brings(wei, "finance.*") == []
    assert await wei.said("/sub list") == (
        (
            "rule:money · finance.*, product.expiry → this group · "
            "every message, by chat · off · yaml, changed by you"
        ),
    )

    assert await wei.said("/sub reset money") == (
        "finance.*, product.expiry: off → on.",
        "For everyone in this group, from the next message on.",
    )
    assert await brings(wei, "finance.*") == [f"chat:{OPS}"]
    assert await wei.said("/sub reset money") == ("Rule money is as the YAML has it.",)


async def test_one_type_of_a_yaml_rule_is_taken_out_of_it(wei):
    await from_yaml(wei)

    await wei.say("/sub remove product.expiry")

    assert await rules(wei, "yaml") == [("money", "finance.*", "", None, f"chat:{OPS}")]
    assert await brings(wei, "product.expiry") == []


async def test_a_yaml_rule_is_changed_from_the_chat(wei):
    await from_yaml(wei)

    assert (await wei.said("/sub set rule:money severity=critical"))[0] == (
        "finance.*, product.expiry: every message → severity=critical."
    )
    assert await rules(wei, "yaml") == [
        ("money", "finance.* product.expiry", "severity=critical", None, f"chat:{OPS}")
    ]


async def test_a_yaml_rule_that_serves_others_keeps_serving_them(wei):
    alice = Destination(Kind.PERSON, "ou_alice")
    await from_yaml(wei, to=(CHAT, alice), via=(Channel.CHAT, Channel.DM))

    await wei.say("/sub remove finance.*")

    assert await brings(wei, "finance.*") == ["person:ou_alice"]
    assert sorted(await brings(wei, "product.expiry")) == [
        f"chat:{OPS}",
        "person:ou_alice",
    ]
    refusal = await wei.refused("/sub reset money")
    assert "also serves others" in str(refusal) or "no rule" in str(refusal)


async def test_a_yaml_rule_that_was_turned_off_comes_back_when_it_is_added(wei):
    await from_yaml(wei, patterns=("finance.*",))
    await wei.say("/sub remove finance.*")

    await wei.say("/sub add finance.*")

    assert await rules(wei) == []
    assert await rules(wei, "yaml") == [("money", "finance.*", "", None, f"chat:{OPS}")]


async def test_what_chat_changed_stays_when_the_yaml_is_read_again(wei):
    rule = await from_yaml(wei)
    await wei.say("/sub remove rule:money")

    wider = replace(rule, patterns=("*",))
    told = await wei.do(
        lambda tx: subscriptions.apply_baseline(tx, [wider], now=MONDAY)
    )

    assert told == ["money"]
    assert await brings(wei, "*") == []
    await wei.say("/sub reset money")
    assert await brings(wei, "*") == [f"chat:{OPS}"]


async def test_an_address_behind_to_is_told_where_it_belongs(wei):
    refusal = await wei.refused("/sub add finance.* to lin@example.com")

    assert str(refusal) == (
        "I do not know l***@example.com yet. /recipients add, with that address and "
        "“for finance.refund”, asks Lark whose it is, or sends it a code."
    )


async def test_what_another_group_made_for_somebody_is_not_told_in_a_group(wei):
    dev = wei.within("oc_dev")
    await dev.say("/sub add finance.refund product=secret via inbox to @_user_2")
    lin = wei.by(LIN)

    assert (await lin.said("/sub list to me"))[0].startswith("Nothing comes to you yet")
    assert "product=secret" in (await lin.alone().said("/sub list"))[0]
