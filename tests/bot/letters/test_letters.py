"""Alerts and digests as letters: the same words as on a card, in the same order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.forms.form import Reader
from bot.forms.letters import Letters
from bot.letters.letter import Letter
from handlers.rules.digest import Digest, DigestLine, Occasion
from store.values import Field, Notification, Severity, Status
from tests.bot.letters.reading import look
from tests.conftest import MONDAY

TITLES = {"product.alarm": "Alarm", "finance.refund": "Refund"}
READER = Reader(locale="en", zone="Asia/Shanghai", type_title=lambda slug: TITLES[slug])
DISK = Notification(
    number=123,
    source="grafana",
    type="product.alarm",
    severity=Severity.CRITICAL,
    title="Disk full on db-1",
    status=Status.FIRING,
    occurred_at=MONDAY,
    accepted_at=MONDAY,
    fingerprint="db-1/disk",
    body="**97 %** used, see `df -h`.\n\nNothing was deleted.",
    labels={"host": "db-1", "region": "ap-singapore"},
    fields=(Field("value", "97 %"), Field("runbook", "https://wiki.example.com/disk")),
    link="https://grafana.example.com/d/1?a=b&c=d",
)


def alert(reader: Reader = READER, **changes: Any) -> Letter:
    now = MONDAY + timedelta(seconds=3)
    return Letter.thawed(
        Letters().alert(replace(DISK, **changes), reader=reader, now=now)
    )


def test_an_alert_says_everything_that_its_card_says():
    letter = alert()

    assert letter.subject == "Critical · Disk full on db-1"
    assert letter.text == (
        "Critical · Disk full on db-1\n"
        "Firing since 2026-01-05 09:00 Asia/Shanghai\n"
        "\n"
        "grafana · Alarm · product.alarm\n"
        "host=db-1 · region=ap-singapore\n"
        "\n"
        "value: 97 %\n"
        "\n"
        "**97 %** used, see `df -h`.\n"
        "\n"
        "Nothing was deleted.\n"
        "\n"
        "Open grafana.example.com: https://grafana.example.com/d/1?a=b&c=d\n"
        "runbook · wiki.example.com: https://wiki.example.com/disk\n"
        "\n"
        "M123\n"
    )
    assert look(letter.html).lines == [
        "Critical · Disk full on db-1",
        "Firing since 2026-01-05 09:00 Asia/Shanghai",
        "grafana · Alarm · product.alarm",
        "host=db-1 · region=ap-singapore",
        "value: 97 %",
        "97 % used, see df -h.",
        "Nothing was deleted.",
        "Open grafana.example.com",
        "runbook · wiki.example.com",
        "M123",
    ]
    assert look(letter.html).links == [
        "https://grafana.example.com/d/1?a=b&c=d",
        "https://wiki.example.com/disk",
    ]
    assert "<b>97 %</b> used, see <code>df -h</code>." in letter.html


def test_an_alert_is_said_in_the_readers_language_and_on_the_readers_clock():
    reader = Reader(locale="zh", zone="UTC", type_title=lambda slug: "告警")

    letter = alert(reader, status=Status.RESOLVED)

    assert letter.locale == "zh"
    assert letter.subject == "严重 · 已恢复 · Disk full on db-1"
    assert letter.text.split("\n")[1] == "已恢复，2026-01-05 01:00 UTC"


@pytest.mark.parametrize(
    ("severity", "status", "urgent"),
    [
        (Severity.CRITICAL, Status.FIRING, True),
        (Severity.CRITICAL, None, True),
        (Severity.CRITICAL, Status.RESOLVED, False),
        (Severity.WARNING, Status.FIRING, False),
    ],
)
def test_what_is_critical_and_not_over_asks_for_attention(severity, status, urgent):
    assert alert(severity=severity, status=status).urgent is urgent


def test_letters_on_one_incident_have_one_thread_and_others_another():
    firing, resolved = alert(), alert(status=Status.RESOLVED, number=124)

    assert firing.thread == resolved.thread != ""
    assert alert(fingerprint="db-2/disk").thread != firing.thread
    assert alert(source="zabbix").thread != firing.thread
    assert alert(fingerprint=None).thread == ""


def test_the_same_notification_makes_the_same_letter():
    assert alert() == alert()


def test_a_letter_says_what_is_not_in_it():
    letter = alert(
        link="ftp://files.example.com/x",
        cut=True,
        labels={"trace": "x" * 400},
        body="",
        fields=(),
    )

    assert look(letter.html).lines[-4:] == [
        "Link: ftp://files.example.com/x",
        "The text was too long on arrival, and was cut there.",
        "Long values lost their ends. All of it: /why M123 in Lark.",
        "M123",
    ]
    assert letter.text.split("\n")[-6:-3] == look(letter.html).lines[-4:-1]


def test_a_table_of_blanks_keeps_its_columns():
    letter = alert(body="host     used\ndb-1     97 %\n\n- **a**\n- b")

    assert (
        '<p style="white-space: pre-wrap">host     used\ndb-1     97 %</p>'
        in letter.html
    )
    assert "<ul><li><b>a</b></li><li>b</li></ul>" in letter.html


def test_lists_and_code_are_shown_as_such():
    letter = alert(body="1. **one**\n2. two\n\n```sh\ndf -h < /dev/null\n```\n\n# Now")

    assert '<ol start="1"><li><b>one</b></li><li>two</li></ol>' in letter.html
    assert "<code>df -h &lt; /dev/null</code></pre>" in letter.html
    assert "<p><b>Now</b></p>" in letter.html


# Digests


def line(number: int, **changes: Any) -> DigestLine:
    told: dict[str, Any] = {
        "number": number,
        "title": f"Disk {number} %",
        "type": "product.alarm",
        "severity": Severity.WARNING,
        "status": Status.FIRING,
        "count": 1,
        "at": MONDAY,
    }
    return DigestLine(**{**told, **changes})


NIGHT = Digest(
    occasion=Occasion.HELD,
    lines=(
        line(7, severity=Severity.CRITICAL, count=3),
        line(9, status=Status.RESOLVED),
        line(8, status=None, type="finance.refund", severity=Severity.INFO),
    ),
    more=2,
    resolved=1,
    messages=9,
    by_type=(("product.alarm", 4), ("finance.refund", 1)),
    by_severity=((Severity.CRITICAL, 1), (Severity.WARNING, 3), (Severity.INFO, 1)),
    since=MONDAY,
)


def night(reader: Reader = READER, headline: str = "Held back: nights") -> Letter:
    return Letter.thawed(
        Letters().digest(NIGHT, headline=headline, reader=reader, now=MONDAY)
    )


def test_a_digest_is_one_letter_that_names_them_all():
    letter = night()

    assert letter.subject == "Held back: nights · Critical 1 · Warning 3 · Info 1"
    assert letter.text == (
        "Held back: nights\n"
        "\n"
        "9 messages since 2026-01-05 09:00 Asia/Shanghai\n"
        "Critical 1 · Warning 3 · Info 1\n"
        "1 incident began and ended meanwhile.\n"
        "\n"
        "• Critical · Disk 7 % · firing · 3 times · 01-05 09:00 · M7\n"
        "• Warning · Disk 9 % · resolved · 01-05 09:00 · M9\n"
        "• Info · Disk 8 % · 01-05 09:00 · M8\n"
        "and 2 more\n"
        "\n"
        "Alarm 4 · Refund 1\n"
    )
    said = [each.removeprefix("• ") for each in letter.text.split("\n") if each]
    assert look(letter.html).lines == said
    assert letter.types == ("finance.refund", "product.alarm")


def test_a_payload_without_a_letter_is_none():
    for payload in ('{"schema": "2.0"}', "[]", "not JSON"):
        with pytest.raises(ValueError):  # noqa: PT011 - JSON's own, or ours
            Letter.thawed(payload)


def test_a_letter_is_what_it_was_when_it_was_frozen():
    for letter in (alert(), night()):
        assert Letter.thawed(letter.frozen()) == letter
