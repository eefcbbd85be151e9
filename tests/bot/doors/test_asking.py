"""GET /v1/notifications/{id} and GET /v1/ledger: what became of what was sent."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import (
    NATIVE,
    SAID,
    SECRETS,
    WITHOUT_ROBOT,
    YAML,
    Hall,
    note,
    on_both_engines,
)
from tests.bot.doors.test_foreign import AT, alert, group
from tests.bot.stores import Away

MINE = SECRETS["SCRIPTS"]
NO_TOKEN = {"error": "send the token of the source that sent it"}
NOT_YOURS = {"error": "this source sent no such notification"}
NOT_AN_ID = {"error": "there is no such notification: ids look like n_123"}
MONDAY = "2026-01-05T01:00:00.000Z"
LEDGER = "/v1/ledger"


def told(**more: Any) -> dict[str, Any]:
    return {
        "id": "n_1",
        "type": "custom.scripts",
        "title": f"{SAID} CPU",
        "severity": "info",
        "status": None,
        "accepted_at": MONDAY,
        "state": "waiting",
        "deliveries": [],
        **more,
    }


@on_both_engines
async def test_who_sent_it_is_told_what_became_of_it(hall: Hall) -> None:
    await hall.send(
        note("CPU", type="security.event", severity="critical", status="firing")
    )
    known = {"type": "security.event", "severity": "critical", "status": "firing"}

    waiting = await hall.ask(f"{NATIVE}/n_1", MINE)
    assert waiting.said == (200, told(**known))

    await hall.bell.routing.run_once()
    routed = await hall.ask(f"{NATIVE}/n_1", MINE)
    inbox = {
        "destination": "robot:ops-room",
        "channel": "inbox",
        "state": "delivered",
        "reason": "",
        "at": MONDAY,
    }
    queued = {**inbox, "channel": "chat", "state": "queued"}
    assert routed.said == (200, told(**known, state="open", deliveries=[inbox, queued]))

    await hall.bell.delivery.run_once()
    tried = await hall.ask(f"{NATIVE}/n_1", MINE)
    reason = "could not reach Lark: ClientConnectorError"
    again = {**queued, "reason": reason}
    assert tried.said == (200, told(**known, state="open", deliveries=[inbox, again]))


async def test_what_is_over_is_done(hall: Hall) -> None:
    await hall.send(note("CPU", type="security.event"))
    await hall.bell.routing.run_once()
    await hall.reload(WITHOUT_ROBOT)

    found = (await hall.ask(f"{NATIVE}/n_1", MINE)).body

    assert found["state"] == "done"
    assert [(each["state"], each["reason"]) for each in found["deliveries"]] == [
        ("delivered", ""),
        ("undeliverable", "this robot was removed"),
    ]


async def test_what_nobody_wanted_is_unrouted(hall: Hall) -> None:
    await hall.send(note("CPU"))
    await hall.bell.routing.run_once()

    assert (await hall.ask(f"{NATIVE}/n_1", MINE)).said == (
        200,
        told(state="unrouted"),
    )


async def test_every_source_asks_after_its_own(hall: Hall) -> None:
    await hall.send(note("CPU"))
    await alert(hall, group("a"))

    statuses = [
        (await hall.ask(f"{NATIVE}/{number}", SECRETS[token])).status
        for number in ("n_1", "n_2")
        for token in ("SCRIPTS", "PROM", "HURRIED", "CLOUD")
    ]

    assert statuses == [200, 404, 404, 404, 404, 200, 404, 404]


async def test_two_sources_with_one_token_both_find_their_own(hall: Hall) -> None:
    await hall.send(note("CPU"))
    await hall.post(f"{AT}twin", group("a"), token=MINE)

    titles = [
        (await hall.ask(f"{NATIVE}/{number}", MINE)).body["title"]
        for number in ("n_1", "n_2")
    ]

    assert titles == [f"{SAID} CPU", f"{SAID} a"]


@pytest.mark.parametrize(
    ("number", "body"),
    [
        ("n_2", NOT_YOURS),
        ("n_999999999999999999", NOT_YOURS),
        ("n_1000000000000000000", NOT_AN_ID),
        ("1", NOT_AN_ID),
        ("M1", NOT_AN_ID),
        ("n_", NOT_AN_ID),
        ("n_1x", NOT_AN_ID),
        ("n_-1", NOT_AN_ID),
        ("n_१", NOT_AN_ID),
    ],
)
async def test_what_is_not_there_is_not_found(
    hall: Hall, number: str, body: dict[str, str]
) -> None:
    await hall.send(note())

    assert (await hall.ask(f"{NATIVE}/{number}", MINE)).said == (404, body)


async def test_another_sources_notification_looks_like_none(hall: Hall) -> None:
    await hall.send(note())
    token = SECRETS["HURRIED"]

    theirs = await hall.ask(f"{NATIVE}/n_1", token)
    nobodys = await hall.ask(f"{NATIVE}/n_2", token)

    assert theirs.said == nobodys.said == (404, NOT_YOURS)


@pytest.mark.parametrize(
    "token", [None, "", "wrong", SECRETS["ADMIN"], SECRETS["CONSOLE"], SECRETS["OPEN"]]
)
async def test_who_shows_no_sources_token_learns_nothing(
    hall: Hall, token: str | None
) -> None:
    await hall.send(note())

    for number in ("n_1", "n_2", "x"):
        answer = await hall.ask(f"{NATIVE}/{number}", token)
        assert answer.said == (401, NO_TOKEN)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


# The ledger


@on_both_engines
async def test_the_ledger_adds_up(hall: Hall) -> None:
    await hall.send([note("a", type="security.event", id="a"), note("b", id="b")])
    await hall.send(note("a", id="a"))
    await hall.bell.routing.run_once()
    await hall.send(note("c"))

    assert (await hall.ask(LEDGER, SECRETS["ADMIN"])).said == (
        200,
        {
            "accepted": 3,
            "notifications": {"waiting": 1, "routed": 1, "unrouted": 1},
            "deliveries": {"delivered": 1, "queued": 1},
            "total_deliveries": 2,
            "unaccounted": 0,
            "adds_up": True,
        },
    )


async def test_an_admin_may_show_the_token_in_other_ways(hall: Hall) -> None:
    pair = base64.b64encode(f"admin:{SECRETS['ADMIN']}".encode()).decode()

    basic = await hall.knock("GET", LEDGER, headers={"Authorization": f"Basic {pair}"})
    query = await hall.ask(f"{LEDGER}?token={SECRETS['ADMIN']}")

    assert (basic.status, query.status) == (200, 200)


@pytest.mark.parametrize("token", [None, "", "wrong", MINE, SECRETS["CONSOLE"]])
async def test_the_ledger_is_for_admins(hall: Hall, token: str | None) -> None:
    answer = await hall.ask(LEDGER, token)

    assert answer.said == (
        401,
        {"error": "send server.admin_token as Authorization: Bearer"},
    )
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", [None, "", "None", SECRETS["ADMIN"]])
async def test_without_an_admin_token_the_ledger_is_shut(
    open_hall: Open, token: str | None
) -> None:
    hall = await open_hall(yaml=YAML.replace('server: {admin_token: "${ADMIN}"}', ""))

    assert (await hall.ask(LEDGER, token)).status == 401


async def test_a_store_that_does_not_answer_is_told(open_hall: Open) -> None:
    hall = await open_hall(seen_as=Away)
    await hall.send(note())
    hall.bell.db.gone = True  # type: ignore[attr-defined]

    for path, token in ((f"{NATIVE}/n_1", MINE), (LEDGER, SECRETS["ADMIN"])):
        answer = await hall.ask(path, token)
        assert answer.said == (503, {"error": "not read, please ask again"})
        assert answer.headers["Retry-After"] == "5"
