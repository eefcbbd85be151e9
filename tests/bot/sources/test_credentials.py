from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy, MultiDict

from bot.lark.signing import sign_post
from bot.sources.credentials import (
    Credential,
    Keyring,
    presented,
    proves,
    proves_hook,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
BODY = b'{"title":"x"}'
TOKEN, SECRET = "t0ken", "s3cret!"

both = Credential(source="a", kind="native", token=TOKEN, secret=SECRET)
token_only = Credential(source="b", kind="alertmanager", token=TOKEN)
secret_only = Credential(source="c", kind="alertmanager", secret=SECRET)
neither = Credential(source="d", kind="tencent")
hook = Credential(source="e", kind="lark-hook", token=TOKEN)
signed_hook = Credential(source="f", kind="lark-hook", token=TOKEN, secret=SECRET)


def basic(pair: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def standard(secret: str = SECRET, *, at: datetime = NOW) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    mac = hmac.digest(secret.encode(), f"m.{timestamp}.".encode() + BODY, "sha256")
    return {
        "webhook-id": "m",
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


def grafana(secret: str = SECRET) -> dict[str, str]:
    mac = hmac.digest(secret.encode(), BODY, "sha256").hex()
    return {"X-Grafana-Alerting-Signature": mac}


def proved(credential, headers=None, query=None):
    return proves(
        credential, body=BODY, headers=headers or {}, query=query or {}, now=NOW
    )


TOKENS = [
    ({"Authorization": f"Bearer {TOKEN}"}, {}),
    ({"authorization": f"bearer   {TOKEN} "}, {}),
    (basic(f"larkbell:{TOKEN}"), {}),
    (basic(f":{TOKEN}"), {}),
    ({}, {"token": TOKEN}),
    (basic("larkbell:wrong"), {"token": TOKEN}),
]
SIGNATURES = [(standard(), {}), (grafana(), {})]


@pytest.mark.parametrize(("headers", "query"), TOKENS)
def test_a_token_proves_a_source_that_has_one(headers, query):
    assert [
        proved(each, headers, query)
        for each in (both, token_only, secret_only, neither)
    ] == [True, True, False, False]


@pytest.mark.parametrize(("headers", "query"), SIGNATURES)
def test_a_signature_proves_a_source_that_has_a_secret(headers, query):
    assert [
        proved(each, headers, query)
        for each in (both, token_only, secret_only, neither)
    ] == [True, False, True, False]


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, {}),
        ({"Authorization": ""}, {}),
        ({"Authorization": "Bearer"}, {}),
        ({"Authorization": "Bearer "}, {}),
        ({"Authorization": TOKEN}, {}),
        ({"Authorization": f"Token {TOKEN}"}, {}),
        ({"Authorization": f"Bearer {TOKEN}x"}, {}),
        ({"Authorization": f"Bearer {TOKEN[:-1]}"}, {}),
        ({"Authorization": "Bearer tökén"}, {}),
        ({"Authorization": "Bearer \udcff"}, {}),
        ({"Authorization": "Basic !!!"}, {}),
        ({"Authorization": "Basic " + base64.b64encode(b"\xff").decode()}, {}),
        (basic(TOKEN), {}),
        (basic(f"{TOKEN}:"), {}),
        ({}, {"token": ""}),
        ({}, {"token": "other"}),
        (standard("other"), {}),
        (standard(at=NOW - timedelta(minutes=6)), {}),
        (standard(""), {}),
        (grafana("other"), {}),
        (grafana(""), {}),
    ],
)
def test_what_proves_nothing_is_refused(headers, query):
    for each in (both, token_only, secret_only, neither):
        assert not proved(each, headers, query)


def test_the_headers_of_a_web_request_will_do():
    headers = CIMultiDictProxy(CIMultiDict({"authorization": f"Bearer {TOKEN}"}))

    assert proved(token_only, headers, MultiDict())


def test_a_hook_needs_the_token_of_its_address():
    payload = {"msg_type": "text", "content": {"text": "x"}}

    assert proves_hook(hook, token=TOKEN, payload=payload, now=NOW)
    assert not proves_hook(hook, token="other", payload=payload, now=NOW)
    assert not proves_hook(
        Credential(source="g", kind="lark-hook"), token="", payload=payload, now=NOW
    )


def test_a_hook_with_a_secret_must_be_signed_as_well():
    payload = {"msg_type": "text", "content": {"text": "x"}}
    signed = sign_post(payload, secret=SECRET, now=NOW)

    assert proves_hook(signed_hook, token=TOKEN, payload=signed, now=NOW)
    assert not proves_hook(signed_hook, token=TOKEN, payload=payload, now=NOW)
    assert not proves_hook(signed_hook, token="other", payload=signed, now=NOW)
    assert not proves_hook(
        signed_hook, token=TOKEN, payload=signed, now=NOW + timedelta(hours=2)
    )


def test_a_hook_has_no_other_door():
    bearer = {"Authorization": f"Bearer {TOKEN}"}

    assert not proved(hook, bearer)
    assert not proved(signed_hook, bearer | standard())


def test_a_keyring_knows_whose_request_it_is():
    other = Credential(source="z", kind="native", token="other")
    keyring = Keyring([other, token_only, secret_only, neither])

    def found(headers=None, query=None):
        return keyring.find(
            body=BODY, headers=headers or {}, query=query or {}, now=NOW
        )

    assert found({"Authorization": f"Bearer {TOKEN}"}) is token_only
    assert found({}, {"token": "other"}) is other
    assert found(grafana()) is secret_only
    assert found(standard()) is secret_only
    assert found() is None
    assert found({"Authorization": "Bearer wrong"}, {"token": ""}) is None
    assert keyring.find_token("other") is other
    assert keyring.find_token("") is None


def test_a_credential_does_not_show_itself():
    assert TOKEN not in repr(both)
    assert SECRET not in repr(both)


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_header_shows_tokens_or_none(authorization: str, token: str):
    shown = list(presented({"Authorization": authorization}, {"token": token}))

    assert all(shown)
