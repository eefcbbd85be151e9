"""/robot: given in a direct chat, by a line or a form, and bound in a group."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.context import Role
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.reply import Button, Reply, Tone
from store import robots
from store.robots import Hook
from store.values import Destination, Kind
from tests.handlers.robots import (
    ADD,
    HOOK,
    OTHER,
    SECRET,
    WEBHOOK,
    hook_of,
    said,
)
from tests.handlers.talk import ADMIN, DEV, LIN, OPS

OPS_HOOK = Destination(Kind.ROBOT, "ops-hook")


async def test_what_is_given_in_a_direct_chat_waits_for_its_group(host):
    reply = await host.alone().say(f"{ADD} keyword 告警 notify all")

    assert reply == Reply(
        title="Robot added",
        lines=(
            (
                "ops-hook: kept; open.larksuite.com/…/hook/****4e5f, signed. It waits "
                "for its group until 2026-01-06 09:00 Asia/Shanghai (in 1 d)."
            ),
            (
                "Please delete your message now: it holds what nobody else should "
                "read, and I cannot delete it for you."
            ),
            (
                "Now write in that group, with @ before it: /robot bind ops-hook. "
                "Whoever may edit there can use the robot then."
            ),
        ),
        canonical="/robot add ops-hook keyword=告警 notify all",
        buttons=(Button("Undo", "/undo 1"), Button("Test", "/robot test ops-hook")),
        tone=Tone.DONE,
    )
    assert await host.robots() == []


async def test_in_the_group_it_is_bound_by_who_gave_it(host):
    await host.alone().say(f"{ADD} keyword 告警")

    assert (await host.say("/robot bind ops-hook")).lines == (
        "ops-hook: bound to this group.",
        (
            "Nothing goes to it yet: “/sub add product.alarm to robot:ops-hook” sends "
            "something. Editors of its group can test, pause and set it."
        ),
    )
    robot = await host.robot()
    assert (robot.chat, robot.owner, robot.keyword) == (OPS, f"chat:{OPS}", "告警")
    assert await hook_of(host) == Hook(WEBHOOK, SECRET)
    assert await host.alone().said("/robot list") == (
        "There is no robot here yet.",
        (
            "In Lark: the group's settings > Bots > Add Bot > Custom Bot. Lark shows "
            "the webhook once it is added, and the secret under Set signature "
            "verification."
        ),
    )


async def test_a_rule_for_a_draft_offers_to_bind_it(host):
    await host.alone().say(ADD)

    refusal = await host.refused("/sub add product.alarm to robot:ops-hook")

    assert (str(refusal), refusal.choices) == (
        "Robot “ops-hook” waits to be bound to its group.",
        ("/robot bind ops-hook",),
    )


async def test_nobody_else_can_bind_it_nor_a_member_who_may_not_edit(host):
    await host.alone().say(ADD)

    refusal = await host.by(LIN, Role.EDITOR).refused("/robot bind ops-hook")
    assert str(refusal) == "I know no robot “ops-hook” here."
    assert type(await host.by(host.asker).refused("/robot bind ops-hook")) is Forbidden
    assert await host.robots() == []


async def test_a_draft_is_forgotten_after_a_day(host):
    await host.alone().say(ADD)
    host.clock.advance(hours=24)

    assert type(await host.refused("/robot bind ops-hook")) is Misunderstood
    await host.do(lambda tx: robots.forget(tx, now=host.clock.now()))
    async with host.db.reading() as tx:
        assert await tx.all("hooks_all") == []


async def test_so_many_drafts_and_no_more(host):
    alone = host.alone()
    for number in range(5):
        await alone.say(f"/robot add r{number} {HOOK}{number}0000000000000000000")

    assert str(await alone.refused(f"/robot add r5 {OTHER}")).startswith(
        "5 robots of yours wait for their groups already."
    )
    await alone.say(f"/robot add r4 {OTHER}")
    assert len((await alone.say("/robot")).facts) == 5


async def test_an_admin_adds_one_that_is_bound_at_once_or_to_no_group(host, admin):
    await admin.know_groups()

    assert (await admin.said(f"{ADD} chat ops"))[0] == (
        "ops-hook: added; open.larksuite.com/…/hook/****4e5f, signed; in group ops."
    )
    assert (await admin.said(f"/robot add loose {OTHER}"))[0] == (
        "loose: added; open.larksuite.com/…/hook/****6666, not signed; bound to no "
        "group, for admins alone."
    )
    assert [(each.name, each.chat) for each in await host.robots()] == [
        ("loose", None),
        ("ops-hook", OPS),
    ]
    assert "loose" not in said(await host.say("/robot"))
    assert type(await host.refused("/robot test loose")) is Misunderstood


async def test_who_is_known_to_manage_a_group_can_name_it_from_afar(host):
    alone = host.alone()
    await host.know_groups(host.asker)

    await alone.say(f"{ADD} chat ops")
    await alone.say(f"/robot add dev-hook {OTHER} chat dev")

    assert [(each.name, each.chat) for each in await host.robots()] == [
        ("ops-hook", OPS)
    ]


async def test_whether_a_group_is_there_is_told_to_nobody_who_is_not_known_in_it(host):
    await host.know_groups()
    alone = host.alone()
    there = await alone.said(f"{ADD} chat ops")
    await alone.say("/undo")

    assert await alone.said(f"{ADD} chat nowhere") == there


async def test_an_admin_binds_an_unbound_robot_in_the_group(host, admin):
    await admin.say(f"/robot add loose {OTHER}")
    here = replace(host, asker=ADMIN, roles=frozenset(Role))

    await here.say("/robot bind loose as ops-room")

    assert [(each.name, each.chat) for each in await host.robots()] == [
        ("ops-room", OPS)
    ]


async def test_a_name_is_given_once_and_never_to_another_group_after(bound, admin):
    await admin.know_groups()
    taken = "There is a robot “Ops-Hook” already. Choose another name."
    refusal = await admin.refused(f"/robot add Ops-Hook {OTHER} chat dev")
    assert str(refusal).startswith(taken)

    await bound.confirmed("/robot remove ops-hook")
    refusal = await admin.refused(f"/robot add ops-hook {OTHER} chat dev")
    assert str(refusal).startswith("“ops-hook” was the name of a robot elsewhere")
    await admin.say(f"/robot add ops-hook {OTHER} chat ops")
    assert (await bound.robot()).chat == OPS


async def test_what_a_group_is_given_again_takes_the_place_of_what_it_had(bound):
    await bound.say("/robot set ops-hook per_hour=20")
    await bound.alone().say(f"/robot add ops-hook {OTHER}")

    asked = await bound.say("/robot bind ops-hook")
    assert (asked.title, await hook_of(bound)) == (
        "Please confirm",
        Hook(WEBHOOK, SECRET),
    )
    assert (await bound.say(asked.canonical)).lines == (
        ("ops-hook: posts with what you gave me; its rules are as they were."),
    )
    assert (await hook_of(bound), (await bound.robot()).per_hour) == (Hook(OTHER), 20)

    await bound.say("/undo")
    assert await hook_of(bound) == Hook(WEBHOOK, SECRET)
    assert "waits for its group" in said(await bound.alone().say("/robot"))


async def test_whoever_gave_the_wrong_secret_gives_the_robot_anew(bound):
    await bound.alone().say(f"/robot add ops-hook {WEBHOOK} secret {SECRET[::-1]}")

    await bound.confirmed("/robot bind ops-hook")

    assert await hook_of(bound) == Hook(WEBHOOK, SECRET[::-1])


async def test_two_robots_never_share_a_webhook(bound):
    refusal = await bound.alone().refused(f"/robot add other {WEBHOOK}")

    assert str(refusal).startswith("This webhook is in use here already")


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("webhook", "why"),
    [
        ("https://evil.example.com/open-apis/bot/v2/hook/aaaaaaaaaa", "has to be on"),
        ("http://open.larksuite.com/open-apis/bot/v2/hook/aaaaaaaaa", "https://"),
        ("https://open.larksuite.com:8443/open-apis/bot/v2/hook/aaaa", "is no webhook"),
        ("https://u:p@open.larksuite.com/open-apis/bot/v2/hook/aaaa", "is no webhook"),
        (
            "https://open.larksuite.com@evil.com/open-apis/bot/v2/hook/aaaa",
            "no webhook",
        ),
        ("https://open.larksuite.com/open-apis/bot/hook/aaaaaaaaaaaa", "old kind"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/", "is no webhook"),
        ("https://open.larksuite.com/open-apis/bot/v2/hook/a/../../../x", "no webhook"),
        ("https://open.larksuite.com.evil.com/open-apis/bot/v2/hook/a", "to be on"),
        ("http://127.0.0.1:9/open-apis/bot/v2/hook/aaaaaaaaaaaa?next=x", "no webhook"),
    ],
)
async def test_only_webhooks_of_listed_hosts_are_taken(admin, webhook, why):
    refusal = str(await admin.refused(f"/robot add x {webhook}"))

    assert why in refusal
    assert webhook not in refusal
    assert await admin.robots() == []


async def test_a_loopback_host_that_is_listed_may_do_without_tls(admin):
    await admin.say("/robot add x http://127.0.0.1:9/open-apis/bot/v2/hook/abcdefgh")

    assert await hook_of(admin, "x") == Hook(
        "http://127.0.0.1:9/open-apis/bot/v2/hook/abcdefgh"
    )


async def test_lark_s_link_and_a_full_stop_are_no_part_of_a_webhook(admin):
    await admin.say(f"/robot add x [{WEBHOOK}]({WEBHOOK}).")

    assert await hook_of(admin, "x") == Hook(WEBHOOK)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "line",
    [
        f"{ADD} secret={SECRET}",
        f"/robot add ops-hook {WEBHOOK} {SECRET}",
        f'/robot add ops-hook secret="{SECRET}" webhook={WEBHOOK}',
        f"添加机器人 ops-hook {WEBHOOK} 密钥 {SECRET}",
        f"添加机器人 ops-hook {WEBHOOK} 密钥：{SECRET}",
    ],
)
async def test_the_secret_may_be_said_in_many_ways(admin, line):
    await admin.say(line)

    assert await hook_of(admin) == Hook(WEBHOOK, SECRET)


async def test_a_secret_is_kept_as_it_was_typed(admin):
    odd = "Ａb，c=d≥é"
    await admin.say(f"/robot add x {WEBHOOK} secret {odd}")

    assert await hook_of(admin, "x") == Hook(WEBHOOK, odd)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["a b", "a:b", "ou_1", "oc_1", "x" * 65, "a@b", "(a)"])
async def test_a_name_is_one_word(admin, name):
    assert type(await admin.refused(f'/robot add "{name}" {WEBHOOK}')) is UserError


# The forms


async def test_a_form_asks_for_what_is_secret(host):
    reply = await host.alone().say("/robot add ops-hook notify all")

    (form,) = reply.view
    assert form.kind == "robot.add"
    assert {each.name for each in form.fields} == {
        *("platform", "name", "webhook", "security", "secret", "notify")
    }
    assert [each.name for each in form.fields if getattr(each, "hidden", False)] == [
        "secret"
    ]
    (name,) = [each for each in form.fields if each.name == "name"]
    assert name.initial == "ops-hook"


async def test_what_is_filled_in_is_kept_and_no_message_has_to_be_deleted(host):
    reply = await host.alone().fill(
        "robot.add",
        platform="lark",
        name="ops-hook",
        webhook=WEBHOOK,
        security="signature",
        secret=SECRET,
        notify="all",
    )
    await host.say("/robot bind ops-hook")

    assert len(reply.lines) == 2
    assert (await hook_of(host), (await host.robot()).mention_all) == (
        Hook(WEBHOOK, SECRET),
        True,
    )


async def test_an_admin_picks_the_group_in_the_form(admin):
    await admin.know_groups()
    (form,) = (await admin.say("/robot add")).view
    (groups,) = [each for each in form.fields if each.name == "group"]
    assert [each.label for each in groups.options] == ["dev", "ops"]

    await admin.fill("robot.add", name="x", webhook=WEBHOOK, group=DEV)

    assert (await admin.robot("x")).chat == DEV


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "fields",
    [
        {"name": "x"},
        {"webhook": WEBHOOK},
        {"name": "x", "webhook": WEBHOOK, "security": "signature"},
        {"name": "x", "webhook": WEBHOOK, "platform": "feishu"},
        {"name": "a b", "webhook": WEBHOOK, "secret": SECRET},
        {"name": "x", "webhook": WEBHOOK + "?x", "secret": SECRET},
    ],
)
async def test_a_form_that_is_not_right_says_why_and_nothing_secret(host, fields):
    with pytest.raises(UserError) as caught:
        await host.alone().fill("robot.add", **fields)

    told = str(caught.value)
    assert (WEBHOOK in told, SECRET in told, "delete" in told) == (False,) * 3


async def test_an_admin_gives_another_secret_by_a_form(bound, admin):
    (form,) = (await admin.say("/robot set ops-hook secret")).view
    assert (form.kind, form.given) == ("robot.hook", (("robot", "ops-hook"),))

    given = {"robot": "ops-hook"}
    reply = await admin.fill("robot.hook", given=given, secret="another1")

    assert reply.lines == ("ops-hook: another webhook or secret.",)
    assert await hook_of(bound) == Hook(WEBHOOK, "another1")
    await admin.say("/undo")
    assert await hook_of(bound) == Hook(WEBHOOK, SECRET)


async def test_who_was_an_editor_once_cannot_turn_a_robot_elsewhere_from_afar(bound):
    refusal = await bound.alone().refused(f"/robot set ops-hook webhook {OTHER}")

    assert str(refusal).startswith(
        "I know no robot “ops-hook” here. The robots of a group are seen and set in "
        "that group."
    )
    assert await hook_of(bound) == Hook(WEBHOOK, SECRET)


async def test_an_undone_draft_is_gone_and_can_be_redone(host):
    alone = host.alone()
    await alone.say(ADD)
    reply = await alone.say("/undo")
    assert (await alone.say("/robot")).facts == {}

    await alone.say(reply.buttons[0].line)
    await host.say("/robot bind ops-hook")
    assert await hook_of(host) == Hook(WEBHOOK, SECRET)


async def test_an_undone_binding_gives_the_draft_back(bound):
    await bound.say("/undo")

    assert await bound.robots() == []
    assert "waits for its group" in said(await bound.alone().say("/robot"))
    await bound.say("/robot bind ops-hook")
    assert (await bound.robot()).created_at == bound.clock.now() - timedelta()
