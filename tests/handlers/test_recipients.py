"""Recipients: who gets which types here, who is told, who may change it."""

from __future__ import annotations

import pytest

from handlers.context import Role
from store import people, subscriptions
from store.database import Tx
from store.directory import Person
from store.people import Means
from store.values import Channel, Destination, Kind, Subscription
from tests.conftest import MONDAY
from tests.handlers.crowd import ALICE, BOB, Crowd
from tests.handlers.talk import ADMIN, LIN, OPS, WEI

LIN_TO = "/recipients add @_user_2 for finance.refund"
TEAM = tuple(Person(name=f"p{n}", open_id=f"ou_p{n}") for n in range(120))


@pytest.fixture
async def wei(db, clock) -> Crowd:
    """Wei, an editor of the group ops, where alice and bob are known."""
    wei = Crowd(db, clock)
    await wei.settle(ALICE, BOB, finance=("alice", "bob"))
    return wei


async def _rules(wei: Crowd, owner: str = f"chat:{OPS}") -> list[str]:
    """Return the rules of a chat: types → whom, over what."""
    async with wei.db.reading() as tx:
        found = await subscriptions.owned_by(tx, owner)
    return [
        f"{' '.join(rule.patterns)} → {' '.join(str(each) for each in rule.to)}"
        + (f" via {','.join(rule.via)}" if rule.via is not None else "")
        for rule in found
    ]


async def test_somebody_is_added_and_the_next_one_joins_the_same_rule(wei):
    assert await wei.said(LIN_TO) == ("finance.refund: off → on for @Lin, by dm.",)
    assert await wei.said("/recipients add alice for finance.refund") == (
        "finance.refund: off → on for @alice, by dm.",
    )
    assert await _rules(wei) == ["finance.refund → person:ou_lin person:ou_alice"]


async def test_other_channels_are_another_rule_and_joining_takes_what_there_is(wei):
    await wei.say("/recipients add @_user_2 for finance.refund via dm,email")
    await wei.say("/recipients add alice for finance.refund via sms")
    await wei.say("/recipients add me for finance.refund via email,dm")

    assert await _rules(wei) == [
        "finance.refund → person:ou_lin person:ou_wei via dm,email",
        "finance.refund → person:ou_alice via sms",
    ]


async def test_a_rule_of_sub_is_joined_too_where_it_is_of_the_same_sort(wei):
    await wei.say("/sub add finance.refund")
    await wei.say("/sub add finance.refund to @_user_2")
    await wei.say("/sub add finance.refund severity=critical to alice")
    await wei.say("/recipients add me for finance.refund")

    assert await _rules(wei) == [
        "finance.refund → chat:oc_ops",
        "finance.refund → person:ou_lin person:ou_wei",
        "finance.refund → person:ou_alice",
    ]


async def test_to_add_channels_adds_them_to_those_there_are(wei):
    await wei.say(LIN_TO)
    assert await wei.said(f"{LIN_TO} via sms") == (
        "finance.refund: off → on for @Lin, by dm and sms.",
        (
            "Nothing goes to @Lin by sms yet. They have to verify their address, and I "
            "told them how."
        ),
    )
    assert await wei.said(f"{LIN_TO} via dm") == (
        "They get it already. Nothing changed.",
    )
    assert await _rules(wei) == ["finance.refund → person:ou_lin via dm,sms"]


async def test_several_people_types_groups_and_robots_in_one_line(wei):
    reply = await wei.say(
        "/recipients add @_user_2 group:finance robot:ops-room for refund, voucher"
    )

    assert reply.lines == (
        (
            "finance.refund, finance.voucher: off → on for @Lin and everyone in "
            "finance, by dm."
        ),
        "finance.refund, finance.voucher: off → on for robot ops-room, by chat.",
    )
    assert reply.canonical == (
        "/recipients add person:ou_lin, group:finance, robot:ops-room for "
        "finance.refund finance.voucher"
    )
    assert await _rules(wei) == [
        "finance.refund → person:ou_lin group:finance",
        "finance.refund → robot:ops-room",
        "finance.voucher → person:ou_lin group:finance",
        "finance.voucher → robot:ops-room",
    ]


