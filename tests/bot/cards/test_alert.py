"""A notification is told in one order, fits, and does nothing but be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.alert import alert_card, alert_post
from handlers.reply import Button
from store.values import Field, Json, Notification, Severity, Status
from tests.bot.cards.reading import LONG, NASTY, assert_sound, contents, elements

NOW = datetime(2026, 1, 2, 3, 5, tzinfo=UTC)
APP_LIMIT = 28 * 1024
ROBOT_LIMIT = 18 * 1024


def notification(**changes: Any) -> Notification:
    told: dict[str, Any] = {
        "number": 123,
        "source": "scripts",
        "type": "product.alarm",
        "severity": Severity.CRITICAL,
        "status": Status.FIRING,
        "title": "CPU above 90 %",
        "body": "**web-1** for 5 min",
        "labels": {"product": "cvm", "region": "ap-singapore"},
        "fields": (Field("value", "97 %"),),
        "link": "https://grafana.example.com/d/1",
        "occurred_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "accepted_at": NOW,
    }
    return Notification(**{**told, **changes})


def card(told: Notification, **how: Any) -> Json:
    options = {"zone": "Asia/Shanghai", "locale": "en", "type_title": "Alarm"}
    return alert_card(told, **{**options, "now": NOW, **how})


def post(told: Notification, **how: Any) -> Json:
    options = {"zone": "Asia/Shanghai", "locale": "en", "type_title": "Alarm"}
    return alert_post(told, **{**options, "now": NOW, **how})


def as_content(made: Json) -> int:
    """Return how many bytes the app's request carries for a card."""
    return len(orjson.dumps({"content": orjson.dumps(made).decode()}))


def test_an_alert_is_told_in_this_order() -> None:
    made = card(notification(), incident=42)

    assert contents(made) == [
        "Critical · CPU above 90 %",
        "Firing since 2026-01-02 11:04 Asia/Shanghai",
        "scripts · Alarm · product.alarm\nproduct=cvm · region=ap-singapore",
        "value: 97 %",
        "**web-1** for 5 min",
        "Open grafana.example.com",
        "A42 · M123",
    ]
    assert_sound(made)


def test_an_alert_is_told_in_chinese() -> None:
    made = card(notification(), locale="zh", type_title="指标告警")

    assert contents(made) == [
        "严重 · CPU above 90 %",
        "告警中，自 2026-01-02 11:04 Asia/Shanghai 起",
        "scripts · 指标告警 · product.alarm\nproduct=cvm · region=ap-singapore",
        "value: 97 %",
        "**web-1** for 5 min",
        "打开 grafana.example.com",
        "M123",
    ]


def test_a_robot_tells_the_same_as_a_chat_but_for_the_buttons() -> None:
    buttons = (Button("Mute 2 h", "/mute 2h"), Button("Why", "/why M123"))

    made = card(notification(), buttons=buttons)

    assert contents(post(notification())) == [
        text for text in contents(made) if text not in ("Mute 2 h", "Why")
    ]
    assert post(notification())["msg_type"] == "interactive"


def test_only_the_chat_has_buttons_that_call_back() -> None:
    made = card(notification(), buttons=(Button("Mute 2 h", "/mute 2h", danger=True),))

    assert [
        (button["type"], button["behaviors"]) for button in elements(made, "button")
    ] == [
        (
            "default",
            [{"type": "open_url", "default_url": "https://grafana.example.com/d/1"}],
        ),
        ("danger", [{"type": "callback", "value": {"line": "/mute 2h"}}]),
    ]
    assert_sound(made)
    assert [
        button["behaviors"] for button in elements(post(notification()), "button")
    ] == [[{"type": "open_url", "default_url": "https://grafana.example.com/d/1"}]]


@pytest.mark.parametrize(
    ("severity", "status", "colour", "headline"),
    [
        (Severity.CRITICAL, Status.FIRING, "red", "Critical · Disk"),
        (Severity.WARNING, Status.FIRING, "orange", "Warning · Disk"),
        (Severity.INFO, None, "blue", "Info · Disk"),
        (Severity.CRITICAL, Status.RESOLVED, "green", "Critical · resolved · Disk"),
    ],
)
def test_colour_says_only_what_words_say_too(
    severity: Severity, status: Status | None, colour: str, headline: str
) -> None:
    made = card(notification(severity=severity, status=status, title="Disk"))

    assert made["header"] == {
        "title": {"tag": "plain_text", "content": headline},
        "template": colour,
    }
    assert made["config"]["summary"] == {"content": headline}


