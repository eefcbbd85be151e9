from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.lark import signing

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECONDS = str(int(NOW.timestamp()))
TEXT = {"msg_type": "text", "content": {"text": "hello"}}


def test_a_post_is_signed_as_lark_documents_it():
    signed = signing.sign_post(
        TEXT, secret="demo", now=datetime.fromtimestamp(100, UTC)
    )

    assert signed == {
        "timestamp": "100",
        "sign": "jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg=",
        "msg_type": "text",
        "content": {"text": "hello"},
    }


def test_signing_leaves_the_payload_alone():
    payload = dict(TEXT)

    signing.sign_post(payload, secret="demo", now=NOW)

    assert payload == TEXT


@pytest.mark.parametrize("minutes", [-60, -59, 0, 59, 60])
def test_a_post_signed_within_the_hour_is_believed(minutes: int):
    signed = signing.sign_post(TEXT, secret="s", now=NOW + timedelta(minutes=minutes))

    assert signing.post_is_signed(signed, secret="s", now=NOW)


@pytest.mark.parametrize("minutes", [-61, 61])
def test_a_post_signed_too_long_ago_is_not_believed(minutes: int):
    signed = signing.sign_post(TEXT, secret="s", now=NOW + timedelta(minutes=minutes))

    assert not signing.post_is_signed(signed, secret="s", now=NOW)


def test_the_timestamp_of_a_post_may_be_a_number():
    signed = signing.sign_post(TEXT, secret="s", now=NOW)
    signed["timestamp"] = int(signed["timestamp"])

    assert signing.post_is_signed(signed, secret="s", now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"sign": "AAAA"},
        {"sign": None},
        {"sign": "é"},
        {"sign": 7},
        {"timestamp": None},
        {"timestamp": True},
        {"timestamp": "soon"},
        {"timestamp": "１７"},
        {"timestamp": ["1"]},
        {"timestamp": 1e300},
        {"timestamp": "9" * 4000},
    ],
)
def test_a_post_with_another_signature_is_not_believed(change):
    signed = signing.sign_post(TEXT, secret="s", now=NOW) | change

    assert not signing.post_is_signed(signed, secret="s", now=NOW)


def test_a_post_signed_with_another_secret_is_not_believed():
    signed = signing.sign_post(TEXT, secret="one", now=NOW)

    assert not signing.post_is_signed(signed, secret="other", now=NOW)


EVENT = b'{"encrypt":"x"}'
EVENT_SIGNATURE = "8d11ccb4f2b3467657db993352d0314a67b815a2901917646203046db107595c"
EVENT_HEADERS = {
    "X-Lark-Request-Timestamp": "1700000000",
    "X-Lark-Request-Nonce": "nonce",
    "X-Lark-Signature": EVENT_SIGNATURE,
}


def test_an_event_is_signed_by_the_plain_digest_of_everything():
    made = signing.event_signature(
        EVENT, timestamp="1700000000", nonce="nonce", key="test key"
    )

    assert made == EVENT_SIGNATURE


def test_a_signed_event_is_believed_however_its_headers_are_spelled():
    lower = {name.lower(): value for name, value in EVENT_HEADERS.items()}

    for headers in (EVENT_HEADERS, lower, CIMultiDict(lower)):
        assert signing.event_is_signed(EVENT, headers, key="test key")


@pytest.mark.parametrize("name", EVENT_HEADERS)
def test_an_event_without_one_of_the_headers_is_not_believed(name: str):
    headers = {key: value for key, value in EVENT_HEADERS.items() if key != name}

    assert not signing.event_is_signed(EVENT, headers, key="test key")


@pytest.mark.parametrize("name", EVENT_HEADERS)
@pytest.mark.parametrize("value", ["", "0", "ü", "\udcff"])
def test_an_event_with_another_header_is_not_believed(name: str, value: str):
    headers = EVENT_HEADERS | {name: value}

    assert not signing.event_is_signed(EVENT, headers, key="test key")


@given(st.binary(max_size=60))
def test_only_the_bytes_that_were_signed_are_believed(body: bytes):
    believed = signing.event_is_signed(body, EVENT_HEADERS, key="test key")

    assert believed is (body == EVENT)