async def test_recipients_are_listed_with_how_they_are_reached(wei):
    await wei.say("/recipients add @_user_2 group:finance for refund via dm,email")
    await wei.say("/recipients add alice bob for voucher via email")
    await wei.say("/recipients add robot:ops-room for refund")

    assert await wei.said("/recipients") == (
        "finance.refund · @Lin · dm, email without an address",
        (
            "finance.refund · everyone in finance · dm (1 of 2 people verified), "
            "email (1 of 2 people verified)"
        ),
        "finance.refund · robot ops-room · chat",
        "finance.voucher · @alice · email a***@example.com not verified",
        "finance.voucher · @bob · email b***@example.com",
    )
    assert await wei.said("/recipients list voucher") == (
        "finance.voucher · @alice · email a***@example.com not verified",
        "finance.voucher · @bob · email b***@example.com",
    )
    assert await wei.said("/recipients list product.alarm") == (
        (
            "Nobody here is a recipient of product.alarm. “/recipients add @Wei for "
            "product.alarm” adds somebody."
        ),
    )
    assert await wei.within("oc_dev").said("/recipients") == (
        (
            "There are no recipients here yet. “/recipients add @Wei for "
            "finance.balance-warning” adds one."
        ),
    )


async def test_who_was_added_is_told_and_can_stop_it_alone(wei):
    reply = await wei.say(
        "/recipients add @_user_2 me for refund, voucher via dm,email"
    )

    (note,) = reply.notes
    assert (note.to.name, note.title) == (LIN, "You get messages from group ops")
    assert note.lines == (
        "finance.refund, finance.voucher, by dm and email.",
        "“Stop” ends it, for you alone.",
        (
            "Nothing goes by email until I know your address: send me “/contact add” "
            "and the address."
        ),
    )
    (stop,) = note.buttons
    assert (stop.line, stop.only) == (
        "/recipients stop finance.refund finance.voucher from chat:oc_ops",
        LIN,
    )

    lin = wei.by(LIN).alone()
    assert await lin.said(stop.line) == (
        "finance.refund, finance.voucher: on → off for you, from group ops.",
    )
    assert await _rules(wei) == [
        "finance.refund → person:ou_wei via dm,email",
        "finance.voucher → person:ou_wei via dm,email",
    ]
    assert await lin.said(stop.line) == ("You get none of that from there any more.",)
    assert await lin.said("/undo") == (
        "Taken back: /recipients stop finance.refund finance.voucher from chat:oc_ops",
        "It cannot unsend what was sent.",
    )
    assert (await _rules(wei))[0] == (
        "finance.refund → person:ou_lin person:ou_wei via dm,email"
    )


async def test_stop_says_the_same_of_a_group_that_there_is_not(wei):
    lin = wei.by(LIN).alone()
    await wei.say("/recipients add me for refund")

    said = [
        await lin.said(f"/recipients stop refund from chat:{chat}")
        for chat in (OPS, "oc_nowhere")
    ]
    assert said == [("You get none of that from there any more.",)] * 2


async def test_members_of_a_group_of_people_are_told_and_may_hold_it_back(wei):
    reply = await wei.say("/recipients add group:finance for refund")

    (note,) = reply.notes
    assert (note.to.name, note.lines) == (
        "ou_alice",
        (
            "finance.refund, by dm.",
            (
                "You are one of finance. Only an admin can take you out of it, but "
                "you can let me hold these back."
            ),
        ),
    )
    assert [each.line for each in note.buttons] == ["/dnd add whole day finance.refund"]


async def test_one_may_add_and_remove_oneself_and_nobody_else(wei):
    lin = wei.by(LIN)
    await wei.say("/recipients add alice for refund")

    assert await lin.said("/recipients add me for refund") == (
        "finance.refund: off → on for you, by dm.",
    )
    assert await lin.said("/undo") == (
        "Taken back: /recipients add me for finance.refund",
        "It cannot unsend what was sent.",
    )
    await lin.say("/recipients add me for refund")
    assert await lin.said("/recipients remove me for refund") == (
        "finance.refund: on → off for you.",
    )
    for line in ("add alice for voucher", "remove alice", "set me for refund"):
        refused = await lin.refused(f"/recipients {line}")
        assert str(refused) == (
            "Only editors of this group and admins can change this. /whoami shows "
            "your roles."
        )
    await wei.say("/recipients add @_user_2 for refund")
    assert await _rules(wei) == ["finance.refund → person:ou_alice person:ou_lin"]


async def test_nobody_can_take_back_what_concerns_others(wei):
    await wei.say("/recipients add alice for refund")

    refused = await wei.by(LIN).refused("/undo 1")
    assert str(refused).startswith("Only editors of this group and admins")


