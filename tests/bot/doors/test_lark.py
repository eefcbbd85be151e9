"""POST /lark/events: events and card actions of the Lark app."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import (
    EVENTS,
    YAML,
    Hall,
    line,
    on_both_engines,
)
from tests.bot.lark.posting import (
    TOKEN,
    encrypted,
    envelope,
    message,
    signature_headers,
    tap,
)
from tests.bot.stores import Gate

CHALLENGE = {"challenge": "c-42", "token": TOKEN, "type": "url_verification"}
NOT_SIGNED = (401, {"error": "this is not signed by Lark"})
WITHOUT_KEY = YAML.replace("  encrypt_key: ${ENCRYPT_KEY}\n", "")
WITHOUT_TOKEN = YAML.replace("  verification_token: ${VERIFICATION_TOKEN}\n", "")


def outbox(kept: dict[str, list[Any]]) -> list[tuple[str, str]]:
    """Return what waits to be said: its kind and where it goes."""
    return [(row["kind"], row["destination"]) for row in kept["outbox"]]


# The challenge


async def test_an_encrypted_challenge_is_echoed_at_once(hall: Hall) -> None:
    began = time.monotonic()

    answer = await hall.post(EVENTS, encrypted(CHALLENGE))

    assert answer.said == (200, {"challenge": "c-42"})
    assert time.monotonic() - began < 1


async def test_a_plain_challenge_is_echoed_at_once_where_no_key_is_set(
    open_hall: Open,
) -> None:
    hall = await open_hall(yaml=WITHOUT_KEY)
    began = time.monotonic()

    answer = await hall.post(EVENTS, CHALLENGE)

    assert answer.said == (200, {"challenge": "c-42"})
    assert time.monotonic() - began < 1


async def test_a_challenge_is_echoed_while_the_store_is_away(hall: Hall) -> None:
    await hall.close_the_store()

    answer = await hall.post(EVENTS, encrypted(CHALLENGE))

    assert answer.said == (200, {"challenge": "c-42"})


@pytest.mark.parametrize("token", ["", "wrong", None, 7])
async def test_a_challenge_with_another_token_is_refused(
    open_hall: Open, token: object
) -> None:
    hall = await open_hall()

    answer = await hall.post(EVENTS, encrypted({**CHALLENGE, "token": token}))

    assert answer.said == NOT_SIGNED


async def test_without_a_token_the_key_alone_proves_a_challenge(
    open_hall: Open,
) -> None:
    hall = await open_hall(yaml=WITHOUT_TOKEN)

    taken = await hall.post(EVENTS, encrypted({**CHALLENGE, "token": "any"}))
    refused = await hall.post(EVENTS, encrypted(CHALLENGE, key="another"))

    assert taken.said == (200, {"challenge": "c-42"})
    assert refused.said == NOT_SIGNED


# Proof. Each refusal changes nothing.


@pytest.mark.parametrize(
    "spoilt",
    [
        {"X-Lark-Signature": "0" * 64},
        {"X-Lark-Signature": ""},
        {"X-Lark-Request-Nonce": "another"},
        {"X-Lark-Request-Timestamp": "1700000001"},
    ],
)
async def test_a_wrong_signature_is_refused(hall: Hall, spoilt: dict[str, str]) -> None:
    before = await hall.kept()

    assert (await hall.lark(line(hall.clock), **spoilt)).said == NOT_SIGNED
    assert await hall.kept() == before


async def test_an_event_that_nobody_signed_is_refused(hall: Hall) -> None:
    before = await hall.kept()

    answer = await hall.post(EVENTS, encrypted(line(hall.clock)))

    assert answer.said == NOT_SIGNED
    assert await hall.kept() == before


async def test_a_signature_of_another_body_is_refused(hall: Hall) -> None:
    before = await hall.kept()
    stolen = signature_headers(encrypted(line(hall.clock, "status")))

    answer = await hall.post(EVENTS, encrypted(line(hall.clock)), headers=stolen)

    assert answer.said == NOT_SIGNED
    assert await hall.kept() == before


async def test_a_plain_body_is_refused_although_it_is_signed_where_a_key_is_set(
    hall: Hall,
) -> None:
    before = await hall.kept()
    for payload in (CHALLENGE, line(hall.clock)):
        raw = json.dumps(payload).encode()
        answer = await hall.post(EVENTS, raw, headers=signature_headers(raw))
        assert answer.said == NOT_SIGNED

    assert await hall.kept() == before


async def test_an_encrypted_body_is_refused_where_no_key_is_set(
    open_hall: Open,
) -> None:
    hall = await open_hall(yaml=WITHOUT_KEY)
    before = await hall.kept()

    assert (await hall.lark(line(hall.clock))).said == NOT_SIGNED
    assert await hall.kept() == before


@pytest.mark.parametrize("token", ["wrong", "", None])
async def test_a_wrong_token_is_refused(hall: Hall, token: str | None) -> None:
    payload = line(hall.clock)
    payload["header"]["token"] = token
    before = await hall.kept()

    assert (await hall.lark(payload)).said == NOT_SIGNED
    assert await hall.kept() == before


async def test_a_plain_event_is_proved_by_its_token_where_no_key_is_set(
    open_hall: Open,
) -> None:
    hall = await open_hall(yaml=WITHOUT_KEY)

    answer = await hall.post(EVENTS, line(hall.clock))

    assert answer.said == (200, {})
    assert outbox(await hall.kept()) == [("reply", "chat:oc_1")]


# Shape


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the body is not JSON"),
        (b"{", "the body is not JSON"),
        (b"challenge=c-42", "the body is not JSON"),
        (b"[]", "the body is not a JSON object"),
    ],
)
async def test_what_is_not_json_is_refused(hall: Hall, raw: bytes, reason: str) -> None:
    before = await hall.kept()

    answer = await hall.post(EVENTS, raw, headers=signature_headers(raw))

    assert answer.said == (400, {"error": reason})
    assert await hall.kept() == before


async def test_what_is_encrypted_and_signed_must_be_json_too(hall: Hall) -> None:
    before = await hall.kept()

    assert (await hall.lark(b"[1]")).status == 400
    assert (await hall.lark(b"no")).said == (400, {"error": "the body is not JSON"})
    assert await hall.kept() == before


@pytest.mark.parametrize("field", ["message_id", "chat_id", "chat_type"])
async def test_a_message_without_what_it_needs_is_refused(
    hall: Hall, field: str
) -> None:
    before = await hall.kept()

    answer = await hall.lark(line(hall.clock, **{field: "-"}))

    assert answer.said == (400, {"error": f"{field} is missing or not a text"})
    assert await hall.kept() == before


async def in_pieces(body: bytes):
    for start in range(0, len(body), 65_536):
        yield body[start : start + 65_536]


async def test_more_than_a_megabyte_is_refused(hall: Hall) -> None:
    before = await hall.kept()
    raw = encrypted(line(hall.clock, "x" * 1024 * 1024))

    for body in (raw, in_pieces(raw)):
        answer = await hall.post(EVENTS, body, headers=signature_headers(raw))
        assert answer.said == (413, {"error": "the body is longer than 1 MB"})

    assert await hall.kept() == before


async def test_a_body_that_cannot_be_unpacked_is_refused(hall: Hall) -> None:
    answer = await hall.post(EVENTS, b"{}", headers={"Content-Encoding": "gzip"})

    assert answer.said == (400, {"error": "the body could not be read to its end"})


# What it means


@pytest.mark.parametrize(
    "payload",
    [
        envelope("im.message.message_read_v1", {"reader": {}}),
        envelope("of.tomorrow_v9", {}),
        {
            "uuid": "u",
            "type": "event_callback",
            "token": TOKEN,
            "event": {"type": "message"},
        },
    ],
)
async def test_events_that_we_do_not_know_are_taken(
    hall: Hall, payload: dict[str, Any]
) -> None:
    before = await hall.kept()

    assert (await hall.lark(payload)).said == (200, {"msg": "success"})
    assert await hall.kept() == before


async def test_what_another_bot_says_is_taken_and_left(hall: Hall) -> None:
    payload = line(hall.clock)
    payload["event"]["sender"]["sender_type"] = "app"
    before = await hall.kept()

    assert (await hall.lark(payload)).status == 200
    assert await hall.kept() == before


async def test_what_is_said_to_others_is_taken_and_left(hall: Hall) -> None:
    payload = message("@_user_1 hello")
    payload["event"]["message"]["mentions"][0]["id"]["open_id"] = "ou_somebody"
    before = await hall.kept()

    assert (await hall.lark(payload)).said == (200, {})
    assert await hall.kept() == before


@on_both_engines
async def test_a_message_delivered_three_times_is_answered_once(hall: Hall) -> None:
    first = line(hall.clock)
    again = line(hall.clock)
    # Lark docs: redeliveries may come under another event_id.
    again["header"]["event_id"] = "another"

    answers = [await hall.lark(each) for each in (first, first, again)]

    assert [each.said for each in answers] == [(200, {})] * 3
    kept = await hall.kept()
    assert outbox(kept) == [("reply", "chat:oc_1")]
    assert [row["id"] for row in kept["heard"]] == ["om_1"]


async def test_three_deliveries_at_the_same_moment_are_answered_once(
    hall: Hall,
) -> None:
    gate = Gate(hall.bell.db)
    hall.bell.hearing._obeying._db = gate
    asked = [asyncio.create_task(hall.lark(line(hall.clock))) for _ in range(3)]
    await gate.reached.wait()
    gate.open.set()

    assert [(await each).said for each in asked] == [(200, {})] * 3
    assert outbox(await hall.kept()) == [("reply", "chat:oc_1")]


async def test_two_messages_are_answered_twice(hall: Hall) -> None:
    await hall.lark(line(hall.clock))
    await hall.lark(line(hall.clock, message_id="om_2"))

    assert outbox(await hall.kept()) == [("reply", "chat:oc_1")] * 2


async def test_a_tap_delivered_twice_is_answered_once(hall: Hall) -> None:
    tapped = tap(value={"line": "/help"})

    answers = [await hall.lark(tapped) for _ in range(2)]

    assert [each.status for each in answers] == [200, 200]
    assert answers[0].body["toast"]["type"] == "info"
    assert answers[1].body == {}
    assert outbox(await hall.kept()) == [("reply", "chat:oc_1")]


async def test_a_tap_on_what_is_no_button_of_ours_is_told_so(hall: Hall) -> None:
    before = await hall.kept()

    answer = await hall.lark(tap())

    assert answer.said == (
        200,
        {
            "toast": {
                "type": "warning",
                "content": "This button is not mine any more.",
            }
        },
    )
    assert await hall.kept() == before


async def test_a_group_that_adds_us_is_known(hall: Hall) -> None:
    event = {"chat_id": "oc_9", "operator_id": {"open_id": "ou_a"}, "name": "ops"}
    added = envelope("im.chat.member.bot.added_v1", event)

    answers = [await hall.lark(added) for _ in range(2)]

    assert [each.said for each in answers] == [(200, {})] * 2
    assert [
        (row["id"], row["kind"], row["name"]) for row in (await hall.kept())["chats"]
    ] == [("oc_9", "group", "ops")]


async def test_a_first_direct_chat_is_told_in_the_old_schema(hall: Hall) -> None:
    created = {
        "uuid": "u1",
        "token": TOKEN,
        "ts": "1700000000.1",
        "type": "event_callback",
        "event": {
            "type": "p2p_chat_create",
            "chat_id": "oc_7",
            "user": {"open_id": "ou_a", "name": "Ada"},
        },
    }

    assert (await hall.lark(created)).said == (200, {})
    assert [(row["id"], row["kind"]) for row in (await hall.kept())["chats"]] == [
        ("oc_7", "p2p")
    ]


@on_both_engines
async def test_a_store_that_takes_nothing_lets_lark_try_again(hall: Hall) -> None:
    before = await hall.kept()
    await hall.close_the_store()

    answer = await hall.lark(line(hall.clock))

    assert answer.said == (503, {"error": "not stored, please send it again"})
    assert await hall.kept() == before


async def test_what_the_store_refused_is_answered_when_it_is_delivered_again(
    hall: Hall,
) -> None:
    await hall.close_the_store()
    await hall.lark(line(hall.clock))
    await hall.open_the_store()

    assert (await hall.lark(line(hall.clock))).said == (200, {})
    assert outbox(await hall.kept()) == [("reply", "chat:oc_1")]


async def test_without_the_app_there_is_no_such_door(open_hall: Open) -> None:
    start, end = YAML.index("lark:\n"), YAML.index("sources:")
    hall = await open_hall(yaml=YAML[:start] + YAML[end:])

    assert (await hall.post(EVENTS, CHALLENGE)).status == 404
