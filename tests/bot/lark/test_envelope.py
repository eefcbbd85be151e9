from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bodies import NotJson
from bot.errors import BadBody, SignatureError
from bot.lark import events
from bot.lark.envelope import Keys, decrypt, open_envelope
from tests.bot.lark import posting
from tests.bot.lark.posting import KEY, TOKEN, encrypted, signature_headers

BOTH = Keys(KEY, TOKEN)
TOKEN_ONLY = Keys("", TOKEN)
EVENT = posting.message("@_user_1 hi")
CHALLENGE = {"challenge": "abc", "token": TOKEN, "type": "url_verification"}


def plain(payload) -> bytes:
    return json.dumps(payload).encode()


def test_larks_own_vector_is_decrypted():
    sealed = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="

    assert decrypt(sealed, "test key") == b"hello world"


def test_a_signed_and_encrypted_event_is_opened():
    body = encrypted(EVENT)

    assert open_envelope(body, signature_headers(body), keys=BOTH) == EVENT


def test_an_event_is_opened_without_a_token_when_there_is_a_key():
    body = encrypted(EVENT)

    assert open_envelope(body, signature_headers(body), keys=Keys(KEY)) == EVENT


def test_a_plain_event_is_opened_by_its_token():
    assert open_envelope(plain(EVENT), {}, keys=TOKEN_ONLY) == EVENT


@pytest.mark.parametrize(
    ("body", "keys"),
    [(plain(CHALLENGE), TOKEN_ONLY), (encrypted(CHALLENGE), BOTH)],
    ids=["plain", "encrypted"],
)
def test_the_challenge_needs_no_signature(body: bytes, keys: Keys):
    answer = events.read(body, {}, keys=keys)

    assert answer == events.Challenge("abc")


def test_a_challenge_may_be_signed_as_well():
    body = encrypted(CHALLENGE)

    answer = events.read(body, signature_headers(body), keys=BOTH)

    assert answer == events.Challenge("abc")


@pytest.mark.parametrize(
    ("body", "headers", "keys"),
    [
        pytest.param(encrypted(EVENT), {}, BOTH, id="unsigned"),
        pytest.param(
            encrypted(EVENT),
            signature_headers(encrypted(EVENT), key="other"),
            BOTH,
            id="signed with another key",
        ),
        pytest.param(
            encrypted(EVENT) + b" ",
            signature_headers(encrypted(EVENT)),
            BOTH,
            id="changed on the way",
        ),
        pytest.param(
            encrypted(EVENT, key="other"), {}, BOTH, id="encrypted with another key"
        ),
        pytest.param(
            plain(EVENT), signature_headers(plain(EVENT)), BOTH, id="not encrypted"
        ),
        pytest.param(plain(CHALLENGE), {}, BOTH, id="challenge not encrypted"),
        pytest.param(
            encrypted(CHALLENGE | {"token": "no"}), {}, BOTH, id="challenge token"
        ),
        pytest.param(
            plain(CHALLENGE | {"token": "no"}), {}, TOKEN_ONLY, id="plain token"
        ),
        pytest.param(plain(CHALLENGE | {"token": None}), {}, TOKEN_ONLY, id="no token"),
        pytest.param(
            plain(posting.envelope("x", {}, token="no")), {}, TOKEN_ONLY, id="token"
        ),
        pytest.param(
            plain(posting.envelope("x", {}) | {"header": None, "token": TOKEN}),
            {},
            TOKEN_ONLY,
            id="token in the wrong place",
        ),
        pytest.param(encrypted(EVENT), {}, TOKEN_ONLY, id="encrypted without our key"),
        pytest.param(plain({"encrypt": 7}), {}, BOTH, id="encrypt is no text"),
        pytest.param(plain({}), {}, BOTH, id="empty"),
    ],
)
def test_what_is_not_proved_is_refused(body: bytes, headers, keys: Keys):
    with pytest.raises(SignatureError):
        open_envelope(body, headers, keys=keys)


def test_a_wrong_token_is_refused_although_the_signature_is_right():
    body = encrypted(posting.envelope("x", {}, token="no"))

    with pytest.raises(SignatureError):
        open_envelope(body, signature_headers(body), keys=BOTH)


def test_an_unsigned_body_tells_nothing_of_how_it_decrypted():
    texts = set()
    for body in (encrypted(EVENT), encrypted(b"no JSON"), encrypted(EVENT, key="x")):
        with pytest.raises(SignatureError) as caught:
            open_envelope(body, {}, keys=BOTH)
        texts.add(str(caught.value))

    assert texts == {"the signature is missing or wrong"}


@pytest.mark.parametrize("keys", [BOTH, TOKEN_ONLY], ids=["with a key", "with a token"])
@pytest.mark.parametrize("body", [b"", b"{", b"hello", b"\xff\xfe"])
def test_what_is_no_json_is_told_apart(body: bytes, keys: Keys):
    with pytest.raises(NotJson):
        open_envelope(body, signature_headers(body), keys=keys)


@pytest.mark.parametrize("inside", [b"", b"[1]", b"{", b"\xff"])
def test_a_proved_body_must_hold_an_object(inside: bytes):
    body = encrypted(inside)

    with pytest.raises(BadBody):
        open_envelope(body, signature_headers(body), keys=BOTH)


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "****",
        "é",
        base64.b64encode(b"x" * 16).decode(),
        base64.b64encode(b"x" * 33).decode(),
        base64.b64encode(b"x" * 48).decode(),
    ],
)
def test_what_cannot_be_decrypted_is_a_bad_body(sealed: str):
    body = plain({"encrypt": sealed})

    with pytest.raises(BadBody, match="could not be decrypted"):
        open_envelope(body, signature_headers(body), keys=BOTH)


@given(st.binary(max_size=80))
def test_any_bytes_are_opened_or_refused(sealed: bytes):
    text = base64.b64encode(sealed).decode()

    try:
        opened = decrypt(text, KEY)
    except BadBody:
        return
    assert isinstance(opened, bytes)


def test_keys_do_not_show_themselves():
    assert repr(BOTH) == "Keys()"


def test_one_of_the_keys_is_needed():
    with pytest.raises(ValueError, match="set lark"):
        Keys("", "")