# The vector that the Standard Webhooks reference libraries publish.
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WEBHOOK = b'{"test": 2432232314}'
WEBHOOK_HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
WEBHOOK_TIME = datetime.fromtimestamp(1614265330, UTC)


def webhook_is_signed(headers, *, now=WEBHOOK_TIME, secret=WEBHOOK_SECRET):
    return signing.webhook_is_signed(WEBHOOK, headers, secret=secret, now=now)


def test_a_standard_webhook_is_believed():
    assert webhook_is_signed(WEBHOOK_HEADERS)
    assert webhook_is_signed(CIMultiDict(WEBHOOK_HEADERS))
    assert webhook_is_signed(
        WEBHOOK_HEADERS, secret=WEBHOOK_SECRET.removeprefix("whsec_")
    )


def test_one_right_signature_among_several_will_do():
    several = f"v1,AAAA v1a,BBBB {WEBHOOK_HEADERS['webhook-signature']}"

    assert webhook_is_signed(WEBHOOK_HEADERS | {"webhook-signature": several})


@pytest.mark.parametrize("minutes", [-5, 5])
def test_a_webhook_of_five_minutes_is_recent(minutes: int):
    assert webhook_is_signed(
        WEBHOOK_HEADERS, now=WEBHOOK_TIME + timedelta(minutes=minutes)
    )


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_older_webhook_is_not_believed(seconds: int):
    assert not webhook_is_signed(
        WEBHOOK_HEADERS, now=WEBHOOK_TIME + timedelta(seconds=seconds)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_other"},
        {"webhook-timestamp": "1614265331"},
        {"webhook-timestamp": "now"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook-signature": "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="},
        {"webhook-signature": ""},
    ],
)
def test_a_webhook_with_another_header_is_not_believed(change):
    assert not webhook_is_signed(WEBHOOK_HEADERS | change)


def webhook_headers(key: bytes) -> dict[str, str]:
    signed = f"m1.{SECONDS}.".encode() + WEBHOOK
    mac = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return {
        "webhook-id": "m1",
        "webhook-timestamp": SECONDS,
        "webhook-signature": f"v1,{mac}",
    }


def test_a_webhook_secret_that_is_no_base64_is_used_as_it_is_written():
    headers = webhook_headers(b"correct horse!")

    assert webhook_is_signed(headers, now=NOW, secret="correct horse!")


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_***"])
def test_an_empty_webhook_secret_proves_nothing(secret: str):
    assert not webhook_is_signed(webhook_headers(b""), now=NOW, secret=secret)


def grafana_headers(secret: str, body: bytes, **extra: str) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Grafana-Alerting-Signature": mac, **extra}


@pytest.mark.parametrize(
    "name",
    ["X-Grafana-Alerting-Timestamp", "X-Grafana-Alerting-Signature-Timestamp"],
)
def test_grafana_signs_the_body_alone_or_with_a_timestamp(name: str):
    body = b'{"alerts":[]}'
    dated = grafana_headers("s", f"{SECONDS}:".encode() + body, **{name: SECONDS})

    for headers in (grafana_headers("s", body), dated):
        assert signing.grafana_is_signed(body, headers, secret="s", now=NOW)
        assert not signing.grafana_is_signed(body + b" ", headers, secret="s", now=NOW)
        assert not signing.grafana_is_signed(body, headers, secret="t", now=NOW)


def test_an_old_grafana_post_is_not_believed():
    old = str(int(NOW.timestamp()) - 301)
    headers = grafana_headers(
        "s", f"{old}:{{}}".encode(), **{"X-Grafana-Alerting-Timestamp": old}
    )

    assert not signing.grafana_is_signed(b"{}", headers, secret="s", now=NOW)
    assert signing.grafana_is_signed(
        b"{}", headers, secret="s", now=NOW - timedelta(seconds=1)
    )


def test_a_timestamp_that_is_no_number_is_not_believed():
    headers = grafana_headers(
        "s", b"soon:{}", **{"X-Grafana-Alerting-Timestamp": "soon"}
    )

    assert not signing.grafana_is_signed(b"{}", headers, secret="s", now=NOW)


def test_a_post_without_grafanas_signature_is_not_believed():
    assert not signing.grafana_is_signed(b"{}", {}, secret="s", now=NOW)
