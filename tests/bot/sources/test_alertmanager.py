from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bodies import NotJson
from bot.errors import BadBody
from bot.sources import alertmanager
from store.values import Field, Incoming, Severity, Status
from tests.bot.sources import bodies

GROUP = bodies.parsed("alertmanager-group")


def read(group):
    return alertmanager.read(json.dumps(group).encode()).messages


def one(**changes):
    """A group of one alert, with *changes* to the alert."""
    alert = GROUP["alerts"][0] | changes
    return read(GROUP | {"alerts": [alert]})[0]


def test_a_group_is_one_notification_an_alert():
    firing, resolved = alertmanager.read(bodies.raw("alertmanager-group")).messages

    assert firing == Incoming(
        title="High CPU load on 10.0.3.17:9100",
        body="CPU load on 10.0.3.17:9100 has been above 90 % for 5 minutes.\n"
        "Current value: 97.32 %.",
        severity=Severity.CRITICAL,
        status=Status.FIRING,
        fingerprint="7b1a3c9e5d2f4608",
        labels=GROUP["alerts"][0]["labels"],
        fields=(Field("runbook", "https://runbooks.example.com/node/HighCpuLoad"),),
        link=GROUP["alerts"][0]["generatorURL"],
        occurred_at=datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC),
        key="7b1a3c9e5d2f4608|firing|2026-01-02T03:04:05.123456789Z",
        key_lasts=timedelta(minutes=10),
    )
    assert (resolved.status, resolved.fingerprint, resolved.occurred_at) == (
        Status.RESOLVED,
        "0c5e8f21ab347d96",
        datetime(2026, 1, 2, 3, 2, 5, tzinfo=UTC),
    )


def test_a_redelivery_is_known_and_a_change_is_not():
    keys = {
        one().key,
        one(annotations={}).key,
        one(status="resolved").key,
        one(startsAt="2026-01-02T03:05:05Z").key,
        one(fingerprint="other").key,
    }

    assert len(keys) == 4


def test_grafana_sends_the_same_and_more():
    (message,) = alertmanager.read(bodies.raw("grafana")).messages

    assert message == Incoming(
        title="/data is 91 % full",
        severity=Severity.WARNING,
        status=Status.FIRING,
        fingerprint="c6eadffa33fcdf37",
        labels={
            "alertname": "Disk almost full",
            "grafana_folder": "Storage",
            "level": "Warning",
            "mountpoint": "/data",
        },
        fields=(
            Field("team", "storage"),
            Field("A", "91.25"),
            Field("C", "1"),
            Field(
                "silence",
                "https://grafana.example.com/alerting/silence/new"
                "?alertmanager=grafana&matcher=alertname%3DDisk",
            ),
        ),
        link="https://grafana.example.com/alerting/grafana/bdk3x/view?orgId=1",
        occurred_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        key="c6eadffa33fcdf37|firing|2026-01-02T11:04:05+08:00",
        key_lasts=timedelta(minutes=10),
    )


@pytest.mark.parametrize(
    ("labels", "severity"),
    [
        ({"severity": "critical"}, Severity.CRITICAL),
        ({"severity": "page"}, Severity.CRITICAL),
        ({"severity": "Error"}, Severity.CRITICAL),
        ({"severity": "P1"}, Severity.CRITICAL),
        ({"severity": " WARN "}, Severity.WARNING),
        ({"severity": "minor"}, Severity.WARNING),
        ({"severity": "info"}, Severity.INFO),
        ({"severity": "none"}, Severity.INFO),
        ({"priority": "high"}, Severity.CRITICAL),
        ({"level": "warning"}, Severity.WARNING),
        ({"severity": "blue", "level": "info"}, Severity.INFO),
        ({"severity": "blue"}, None),
        ({}, None),
    ],
)
def test_severity_labels_are_understood(labels, severity):
    assert one(labels=labels).severity == severity


@pytest.mark.parametrize(
    ("annotations", "title", "body"),
    [
        ({"summary": "s", "description": "d"}, "s", "d"),
        ({"summary": "s", "message": "m"}, "s", "m"),
        ({"title": "t", "message": "m"}, "t", "m"),
        ({"summary": " ", "title": "t"}, "t", ""),
        ({"summary": "two\n lines"}, "two lines", ""),
        ({}, "HighCpuLoad", ""),
        (None, "HighCpuLoad", ""),
        ({"summary": 7}, "HighCpuLoad", ""),
    ],
)
def test_annotations_say_what_is_the_matter(annotations, title: str, body: str):
    message = one(annotations=annotations)

    assert (message.title, message.body) == (title, body)


