"""What others wrote adds no header, recipient or tag, and turns no line round."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.forms.form import Reader
from bot.forms.letters import Letters
from bot.letters.envelope import Envelope, sealed
from bot.letters.letter import Letter
from store.values import Field, Notification, Severity, Status
from tests.bot.cards.reading import NASTY
from tests.bot.letters.reading import Read, look, read
from tests.bot.letters.test_letters import DISK, NIGHT
from tests.conftest import MONDAY

READER = Reader(locale="en", zone="UTC", type_title=lambda slug: slug)
STOP = "https://bell.example.com/unsubscribe/x"
HEADERS = {
    "List-Unsubscribe-Post", "List-Unsubscribe", "From", "To", "Subject", "Date",
    "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language",
    "References", "Importance", "MIME-Version", "Content-Type",
}  # fmt: skip
#: What ends a header, begins another, or a body.
BREAKS = st.lists(
    st.sampled_from(
        [
            "\r\nBcc: eve@example.com", "\nBcc: eve@example.com", "\r\n\r\n<b>x</b>",
            "\x0bBcc: e@x.y", "\x0cX: y", "\u2028Bcc: e@x.y", "\x85Bcc: e@x.y",
            "=?utf-8?q?=0D=0ABcc:_e@x.y?=", "\u202etxt.exe", "\u2066", "\x1b[2J",
            "</p><script>alert(1)</script>", '" onmouseover="x', "{{ 7*7 }}", "{% x %}",
            "<!--", "<style>p{display:none}</style>", "\r\n.\r\nMAIL FROM:<e@x.y>\r\n",
            "word", "告警",
        ]
    )
    | NASTY,
    max_size=8,
).map("".join)  # fmt: skip


def travelled(payload: str) -> Read:
    letter = Letter.thawed(payload)
    envelope = Envelope(sender="b@example.com", to="w@x.example", key="k", stop=STOP)
    return read(sealed(letter, envelope))


def assert_inert(letter: Read) -> None:
    """Fail unless it has our headers alone, and nothing in it acts or hides."""
    assert set(letter.message.keys()) <= HEADERS
    assert len(letter.message.keys()) == len(set(letter.message.keys()))
    assert letter.mailbox == "w@x.example"
    subject = str(letter.message["Subject"])
    assert [sign for sign in subject if _acts(sign)] == []
    for said in (letter.text, "\n".join(look(letter.html).lines)):
        assert [sign for sign in said if sign != "\n" and _acts(sign)] == []


def _acts(sign: str) -> bool:
    if sign in "\u200c\u200d":
        return False  # Inside emoji and some scripts.
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in (
        "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
        "\u2028\u2029"
    )


def alert(**said: Any) -> Notification:
    return replace(DISK, **said)


@settings(max_examples=80)
@given(st.lists(BREAKS, min_size=8, max_size=8))
def test_nothing_in_an_alert_acts(said: list[str]) -> None:
    title, body, source, key, value, name, figure, link = said
    notification = alert(
        title=title,
        body=body,
        source=source,
        labels={key: value},
        fields=(Field(name, figure),),
        link=link,
        fingerprint=title + "x",
    )

    assert_inert(travelled(Letters().alert(notification, reader=READER, now=MONDAY)))


@settings(max_examples=50)
@given(BREAKS, BREAKS)
def test_nothing_in_a_digest_acts(title: str, headline: str) -> None:
    lines = tuple(replace(each, title=title) for each in NIGHT.lines)
    night = replace(NIGHT, lines=lines)

    assert_inert(
        travelled(Letters().digest(night, headline=headline, reader=READER, now=MONDAY))
    )


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Up\r\nBcc: eve@example.com", "Info · Up Bcc: eve@example.com"),
        ("Up\nSubject: other", "Info · Up Subject: other"),
        ("<b>Up</b>", "Info · ‹b›Up‹/b›"),
        ("Up\u202etxt.exe", "Info · Uptxt.exe"),
        ("=?utf-8?q?=0D=0ABcc:_e@x.y?=", "Info · =?utf-8?q?=0D=0ABcc:_e@x.y?="),
    ],
)
def test_a_title_is_a_subject_and_no_more(title: str, subject: str) -> None:
    made = alert(title=title, severity=Severity.INFO, status=None, fingerprint=None)

    letter = travelled(Letters().alert(made, reader=READER, now=MONDAY))

    assert letter.message["Bcc"] is None
    assert letter.message["Subject"] == subject
    assert letter.seen[0] == subject


def test_a_link_goes_where_it_says() -> None:
    body = (
        "[your bank.com](https://evil.example/a) [x](javascript:alert(1)) "
        '[y](data:text/html,x) <a href="https://evil.example/b">z</a> '
        "![i](https://evil.example/pixel.png)"
    )
    made = alert(
        body=body, status=Status.RESOLVED, link="javascript:alert(1)", fields=()
    )

    letter = travelled(Letters().alert(made, reader=READER, now=MONDAY))

    assert "<img" not in letter.html
    assert letter.links == [
        "https://evil.example/a",
        "https://evil.example/b",
        "https://evil.example/pixel.png",
        STOP,
    ]
    assert "your bank.com https://evil.example/a" in "\n".join(letter.seen)
