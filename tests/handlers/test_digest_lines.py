"""What people type about scheduled digests, and what it means.

Every line stands for its meaning written the one best way. It is Monday 2026-01-05,
09:00 in Shanghai.
"""

from __future__ import annotations

import pytest

from handlers.errors import UserError
from tests.handlers.meaning import meaning
from tests.handlers.talk import choices

_ALWAYS = "Asia/Shanghai except critical"

UNDERSTOOD = [
    ("/digest daily 09:00", f"daily 09:00 {_ALWAYS}"),
    ("/digest 9am", f"daily 09:00 {_ALWAYS}"),
    ("digest at 9:00", f"daily 09:00 {_ALWAYS}"),
    ("/digest every day at 9am", f"daily 09:00 {_ALWAYS}"),
    ("/digest add daily 0900", f"daily 09:00 {_ALWAYS}"),
    ("/digest set daily 21:30", f"daily 21:30 {_ALWAYS}"),
    ("/digest weekly mon 09:30", f"weekly mon 09:30 {_ALWAYS}"),
    ("/digest weekly on monday at 09:30", f"weekly mon 09:30 {_ALWAYS}"),
    ("/digest 09:30 mon weekly", f"weekly mon 09:30 {_ALWAYS}"),
    ("/digest mondays 09:30", f"weekly mon 09:30 {_ALWAYS}"),
    ("/digest mon,thu 9am and 6pm", f"mon,thu 09:00,18:00 {_ALWAYS}"),
    ("/digest workdays 18:00", f"workdays 18:00 {_ALWAYS}"),
    ("/digest workdays 18:00, 09:00, 18:00", f"workdays 09:00,18:00 {_ALWAYS}"),
    ("/digest mon-fri noon", f"mon-fri 12:00 {_ALWAYS}"),
    ("/digest weekends 10:00", f"weekends 10:00 {_ALWAYS}"),
    ("/digest daily 09:00 finance.*", f"daily 09:00 finance.* {_ALWAYS}"),
    ("/digest finance daily 09:00", f"daily 09:00 finance.* {_ALWAYS}"),
    (
        "/digest daily 09:00 refund, voucher",
        f"daily 09:00 finance.refund finance.voucher {_ALWAYS}",
    ),
    ("/digest daily 09:00 via email for me", f"daily 09:00 via email {_ALWAYS} for me"),
    ("/digest daily 09:00 via chat,dm,email", f"daily 09:00 {_ALWAYS}"),
    (
        "/digest daily 09:00 including critical",
        "daily 09:00 Asia/Shanghai including critical",
    ),
    ("/digest daily 09:00 tokyo", "daily 09:00 Asia/Tokyo except critical"),
    (
        "/digest workdays 09:00 Asia/Singapore calendar sg",
        "workdays 09:00 Asia/Singapore calendar SG except critical",
    ),
    (
        "/digest daily 09:00 for robot:ops-room",
        f"daily 09:00 {_ALWAYS} for robot:ops-room",
    ),
    ("/digest daily 09:00 for chat", f"daily 09:00 {_ALWAYS}"),
    ("/digest daily 00:00", f"daily 00:00 {_ALWAYS}"),
    ("摘要 每天 9:00", f"daily 09:00 {_ALWAYS}"),
    ("摘要每天9点半", f"daily 09:30 {_ALWAYS}"),
    ("定时摘要 每天早上9点", f"daily 09:00 {_ALWAYS}"),
    ("摘要 每天早上九点半", f"daily 09:30 {_ALWAYS}"),
    ("摘要 每周一 9:30", f"weekly mon 09:30 {_ALWAYS}"),
    ("摘要 每周 周一 9:30", f"weekly mon 09:30 {_ALWAYS}"),
    ("汇总 工作日 18:00 财务", f"workdays 18:00 finance.* {_ALWAYS}"),
    ("设置摘要 工作日 09:00、18:00 对 我", f"workdays 09:00,18:00 {_ALWAYS} for me"),
    ("摘要 每天 9:00 通过 邮件 对 我", f"daily 09:00 via email {_ALWAYS} for me"),
    ("摘要 每天 9:00 包括严重", "daily 09:00 Asia/Shanghai including critical"),
    ("/digest", "/digest list"),
    ("/digest list", "/digest list"),
    ("show digest", "/digest list"),
    ("查看摘要", "/digest list"),
    ("/digest list for me", "/digest list for me"),
    ("/digest off", "/digest off"),
    ("turn off digest", "/digest off"),
    ("关闭摘要", "/digest off"),
    ("/digest off finance", "/digest off finance.*"),
    ("/digest remove all", "/digest off"),
    ("/digest remove 2", "/digest remove 2"),
    ("/digest remove mornings", "/digest remove mornings"),
    ("删除摘要 2", "/digest remove 2"),
    ("/digest reset mornings", "/digest reset mornings"),
]

REFUSED = [
    ("/digest daily", ("/digest daily 09:00", "/digest daily 18:00")),
    ("/digest finance", ("/digest finance 09:00", "/digest finance 18:00")),
    ("/digest add", ("/digest daily 09:00", "/digest daily 18:00")),
    ("/digest daily 9", ("/digest daily 09:00", "/digest daily 21:00")),
    ("摘要每天9点", ("/摘要每天 09:00", "/摘要每天 21:00")),
    (
        "/digest daily 9 and 6",
        (
            "/digest daily 06:00,09:00",
            "/digest daily 09:00,18:00",
            "/digest daily 06:00,21:00",
        ),
    ),
    (
        "/digest weekly 09:00",
        ("/digest weekly mon 09:00", "/digest weekly fri 09:00"),
    ),
    ("/digest weekly workdays 09:00", ("/digest weekly mon 09:00",)),
    ("/digest daily 22:00-08:00", ("/dnd add 22:00-08:00",)),
    ("/digest daily 24:00", ("/digest daily 00:00",)),
    ("/digest daily 09:00 via sms", ("/digest daily 09:00 via email",)),
    ("/digest daily 09:00 via inbox", ("/digest daily 09:00 via email",)),
    ("/digest daily 09:00 finanse.*", ("/digest daily 09:00 finance.*",)),
    ("/digest dayly 09:00", ("/digest daily 09:00",)),
    ("/digest weekyl mon 09:00", ("/digest weekly mon 09:00",)),
    ("/digets daily 09:00", ("/digest daily 09:00",)),
    ("/digest mon tue daily 09:00", ("/digest daily 09:00", "/digest mon tue 09:00")),
    ("/digest off 2", ("/digest remove 2", "/digest off")),
    (
        "/digest of",
        ("/digest daily 09:00", "/digest daily 18:00", "/digest off"),
    ),
    ("/digest remove", ("/help digest",)),
    ("/digest preview", ("/help digest",)),
    ("/digest daily " + ",".join(f"{hour:02}:00" for hour in range(13)), None),
]


@pytest.mark.parametrize(
    ("line", "written"), [pair for pair in UNDERSTOOD if pair[1] is not None]
)
def test_a_line_means_what_people_mean_by_it(line, written):
    expected = written if written.startswith("/") else f"/digest {written}"

    assert meaning(line) == expected
    assert meaning(expected) == expected


@pytest.mark.parametrize(
    ("line", "offered"), [pair for pair in REFUSED if pair[1] is not None]
)
def test_what_can_be_read_in_two_ways_or_none_is_asked_about(line, offered):
    with pytest.raises(UserError):
        meaning(line)
    assert choices(line) == offered


def test_more_than_a_dozen_a_day_are_refused():
    with pytest.raises(UserError, match="up to 12 times a day"):
        meaning(REFUSED[-1][0])
