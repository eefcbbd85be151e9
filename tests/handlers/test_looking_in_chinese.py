"""What the nouns answer is said in Chinese too, down to the last line and button."""

from __future__ import annotations

import re

import pytest

from handlers.commands import router
from handlers.context import Role
from handlers.errors import words_of
from handlers.language.catalogues import say
from handlers.reply import Reply
from handlers.view import Panel, Words
from store.values import Destination, Kind
from store.wording import Text
from tests.handlers.talk import ADMIN, OPS, Talk
from tests.handlers.test_dnd import from_yaml, hold
from tests.store.samples import deliver

CHAT = Destination(Kind.CHAT, OPS)
NOW, TOMORROW = "2026-01-05 09:00 Asia/Shanghai", "2026-01-06 09:00 Asia/Shanghai"
NIGHTS = "工作日 22:00-08:00 Asia/Shanghai"
#: Buttons and lines that are commands or ids: the same in every language.
SAME = re.compile(r"/.*|[a-z-]+")

#: Only the group is reached in these talks.
PERSONAL = ("邮件", "短信", "语音")


def _chinese(*said: str) -> list[str]:
    return [say(each, "zh") for each in said]


def _only_english(reply: Reply) -> list[str]:
    """Return what of *reply* no other language can say."""
    shown = (reply.title, *reply.lines, *(each.label for each in reply.buttons))
    return [
        each
        for each in shown
        if not isinstance(each, Text) and each and not SAME.fullmatch(each)
    ]


def _details(reply: Reply) -> list[str]:
    """Return what stands in the panel of an answer, in Chinese."""
    (panel,) = reply.view
    assert isinstance(panel, Panel)
    return [say(each.text, "zh") for each in panel.parts if isinstance(each, Words)]


async def test_why_is_said_in_chinese(wei: Talk) -> None:
    await wei.say("/sub add alarm severity>=warning")
    await wei.say("/dnd add 22:00-08:00 workdays")
    await wei.say("/mute 2h product=cdn because switchover")
    (number,) = await deliver(wei.db, "CPU above 90 %", to=CHAT)

    reply = await wei.say(f"/why M{number}")

    assert _chinese(*reply.lines) == [
        f"product.alarm、警告，来源 scripts，接收时间：{NOW}（1 分钟内）。",
        "本群（群消息）：排队中。",
    ]
    by = "设置者：你，2026-01-05 09:00。"
    assert _details(reply) == [
        f"由规则 1 订阅：product.alarm severity>=warning，{by}",
        "本群（群消息）",
        "– 09:00:00 匹配订阅。",
        f"– 免打扰：放行，当前不在时段内：{NIGHTS}，{by}",
        f"– 静音：放行，只针对 product=cdn（没有 product），{by}",
    ]


async def test_a_rule_that_keeps_a_message_is_said_in_chinese(wei: Talk) -> None:
    await from_yaml(wei)
    await hold(wei, "disk full")
    wei.clock.advance(hours=14)

    reply = await wei.say("/why M1")

    assert _chinese(*reply.lines[1:]) == [
        (
            "本群（群消息）：暂存至 2026-01-06 09:00 Asia/Shanghai（10 小时后），"
            "nights，设置者：yaml。"
        ),
        "要立即收到：/dnd remove nights。若有 severity=critical，也会发出。",
    ]
    gate = _details(reply)[-2]
    assert gate.startswith("– 免打扰：拦截至 2026-01-06 08:0")
    assert gate.endswith(
        "，nights：每天 22:00-08:00 Asia/Shanghai，设置者：yaml，2026-01-05 09:00。"
    )


async def test_what_would_happen_is_said_in_chinese(wei: Talk) -> None:
    await wei.say("/sub add alarm severity>=warning")
    await wei.say("/dnd add 22:00-08:00")

    held = await wei.say('为什么 如果 级别=警告 类型=product.alarm 在 "周六 03:00"')
    missed = await wei.say("为什么如果 类型=告警 级别=通知")

    assert _chinese(held.title, *held.lines) == [
        "模拟结果",
        (
            "假如在 2026-01-10 03:00 Asia/Shanghai（4 天 18 小时后）收到 "
            "product.alarm、警告："
        ),
        (
            "本群（群消息）：暂存至 2026-01-10 08:00 Asia/Shanghai（4 天 23 小时后），"
            "每天 22:00-08:00 Asia/Shanghai，设置者：你。"
        ),
        "没有规则把它发给机器人 night watch 和机器人 ops-room。",
        "要立即收到：/dnd remove 1。若有 severity=critical，也会发出。",
    ]
    assert _chinese(*missed.lines) == [
        "假如现在收到 product.alarm、通知：",
        "没有规则把它发给本群、机器人 night watch 和机器人 ops-room。",
        (
            "规则 1 要求 severity>=warning（severity 为 info），"
            "设置者：你，2026-01-05 09:00。"
        ),
        "要立即收到：/sub set 1 severity>=info。若有 severity=critical，也会发出。",
    ]


