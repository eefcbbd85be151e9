"""Any gateway: what is posted, how it is proved, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import orjson
import pytest

from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.lark.signing import webhook_is_signed
from bot.phones.http import Gateway, HttpCarrier, Success
from bot.phones.template import BodyTemplate
from bot.secret import Secret
from tests.bot.phones.posted import DISK, NUMBER, GatewayDoor, secrets_in, words
from tests.conftest import MONDAY, HandClock

BODY = '{"to": "{{ number }}", "text": "{{ text }}", "once": "{{ key }}"}'


@dataclass
class Room:
    door: GatewayDoor
    session: aiohttp.ClientSession
    clock: HandClock

    def carrier(self, *, timeout: float = 5, **settings: Any) -> HttpCarrier:
        gateway = Gateway(
            **{
                "url": Secret(self.door.url),
                "template": BodyTemplate(BODY, "json"),
                "headers": {"Authorization": Secret("Bearer k3y")},
                "secret": Secret("s3cret"),
                **settings,
            }
        )
        return HttpCarrier(self.session, gateway, clock=self.clock, timeout=timeout)

    async def send(self, **settings: Any) -> str:
        return await self.carrier(**settings).carry(NUMBER, DISK, key="i1-7")

    async def failure(self, **settings: Any) -> TransportError:
        with pytest.raises(TransportError) as caught:
            await self.send(**settings)
        shown = words(caught.value)
        assert secrets_in(shown, "t0ken", "k3y", "s3cret", NUMBER) == []
        return caught.value


@pytest.fixture
async def room(clock: HandClock) -> AsyncIterator[Room]:
    async with GatewayDoor().open() as door, aiohttp.ClientSession() as session:
        yield Room(door, session, clock)


async def test_the_body_is_filled_in_and_sent_as_the_settings_say(room):
    assert await room.send(method="PUT") == ""

    (posted,) = room.door.posted
    assert (posted.method, posted.path) == ("PUT", "/send?token=t0ken")
    assert orjson.loads(posted.body) == {
        "to": NUMBER,
        "text": DISK.text,
        "once": "i1-7",
    }
    assert posted.headers["authorization"] == "Bearer k3y"
    assert posted.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_form_can_be_posted_to(room):
    template = BodyTemplate("To={{ number }}&Body={{ text }}", "form")

    await room.send(template=template)

    (posted,) = room.door.posted
    assert posted.headers["content-type"] == "application/x-www-form-urlencoded"
    assert posted.body == (
        b"To=%2B6580000000&Body=Critical%3A+Disk+%22full%22+%28prometheus%2C+Alarm"
        b"%29+M7"
    )


async def test_it_is_signed_over_id_time_and_body(room):
    await room.send()

    (posted,) = room.door.posted
    stamp = str(int(MONDAY.timestamp()))
    signed = b"i1-7." + stamp.encode() + b"." + posted.body
    right = hmac.new(b"s3cret", signed, hashlib.sha256).digest()
    assert {
        name: value
        for name, value in posted.headers.items()
        if name.startswith("webhook-")
    } == {
        "webhook-id": "i1-7",
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(right).decode()}",
    }


async def test_another_larkbell_would_believe_the_signature(room):
    key = "whsec_" + base64.b64encode(b"thirty-two letters or so of it").decode()

    await room.send(secret=Secret(key))

    (posted,) = room.door.posted
    assert webhook_is_signed(posted.body, posted.headers, secret=key, now=MONDAY)


async def test_without_a_secret_only_the_id_is_told(room):
    await room.send(secret=None)

    (posted,) = room.door.posted
    assert {name for name in posted.headers if name.startswith("webhook-")} == {
        "webhook-id"
    }


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (302, {"Location": "/elsewhere"}, Parked),
        (307, {"Location": "/elsewhere"}, Parked),
        (401, {}, Parked),
        (403, {}, Parked),
        (404, {}, Parked),
        (410, {}, Parked),
        (400, {}, Refused),
        (422, {}, Refused),
        (408, {}, Unanswered),
        (500, {}, Unanswered),
        (502, {}, Unanswered),
        (503, {}, Unanswered),
        (503, {"Retry-After": "7"}, Throttled),
        (429, {}, Throttled),
    ],
)
async def test_its_status_decides_what_we_do(room, status, headers, error):
    room.door.status, room.door.headers = status, headers

    failure = await room.failure()

    assert (type(failure), len(room.door.posted)) == (error, 1)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("7", 7), ("0", 1), ("99999", 600), ("Wed, 21 Oct 2026 07:28:00 GMT", 30)],
)
async def test_it_says_when_to_come_back(room, told, seconds):
    room.door.status, room.door.headers = 429, {"Retry-After": told}

    failure = await room.failure()

    assert isinstance(failure, Throttled)
    assert failure.retry_after == timedelta(seconds=seconds)


NO_FIELD = "the gateway's answer has no result.0.code"
STRICT = Success(statuses=(200, 202), field="result.0.code", values=("0", "OK"))


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, b'{"result": [{"code": 0}]}'),
        (202, b'{"result": [{"code": "0"}]}'),
        (200, b'{"result": [{"code": "OK"}]}'),
    ],
)
async def test_success_is_what_the_settings_say(room, status, answer):
    room.door.status, room.door.answer = status, answer

    assert await room.send(success=STRICT) == ""


@pytest.mark.parametrize(
    ("status", "answer", "error", "said"),
    [
        (
            200,
            b'{"result": [{"code": 17}]}',
            Refused,
            "the gateway refused it: result.0.code is 17",
        ),
        (
            200,
            b'{"result": [{"code": "no credit for 6580000000"}]}',
            Refused,
            "the gateway refused it: result.0.code is no credit for …",
        ),
        (200, b"OK", Unanswered, NO_FIELD),
        (
            200,
            b'{"result": []}',
            Unanswered,
            NO_FIELD,
        ),
        (
            200,
            b'{"result": 3}',
            Unanswered,
            NO_FIELD,
        ),
        (201, b"", Refused, "the gateway refused it (HTTP 201)"),
    ],
)
async def test_what_does_not_say_success_is_none(room, status, answer, error, said):
    room.door.status, room.door.answer = status, answer

    failure = await room.failure(success=STRICT)

    assert (type(failure), str(failure)) == (error, said)


async def test_nobody_there_took_nothing(room, unused_tcp_port):
    url = Secret(f"http://127.0.0.1:{unused_tcp_port}/?token=t0ken")

    failure = await room.failure(url=url)

    assert (type(failure), str(failure)) == (
        TransportError,
        "could not reach the gateway: ClientConnectorError",
    )


async def test_what_should_be_protected_is_not_sent_in_the_open(room):
    failure = await room.failure(url=Secret(room.door.url.replace("http:", "https:")))

    assert (type(failure), room.door.posted) == (TransportError, [])


async def test_an_endless_answer_is_not_read_to_its_end(room):
    room.door.answer = b"x" * 1_000_000

    assert await room.send() == ""


async def test_a_template_that_fails_is_no_message(room):
    template = BodyTemplate("{{ 1 // (number|length - 11) }}", "form")

    failure = await room.failure(template=template)

    assert (type(failure), room.door.posted) == (Refused, [])


async def test_no_log_shows_a_secret(room, caplog):
    with caplog.at_level(logging.DEBUG):
        carrier = room.carrier()
        await carrier.carry(NUMBER, DISK, key="i1-7")

    shown = caplog.text + repr(carrier) + repr(carrier._gateway)
    assert secrets_in(shown, "t0ken", "k3y", "s3cret", NUMBER) == []
