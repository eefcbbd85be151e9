"""Many messages are one card: why, how many, which; never more than fits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.digest import digest_card, digest_post
from handlers.rules.digest import Digest, DigestLine, Occasion
from store.values import Json, Severity, Status
from tests.bot.cards.reading import NASTY, assert_sound, contents

AT = datetime(2026, 1, 4, 18, 30, tzinfo=UTC)
APP_LIMIT = 28 * 1024
ROBOT_LIMIT = 18 * 1024


def line(number: int, **changes: Any) -> DigestLine:
    told: dict[str, Any] = {
        "number": number,
        "title": f"Disk {number} %",
        "type": "product.alarm",
        "severity": Severity.WARNING,
        "status": Status.FIRING,
        "count": 1,
        "at": AT,
    }
    return DigestLine(**{**told, **changes})


def digest(*lines: DigestLine, **changes: Any) -> Digest:
    told: dict[str, Any] = {
        "occasion": Occasion.HELD,
        "lines": lines,
        "more": 0,
        "resolved": 0,
        "messages": len(lines),
        "by_type": (("product.alarm", len(lines)),),
        "by_severity": ((Severity.WARNING, len(lines)),),
        "since": AT,
    }
    return Digest(**{**told, **changes})


def how(**changes: Any) -> dict[str, Any]:
    options: dict[str, Any] = {
        "headline": "Held 22:00–08:00",
        "zone": "Asia/Shanghai",
        "locale": "en",
        "type_title": {"product.alarm": "Alarm"}.get,
    }
    return {**options, **changes}


def title(slug: str) -> str:
    return {"product.alarm": "Alarm", "product.expiry": "Expiry"}.get(slug, slug)


MIXED = digest(
    line(7, severity=Severity.CRITICAL, count=3),
    line(9, status=Status.RESOLVED),
    line(8, status=None, type="product.expiry", severity=Severity.INFO),
    more=2,
    resolved=4,
    messages=15,
    by_type=(("product.alarm", 4), ("product.expiry", 1)),
    by_severity=(
        (Severity.CRITICAL, 1),
        (Severity.WARNING, 2),
        (Severity.INFO, 2),
    ),
)


def test_a_digest_says_why_how_many_and_which() -> None:
    made = digest_card(MIXED, **how(type_title=title, rest="/inbox unread"))

    assert contents(made) == [
        "Held 22:00–08:00",
        (
            "15 messages since 2026-01-05 02:30 Asia/Shanghai\n"
            "Critical 1 · Warning 2 · Info 2\n"
            "4 incidents began and ended meanwhile."
        ),
        (
            "• Critical · Disk 7 % · firing · 3 times · 01-05 02:30 · M7\n"
            "• Warning · Disk 9 % · resolved · 01-05 02:30 · M9\n"
            "• Info · Disk 8 % · 01-05 02:30 · M8\n"
            "and 2 more"
        ),
        "Alarm 4 · Expiry 1\nAll of them: /inbox unread",
    ]
    assert made["header"]["template"] == "red"
    assert made["config"]["summary"]["content"] == (
        "Held 22:00–08:00 · Critical 1 · Warning 2 · Info 2"
    )
    assert_sound(made)


def test_a_digest_is_told_in_chinese() -> None:
    made = digest_card(
        MIXED, **how(locale="zh", headline="22:00–08:00 免打扰", type_title=title)
    )

    assert contents(made) == [
        "22:00–08:00 免打扰",
        (
            "15 条消息，自 2026-01-05 02:30 Asia/Shanghai 起\n"
            "严重 1 · 警告 2 · 通知 2\n"
            "其间有 4 起告警发生后已恢复。"
        ),
        (
            "• 严重 · Disk 7 % · 告警中 · 3 次 · 01-05 02:30 · M7\n"
            "• 警告 · Disk 9 % · 已恢复 · 01-05 02:30 · M9\n"
            "• 通知 · Disk 8 % · 01-05 02:30 · M8\n"
            "另有 2 条"
        ),
        "Alarm 4 · Expiry 1",
    ]


def test_a_digest_of_what_is_over_says_so() -> None:
    over = digest(messages=6, resolved=3, by_type=(), by_severity=())

    made = digest_card(over, **how())

    assert contents(made) == [
        "Held 22:00–08:00",
        (
            "6 messages since 2026-01-05 02:30 Asia/Shanghai\n"
            "3 incidents began and ended meanwhile.\n"
            "All of it is resolved: nothing is left to look at."
        ),
    ]
    assert made["header"]["template"] == "green"


@pytest.mark.parametrize(
    ("lines", "colour"),
    [
        ((line(1),), "orange"),
        ((line(1, severity=Severity.INFO, status=None),), "blue"),
        (
            (line(1, severity=Severity.CRITICAL, status=Status.RESOLVED), line(2)),
            "orange",
        ),
        ((line(1, severity=Severity.CRITICAL), line(2)), "red"),
        ((line(1, status=Status.RESOLVED),), "green"),
    ],
)
def test_the_colour_is_of_the_worst_that_is_left(
    lines: tuple[DigestLine, ...], colour: str
) -> None:
    assert digest_card(digest(*lines), **how())["header"]["template"] == colour


def test_a_robot_is_told_the_same_and_everyone_if_asked() -> None:
    made = digest_post(MIXED, **how(type_title=title), mention_all=True, keyword="bell")

    assert made["msg_type"] == "interactive"
    assert (
        contents(made)[:3] == contents(digest_card(MIXED, **how(type_title=title)))[:3]
    )
    assert contents(made)[3:] == ["Alarm 4 · Expiry 1\nbell", "<at id=all></at>"]


def test_a_keyword_in_the_headline_is_not_repeated() -> None:
    made = digest_post(MIXED, **how(type_title=title), keyword="Held")

    assert contents(made)[-1] == "Alarm 4 · Expiry 1"


def test_many_types_are_counted_together() -> None:
    many = digest(line(1), by_type=tuple((f"custom.t{n}", 20 - n) for n in range(12)))

    made = digest_card(many, **how(type_title=title))

    assert contents(made)[-1].startswith("custom.t0 20 · custom.t1 19 · ")
    assert contents(made)[-1].endswith(" · custom.t7 13 · 4 other types")


def test_titles_get_shorter_before_any_is_left_out() -> None:
    named = digest(*(line(number, title="x" * 200) for number in range(120)))

    made = digest_post(named, **how(type_title=title))

    assert contents(made)[2].count("\n") == 119
    assert contents(made)[2].count("…") == 120
    assert len(orjson.dumps(made)) <= ROBOT_LIMIT


def test_what_has_no_room_is_counted() -> None:
    named = digest(*(line(number, title="值" * 200) for number in range(1_000)), more=5)

    made = digest_post(named, **how(type_title=title))

    *told, rest = contents(made)[2].split("\n")
    assert rest == f"and {1_005 - len(told)} more"
    assert ROBOT_LIMIT - 400 < len(orjson.dumps(made)) <= ROBOT_LIMIT


lines = st.builds(
    line,
    st.integers(1, 10**9),
    title=NASTY,
    type=NASTY,
    severity=st.sampled_from(Severity),
    status=st.none() | st.sampled_from(Status),
    count=st.integers(1, 10**6),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(lines, min_size=1, max_size=40), NASTY, st.sampled_from([1, 30]))
def test_no_digest_is_too_big_or_alive(
    told: list[DigestLine], hostile: str, times: int
) -> None:
    many = digest(*told * times, by_type=tuple((each.type, 2) for each in told))
    options = how(headline=hostile, type_title=lambda slug: slug + hostile)

    card: Json = digest_card(many, **options)
    post: Json = digest_post(many, **options, keyword="bell")

    assert len(orjson.dumps(orjson.dumps(card).decode())) <= APP_LIMIT
    assert len(orjson.dumps(post)) <= ROBOT_LIMIT
    assert_sound(card)
    assert_sound(post)
