"""The same answers in Chinese, whole: every line, and how its parts come together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.errors import UserError, words_of
from handlers.language.catalogues import say
from handlers.language.durations import say_duration
from handlers.language.moments import say_moment
from handlers.silence import on_their_way
from tests.conftest import MONDAY
from tests.handlers.talk import Talk, context


async def in_chinese(talk: Talk, line: str) -> tuple[str, ...]:
    try:
        reply = await talk.say(line)
    except UserError as exc:
        return (say(words_of(exc), "zh"),)
    said = (reply.title, *reply.lines, *(each.label for each in reply.buttons))
    return tuple(say(each, "zh") for each in said if each)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "/sub add refund severity>=warning",
            (
                "已订阅",
                "finance.refund：未订阅 → 已订阅，severity>=warning，通过群消息发送。",
                "适用于：本群所有人，从下一条消息起生效。",
                "撤销",
            ),
        ),
        (
            "/sub list refund",
            ("订阅", "没有关于 finance.refund 的规则（本群所有人）。"),
        ),
        (
            "/sub add refund via sms",
            ("短信只发给个人，不发到群里。请写明发给谁：“to me”、“to @Wei”。",),
        ),
        (
            "/sub remove refund",
            ("没有规则把 finance.refund 发给本群。发送 /sub list 查看规则。",),
        ),
        (
            "/dnd add 22:00-08:00 工作日",
            (
                "免打扰",
                (
                    "工作日 22:00-08:00 Asia/Shanghai：关闭 → 开启，"
                    "静音全部渠道，严重消息除外。"
                ),
                (
                    "适用于：本群所有人。下次生效：2026-01-05 22:00 Asia/Shanghai"
                    "（13 小时后）；期间暂存的消息会合并成一条摘要发出。"
                ),
                "撤销",
            ),
        ),
        (
            "/dnd add whole day mon, wed finance.* mute sms+voice including critical",
            (
                "免打扰",
                (
                    "周一周三 全天 Asia/Shanghai：关闭 → 开启，"
                    "对 finance.* 静音短信、语音渠道，包括严重消息。"
                ),
                (
                    "适用于：本群所有人。现已生效，直到 2026-01-06 00:00 Asia/Shanghai"
                    "（15 小时后）；期间静音的消息不会补发。"
                ),
                "撤销",
            ),
        ),
        (
            "/dnd",
            (
                "免打扰",
                "本群所有人目前没有免打扰时段。可以用“/dnd add 22:00-08:00”设置。",
                "添加",
            ),
        ),
        (
            "/mute 30m product=cdn because 切换",
            (
                "已静音",
                (
                    "product=cdn：正常接收 → 静音至 2026-01-05 09:30 Asia/Shanghai"
                    "（30 分钟后），严重消息除外。原因：切换"
                ),
                "适用于：本群所有人。期间暂存的消息会在结束时合并成一条摘要发出。",
                "撤销",
            ),
        ),
        (
            "/mute 9h",
            ("静音超过 8 小时需要说明原因，方便其他人了解：请在末尾加上“because …”。",),
        ),
        ("/mute until tomorrow", ("到那天几点为止？",)),
        ("/undo", ("最近 10 分钟内，你在这里没有做过改动。",)),
        ("/undo 9", ("这里没有编号为 9 的改动。",)),
    ],
)
async def test_an_answer_is_said_in_chinese(wei, line, answer):
    assert await in_chinese(wei, line) == answer


async def test_what_was_done_is_listed_and_taken_back_in_chinese(wei):
    await wei.say("/dnd add 8:00-18:00 mon-fri for robot:ops-room")
    await wei.say("/sub add refund, voucher to chat, me")

    assert await in_chinese(wei, "/dnd") == (
        "免打扰",
        (
            "1 · 周一至周五 08:00-18:00 Asia/Shanghai · 静音全部渠道，严重消息除外"
            " · 适用于：机器人 ops-room · 生效中，剩余时间：9 小时"
        ),
        *("添加", "未来 7 天", "全部关闭"),
    )
    assert (await in_chinese(wei, "/sub list to me"))[1:] == (
        "1 · finance.refund → 你 · 全部消息，仅收件箱",
        "2 · finance.voucher → 你 · 全部消息，仅收件箱",
    )
    assert await in_chinese(wei, "/undo 1") == (
        "已撤销",
        (
            "撤销的命令：/dnd add 08:00-18:00 mon-fri Asia/Shanghai except critical "
            "for robot:ops-room"
        ),
        "已经发出的消息无法收回。",
        "重做",
    )


def test_times_are_said_in_chinese():
    zone = context().clock
    ago, soon = timedelta(minutes=-552), timedelta(seconds=10)
    moments = [
        say(say_moment(MONDAY + away, now=MONDAY, zone=zone), "zh")
        for away in (-ago, ago, soon, -soon)
    ]

    assert say(say_duration(timedelta(days=2, minutes=1)), "zh") == "2 天 1 分钟"
    assert moments == [
        "2026-01-05 18:12 Asia/Shanghai（9 小时 12 分钟后）",
        "2026-01-04 23:48 Asia/Shanghai（9 小时 12 分钟前）",
        "2026-01-05 09:00 Asia/Shanghai（1 分钟内）",
        "2026-01-05 08:59 Asia/Shanghai（不到 1 分钟前）",
    ]


def test_counts_are_said_in_chinese():
    assert [say(on_their_way(count), "zh") for count in (0, 1, 1200)] == [
        "没有暂存的消息。",
        "暂存的 1 条消息正在发出。",
        "暂存的 1,200 条消息正在发出。",
    ]
