"""What a machine reads to somebody: words, numbers, nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms.calls import Calls
from bot.phones import said
from bot.phones.said import Said
from bot.phones.speech import LONGEST, speakable
from handlers.rules.digest import Member, Occasion, plan
from store.values import Notification, Status
from tests.bot.phones.test_texts import notification, reader
from tests.conftest import MONDAY


def put(found: Notification, locale: str = "en") -> Said:
    return said.read(Calls().alert(found, reader=reader(locale), now=MONDAY))


def test_it_says_how_bad_what_where_from_and_which():
    told = put(notification("CPU > 90 % on web-1", number=123))

    assert told == Said(
        text="Critical. CPU above 90 percent on web 1. From prometheus. "
        "Message M 1 2 3.",
        severity="Critical",
        title="CPU above 90 percent on web 1",
        source="prometheus",
        type="Alarm",
        id="M 1 2 3",
        locale="en",
    )


def test_it_says_so_in_the_readers_language():
    told = put(notification("CPU 使用率 > 90 %"), "zh")

    assert told.text == "严重。CPU 使用率 高于 百分之90。来自 prometheus。编号 M 7。"


def test_a_resolution_says_that_it_is_over():
    told = put(notification(status=Status.RESOLVED))

    assert told.text == "Resolved. Disk full. From prometheus. Message M 7."


@pytest.mark.parametrize(
    ("written", "en", "zh"),
    [
        ("95%", "95 percent", "百分之95"),
        ("-5 °C", "minus 5 degrees", "负 5度"),
        ("$1,234.50 due", "1234.50 dollars due", "1234.50美元 due"),
        ("¥30", "30 yuan", "30元"),
        ("a<=3", "a at most 3", "a 至多 3"),
        ("a >= 3", "a at least 3", "a 至少 3"),
        ("node_exporter/cpu-total", "node exporter cpu total", None),
        ('[P1] {job="x"} *now*', "P1 job equals x now", "P1 job 等于 x now"),
        ("id 123456789", "id 1 2 3 4 5 6 7 8 9", None),
        ("at 10:30: down", "at 10:30, down", None),
        ("see https://a.example/b", "see", None),
        ("wait ... what", "wait. what", None),
        ("１２％", "12 percent", "百分之12"),
    ],
)
def test_symbols_become_words(written: str, en: str, zh: str | None):
    assert (speakable(written, "en"), speakable(written, "zh")) == (en, zh or en)


@given(st.text(max_size=400), st.sampled_from(["en", "zh"]))
def test_nothing_is_left_that_cannot_be_said(text: str, locale: str):
    told = speakable(text, locale)

    assert len(told) <= LONGEST
    assert re.fullmatch(r"[\w .,:?，。：？、]*", told)
    assert "_" not in told


def test_a_digest_counts_and_names_the_first():
    members = [
        Member(
            delivery=n, notification=notification(f"Disk {n}%", number=n), since=MONDAY
        )
        for n in range(1, 4)
    ]
    found = plan(members, now=MONDAY, occasion=Occasion.CRITICALS).digest
    assert found is not None

    made = Calls().digest(
        found, headline="3 critical messages", reader=reader(), now=MONDAY
    )
    told = said.read(made)

    assert told.text == "3 critical messages. The first: Disk 3 percent."
