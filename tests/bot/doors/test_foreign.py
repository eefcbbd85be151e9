"""POST /v1/sources/{name}: what other kinds of sources send."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import (
    SAID,
    SECRETS,
    YAML,
    Answer,
    Hall,
    note,
    on_both_engines,
)
from tests.bot.doors.test_native import NO_CREDENTIAL, accepted
from tests.bot.sources.bodies import parsed

AT = "/v1/sources/"


TOKENS = {"prometheus": "PROM", "busy": "BUSY", "cloud": "CLOUD"}


async def alert(
    hall: Hall, body: Any, source: str = "prometheus", **more: Any
) -> Answer:
    token = SECRETS[TOKENS.get(source, "SCRIPTS")]
    return await hall.post(AT + source, body, **{"token": token, **more})


def group(*fingerprints: str, **more: Any) -> dict[str, Any]:
    """What Alertmanager posts: one alert for each fingerprint."""
    return {
        "version": "4",
        "status": "firing",
        "alerts": [
            {
                "status": "firing",
                "labels": {"alertname": SAID},
                "annotations": {"summary": f"{SAID} {each}"},
                "startsAt": "2026-01-02T03:04:05Z",
                "fingerprint": each,
                **more,
            }
            for each in fingerprints
        ],
    }


# Alertmanager


@on_both_engines
async def test_every_alert_of_a_group_is_a_notification(hall: Hall) -> None:
    answer = await alert(hall, parsed("alertmanager-group"))

    assert answer.said == (202, accepted(1, 2))
    assert [
        (row["source"], row["type"], row["status"])
        for row in (await hall.kept())["notifications"]
    ] == [
        ("prometheus", "product.alarm", "firing"),
        ("prometheus", "product.alarm", "resolved"),
    ]


@on_both_engines
async def test_a_group_that_is_posted_again_is_known_for_ten_minutes(
    hall: Hall,
) -> None:
    first = await alert(hall, group("a", "b"))
    hall.clock.advance(minutes=10, seconds=-1)
    again = await alert(hall, group("a", "b", "c"))
    hall.clock.advance(seconds=1)
    later = await alert(hall, group("a"))

    told = [
        [(each["id"], each["duplicate"]) for each in answer.body["accepted"]]
        for answer in (first, again, later)
    ]
    assert told[0] == [("n_1", False), ("n_2", False)]
    assert told[1][:2] == [("n_1", True), ("n_2", True)]
    assert [duplicate for _, duplicate in told[1]] == [True, True, False]
    assert [duplicate for _, duplicate in told[2]] == [False]


async def test_grafana_may_post_as_alertmanager(hall: Hall) -> None:
    assert (await alert(hall, parsed("grafana"))).status == 202


async def test_what_is_too_long_is_cut_and_marked(hall: Hall) -> None:
    long = group("a", annotations={"summary": "s" * 900, "description": "d" * 90_000})

    assert (await alert(hall, long)).said == (202, accepted(1))

    [row] = (await hall.kept())["notifications"]
    content = json.loads(row["content"])
    assert (len(row["title"]), row["title"][-1], content["cut"]) == (200, "…", True)
    assert len(content["body"].encode()) <= 16 * 1024


# Tencent


@on_both_engines
async def test_tencent_hears_its_session_back(hall: Hall) -> None:
    answers = [
        await alert(hall, parsed("tencent-metric"), "cloud", headers={}) for _ in "ab"
    ]

    session = parsed("tencent-metric")["sessionId"]
    told = (200, {"sessionId": session, "retCode": 0})
    assert [each.said for each in answers] == [told, told]
    assert await hall.count("notifications") == 1


async def test_tencent_may_show_its_token_in_the_address(hall: Hall) -> None:
    path = f"{AT}cloud?token={SECRETS['CLOUD']}"

    answer = await hall.post(path, parsed("tencent-event"))

    assert (answer.status, answer.body["retCode"]) == (200, 0)


# Native, by its name


async def test_a_native_source_may_post_by_its_name(hall: Hall) -> None:
    taken = await alert(hall, note(), "scripts")
    faulty = await alert(hall, {"body": SAID}, "scripts")

    assert taken.said == (202, accepted(1))
    assert faulty.said == (
        422,
        {"errors": [{"path": "title", "reason": "is required"}]},
    )


async def test_a_native_source_is_told_429_by_its_name_too(hall: Hall) -> None:
    token = SECRETS["HURRIED"]
    await alert(hall, [note()] * 2, "hurried", token=token)

    refused = await alert(hall, note(), "hurried", token=token)

    assert (refused.status, refused.headers["Retry-After"]) == (429, "30")


# Refusals. Each changes nothing.


@pytest.mark.parametrize(
    ("source", "token"),
    [
        ("prometheus", "wrong"),
        ("prometheus", ""),
        ("prometheus", SECRETS["BUSY"]),
        ("prometheus", SECRETS["PROM_SECRET"]),
        ("prometheus", SECRETS["ADMIN"]),
        ("nobody", SECRETS["PROM"]),
        ("Prometheus", SECRETS["PROM"]),
        ("console", SECRETS["CONSOLE"]),
        ("open", SECRETS["OPEN"]),
    ],
)
async def test_who_is_not_that_source_learns_nothing(
    hall: Hall, source: str, token: str
) -> None:
    before = await hall.kept()

    answer = await alert(hall, group("a"), source, token=token)

    assert answer.said == (401, NO_CREDENTIAL)
    assert await hall.kept() == before


@pytest.mark.parametrize(
    ("source", "body", "reason"),
    [
        ("prometheus", b"{", "the body is not JSON"),
        ("prometheus", b"", "the body is not JSON"),
        ("prometheus", b"[]", "the body is not a JSON object"),
        ("prometheus", b"{}", "alerts is missing or not a list"),
        (
            "prometheus",
            b'{"alerts":[7]}',
            "alerts holds something that is not an object",
        ),
        ("cloud", b"{}", "alarmObjInfo and alarmPolicyInfo are both missing"),
        ("cloud", b"null", "the body is not a JSON object"),
    ],
)
async def test_a_body_that_is_not_of_the_kind_is_refused(
    hall: Hall, source: str, body: bytes, reason: str
) -> None:
    before = await hall.kept()
    kind = {"prometheus": "alertmanager", "cloud": "tencent"}[source]

    answer = await alert(hall, body, source)

    assert answer.said == (400, {"error": f"this is no {kind} body: {reason}"})
    assert await hall.kept() == before


async def test_more_than_a_megabyte_is_refused(hall: Hall) -> None:
    before = await hall.kept()

    answer = await alert(hall, group("x" * 1024 * 1024))

    assert answer.said == (413, {"error": "the body is longer than 1 MB"})
    assert await hall.kept() == before


async def test_a_body_that_cannot_be_unpacked_is_refused(hall: Hall) -> None:
    answer = await alert(hall, group("a"), headers={"Content-Encoding": "deflate"})

    assert answer.said == (400, {"error": "the body could not be read to its end"})


async def test_alertmanager_is_told_5xx_over_its_rate(hall: Hall) -> None:
    await alert(hall, group("a", "b"), "busy")
    before = await hall.kept()

    refused = await alert(hall, group("c"), "busy")

    assert refused.said == (503, {"error": "this source sends more than its rate"})
    assert refused.headers["Retry-After"] == "30"
    assert await hall.kept() == before


async def test_tencent_is_told_5xx_over_its_rate(hall: Hall) -> None:
    answers = [await alert(hall, parsed("tencent-event"), "cloud") for _ in range(4)]

    assert [each.status for each in answers] == [200, 200, 200, 503]
    assert answers[3].headers["Retry-After"] == "20"


@on_both_engines
async def test_a_store_that_takes_nothing_is_told(hall: Hall) -> None:
    before = await hall.kept()
    await hall.close_the_store()

    answers = [
        await alert(hall, group("a")),
        await alert(hall, parsed("tencent-metric"), "cloud"),
    ]

    for each in answers:
        assert each.said == (503, {"error": "not stored, please send it again"})
        assert each.headers["Retry-After"] == "5"
    assert await hall.kept() == before


async def test_a_full_queue_closes_the_door(open_hall: Open) -> None:
    hall = await open_hall(yaml=YAML.replace("queue: 100", "queue: 2"))
    await alert(hall, group("a", "b"))
    await hall.bell.housekeeping.measure()
    before = await hall.kept()

    refused = await alert(hall, group("c"))

    assert refused.said == (503, {"error": "the queue is full, please send it again"})
    assert refused.headers["Retry-After"] == "5"
    assert await hall.kept() == before
