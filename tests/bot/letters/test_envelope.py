"""How a letter travels: its headers, its name, and who it goes to."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from bot.letters.address import NoAddress
from bot.letters.envelope import Envelope, sealed
from bot.letters.letter import Letter
from bot.letters.notes import note
from tests.bot.letters.reading import Read, read
from tests.conftest import MONDAY

LETTER = Letter(
    subject="Critical · Disk full",
    text="Disk full\n",
    html="<p>Disk full</p>",
    locale="en",
    at=MONDAY,
    types=("product.alarm",),
    thread="abc",
    urgent=True,
)
STOP = "https://bell.example.com/unsubscribe/" + "gAAAAABpabc-_" * 18


def travelled(letter: Letter = LETTER, **changes: Any) -> Read:
    told = {"sender": "bell@example.com", "to": "wei@example.com", "key": "i1-7"}
    return read(sealed(letter, Envelope(**{**told, **changes})))


def test_a_letter_says_who_sends_it_to_whom_and_that_a_machine_did():
    message = travelled().message

    assert {
        name: str(value) for name, value in message.items() if name != "Content-Type"
    } == {
        "From": "Larkbell <bell@example.com>",
        "To": "wei@example.com",
        "Subject": "Critical · Disk full",
        "Date": "Mon, 05 Jan 2026 01:00:00 +0000",
        "Message-ID": "<i1-7@example.com>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": "en",
        "References": "<incident.abc@example.com>",
        "Importance": "high",
        "List-Unsubscribe": "<mailto:bell@example.com?subject=unsubscribe%20"
        "product.alarm>",
        "MIME-Version": "1.0",
    }
    assert parsedate_to_datetime(message["Date"]) == MONDAY


def test_the_same_key_makes_the_same_letter_and_another_key_another():
    first, again, other = (travelled(key=key) for key in ("i1-7", "i1-7", "i1-8"))

    assert first.message["Message-ID"] == again.message["Message-ID"]
    assert first.message["Message-ID"] != other.message["Message-ID"]
    assert first.text == again.text


def test_a_page_on_https_stops_it_with_one_click():
    letter = travelled(stop=STOP)

    assert letter.message["List-Unsubscribe"] == (
        f"<{STOP}>, <mailto:bell@example.com?subject=unsubscribe%20product.alarm>"
    )
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.text.split("\n")[-5:] == [
        "",
        "-- ",
        "You get this because a rule of Larkbell names you.",
        f"No more e-mails about this: {STOP}",
        "",
    ]
    assert (letter.seen[-2:], letter.links) == (
        [
            "You get this because a rule of Larkbell names you.",
            "No more e-mails about this",
        ],
        [STOP],
    )


def test_the_header_stands_as_it_is_however_long_the_address():
    envelope = Envelope(
        sender="bell@example.com", to="wei@example.com", key="i1-7", stop=STOP
    )

    written = sealed(LETTER, envelope).partition(b"\r\n\r\n")[0].decode("ascii")

    # Mail programs do not decode it, and no line is longer than RFC 5322 takes.
    assert f"List-Unsubscribe: <{STOP}>,\r\n <mailto:" in written
    assert max(len(line) for line in written.split("\r\n")) <= 998


@pytest.mark.parametrize(
    "stop",
    [
        "http://bell.example.com/unsubscribe/x",
        "https://bell.example.com/x>\r\nBcc: <eve@example.com",
        "https://bell.例子.com/x",
        "",
    ],
)
def test_what_is_not_for_one_click_is_not_in_the_header(stop):
    message = travelled(stop=stop).message

    assert message["List-Unsubscribe-Post"] is None
    assert message["List-Unsubscribe"].startswith("<mailto:")
    assert message["Bcc"] is None


def test_a_letter_about_nothing_that_one_could_stop_offers_no_stop():
    letter = travelled(
        note("Your code", "It is 123456.", locale="en", at=MONDAY), stop=STOP
    )

    assert letter.message["List-Unsubscribe"] is None
    assert letter.text == "It is 123456.\n"
    assert letter.seen == ["It is 123456."]


def test_a_letter_is_chinese_where_its_reader_is():
    letter = travelled(replace(LETTER, locale="zh", subject="严重 · 磁盘已满" * 20))

    assert letter.message["Content-Language"] == "zh-CN"
    assert letter.message["Subject"] == "严重 · 磁盘已满" * 20
    assert letter.seen[-1] == "Larkbell 的订阅规则包含你，所以你收到这封邮件。"


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_every_line_is_ascii_and_short_enough(locale):
    letter = replace(LETTER, locale=locale, text="磁" * 5_000 + "\n" + "x" * 5_000)

    written = sealed(
        letter, Envelope(sender="b@example.com", to="w@x.example", key="k")
    )

    assert written.isascii()
    assert max(len(line) for line in written.split(b"\r\n")) <= 998
    assert read(written).text.startswith("磁" * 5_000 + "\n" + "x" * 5_000)


@pytest.mark.parametrize(
    ("written", "to"),
    [
        ("Wei.Chen+bell@Example.com", "Wei.Chen+bell@example.com"),
        ("wei@例子.com", "wei@xn--fsqu00a.com"),
    ],
)
def test_an_address_is_written_as_mail_knows_it(written, to):
    assert travelled(to=written).mailbox.lower() == to.lower()


@pytest.mark.parametrize(
    "to",
    [
        "wei@example.com\r\nBcc: eve@example.com",
        "wei@example.com\nBcc: eve@example.com",
        "wei@example.com, eve@example.com",
        "Wei <wei@example.com>",
        "卫@example.com",
        "wei",
        "@example.com",
        "wei@",
        "wei@.com",
        "wei@example.com>",
        "wei chen@example.com",
        "",
    ],
)
def test_what_is_no_address_is_written_to_nobody(to):
    with pytest.raises(NoAddress):
        travelled(to=to)