@pytest.mark.parametrize(
    ("status", "occurred", "late", "said"),
    [
        (Status.FIRING, True, 0, "Firing since 2026-01-02 11:04 Asia/Shanghai"),
        (Status.FIRING, False, 0, "Firing, received 2026-01-02 11:05 Asia/Shanghai"),
        (Status.RESOLVED, True, 0, "Resolved 2026-01-02 11:04 Asia/Shanghai"),
        (
            Status.RESOLVED,
            False,
            0,
            "Resolved, received 2026-01-02 11:05 Asia/Shanghai",
        ),
        (None, True, 0, "2026-01-02 11:04 Asia/Shanghai"),
        (None, False, 0, "Received 2026-01-02 11:05 Asia/Shanghai"),
        (
            None,
            False,
            552,
            "Received 2026-01-02 11:05 Asia/Shanghai (9 h 12 min before this post)",
        ),
        (
            None,
            False,
            3 * 24 * 60,
            "Received 2026-01-02 11:05 Asia/Shanghai (3 d before this post)",
        ),
    ],
)
def test_the_status_says_since_when_and_how_late_it_comes(
    status: Status | None, occurred: bool, late: int, said: str
) -> None:
    told = notification(status=status)
    if not occurred:
        told = notification(status=status, occurred_at=None)

    made = card(told, now=NOW + timedelta(minutes=late))

    assert contents(made)[1] == said


def test_a_field_that_names_a_page_opens_it() -> None:
    runbook = Field("runbook", "https://runbooks.example.com/cpu")
    link = Field("dashboard", "https://grafana.example.com/d/1")

    made = post(notification(fields=(runbook, Field("value", "97 %"), link)))

    assert [
        (button["text"]["content"], button["behaviors"][0]["default_url"])
        for button in elements(made, "button")
    ] == [
        ("Open grafana.example.com", "https://grafana.example.com/d/1"),
        ("runbook · runbooks.example.com", "https://runbooks.example.com/cpu"),
    ]
    assert contents(made)[3] == "value: 97 %"
    assert_sound(made)


def test_what_is_not_there_takes_no_room() -> None:
    made = card(notification(body="", labels={}, fields=(), link=None))

    assert contents(made) == [
        "Critical · CPU above 90 %",
        "Firing since 2026-01-02 11:04 Asia/Shanghai",
        "scripts · Alarm · product.alarm",
        "M123",
    ]


def test_a_body_that_repeats_the_title_is_not_shown_again() -> None:
    made = card(notification(body=" CPU above 90 %\n"))

    assert contents(made).count("CPU above 90 %") == 0


def test_a_source_may_have_a_title_of_its_own() -> None:
    made = card(notification(labels={}), source_title="Prometheus in Singapore")

    assert contents(made)[2] == "Prometheus in Singapore · Alarm · product.alarm"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://a@evil.example/", "grafana/d/1"]
)
def test_a_link_that_is_none_is_only_shown(link: str) -> None:
    made = post(notification(link=link))

    assert list(elements(made, "button")) == []
    assert f"Link: {link}" in contents(made)


@pytest.mark.parametrize("make", [card, post])
@pytest.mark.parametrize("hostile", ["<at id=all></at>", '<at user_id="all">'])
def test_a_mention_anywhere_mentions_nobody(make: Any, hostile: str) -> None:
    made = make(
        notification(
            title=f"a {hostile}",
            source=hostile,
            body=f"**b** {hostile} `{hostile}`\n\n```\n{hostile}\n```\n\n{hostile}",
            labels={hostile: hostile},
            fields=(Field(hostile, hostile),),
            link=f"https://example.com/{hostile}",
        ),
        source_title=hostile,
        type_title=hostile,
    )

    assert_sound(made)
    assert b"<at" not in orjson.dumps(made)


def test_everyone_is_mentioned_where_the_robot_is_told_to() -> None:
    made = post(notification(title="<at id=all></at>"), mention_all=True)

    assert orjson.dumps(made).count(b"<at") == 1
    assert contents(made)[-2:] == ["<at id=all></at>", "M123"]


@pytest.mark.parametrize(
    ("keyword", "footer"),
    [(None, "M123"), ("bell", "M123 · bell"), ("CPU", "M123"), ("Firing", "M123")],
)
def test_a_keyword_is_added_where_it_is_missing(
    keyword: str | None, footer: str
) -> None:
    assert contents(post(notification(), keyword=keyword))[-1] == footer