def test_annotations_that_are_not_shown_above_are_fields():
    message = one(
        annotations={"summary": "s", "title": "t", "description": "d", "message": "m"}
    )

    assert message.fields == (Field("title", "t"), Field("message", "m"))


@pytest.mark.parametrize("labels", [{}, {"alertname": " \u00a0"}])
def test_an_alert_without_a_name_has_a_title_too(labels):
    assert one(labels=labels, annotations={}).title == "Alert"


def test_a_title_that_is_mostly_blank_is_cut_and_marked():
    message = one(annotations={"summary": "a" + " " * 5_000 + "b"})

    assert (message.title, message.cut) == ("a …", True)


def test_an_alert_without_a_fingerprint_is_known_by_its_labels():
    first = one(fingerprint="", labels={"a": "1", "b": "2"})
    same = one(fingerprint=None, labels={"b": "2", "a": "1"})
    other = one(fingerprint=None, labels={"a": "1b", "": "2"})

    assert first.fingerprint == same.fingerprint != other.fingerprint


def test_an_alert_without_a_start_is_never_a_duplicate():
    assert one(startsAt=None).key is None


@pytest.mark.parametrize(
    ("changes", "link"),
    [
        ({"generatorURL": ""}, "http://alertmanager-0:9093"),
        ({"generatorURL": "javascript:1"}, "http://alertmanager-0:9093"),
        ({"generatorURL": "http://" + "x" * 3000}, "http://alertmanager-0:9093"),
        ({"generatorURL": None, "panelURL": "https://p"}, "https://p"),
    ],
)
def test_a_link_that_cannot_be_opened_is_not_shown(changes, link: str):
    assert one(**changes).link == link


def test_an_alert_without_a_status_has_its_groups():
    alert = GROUP["alerts"][0] | {"status": None}

    assert one(status="odd").status is Status.FIRING
    assert read({"alerts": [alert]})[0].status is None


def test_more_annotations_than_anybody_reads_are_cut():
    message = one(annotations={f"note-{n}": "v" * 3_000 for n in range(100)})

    assert message.cut
    assert len(message.fields) == 64
    assert {len(each.value) for each in message.fields} == {2_000}


def test_what_is_too_long_is_cut_and_marked():
    message = one(
        annotations={"summary": "s" * 300, "description": "预" * 10_000},
        labels={f"label-{n}": "v" * 2_000 for n in range(100)},
    )

    assert message.cut
    assert (len(message.title), message.title[-1]) == (200, "…")
    assert len(message.body.encode()) <= 16_384
    assert message.body == "预" * ((16_384 - 3) // 3) + "…"
    assert len(message.labels) == 64
    assert {len(value) for value in message.labels.values()} == {1_000}


def test_what_fits_is_not_marked():
    message = one(annotations={"summary": "s" * 200, "description": "d" * 16_384})

    assert not message.cut


def test_alerts_that_alertmanager_left_out_are_told():
    message = read(GROUP | {"truncatedAlerts": 12})[0]

    assert message.fields[-1] == Field(
        "left out by Alertmanager", "12 alert(s) of this group"
    )
    assert message.cut


def test_labels_that_are_no_text_are_written_as_text():
    message = one(labels={"a": 1, "b": True, "c": 1.5, "d": None, "e": {}, "f": 2.0})

    assert message.labels == {"a": "1", "b": "true", "c": "1.5", "f": "2"}


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"alerts":{}}', b'{"alerts":[7]}', b'"x"', b"7"]
)
def test_what_alertmanager_would_not_send_is_a_bad_body(body: bytes):
    with pytest.raises(BadBody) as caught:
        alertmanager.read(body)

    assert not isinstance(caught.value, NotJson)


def test_what_is_no_json_is_told_apart():
    with pytest.raises(NotJson):
        alertmanager.read(b"{")


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(-1e9, 1e9), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*GROUP["alerts"][0], "a"]), inner, max_size=4),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*GROUP["alerts"][0]]), json_values))
def test_any_alert_has_a_title(changes):
    assert one(**changes).title