async def test_somebody_is_removed_from_one_type_or_from_all_and_undo_works(wei):
    await wei.say("/recipients add @_user_2 alice for refund, voucher")

    assert await wei.said("/recipients remove @_user_2 from refund") == (
        "finance.refund: on → off for @Lin.",
    )
    assert await wei.said("/recipients remove alice") == (
        "finance.refund, finance.voucher: on → off for @alice.",
    )
    assert await _rules(wei) == ["finance.voucher → person:ou_lin"]
    await wei.say("/undo")
    assert sorted(await _rules(wei)) == [
        "finance.refund → person:ou_alice",
        "finance.voucher → person:ou_lin person:ou_alice",
    ]
    assert str(await wei.refused("/recipients remove bob for refund")) == (
        "@bob: no recipient of exactly finance.refund here. /recipients lists them, "
        "/sub list shows the wider rules."
    )


async def test_a_channel_alone_is_taken_away(wei):
    await wei.say("/recipients add alice @_user_2 for refund via dm,sms")

    assert await wei.said("/recipients remove alice for refund via sms") == (
        "finance.refund: no more by sms for @alice.",
    )
    assert await _rules(wei) == [
        "finance.refund → person:ou_lin via dm,sms",
        "finance.refund → person:ou_alice",
    ]
    assert await wei.said("/recipients remove alice for refund via dm") == (
        "finance.refund: no more by dm for @alice.",
    )
    assert await _rules(wei) == ["finance.refund → person:ou_lin via dm,sms"]


async def test_to_set_them_is_to_have_exactly_those(wei):
    await wei.say("/recipients add @_user_2 alice for refund via dm,email")

    assert await wei.said("/recipients set alice me for refund") == (
        "finance.refund: off → on for you, by dm and email.",
        "finance.refund: on → off for @Lin.",
        (
            "Nothing goes to you by email yet. Verify your address: send me /contact "
            "in a direct chat."
        ),
    )
    assert await _rules(wei) == [
        "finance.refund → person:ou_alice person:ou_wei via dm,email"
    ]
    assert await wei.said("/recipients set alice me for refund via sms") == (
        "finance.refund: off → on for you and @alice, by sms.",
        (
            "Nothing goes to you by sms yet. Verify your address: send me /contact in "
            "a direct chat."
        ),
        (
            "Nothing goes to @alice by sms yet. They have to verify their address, "
            "and I told them how."
        ),
    )
    assert await wei.said("/recipients set nobody for refund") == (
        "finance.refund: on → off for you and @alice.",
    )
    assert await _rules(wei) == []


async def test_what_is_broad_asks_first(wei):
    await wei.settle(*TEAM, team=tuple(each.name for each in TEAM[:11]))

    asked = await wei.say("/recipients add group:team for refund")
    assert asked.lines[0] == "11 recipients would get finance.refund."
    assert await _rules(wei) == []
    (yes,) = asked.buttons
    reply = await wei.say(yes.line)
    assert len(reply.notes) == 11
    assert await _rules(wei) == ["finance.refund → group:team"]


async def test_a_hundred_recipients_of_a_type_are_the_most(wei):
    await wei.settle(*TEAM, team=tuple(each.name for each in TEAM[:99]))
    await wei.say(
        (await wei.say("/recipients add group:team for refund")).buttons[0].line
    )
    await wei.say("/recipients add p99 for refund")

    # One who is in the group already counts once.
    await wei.say("/recipients add p3 for refund")
    refused = await wei.refused("/recipients add p100 for refund")
    assert str(refused) == (
        "finance.refund would have 101 recipients here; 100 are the most. Remove some "
        "first, or let a robot post it."
    )
    await wei.say("/recipients add p100 for voucher")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "/recipients add robot:ops-room @_user_2 for refund via dm",
            (
                "robot ops-room is not reached by dm. People have dm, email, sms and "
                "voice; robots have chat."
            ),
        ),
        (
            "/recipients add @_user_2 for refund via voice",
            (
                "finance.refund does not go by voice: voice is only for what cannot "
                "wait until morning."
            ),
        ),
    ],
)
async def test_a_channel_that_cannot_carry_it_is_refused(wei, line, said):
    refused = await wei.refused(line)

    assert str(refused) == said


