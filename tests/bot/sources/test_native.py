from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bodies import NotJson
from bot.sources import native
from bot.sources.adapter import Fault, Invalid
from store.values import Field, Incoming, Severity, Status
from tests.bot.sources import bodies

NDJSON = "application/x-ndjson; charset=utf-8"


def dumped(value) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def read(*notifications, content_type="application/json"):
    value = notifications[0] if len(notifications) == 1 else list(notifications)
    return native.read(dumped(value), content_type=content_type).messages


def faults(value, **kwargs) -> list[Fault]:
    body = value if isinstance(value, bytes) else dumped(value)
    with pytest.raises(Invalid) as caught:
        native.read(body, **kwargs)
    return list(caught.value.faults)


def fault(key: str, value) -> list[Fault]:
    return faults({"title": "x", key: value})


def test_a_notification_is_read():
    assert native.read(bodies.raw("native")).messages == (
        Incoming(
            title="CPU above 90 %",
            body="**web-1** for 5 min",
            type="product.alarm",
            severity=Severity.CRITICAL,
            status=Status.FIRING,
            fingerprint="web-1/cpu",
            labels={"product": "cvm", "region": "ap-singapore"},
            fields=(Field("value", "97 %"),),
            link="https://grafana.example.com/d/1",
            occurred_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            key="deploy-42",
            key_lasts=timedelta(days=7),
        ),
    )


def test_only_a_title_is_required():
    assert read({"title": "hello"}) == (Incoming(title="hello"),)


def test_nothing_said_and_null_are_the_same():
    nulls = dict.fromkeys(bodies.parsed("native")) | {"title": "hello"}

    assert read(nulls) == read({"title": "hello"})


def test_an_array_keeps_its_order():
    titles = [each.title for each in read({"title": "a"}, {"title": "b"})]

    assert titles == ["a", "b"]


def test_an_empty_array_hands_nothing_over():
    assert native.read(b" [] ").messages == ()


@pytest.mark.parametrize("content_type", [NDJSON, "application/ndjson", NDJSON.upper()])
def test_a_notification_a_line_is_read(content_type: str):
    body = b'{"title":"a"}\r\n\n  \n{"title":"b"}'

    read_ = native.read(body, content_type=content_type).messages
    assert [each.title for each in read_] == ["a", "b"]


def test_lines_are_lines_only_by_their_content_type():
    with pytest.raises(NotJson):
        native.read(b'{"title":"a"}\n{"title":"b"}', content_type="application/json")


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"{", b"[", b'{"title":"\xff"}', b"[1,"]
)
def test_what_is_no_json_is_told_apart(body: bytes):
    with pytest.raises(NotJson):
        native.read(body)


def test_a_line_that_is_no_json_is_named():
    with pytest.raises(NotJson, match="line 3 is not JSON"):
        native.read(b'{"title":"a"}\n\n{', content_type=NDJSON)


def test_a_body_may_start_with_a_byte_order_mark():
    assert native.read(b'\xef\xbb\xbf{"title":"a"}').messages[0].title == "a"


def test_a_nul_is_shown_as_a_lost_character():
    message = native.read(rb'{"title":"a\u0000\\u0000b"}').messages[0]

    assert message.title == "a\ufffd\\u0000b"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"7", "must be an object"),
        (b'"hello"', "must be an object"),
        (b"null", "must be an object"),
    ],
)
def test_a_body_must_be_an_object_or_an_array(body: bytes, reason: str):
    assert faults(body) == [Fault("", reason)]


def test_all_mistakes_of_an_array_are_told_at_once():
    wrong = {
        "title": "",
        "severty": "warning",
        "severity": "bad",
        "labels": {"a": 1},
        "fields": [{"name": "x"}, 7],
    }

    assert faults([{"title": "fine"}, wrong, {}]) == [
        Fault("[1].title", "is blank"),
        Fault("[1].severity", "must be info, warning or critical"),
        Fault("[1].labels.a", "must be a string"),
        Fault("[1].fields[0].value", "is required"),
        Fault("[1].fields[1]", "must be an object"),
        Fault("[1].severty", "is not a key we know; did you mean severity?"),
        Fault("[2].title", "is required"),
    ]


