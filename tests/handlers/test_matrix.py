"""/sub switch: what it says, and what it makes of the rules."""

from __future__ import annotations

import pytest

from handlers.errors import UserError
from store import subscriptions
from store.values import Channel, Destination, Kind
from tests.handlers.crowd import ALICE, Crowd
from tests.handlers.meaning import meaning
from tests.handlers.talk import OPS

HERE = f"chat:{OPS}"


@pytest.fixture
async def wei(db, clock):
    crowd = Crowd(db, clock)
    await crowd.settle(ALICE, team=("alice",))
    return crowd


async def rules(talk, owner=HERE):
    """The rules of this chat: patterns, filter, channels, destinations."""
    found = await talk.do(lambda tx: subscriptions.owned_by(tx, owner))
    return [
        (
            " ".join(each.patterns),
            each.where,
            each.via and " ".join(each.via),
            " ".join(map(str, each.to)),
        )
        for each in found
    ]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("/sub switch refund on sms", "/sub switch finance.refund on sms"),
        ("/sub switch refund sms on", "/sub switch finance.refund on sms"),
        ("sub toggle refund dm off", "/sub switch finance.refund off dm"),
        (
            "/sub switch refund, voucher on dm and sms off chat",
            "/sub switch finance.refund finance.voucher on dm,sms off chat",
        ),
        (
            "/sub switch refund sms on, dm off",
            "/sub switch finance.refund on sms off dm",
        ),
        ("/sub switch refund group on", "/sub switch finance.refund on chat"),
        ("/sub switch refund dnd on", "/sub switch finance.refund on dnd"),
        (
            "/sub switch refund on sms add me, group:finance remove @alice",
            (
                "/sub switch finance.refund on sms add me, group:finance "
                "remove person:alice"
            ),
        ),
        (
            "/sub switch operations on chat",
            "/sub switch operations.maintenance operations.upgrade on chat",
        ),
        ("订阅 切换 退款 开启 短信", "/sub switch finance.refund on sms"),
        ("订阅 切换 退款 关闭 免打扰", "/sub switch finance.refund off dnd"),
        # What has a meaning already keeps it.
        ("/sub switch on refund", "/sub add finance.refund"),
        ("/sub switch off refund", "/sub remove finance.refund"),
        ("/sub refund sms", "/sub finance.refund sms"),
        ("/sub refund", "/sub finance.refund"),
        ("/sub finance", "/sub finance"),
        ("/sub *", "/sub"),
    ],
)
def test_what_people_type_is_understood(line, written):
    assert meaning(line) == written
    assert meaning(written) == written


@pytest.mark.parametrize(
    "line",
    [
        "/sub switch refund",
        "/sub switch on sms",
        "/sub switch refund sms",
        "/sub switch refund on off sms",
        "/sub switch refund on dm sms off",
        "/sub switch refund on sms off sms",
        "/sub switch refund on sms severity>=warning",
        "/sub switch refund add chat",
        "/sub refund voucher",
        "/sub sms",
    ],
)
def test_what_is_unclear_switches_nothing(line):
    with pytest.raises(UserError):
        meaning(line)


async def test_a_switch_says_what_for_whom_and_what_happens_next(wei):
    reply = await wei.say("/sub switch refund on chat")

    assert (reply.title, reply.lines, reply.canonical) == (
        "Switched",
        (
            "finance.refund: Group off → on.",
            "For everyone in this group, from the next message on.",
        ),
        "/sub switch finance.refund on chat",
    )
    assert await rules(wei) == [("finance.refund", "", None, HERE)]


async def test_the_last_channel_off_leaves_the_inbox_and_says_so(wei):
    await wei.say("/sub add refund")

    assert (await wei.said("/sub switch refund off chat"))[1] == (
        "For everyone in this group, from the next message on. "
        "Only the inbox keeps finance.refund now."
    )
    assert await rules(wei) == [("finance.refund", "", "inbox", HERE)]
    await wei.say("/sub switch refund on chat")
    assert await rules(wei) == [("finance.refund", "", None, HERE)]


async def test_what_still_brings_it_is_said(wei):
    await wei.say("/sub add finance.*")
    await wei.say("/sub switch refund on chat")

    assert (await wei.said("/sub switch refund off chat"))[1] == (
        "For everyone in this group, from the next message on. "
        "It still comes through finance.* (rule 1)."
    )


async def test_what_is_so_already_changes_nothing(wei):
    await wei.say("/sub add refund")

    reply = await wei.say("/sub switch refund on chat")

    assert reply.lines == ("It is so already. Nothing changed.",)
    assert reply.buttons == ()


async def test_of_many_types_what_cannot_be_is_left_and_said(wei):
    assert (await wei.said("/sub switch alarm, announcement on voice add me"))[-1] == (
        "Not switched: updates.announcement: Voice: news never goes to a phone number. "
        "Nothing goes to you by voice yet. Verify your address: send me /contact in a "
        "direct chat."
    )


async def test_of_one_type_what_cannot_be_refuses_all_of_it(wei):
    assert str(await wei.refused("/sub switch refund on chat,voice")) == (
        "finance.refund: Voice: voice is only for what cannot wait until morning."
    )
    assert await rules(wei) == []


async def test_a_person_channel_needs_somebody(wei):
    refusal = await wei.refused("/sub switch refund on sms")

    assert str(refusal) == (
        "Nobody is a recipient of finance.refund here yet. Say whom to add."
    )
    assert refusal.choices == ("/sub switch finance.refund on sms add me",)


async def test_a_part_of_a_rule_is_switched_and_the_rest_stays(wei):
    me = Destination(Kind.PERSON, wei.asker)
    await wei.say("/sub switch refund, voucher on dm add me, person:alice")
    assert await rules(wei) == [
        ("finance.refund", "", None, f"{me} person:ou_alice"),
        ("finance.voucher", "", None, f"{me} person:ou_alice"),
    ]

    await wei.say("/sub switch refund on email")

    assert (await rules(wei))[0] == (
        "finance.refund",
        "",
        f"{Channel.DM} {Channel.EMAIL}",
        f"{me} person:ou_alice",
    )


async def test_filtered_rules_are_switched_off_along(wei):
    await wei.say("/sub add refund severity>=warning")
    await wei.say("/sub switch refund on chat")
    assert [rule[1] for rule in await rules(wei)] == ["severity>=warning", ""]

    await wei.say("/sub switch refund off chat")

    assert [rule[2] for rule in await rules(wei)] == ["inbox", "inbox"]


async def test_alone_nobody_else_is_added(wei):
    assert str(await wei.alone().refused("/sub switch refund add person:alice")) == (
        "In a direct chat you are the only recipient."
    )