async def test_everything_that_one_gets_is_shown_to_oneself(wei):
    await wei.say("/recipients add @_user_2 group:finance for refund via dm,email")
    await wei.within("oc_dev").say("/recipients add alice for voucher")
    alice = wei.by("ou_alice").alone()
    await alice.say("/sub add product.alarm severity=critical")

    reply = await alice.say("/recipients show me")
    assert reply.title == "What you get"
    assert reply.lines == (
        (
            "Reached by: dm verified, email not (contact not verified: the code for "
            "a***@example.com was not entered yet), sms not (contact not verified: no "
            "phone number is known), voice not (contact not verified: no phone number "
            "is known)."
        ),
        "finance.refund · by dm and email · as one of finance · from group ops",
        "finance.voucher · by dm · from a group",
        "product.alarm · by dm · severity=critical",
    )
    (menu,) = reply.view
    assert [each.line for each in menu.choices] == [
        "/recipients stop finance.voucher from chat:oc_dev",
        "/recipients stop product.alarm from person:ou_alice",
    ]


async def test_in_a_group_only_that_groups_rules_are_shown_and_only_to_editors(wei):
    await wei.say("/recipients add alice for refund")
    await wei.within("oc_dev").say("/recipients add alice for voucher")

    lines = await wei.said("/recipients show alice")
    assert lines[1:] == ("finance.refund · by dm",)
    assert str(await wei.by(LIN).refused("/recipients show alice")) == (
        "What somebody else gets is shown to editors of a group, for that group, and "
        "to admins. “/recipients show me” shows what you get."
    )
    assert str(await wei.alone().refused("/recipients show alice")).startswith(
        "What somebody else gets"
    )
    admin = wei.by(ADMIN, Role.ADMIN).alone()
    assert (await admin.said("/recipients show alice"))[1:] == (
        "finance.refund · by dm · from group ops",
        "finance.voucher · by dm · from a group",
    )


async def test_somebody_whom_lark_knows_is_added_by_address(wei):
    asked = await wei.say("/recipients add Carol@example.com @_user_2 for refund")
    assert asked.lines == ("I am looking for c***@example.com at Lark.",)
    assert await _rules(wei) == []

    found = [
        {
            "means": "email",
            "address": "carol@example.com",
            "open_id": "ou_carol",
            "name": "Carol",
            "phone": "",
        }
    ]
    reply = await wei.perform(asked, found=found)
    assert reply.lines == ("finance.refund: off → on for @Lin and @Carol, by dm.",)
    assert await _rules(wei) == ["finance.refund → person:ou_lin person:ou_carol"]
    assert await wei.said("/recipients list") == (
        "finance.refund · @Lin · dm",
        "finance.refund · @Carol · dm",
    )
    async with wei.db.reading() as tx:
        carol = await people.addressee(tx, "ou_carol")
    assert not carol.contacts[Means.EMAIL].verified


async def test_somebody_whom_lark_does_not_know_is_offered_without_an_account(wei):
    asked = await wei.say("/recipients add eve@example.org @_user_2 for refund")
    reply = await wei.perform(asked, found=[])

    assert reply.lines == (
        "finance.refund: off → on for @Lin, by dm.",
        (
            "Lark knows nobody with e***@example.org. They can be added without an "
            "account: they are sent a code first."
        ),
    )
    offer = reply.buttons[-1]
    assert (offer.label, offer.line) == (
        "Add e***@example.org by e-mail",
        "/recipients add person:P1 for finance.refund via email",
    )
    added = await wei.say(offer.line)
    assert added.lines == (
        "finance.refund: off → on for e***@example.org (P1), by email.",
        (
            "Nothing goes to e***@example.org (P1) by email yet. An admin enters the "
            "code that they are sent."
        ),
    )
    (task,) = added.tasks
    assert (task.kind, task.details["address"], task.details["for"]) == (
        "contact.code",
        "eve@example.org",
        "P1",
    )
    # Known by now: no need to ask Lark again.
    again = await wei.say("/recipients add eve@example.org for voucher")
    assert again.lines[0] == (
        "finance.voucher: off → on for e***@example.org (P1), by email."
    )


async def test_lark_that_does_not_answer_changes_nothing(wei):
    asked = await wei.say("/recipients add eve@example.org @_user_2 for refund")

    with pytest.raises(Exception, match="Lark could not be asked: it was busy"):
        await wei.perform(asked, failed="it was busy")
    assert await _rules(wei) == []


