"""/inbox: what was routed here, by time and kind, read or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.context import Role
from handlers.errors import Forbidden
from store import notifications, outbox
from store.outbox import Planned
from store.values import Channel, Destination, Kind, Severity, State, Status
from tests.handlers.talk import ADMIN, LIN, OPS, Talk
from tests.store.samples import accept, draft

GROUP = Destination(Kind.CHAT, OPS)


async def comes(wei: Talk, *titles: str, to: Destination = GROUP, **settings) -> None:
    """Let messages be routed to the inbox of *to*, a minute after the last."""
    now = wei.clock.advance(minutes=1)
    drafts = [draft(title, accepted_at=now, **settings) for title in titles]

    async def route(tx):
        added = await notifications.add(tx, drafts, now=now)
        numbers = [each.number for each in added]
        planned = [
            Planned(
                notification=replace(each.notification, number=number),
                destination=to,
                channel=Channel.INBOX,
                rule="subscription:1",
                state=State.DELIVERED,
            )
            for each, number in zip(drafts, numbers, strict=True)
        ]
        await outbox.enqueue_deliveries(tx, planned, now=now)
        await notifications.mark_routed(tx, routed=numbers, unrouted=[])

    await wei.db.write(route)


async def shown(wei: Talk, line: str) -> list[str]:
    """The messages that *line* shows, as ``● M1`` and titles."""
    return [
        f"{said.split(' · ')[0]} {said.split(' · ')[-1]}"
        for said in await wei.said(line)
    ]


async def test_the_newest_comes_first_with_its_time_and_severity(wei: Talk) -> None:
    await comes(wei, "CPU above 90 %", severity=Severity.CRITICAL, status=Status.FIRING)
    await comes(wei, "Refund", type="finance.refund", severity=Severity.INFO)

    assert await wei.said("/inbox") == (
        "● M2 · 01-05 09:02 · info · Refund",
        "● M1 · 01-05 09:01 · critical · firing · CPU above 90 %",
    )


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("/inbox finance", ["M2"]),
        ("/inbox finance.refund product.alarm", ["M3", "M2", "M1"]),
        ("/inbox severity>=critical", ["M3"]),
        ('/inbox find "disk"', ["M3"]),
        ('/inbox "CPU" product.*', ["M1"]),
        ("/inbox since 1m", ["M3", "M2"]),
        ("/inbox since 09:02", ["M3", "M2"]),
        ("/inbox before 09:02", ["M1"]),
        ("收件箱 财务", ["M2"]),
        ("收件箱 最近1分钟", ["M3", "M2"]),
        ("/inbox since yesterday unread below M2", ["M1"]),
    ],
)
async def test_messages_are_found(wei: Talk, line: str, found: list[str]) -> None:
    await comes(wei, "CPU above 90 %")
    await comes(wei, "Refund", type="finance.refund")
    await comes(wei, "Disk full", severity=Severity.CRITICAL)

    assert [each.split()[1] for each in await shown(wei, line)] == found


async def test_read_marks_are_each_persons_own(wei: Talk) -> None:
    await comes(wei, "one", "two", "three")
    await wei.say("/inbox read M2")

    assert [each.split()[0] for each in await shown(wei, "/inbox")] == ["●", "○", "●"]
    assert [each.split()[0] for each in await shown(wei.by(LIN), "/inbox")] == ["●"] * 3
    assert await shown(wei, "/inbox unread") == ["● M3 three", "● M1 one"]


async def test_everything_is_read_until_something_new_comes(wei: Talk) -> None:
    await comes(wei, "one", "two")
    assert await wei.said("/inbox read all") == (
        "Everything until now is read, for you.",
    )
    assert await wei.said("/inbox unread") == ("Everything is read.",)

    await comes(wei, "three")

    assert await shown(wei, "/inbox unread") == ["● M3 three"]


async def test_a_message_is_opened_and_read(wei: Talk) -> None:
    await comes(wei, "CPU above 90 %", body="**web-1**", labels={"region": "sg"})
    reply = await wei.say("/inbox M1")

    assert reply.title == "CPU above 90 %"
    assert reply.lines == (
        "warning · Monitoring alarm · 2026-01-05 09:01 Asia/Shanghai",
        "From scripts.",
        "region=sg",
    )
    assert [each.text for each in reply.view] == ["**web-1**", "M1"]
    assert await shown(wei, "/inbox") == ["○ M1 CPU above 90 %"]


async def test_pages_are_turned_by_buttons(wei: Talk) -> None:
    await comes(wei, *(f"n{number}" for number in range(1, 24)))
    pages, line = [], "/inbox"
    while line:
        reply = await wei.say(line)
        pages.append([each.split()[1] for each in await shown(wei, line)])
        line = next((each.show for each in reply.buttons if each.label == "Older"), "")

    assert [len(page) for page in pages] == [10, 10, 3]
    assert [each for page in pages for each in page] == [
        f"M{n}" for n in range(23, 0, -1)
    ]


async def test_a_page_is_marked_read_in_place(wei: Talk) -> None:
    await comes(wei, "one", "two")
    reply = await wei.say("/inbox")
    (mark,) = [each for each in reply.buttons if each.label == "Mark these read"]

    assert (mark.line, mark.show) == ("/inbox read M2 M1", "/inbox")


async def test_a_group_sees_what_its_robots_got_and_no_other_group_does(
    wei: Talk,
) -> None:
    await comes(wei, "robot", to=Destination(Kind.ROBOT, "ops-room"))
    await comes(wei, "group")
    await comes(wei, "lin", to=Destination(Kind.PERSON, LIN))

    assert await shown(wei, "/inbox") == ["● M2 group", "● M1 robot"]
    assert await wei.within("oc_dev").said("/inbox") == (
        "There is nothing here. /sub shows what comes here.",
    )
    assert await shown(wei.by(LIN).alone(), "/inbox") == ["● M3 lin"]
    assert str(await wei.refused("/inbox M3")) == "M3 is not in this inbox."


async def test_what_nobody_subscribed_to_is_for_admins_alone(wei: Talk) -> None:
    await accept(wei.db, draft("nobody's"), now=wei.clock.now())

    await wei.do(lambda tx: notifications.mark_routed(tx, routed=[], unrouted=[1]))
    admin = wei.by(ADMIN, Role.ADMIN).alone()

    assert isinstance(await wei.refused("/inbox unrouted"), Forbidden)
    assert isinstance(
        await wei.by(ADMIN, Role.ADMIN).refused("/inbox unrouted"), Forbidden
    )
    assert await shown(admin, "/inbox unrouted") == ["● M1 nobody's"]
    assert (await admin.say("/inbox M1")).title == "nobody's"
    assert await wei.refused("/inbox M1")
    await admin.say("/inbox unrouted read all")
    assert await admin.said("/inbox unrouted unread") == ("Everything is read.",)


async def test_one_looks_through_so_many_messages_at_a_time(wei: Talk) -> None:
    await comes(wei, "needle", type="finance.refund")
    await comes(wei, *["hay"] * 2_001)
    reply = await wei.say("/inbox finance")

    assert reply.lines == ("Nothing like it in the last 2000 messages.",)
    (older,) = [each for each in reply.buttons if each.label == "Older"]
    assert [each.split()[1] for each in await shown(wei, older.show)] == ["M1"]


async def test_marks_go_with_their_messages(wei: Talk) -> None:

    await comes(wei, "old")
    await wei.say("/inbox read M1")
    before = wei.clock.now() + timedelta(days=1)
    await wei.do(lambda tx: notifications.prune(tx, before=before))

    assert await wei.said("/inbox") == (
        "There is nothing here. /sub shows what comes here.",
    )
