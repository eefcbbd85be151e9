from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bodies import NotJson
from bot.errors import BadBody
from bot.sources import tencent
from store.values import Field, Incoming, Severity, Status
from tests.bot.sources import bodies

METRIC = bodies.parsed("tencent-metric")
EVENT = bodies.parsed("tencent-event")


def read(alarm):
    (message,) = tencent.read(json.dumps(alarm).encode()).messages
    return message


def with_dimensions(**dimensions):
    thing = METRIC["alarmObjInfo"] | {"dimensions": dimensions}
    return read(METRIC | {"alarmObjInfo": thing})


def test_a_metric_alarm_is_read():
    assert read(METRIC) == Incoming(
        title="CPU utilization > 90% · 10.0.0.1#1250000000",
        status=Status.FIRING,
        fingerprint="AQIDBHM0Nl9hbGFybV9zZXNzaW9u",
        labels={
            "product": "cvm",
            "region": "sg",
            "namespace": "qce/cvm",
            "instance": "ins-o9p3rg3m",
            "object": "10.0.0.1#1250000000",
            "policy": "web servers",
            "metric": "cpu_usage",
            "account": "200012345678",
            "alarmType": "metric",
            "unInstanceId": "ins-o9p3rg3m",
        },
        fields=(
            Field("value", "97.5%"),
            Field("threshold", "> 90%"),
            Field("policy type", "CVM - basic monitoring"),
            Field("duration", "500 s"),
        ),
        occurred_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        key="AQIDBHM0Nl9hbGFybV9zZXNzaW9u|firing|2026-01-02 11:04:05",
        key_lasts=timedelta(minutes=10),
    )


def test_an_event_alarm_is_read():
    message = read(EVENT)

    assert message.title == "CVM: ping unreachable · ins-b2"
    assert message.fields == (Field("deviceLanIp", "10.0.0.2"),)
    assert message.labels == {
        "product": "cvm",
        "region": "hk",
        "instance": "ins-b2",
        "policy": "machine events",
        "event": "ping_unreachable",
        "alarmType": "event",
        "unInstanceId": "ins-b2",
    }


def test_the_answer_gives_the_session_back():
    assert tencent.read(bodies.raw("tencent-event")).answer == {
        "sessionId": "S2",
        "retCode": 0,
    }


@pytest.mark.parametrize("session", [12345678901234567, "", "S"])
def test_the_session_is_given_back_as_it_came(session):
    handed = tencent.read(json.dumps(METRIC | {"sessionId": session}).encode())

    assert handed.answer == {"sessionId": session, "retCode": 0}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("1", Status.FIRING),
        (1, Status.FIRING),
        (1.0, Status.FIRING),
        ("0", Status.RESOLVED),
        (0, Status.RESOLVED),
        ("2", None),
        (None, None),
    ],
)
def test_the_status_may_be_a_number_or_a_text(said, status):
    assert read(METRIC | {"alarmStatus": said}).status == status


def test_a_recovery_tells_when_and_belongs_to_its_alarm():
    over = read(METRIC | {"alarmStatus": "0", "recoverTime": "2026-01-02 11:20:00"})

    assert over.occurred_at == datetime(2026, 1, 2, 3, 20, tzinfo=UTC)
    assert over.fingerprint == read(METRIC).fingerprint
    assert over.key != read(METRIC).key


@pytest.mark.parametrize("recovered", ["0", 0, "", None, "soon", "0000-00-00 00:00:00"])
def test_a_recovery_without_a_time_tells_since_when(recovered):
    over = read(METRIC | {"alarmStatus": 0, "recoverTime": recovered})

    assert over.occurred_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_redelivery_has_the_same_key_whatever_its_numbers_look_like():
    again = METRIC | {"alarmStatus": 1, "durationTime": "500"}

    assert read(again).key == read(METRIC).key


@pytest.mark.parametrize(
    ("alert", "severity"),
    [
        ("_Remind", Severity.INFO),
        ("_Note", Severity.INFO),
        ("_Warn", Severity.WARNING),
        ("_Serious", Severity.CRITICAL),
        ("", None),
    ],
)
def test_a_tier_is_a_severity(alert: str, severity):
    session = METRIC["sessionId"]
    message = read(METRIC | {"alertId": f"{session}{alert}"})

    assert message.severity == severity
    assert message.fingerprint == session
    assert message.key == f"{session}{alert}|firing|2026-01-02 11:04:05"
    assert message.labels.get("level") == (alert[1:].lower() or None)


def test_an_alarm_without_a_session_is_never_a_duplicate():
    alarm = {key: METRIC[key] for key in METRIC if key != "sessionId"}

    assert (read(alarm).key, read(alarm).fingerprint) == (None, None)