async def test_status_is_said_in_chinese(wei: Talk) -> None:
    await wei.say("/sub add refund, alarm")
    await wei.say("/mute 2h product=cdn")
    await deliver(wei.db, "waiting", to=CHAT)
    await hold(wei, "held", "held too")

    assert _chinese(*await wei.said("/status")) == [
        f"本群：{OPS}（ops）。机器人：night watch、ops-room。",
        "订阅：2 条。",
        "免打扰：无。静音：1 项，直到 2026-01-05 11:00 Asia/Shanghai（2 小时后）。",
        f"待发送：1 条。暂存：2 条，直到 {TOMORROW}（1 天后）（nights）。",
        "最近 24 小时：排队中 1 条、暂存 2 条。",
    ]


async def test_types_whoami_and_help_are_said_in_chinese(wei: Talk) -> None:
    reply = await wei.say("/types 余额预警")
    assert _chinese(reply.title, *reply.lines) == [
        "余额预警",
        "finance.balance-warning · 余额预警 · 警告",
        "收件箱：必选（收件箱保留每一条消息）",
        *(f"{each}：不可用（此处尚未接入，请系统管理员配置）" for each in PERSONAL),
    ]
    assert _chinese(*(await wei.said("/types finance.refund"))[-1:]) == [
        "语音：不可用（语音仅用于不能等到天亮的消息）"
    ]
    assert _chinese(*await wei.said("/whoami")) == [
        "你是 ou_wei。",
        "你在本群的角色：成员、编辑者。",
    ]
    assert _chinese((await wei.said("/help"))[-2:][0])[0].startswith("/")
    assert _chinese(*await wei.said("/help whoami")) == [
        "查看你的 open_id 和角色。",
        "/whoami",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "/help",
        "/types",
        "/types security",
        "/types finance.refund",
        "/types custom",
        "/whoami",
        "/status",
        "/why M1",
        "/why M2",
        *(f"/help {each.noun}" for each in router.entries.values() if not each.hidden),
    ],
)
async def test_nothing_that_is_shown_is_known_in_english_alone(
    wei: Talk, line: str
) -> None:
    await wei.say("/sub add refund, alarm")
    await wei.say("/dnd add 22:00-08:00")
    await wei.say("/mute 2h product=cdn because switchover")
    await deliver(wei.db, "sent", to=CHAT)
    await hold(wei, "held")
    boss = wei.by(ADMIN, Role.ADMIN, Role.EDITOR)

    untold = _only_english(await boss.say(line))

    assert [each for each in untold if each not in ("M1 sent", "M2 held")] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/frobnicate", "不认识“frobnicate”。发送 /help 查看可用的命令。"),
        ("/sub add refund zzzzz", "这里的“zzzzz”无法识别。要查找的文字请加引号。"),
        ("/status foo", "这里的“foo”无法识别。发送 /help 查看可用的命令。"),
        ("/mute 2h 3h", "时长写了两次，请只写一次。"),
        ("/sub add refund to robot:nobody", "这里没有机器人“nobody”。"),
        (
            "/sub add refund via pigeon",
            "“via”后面的“pigeon”无法识别。请写成 via chat,inbox。",
        ),
        ("/sub add alarm severity>=bad", "severity 只能是 info、warning 或 critical。"),
        ("/mute 2h “x", "从 “x 开始的引号没有闭合。"),
        ("/why", "哪条消息？请回复它的卡片，或写 /why M123。编号在每条消息的底部。"),
    ],
)
async def test_what_cannot_be_read_is_refused_in_chinese(
    wei: Talk, line: str, said: str
) -> None:
    assert say(words_of(await wei.refused(line)), "zh") == said
