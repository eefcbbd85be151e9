"""What a text message says: short, in one line, with nothing in it that could act."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.forms.form import Reader
from bot.forms.texts import Texts
from bot.phones import said
from bot.phones.said import Said
from bot.phones.segments import cut, fits, is_gsm, plain
from handlers.rules.digest import Member, Occasion, plan
from store.values import Notification, Severity, Status
from tests.conftest import MONDAY

TITLES = {"en": "Alarm", "zh": "产品告警"}


def reader(locale: str = "en") -> Reader:
    return Reader(
        locale=locale,
        zone="UTC",
        type_title=lambda type_id: TITLES.get(locale, type_id),
    )


def notification(title: str = "Disk full", **more: Any) -> Notification:
    return Notification(
        **{
            "number": 7,
            "source": "prometheus",
            "type": "product.alarm",
            "severity": Severity.CRITICAL,
            "title": title,
            "accepted_at": MONDAY,
            **more,
        }
    )


def put(title: str = "Disk full", *, locale: str = "en", **more: Any) -> Said:
    found = notification(title, **more)
    return said.read(Texts().alert(found, reader=reader(locale), now=MONDAY))


def test_it_says_how_bad_what_where_from_and_which():
    assert put() == Said(
        text="Critical: Disk full (prometheus, Alarm) M7",
        severity="Critical",
        title="Disk full",
        source="prometheus",
        type="Alarm",
        id="M7",
        locale="en",
    )


def test_it_says_so_in_the_readers_language():
    assert (
        put("磁盘已满", locale="zh").text == "严重：磁盘已满（prometheus，产品告警）M7"
    )


def test_a_resolution_says_that_it_is_over():
    told = put(status=Status.RESOLVED), put(status=Status.RESOLVED, locale="zh")

    assert [each.text for each in told] == [
        "Resolved: Disk full (prometheus, Alarm) M7",
        "已恢复：Disk full（prometheus，产品告警）M7",
    ]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("see https://evil.example/x now", "see now"),
        ("www.evil.example", ""),
        ("【Bank】 your card", "[Bank] your card"),
        ('<at user_id="all"></at> hi', '(at user_id="all")(/at) hi'),
        ("two\nlines\tand\x07bells", "two lines andbells"),
        ("‘quotes’ – and dots…", "'quotes' - and dots..."),
        ("磁盘 “满” 🔥", "磁盘 “满”"),
        ("\u202egnp.exe", "gnp.exe"),
    ],
)
def test_what_others_wrote_is_only_words(title: str, shown: str):
    assert put(title).title == shown


@given(
    st.text(max_size=400),
    st.text(min_size=1, max_size=80),
    st.sampled_from(Severity),
    st.sampled_from(["en", "zh"]),
)
def test_it_never_takes_more_than_two_segments(
    title: str, source: str, severity: Severity, locale: str
):
    told = put(title, source=source, severity=severity, locale=locale, number=10**9)

    assert fits(told.text)
    assert told.text.endswith(f"M{10**9}")
    assert told.text.isprintable()
    assert not set("【】\n") & set(told.title)


def test_a_long_title_is_cut_and_shows_it():
    assert put("x" * 400).title == "x" * 250 + "..."
    assert put("满" * 400).title[-3:] == "满满…"


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("a" * 286, True),
        ("a" * 287, False),
        ("[" * 143, True),
        ("[" * 144, False),
        ("满" * 114, True),
        ("满" * 115, False),
    ],
)
def test_a_segment_has_room_for_so_much(text: str, goes: bool):
    assert fits(text) is goes


def test_the_alphabet_of_phones_is_known():
    assert [is_gsm(each) for each in ("Ärger @ 5€", "·", "满", "")] == [
        True,
        False,
        False,
        True,
    ]


@given(st.text(), st.integers(1, 50))
def test_a_cut_text_is_as_long_as_it_may_be(text: str, most: int):
    assert len(cut(plain(text), most)) <= max(most, 3)


def digest(*severities: Severity, locale: str = "en", title: str = "Disk {0}") -> Said:
    members = [
        Member(
            delivery=number,
            notification=notification(
                title.format(number), severity=severity, number=number
            ),
            since=MONDAY - timedelta(minutes=1),
        )
        for number, severity in enumerate(severities, start=1)
    ]
    found = plan(members, now=MONDAY, occasion=Occasion.STORM).digest
    assert found is not None
    made = Texts().digest(
        found, headline="6 at once", reader=reader(locale), now=MONDAY
    )
    return said.read(made)


def test_a_digest_counts_and_names_the_first():
    told = digest(Severity.CRITICAL, *[Severity.WARNING] * 2)

    assert told.text == ("6 at once: 1 Critical, 2 Warning. Disk 1; Disk 3; Disk 2")


def test_a_digest_takes_no_more_than_two_segments_either():
    told = digest(*[Severity.WARNING] * 30, title="磁盘已满 {0} " * 6, locale="zh")

    assert fits(told.text)
    assert told.text.startswith("6 at once：30 条警告。磁盘已满 30")
