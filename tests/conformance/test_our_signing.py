"""Lark's SDK and we take the same callbacks, and read the same in them."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import BadBody, SignatureError
from bot.lark import events
from bot.lark.envelope import decrypt
from bot.lark.events import BotAdded, Challenge, Keys, Line, Tap, moment
from tests.bot.lark import posting
from tests.bot.lark.posting import BOT, KEY, TOKEN, encrypted, signature_headers

SCRIPT = Path(__file__).with_name("sdk_dispatcher.py")

LIN = posting.mention("@_user_2", "ou_lin", "林", mentioned_type="user")
US = posting.mention("@_user_1", BOT, "Larkbell", mentioned_type="bot")
GROUP = {
    "chat_id": "oc_1",
    "operator_id": {"open_id": "ou_a"},
    "external": True,
    "name": "值班 ops",
}

PAYLOADS = {
    "line": posting.message("@_user_1 /to add @_user_2 给财务", mentions=[US, LIN]),
    "tap": posting.tap(form_value={"reason": "切换"}),
    "added": posting.envelope("im.chat.member.bot.added_v1", GROUP),
    "challenge": {"challenge": "abc", "token": TOKEN, "type": "url_verification"},
    "token": posting.message("@_user_1 hi")
    | {"header": posting.message("x")["header"] | {"token": "another"}},
}
BODIES = {name: encrypted(payload) for name, payload in PAYLOADS.items()}
SIGNED = {name: (body, signature_headers(body)) for name, body in BODIES.items()}

TAKEN = {
    "line": SIGNED["line"],
    "tap": SIGNED["tap"],
    "added": SIGNED["added"],
    "challenge": SIGNED["challenge"],
    "unsigned challenge": (BODIES["challenge"], {}),
}
REFUSED = {
    "token": SIGNED["token"],
    "unsigned": (BODIES["line"], {}),
    "signed for another body": (BODIES["line"], signature_headers(BODIES["tap"])),
    "signed with another key": (
        BODIES["line"],
        signature_headers(BODIES["line"], key="another"),
    ),
    "changed on the way": (BODIES["line"] + b"\n", signature_headers(BODIES["line"])),
    "encrypted with another key": (
        body := encrypted(PAYLOADS["line"], key="another"),
        signature_headers(body),
    ),
}
#: A plain body that is signed: the SDK lets it through, we do not.
STRICTER = {
    "not encrypted": (
        body := json.dumps(PAYLOADS["line"]).encode(),
        signature_headers(body),
    ),
}


def sealed(plain: bytes) -> str:
    return json.loads(encrypted(plain))["encrypt"]


SEALED = [
    "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=",
    *(sealed(b"x" * length) for length in (0, 1, 15, 16, 17, 1000)),
    sealed("订阅 ／sub".encode()),
    json.loads(encrypted(b"x", key="another"))["encrypt"],
    base64.b64encode(b"x" * 16).decode(),
    base64.b64encode(b"x" * 40).decode(),
]


@pytest.fixture(scope="module")
def sdk():
    """What the SDK says of each request, by name, and of each sealed text."""
    requests = TAKEN | REFUSED | STRICTER
    asked = {
        "key": KEY,
        "token": TOKEN,
        "sealed": SEALED,
        "requests": [
            {"body": base64.b64encode(body).decode(), "headers": headers}
            for body, headers in requests.values()
        ],
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    return dict(zip(requests, said["verdicts"], strict=True)), said["decrypted"]


def ours(name: str):
    body, headers = (TAKEN | REFUSED | STRICTER)[name]
    return events.read(body, headers, keys=Keys(KEY, TOKEN), bot_open_id=BOT)


@pytest.mark.parametrize("name", TAKEN)
def test_the_sdk_takes_what_we_take(sdk, name: str):
    assert sdk[0][name]["status"] == 200
    assert not isinstance(ours(name), events.Unknown)


@pytest.mark.parametrize("name", REFUSED)
def test_the_sdk_refuses_what_we_refuse(sdk, name: str):
    assert sdk[0][name]["status"] == 500
    assert sdk[0][name]["heard"] == []
    with pytest.raises((SignatureError, BadBody)):
        ours(name)


def test_we_refuse_a_plain_body_where_the_sdk_does_not(sdk):
    assert sdk[0]["not encrypted"]["status"] == 200
    with pytest.raises(SignatureError):
        ours("not encrypted")


def test_the_sdk_reads_the_same_in_a_line(sdk):
    (heard,) = sdk[0]["line"]["heard"]
    line = ours("line")

    assert isinstance(line, Line)
    mentions = {key: [each.open_id, each.name] for key, each in line.mentions.items()}
    assert heard == {
        "event_id": line.event_id,
        "message_id": line.message_id,
        "chat_id": line.chat_id,
        "chat_type": line.chat_type,
        "sender": line.sender,
        "root_id": line.root_id,
        "parent_id": line.parent_id,
        "create_time": heard["create_time"],
        "content": json.dumps({"text": f"@_user_1 {line.text}"}),
        "mentions": {"@_user_1": [BOT, "Larkbell"], **mentions},
    }
    assert moment(heard["create_time"]) == line.created_at


def test_the_sdk_reads_the_same_in_a_tap(sdk):
    tap = ours("tap")

    assert isinstance(tap, Tap)
    assert sdk[0]["tap"]["heard"] == [
        {
            "event_id": tap.event_id,
            "operator": tap.operator,
            "message_id": tap.message_id,
            "chat_id": tap.chat_id,
            "value": tap.value,
            "form_value": tap.form_value,
            "token": tap.token,
        }
    ]


def test_the_sdk_reads_the_same_in_a_new_group(sdk):
    added = ours("added")

    assert isinstance(added, BotAdded)
    assert sdk[0]["added"]["heard"] == [
        {
            "event_id": added.event_id,
            "chat_id": added.chat_id,
            "operator": added.operator,
            "name": added.name,
            "external": added.external,
        }
    ]


@pytest.mark.parametrize("name", ["challenge", "unsigned challenge"])
def test_the_sdk_answers_a_challenge_with_the_same_word(sdk, name: str):
    assert ours(name) == Challenge(json.loads(sdk[0][name]["content"])["challenge"])


def our_text(text: str) -> str | None:
    try:
        return decrypt(text, KEY).decode()
    except (BadBody, UnicodeDecodeError):
        return None


def test_the_sdk_decrypts_to_the_same_text(sdk):
    assert [our_text(text) for text in SEALED] == sdk[1]
    assert sdk[1][0] == "hello world"
