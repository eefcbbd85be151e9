"""/export: what holds now, as YAML that would make it so."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config import Config, baseline, digest, drift
from bot.config import loads as load_text
from handlers.context import Role
from handlers.errors import Forbidden
from store import robots, schedules, state, subscriptions, windows
from store.robots import Hook, Robot
from tests.handlers.crowd import ALICE, Crowd
from tests.handlers.talk import ADMIN, LIN, OPS, Talk

YAML = """
lark: {app_id: cli_a, app_secret: s, encrypt_key: k}
secrets: {keys: ["UCtn2tES4V7xh9UZeEJdzweruFidLqxbg_4bg5g61Bg="]}
chats: [{name: ops, id: oc_ops}, {name: dev, id: oc_dev}]
people: [{name: alice, open_id: ou_alice}]
robots:
  - {name: ops-room, webhook: "https://open.feishu.cn/hook/a", chat: ops}
"""
RULES = """
subscriptions:
  - name: money
    types: ["finance.*"]
    where: "severity>=warning"
    to: [chat:ops]
    via: [chat]
dnd:
  - {name: nights, for: chat:ops, hours: "22:00-08:00", mute: sms+voice}
"""
LINES = (
    "/sub add product.alarm product=cvm,cos -region=na*",
    "/sub add finance.refund via inbox to me",
    "/sub add security.event to robot:ops-room",
    "/dnd add 12:00-13:00 workdays mute chat,email Asia/Singapore including critical",
    "/dnd add whole day weekends finance.*",
    "/digest daily 09:00 updates.*",
)
NOW = datetime(2026, 1, 5, tzinfo=UTC)


def loads(text: str) -> Config:
    return load_text(text, {}, path=Path("config.yaml")).config


async def applied(wei: Talk, text: str):
    """Apply a configuration; return what its rules are."""
    made = baseline(loads(text), now=NOW)

    async def write(tx):
        await subscriptions.apply_baseline(tx, made.subscriptions, now=NOW)
        await windows.apply_baseline(tx, made.windows, now=NOW)
        await schedules.apply_baseline(tx, made.schedules, now=NOW)

    await wei.do(write)
    return made


def contents(made):
    """What rules do, whatever they are called."""
    rules = (*made.subscriptions, *made.windows, *made.schedules)
    return sorted(digest(each) for each in rules)


@pytest.fixture
async def everything(wei: Talk) -> Talk:
    """An admin alone, after a group has made rules of each kind beside the YAML's."""
    await applied(wei, YAML + RULES)
    robot = Robot(name="ops-room", chat=OPS, created_at=NOW)
    hook = Hook("https://open.feishu.cn/open-apis/bot/v2/hook/sek-hook", "sek-secret")
    await wei.do(lambda tx: robots.add(tx, robot, hook, now=NOW))
    for line in LINES:
        await wei.say(line)
    return wei.by(ADMIN, Role.ADMIN, Role.EDITOR).alone()


async def exported(talk: Talk) -> str:
    """All pages of the export."""
    text, line = "", "/export yaml"
    while line:
        reply = await talk.say(line)
        text += "\n" + "".join(part.text for part in reply.view)
        line = next((each.show for each in reply.buttons), "")
    return text


async def test_what_is_exported_makes_the_same_rules(everything, wei: Talk) -> None:
    text = await exported(everything)
    base = (
        YAML[: YAML.index("chats:")]
        + YAML[YAML.index("people:") : YAML.index("robots:")]
    )
    written = base + text.replace("${OPS_ROOM_WEBHOOK}", "https://open.feishu.cn/x")
    again = baseline(loads(written.replace("${OPS_ROOM_SECRET}", "s")), now=NOW)

    async with wei.db.reading() as tx:
        now = await state.state(tx)
    assert contents(again) == sorted(
        digest(each) for each in (*now.subscriptions, *now.windows, *now.schedules)
    )


async def test_no_secret_is_exported(everything) -> None:
    text = await exported(everything)

    assert "sek-" not in text
    assert "webhook: '${OPS_ROOM_WEBHOOK}', secret: '${OPS_ROOM_SECRET}'" in text


async def test_what_is_off_is_left_out(everything, wei: Talk) -> None:
    await wei.say("/sub remove rule:money")

    assert "money" not in await exported(everything)


async def test_a_group_exports_what_concerns_it_alone(everything, wei: Talk) -> None:
    await wei.within("oc_dev").say("/sub add updates.announcement")

    assert "updates.announcement" not in await exported(wei)
    assert "updates.announcement" in await exported(everything)
    assert isinstance(await wei.by(LIN).refused("/export yaml"), Forbidden)


async def test_nothing_is_said_to_be_nothing(wei: Talk) -> None:
    assert await wei.said("/export") == ("There are no rules here.",)


async def test_no_drift_where_chat_changed_nothing(wei: Talk) -> None:
    made = await applied(wei, YAML + RULES)

    async with wei.db.reading() as tx:
        assert drift(made, await state.state(tx)) == []


async def test_drift_names_what_chat_made_changed_and_turned_off(wei: Talk) -> None:
    made = await applied(wei, YAML + RULES)
    await wei.say("/sub set rule:money severity>=critical")
    await wei.say("/dnd off")
    await wei.say("/sub add product.alarm")
    wanted = baseline(loads(YAML + RULES.replace("money", "cash")), now=NOW)

    async with wei.db.reading() as tx:
        now = await state.state(tx)
    assert drift(made, now) == [
        (
            "subscriptions.money: changed in chat, by ou_wei: "
            "where severity>=warning → severity>=critical"
        ),
        "subscriptions: made in chat:oc_ops as 1, by ou_wei",
        "dnd.nights: turned off in chat, by ou_wei",
    ]
    assert drift(wanted, now)[0] == (
        "subscriptions.cash: in the YAML, and not applied yet"
    )


async def test_recipients_of_a_group_are_told_and_outsiders_without_their_address(
    db, clock
):
    wei = Crowd(db, clock)
    await wei.settle(ALICE)
    asked = await wei.say("/recipients add eve@example.org for finance.refund")
    await wei.perform(asked, found=[])
    await wei.say("/recipients add P1 for finance.refund via email")
    await wei.say("/recipients add alice for product.alarm")

    reply = await wei.say("/export yaml")
    (shown,) = reply.view
    lines = shown.text.splitlines()
    assert "  - {name: guest-1, email: '${GUEST_1_EMAIL}'}" in lines
    rules = [each.partition("to: ")[2] for each in lines if "to: [" in each]
    assert rules == ["['person:guest-1'], via: [email]}", "['person:alice']}"]