async def test_an_address_of_the_yaml_is_whose_the_yaml_says(wei):
    assert await wei.said("/recipients add bob@example.com for refund via email") == (
        "finance.refund: off → on for @bob, by email.",
    )
    assert await wei.said("/recipients add ALICE@example.com for refund") == (
        "finance.refund: off → on for @alice, by dm.",
    )


async def test_one_group_learns_nothing_of_whom_another_knows(wei):
    asked = await wei.say("/recipients add eve@example.org for refund")
    await wei.perform(asked, found=[])
    dev = wei.within("oc_dev")

    assert (await dev.refused("/recipients add P1 for refund")).choices == (
        "/help recipients",
    )
    assert str(await dev.refused("/recipients remove eve@example.org")) == (
        "e***@example.org is nobody’s here."
    )
    asked = await dev.say("/recipients add eve@example.org for refund")
    reply = await dev.perform(asked, found=[])
    assert reply.buttons[-1].line == (
        "/recipients add person:P2 for finance.refund via email"
    )


async def test_an_address_of_somebodys_own_names_nobody(wei):
    async def give(tx: Tx) -> None:
        await people.prove_contact(
            tx,
            "ou_alice",
            Means.EMAIL,
            "secret@home.example",
            own=True,
            by="ou_alice",
            now=MONDAY,
        )

    await wei.db.write(give)
    asked = await wei.say("/recipients add secret@home.example for refund")
    assert asked.lines == ("I am looking for s***@home.example at Lark.",)


async def test_without_the_right_nobody_is_looked_for(wei):
    refused = await wei.by(LIN).refused("/recipients add eve@example.org for refund")

    assert str(refused).startswith("Only editors of this group and admins")
    asked = await wei.say("/recipients add eve@example.org for refund")
    with pytest.raises(Exception, match="Only editors"):
        await wei.by(LIN).perform(asked, found=[])


async def test_in_a_direct_chat_recipients_are_ones_own(wei):
    alone = wei.alone()

    assert await alone.said("/recipients add me for refund via dm") == (
        "finance.refund: off → on for you, by dm.",
    )
    assert await _rules(wei, f"person:{WEI}") == ["finance.refund → person:ou_wei"]
    assert str(await alone.refused("/recipients add alice for refund")) == (
        "From a direct chat you can change what you get yourself. Admins can change "
        "the rest."
    )


async def test_only_exact_types_have_recipients(wei):
    rule = Subscription(
        id=0,
        name="",
        owner=f"chat:{OPS}",
        patterns=("finance.*",),
        to=(Destination(Kind.PERSON, LIN),),
        via=(Channel.DM,),
        created_by=WEI,
        created_at=MONDAY,
    )
    await wei.db.write(lambda tx: subscriptions.add(tx, rule))

    assert await wei.said("/recipients list finance.refund") == (
        (
            "Nobody here is a recipient of finance.refund. “/recipients add @Wei for "
            "finance.refund” adds somebody."
        ),
    )
    assert await wei.said("/recipients list finance.*") == ("finance.* · @Lin · dm",)


async def test_a_rule_of_several_types_is_divided_where_one_of_them_goes(wei):
    rule = Subscription(
        id=0,
        name="",
        owner=f"chat:{OPS}",
        patterns=("finance.refund", "finance.voucher"),
        to=(Destination(Kind.CHAT, OPS), Destination(Kind.PERSON, LIN)),
        created_by=WEI,
        created_at=MONDAY,
    )
    await wei.db.write(lambda tx: subscriptions.add(tx, rule))
    await wei.say("/recipients remove @_user_2 for refund")

    assert sorted(await _rules(wei)) == [
        "finance.refund finance.voucher → chat:oc_ops",
        "finance.voucher → person:ou_lin",
    ]


async def test_who_is_subscribed_by_sub_is_told_too(wei):
    reply = await wei.say(
        "/sub add product.alarm severity=critical via sms to @_user_2"
    )

    assert reply.lines[-1] == (
        "Nothing goes to @Lin by sms yet. They have to verify their address, and I "
        "told "
        "them how."
    )
    (note,) = reply.notes
    assert (note.to.name, note.lines[0]) == (
        LIN,
        "product.alarm with severity=critical, by sms.",
    )
    await wei.by(LIN).alone().say(note.buttons[0].line)
    assert await _rules(wei) == []
    assert (await wei.say("/sub add product.alarm to me")).notes == ()