def recased(value, change):
    if isinstance(value, dict):
        return {change(key): recased(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [recased(inner, change) for inner in value]
    return value


@pytest.mark.parametrize("alarm", [METRIC, EVENT], ids=["metric", "event"])
@pytest.mark.parametrize(
    "change",
    [str.lower, str.upper, lambda key: key.replace("Id", "ID")],
    ids=["lower", "upper", "ID"],
)
def test_keys_may_be_written_in_any_case(alarm, change):
    message, usual = read(recased(alarm, change)), read(alarm)

    assert message.title == usual.title
    assert message.key == usual.key
    assert message.fields == usual.fields
    assert set(message.labels.values()) == set(usual.labels.values())


@pytest.mark.parametrize(
    ("dimensions", "shown", "instance"),
    [
        ({"objName": "web", "unInstanceId": "ins-1"}, "web", "ins-1"),
        ({"uInstanceId": "cdb-1", "objId": "u"}, "cdb-1", "cdb-1"),
        ({"InstanceId": "crs-1", "appid": 125}, "crs-1", "crs-1"),
        ({"instanceid": "mongo-1"}, "mongo-1", "mongo-1"),
        ({"diskid": "disk-1"}, "disk-1", "disk-1"),
        ({"vip": "1.2.3.4", "port": 80, "protocol": "tcp"}, "1.2.3.4:80", "1.2.3.4:80"),
        ({"topicId": "t-1", "appid": "125"}, "t-1", "t-1"),
        ({"appid": 125, "objId": "u-1"}, "u-1", None),
    ],
)
def test_the_thing_is_named_by_the_surest_dimension(dimensions, shown, instance):
    message = with_dimensions(**dimensions)

    assert message.title == f"CPU utilization > 90% · {shown}"
    assert message.labels.get("instance") == instance


def test_the_other_dimensions_can_be_asked_for():
    labels = with_dimensions(vip="1.2.3.4", port=80, protocol="tcp", objId="u").labels

    assert (labels["port"], labels["protocol"]) == ("80", "tcp")
    assert "objId" not in labels


@pytest.mark.parametrize(
    ("thing", "policy", "conditions", "product"),
    [
        ({"namespace": "qce/cdb"}, {}, {}, "cdb"),
        ({}, {}, {"productName": "COS"}, "cos"),
        ({}, {"policyType": "cvm_device"}, {}, "cvm"),
        ({}, {}, {}, None),
    ],
)
def test_the_product_is_found_where_it_is_said(thing, policy, conditions, product):
    message = read(
        {
            "sessionId": "S",
            "alarmObjInfo": thing | {"region": "sg"},
            "alarmPolicyInfo": policy | {"conditions": conditions},
        }
    )

    assert message.labels.get("product") == product


@pytest.mark.parametrize(
    ("policy", "title"),
    [
        ({"policyName": "cpu"}, "cpu"),
        ({"policyName": "", "policyTypeCName": "CVM"}, "CVM"),
        ({}, "Alarm"),
        ({"conditions": {"metricName": "cpu_usage"}}, "cpu_usage"),
        ({"conditions": {"eventName": "reboot"}}, "reboot"),
    ],
)
def test_an_alarm_with_little_in_it_has_a_title(policy, title: str):
    alarm = {"alarmObjInfo": {"region": "sg"}, "alarmPolicyInfo": policy}

    assert read(alarm).title == title


def test_what_is_too_long_is_cut_and_marked():
    alarm = METRIC | {"alarmPolicyInfo": {"policyName": "p" * 300}}

    assert len(read(alarm).title) == 200
    assert read(alarm).cut


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b'{"sessionId":"S"}',
        b'{"alarmObjInfo":{},"alarmPolicyInfo":null}',
        b'{"sessionId":{},"alarmObjInfo":{"region":"sg"}}',
        b'{"sessionId":true,"alarmObjInfo":{"region":"sg"}}',
    ],
)
def test_what_is_no_alarm_is_a_bad_body(body: bytes):
    with pytest.raises(BadBody) as caught:
        tencent.read(body)

    assert not isinstance(caught.value, NotJson)


def test_what_is_no_json_is_told_apart():
    with pytest.raises(NotJson):
        tencent.read(b"alarm")


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(-1e9, 1e9), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                ["dimensions", "conditions", "metricName", "vip", "port", "key", "x"]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*METRIC, "additionalMsg"]), json_values))
def test_any_alarm_is_read_or_a_bad_body(changes):
    try:
        message = read(METRIC | changes)
    except BadBody:
        return
    assert message.title