def test_all_mistakes_of_all_lines_are_told_at_once():
    body = b'{"title":"fine"}\n\n{}\n{"title":7}'

    assert faults(body, content_type=NDJSON) == [
        Fault("[1].title", "is required"),
        Fault("[2].title", "must be a string"),
    ]


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("title", "x" * 201, "is longer than 200 characters"),
        ("title", "", "is blank"),
        ("title", " \n\u3000", "is blank"),
        ("title", None, "must be a string"),
        ("title", ["x"], "must be a string"),
        ("body", "x" * 16_385, "is longer than 16 KB"),
        ("body", "é" * 8_193, "is longer than 16 KB"),
        ("body", 7, "must be a string"),
        ("severity", "CRITICAL", "must be info, warning or critical"),
        ("severity", 2, "must be info, warning or critical"),
        ("status", "open", "must be firing or resolved"),
        ("type", "Alarm", "must be category.name in a-z, 0-9 and -"),
        ("type", "alarm", "must be category.name in a-z, 0-9 and -"),
        ("type", "finance.*", "must be category.name in a-z, 0-9 and -"),
        ("id", "", "is empty"),
        ("id", "x" * 201, "is longer than 200 characters"),
        ("id", 42, "must be a string"),
        ("fingerprint", "x" * 201, "is longer than 200 characters"),
        ("labels", [], "must be an object"),
        ("labels", {str(n): "x" for n in range(65)}, "has more than 64 entries"),
        ("fields", {}, "must be an array"),
        ("fields", [{"name": "n", "value": "v"}] * 65, "has more than 64 entries"),
        ("link", "ftp://example.com", "must be an http or https address"),
        ("link", "javascript:alert(1)", "must be an http or https address"),
        ("link", "http://", "must be an http or https address"),
        ("link", "https:///path", "must be an http or https address"),
        ("link", "https://a b", "must be an http or https address"),
        ("link", "https://a\nb", "must be an http or https address"),
        ("link", "https://" + "x" * 2_041, "is longer than 2048 characters"),
    ],
)
def test_a_mistake_is_told_in_plain_words(key: str, value, reason: str):
    assert fault(key, value) == [Fault(key, reason)]


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-02",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04Z",
        "2026-13-02T03:04:05Z",
        "2026-01-02T03:04:60Z",
        "0001-01-01T00:00:00+10:00",
        "２026-01-02T03:04:05Z",
        "yesterday",
        "",
        1767323045,
        True,
        {},
    ],
)
def test_a_time_needs_a_zone(value):
    reason = "must be a time with a zone, like 2026-01-02T03:04:05Z"

    assert fault("occurred_at", value) == [Fault("occurred_at", reason)]


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02t03:04:05z",
        "2026-01-02 03:04:05Z",
        "2026-01-02T11:04:05+08:00",
        "2026-01-02T03:04:05.000000000Z",
    ],
)
def test_a_time_is_kept_in_utc(written: str):
    (message,) = read({"title": "x", "occurred_at": written})

    assert message.occurred_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert message.occurred_at.tzinfo is UTC


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("severty", "is not a key we know; did you mean severity?"),
        ("Title", "is not a key we know; did you mean title?"),
        ("label", "is not a key we know; did you mean labels?"),
        ("occured_at", "is not a key we know; did you mean occurred_at?"),
        ("zzz", "is not a key we know"),
    ],
)
def test_a_key_that_we_do_not_know_is_a_mistake(key: str, reason: str):
    assert fault(key, "x") == [Fault(key, reason)]


def test_a_long_unknown_key_is_not_repeated_whole():
    (found,) = fault("k" * 10_000, "x")

    assert found == Fault("k" * 60, "is not a key we know")


@pytest.mark.parametrize(
    "body",
    [
        {"title": "x" * 200, "body": "x" * 16_384},
        {"title": "预" * 200, "body": "é" * 8_192},
        {"title": "x", "labels": {str(n): "" for n in range(64)}},
        {"title": "x", "link": "HTTPS://example.com"},
        {"title": "x", "link": "https://" + "x" * 2_040},
        {"title": "x", "type": "product.cvm.cpu-usage"},
        {"title": "x", "id": "x" * 200, "labels": {}, "fields": []},
    ],
)
def test_what_is_just_within_the_limits_is_taken(body):
    assert read(body)[0].title == body["title"]


def test_an_array_holds_at_most_a_thousand():
    assert len(native.read(dumped([{"title": "x"}] * 1_000)).messages) == 1_000
    assert faults([{"title": "x"}] * 1_001) == [
        Fault("", "has more than 1,000 notifications")
    ]


def test_lines_may_be_more_than_an_array():
    body = b'{"title":"x"}\n' * 10_000

    assert len(native.read(body, content_type=NDJSON).messages) == 10_000
    assert faults(body + b"{}", content_type=NDJSON) == [
        Fault("", "has more than 10,000 lines")
    ]


def test_a_thousand_mistakes_are_enough_to_tell():
    assert len(faults(b"{}\n" * 3_000, content_type=NDJSON)) == 1_000
    assert len(faults([{"a": 1, "b": 2}] * 1_000)) == 1_000


INCIDENT = {
    "title": "x",
    "fingerprint": "web-1/cpu",
    "status": "firing",
    "occurred_at": "2026-01-02T03:04:05Z",
}


def test_a_message_without_an_id_is_known_by_what_it_does_give():
    first, same = read(
        INCIDENT, INCIDENT | {"occurred_at": "2026-01-02T04:04:05+01:00"}
    )
    others = read(
        INCIDENT | {"status": "resolved"},
        INCIDENT | {"occurred_at": "2026-01-02T03:04:06Z"},
        INCIDENT | {"fingerprint": "web-2/cpu"},
    )

    assert first.key == same.key
    assert first.key_lasts == timedelta(minutes=10)
    assert len({first.key, *(other.key for other in others)}) == 4


@pytest.mark.parametrize("key", ["fingerprint", "occurred_at"])
def test_what_does_not_identify_a_message_makes_no_key(key: str):
    (message,) = read({name: INCIDENT[name] for name in INCIDENT if name != key})

    assert message.key is None


def test_the_words_of_a_refusal_hold_nothing_of_the_values():
    with pytest.raises(Invalid) as caught:
        native.read(dumped({"title": "hush" * 100, "id": ["hush"], "x": "hush"}))

    assert "hush" not in str(caught.value)
    assert "hush" not in repr(caught.value.faults)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=4), st.sampled_from([*bodies.parsed("native")])),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=10,
)


@given(json_values, st.sampled_from(["application/json", NDJSON]))
def test_any_json_is_read_or_refused(value, content_type: str):
    try:
        handed = native.read(json.dumps(value).encode(), content_type=content_type)
    except (Invalid, NotJson):
        return
    assert all(each.title.strip() for each in handed.messages)


@given(st.binary(max_size=60), st.sampled_from(["", NDJSON]))
def test_any_bytes_are_read_or_refused(body: bytes, content_type: str):
    try:
        handed = native.read(body, content_type=content_type)
    except (Invalid, NotJson):
        return
    assert handed.messages == ()