def test_a_keyword_in_the_body_alone_might_be_cut_and_is_added() -> None:
    made = post(notification(body="x " * 20_000 + "bell"), keyword="bell")

    assert contents(made)[-1] == "M123 · bell"


def test_the_body_is_cut_first_and_the_card_says_so() -> None:
    made = post(notification(body="word " * 8_000))

    *_, body, note, _button, footer = contents(made)
    assert footer == "M123"
    assert contents(made)[2].endswith("region=ap-singapore")
    assert contents(made)[3] == "value: 97 %"
    assert body.endswith("word…")
    left_out = 39_999 - (len(body) - 1)
    assert note == (
        f"Left out to fit: {left_out:,} characters of the text. "
        "The rest: the link, or /why M123"
    )
    assert ROBOT_LIMIT - 200 < len(orjson.dumps(made)) <= ROBOT_LIMIT


def test_labels_and_fields_are_cut_where_they_alone_are_too_much() -> None:
    made = card(
        notification(
            labels={f"label-{number}": "值" * 200 for number in range(64)},
            fields=tuple(Field(f"f{number}", "v" * 250) for number in range(10)),
            link=None,
        ),
        locale="zh",
    )

    shown = contents(made)[2].count("label-")
    assert 0 < shown < 64
    assert contents(made)[-2] == (
        f"因长度所限，省略了 {64 - shown} 个标签、 10 个字段。完整内容：/why M123"
    )


def test_a_long_value_loses_its_end_and_the_card_says_so() -> None:
    made = card(notification(labels={"pod": "x" * 5_000}, link=None, cut=True))

    assert contents(made)[2].endswith("…")
    assert contents(made)[-2] == (
        "The text was too long on arrival, and was cut there. "
        "Left out to fit: the ends of long values. The rest: /why M123"
    )


def test_the_same_message_makes_the_same_bytes() -> None:
    told = notification(body="**a**\n\n- `b`\n- c", labels={"z": "1", "a": "2"})

    assert orjson.dumps(card(told)) == orjson.dumps(card(told))


#: Longer than any one value may be.
BITS = LONG.map(lambda text: text[:500])
notifications = st.builds(
    notification,
    title=NASTY | LONG,
    body=NASTY | LONG,
    source=NASTY,
    type=NASTY,
    labels=st.dictionaries(NASTY, NASTY | BITS, max_size=20),
    fields=st.lists(
        st.builds(Field, NASTY, BITS | BITS.map("https://example.com/".__add__)),
        max_size=10,
    ).map(tuple),
    link=st.none() | NASTY | NASTY.map("https://example.com/".__add__) | LONG,
    severity=st.sampled_from(Severity),
    status=st.none() | st.sampled_from(Status),
    cut=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(notifications, st.sampled_from(["en", "zh"]))
def test_no_message_is_too_big_or_alive_in_a_chat(
    told: Notification, locale: str
) -> None:
    buttons = [Button(told.title, told.body), Button("<at id=all>", "/x", danger=True)]

    made = card(told, locale=locale, buttons=buttons, type_title=told.title)

    assert as_content(made) <= APP_LIMIT
    assert_sound(made)
    assert contents(made)[-1] == "M123"


@settings(max_examples=60, deadline=None)
@given(notifications, st.sampled_from(["en", "zh"]))
def test_no_message_is_too_big_or_alive_in_a_robot(
    told: Notification, locale: str
) -> None:
    made = post(told, locale=locale, source_title=told.body, keyword="bell")

    assert len(orjson.dumps(made)) <= ROBOT_LIMIT
    assert_sound(made)
    assert any("bell" in each for each in contents(made))


def test_a_reader_whose_zone_nobody_knows_is_told_the_time_by_their_own_clock() -> None:
    told = notification()
    made = alert_card(
        told,
        zone="Asia/Shanghai",
        locale="en",
        type_title="Alarm",
        now=told.accepted_at,
        own_clock=True,
    )

    assert_sound(made)
    at = round((told.occurred_at or told.accepted_at).timestamp() * 1000)
    day, time = (
        f"<local_datetime millisecond='{at}' format_type='{shown}'></local_datetime>"
        for shown in ("date_num", "time")
    )
    clock = next(iter(elements(made, "markdown")))["content"]
    assert clock == f"<font color='grey'>By your clock: {day} {time}</font>"
