"""How a source may prove itself at a door: each way, there, with its own."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.bot.doors.hall import NATIVE, SECRETS, Hall, bearer, note
from tests.bot.doors.test_foreign import AT, group
from tests.bot.doors.test_native import NO_CREDENTIAL
from tests.conftest import HandClock

#: From a body, a secret and a clock: the headers that sign it.
Signs = Callable[[bytes, str, HandClock], dict[str, str]]


def standard(body: bytes, secret: str, clock: HandClock) -> dict[str, str]:
    at = str(int(clock.now().timestamp()))
    mac = hmac.digest(secret.encode(), f"msg_1.{at}.".encode() + body, "sha256")
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": at,
        "webhook-signature": "v1," + base64.b64encode(mac).decode(),
    }


def grafana(body: bytes, secret: str, clock: HandClock) -> dict[str, str]:
    mac = hmac.digest(secret.encode(), body, "sha256").hex()
    return {"X-Grafana-Alerting-Signature": mac}


def dated_grafana(body: bytes, secret: str, clock: HandClock) -> dict[str, str]:
    at = str(int(clock.now().timestamp()))
    mac = hmac.digest(secret.encode(), f"{at}:".encode() + body, "sha256").hex()
    return {
        "X-Grafana-Alerting-Signature": mac,
        "X-Grafana-Alerting-Signature-Timestamp": at,
    }


def basic(password: str) -> dict[str, str]:
    pair = base64.b64encode(f"larkbell:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


NATIVELY = (NATIVE, note("by the native door"), "SCRIPTS", "scripts")
BY_NAME = (f"{AT}prometheus", group("a"), "PROM", "prometheus")
doors = pytest.mark.parametrize(
    ("path", "body", "name", "source"), [NATIVELY, BY_NAME], ids=["native", "by name"]
)
signs = pytest.mark.parametrize("sign", [standard, grafana, dated_grafana])


@doors
@pytest.mark.parametrize(
    "shown",
    [
        lambda token: {"headers": bearer(token)},
        lambda token: {"headers": basic(token)},
        lambda token: {"params": {"token": token}},
    ],
    ids=["bearer", "basic", "query"],
)
async def test_a_token_opens_its_door(
    hall: Hall, shown, path: str, body: object, name: str, source: str
) -> None:
    right = await hall.knock("POST", path, json=body, **shown(SECRETS[name]))
    wrong = await hall.knock("POST", path, json=body, **shown(SECRETS[name] + "x"))

    assert (right.status, wrong.said) == (202, (401, NO_CREDENTIAL))
    kept = (await hall.kept())["notifications"]
    assert [row["source"] for row in kept] == [source]


@doors
@signs
async def test_a_signature_opens_its_door(
    hall: Hall, sign: Signs, path: str, body: object, name: str, source: str
) -> None:
    raw = json.dumps(body).encode()
    secret = SECRETS[f"{name}_SECRET"]

    right = await hall.post(path, raw, headers=sign(raw, secret, hall.clock))
    forged = await hall.post(path, raw, headers=sign(raw, "another", hall.clock))
    moved = await hall.post(path, raw + b" ", headers=sign(raw, secret, hall.clock))

    assert (right.status, forged.said, moved.said) == (
        202,
        (401, NO_CREDENTIAL),
        (401, NO_CREDENTIAL),
    )
    kept = (await hall.kept())["notifications"]
    assert [row["source"] for row in kept] == [source]


@doors
@pytest.mark.parametrize("sign", [standard, dated_grafana])
@pytest.mark.parametrize("away", [timedelta(minutes=-6), timedelta(minutes=6)])
async def test_a_signature_of_another_time_opens_nothing(
    hall: Hall,
    sign: Signs,
    away: timedelta,
    path: str,
    body: object,
    name: str,
    source: str,
) -> None:
    raw = json.dumps(body).encode()
    secret = SECRETS[f"{name}_SECRET"]
    before = await hall.kept()

    headers = sign(raw, secret, HandClock(hall.clock.now() + away))
    answer = await hall.post(path, raw, headers=headers)

    assert answer.said == (401, NO_CREDENTIAL)
    assert await hall.kept() == before


@signs
async def test_a_signature_of_one_source_opens_no_other(
    hall: Hall, sign: Signs
) -> None:
    raw = json.dumps(note()).encode()
    before = await hall.kept()

    for secret in ("PROM_SECRET", "CONSOLE_SECRET", "SCRIPTS"):
        headers = sign(raw, SECRETS[secret], hall.clock)
        answer = await hall.post(NATIVE, raw, headers=headers)
        assert answer.said == (401, NO_CREDENTIAL)

    assert await hall.kept() == before


async def test_a_signed_question_is_answered(hall: Hall) -> None:
    await hall.send(note("CPU"))
    headers = standard(b"", SECRETS["SCRIPTS_SECRET"], hall.clock)

    answer = await hall.knock("GET", f"{NATIVE}/n_1", headers=headers)

    assert (answer.status, answer.body["id"]) == (200, "n_1")
