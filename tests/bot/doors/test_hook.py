"""POST /open-apis/bot/v2/hook/{token}: whatever can post to a Lark custom bot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.lark.signing import sign_post
from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import HOOK, SAID, SECRETS, YAML, Hall, on_both_engines
from tests.bot.sources.bodies import parsed

TAKEN = {
    "StatusCode": 0,
    "StatusMessage": "success",
    "code": 0,
    "data": {},
    "msg": "success",
}
TEXT = {"msg_type": "text", "content": {"text": f"{SAID} at once"}}


def refusal(code: int, message: str) -> dict[str, Any]:
    return {"code": code, "data": {}, "msg": message}


WRONG_TOKEN = refusal(19001, "param invalid: incoming webhook access token invalid")
WRONG_SIGN = refusal(
    19021, "sign match fail or timestamp is not within one hour from current time"
)
BAD_REQUEST = refusal(9499, "Bad Request")
BUSY = refusal(11232, "frequency limited psm[larkbell]appID[0]")


@on_both_engines
async def test_a_signed_post_is_taken_as_lark_takes_it(hall: Hall) -> None:
    assert (await hall.hook(TEXT)).said == (200, TAKEN)
    [row] = (await hall.kept())["notifications"]
    assert (row["source"], row["title"]) == ("console", f"{SAID} at once")


@pytest.mark.parametrize("name", ["lark-post", "lark-card-1.0", "lark-card-2.0"])
async def test_posts_and_cards_are_taken(hall: Hall, name: str) -> None:
    body = {key: parsed(name)[key] for key in parsed(name) if "sign" not in key}
    body.pop("timestamp", None)

    assert (await hall.hook(body)).said == (200, TAKEN)
    assert await hall.count("notifications") == 1


async def test_where_no_secret_is_set_nothing_need_be_signed(hall: Hall) -> None:
    assert (await hall.post(HOOK + SECRETS["OPEN"], TEXT)).said == (200, TAKEN)


async def test_nothing_here_identifies_a_message_so_none_is_a_duplicate(
    hall: Hall,
) -> None:
    for _ in range(3):
        await hall.hook(TEXT)

    assert await hall.count("notifications") == 3


# Refusals. Each changes nothing.


@pytest.mark.parametrize(
    "token",
    ["wrong", SECRETS["SCRIPTS"], SECRETS["CONSOLE_SECRET"], SECRETS["CONSOLE"][:-1]],
)
async def test_an_address_that_is_none_is_refused(hall: Hall, token: str) -> None:
    before = await hall.kept()

    for body in (TEXT, b"not json", b"x" * 2_000_000):
        assert (await hall.post(HOOK + token, body)).said == (200, WRONG_TOKEN)

    assert await hall.kept() == before


async def test_a_wrong_or_old_signature_is_refused(hall: Hall) -> None:
    before = await hall.kept()
    now, hour = hall.clock.now(), timedelta(hours=1, seconds=1)
    right, path = SECRETS["CONSOLE_SECRET"], HOOK + SECRETS["CONSOLE"]

    for body in (
        TEXT,
        {**TEXT, "timestamp": str(int(now.timestamp())), "sign": "x"},
        {**TEXT, "timestamp": None, "sign": None},
        sign_post(TEXT, secret=SECRETS["CONSOLE"], now=now),
        sign_post(TEXT, secret=right, now=now - hour),
        sign_post(TEXT, secret=right, now=now + hour),
    ):
        assert (await hall.post(path, body)).said == (200, WRONG_SIGN)

    assert await hall.kept() == before


@pytest.mark.parametrize("body", [b"", b"{", b"text=x", b"\xff"])
async def test_what_is_not_json_is_a_bad_request(hall: Hall, body: bytes) -> None:
    before = await hall.kept()

    answer = await hall.post(HOOK + SECRETS["CONSOLE"], body)

    assert answer.said == (400, BAD_REQUEST)
    assert await hall.kept() == before


async def test_what_is_too_long_or_broken_is_a_bad_request(hall: Hall) -> None:
    before = await hall.kept()
    path = HOOK + SECRETS["OPEN"]

    long = await hall.post(path, {"msg_type": "text", "content": "x" * 1024 * 1024})
    broken = await hall.post(path, TEXT, headers={"Content-Encoding": "gzip"})

    assert (long.said, broken.said) == ((400, BAD_REQUEST), (400, BAD_REQUEST))
    assert await hall.kept() == before


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "params error, msg_type need"),
        ({"msg_type": "audio"}, "params error, msg_type need"),
        ({"msg_type": "text"}, "params error, content need"),
        ({"msg_type": "text", "content": {}}, "text is missing or not a text"),
        ({"msg_type": "interactive"}, "params error, card need"),
        ([], "the body is not a JSON object"),
    ],
)
async def test_another_shape_is_refused(hall: Hall, body: object, message: str) -> None:
    before = await hall.kept()

    answer = await hall.post(HOOK + SECRETS["OPEN"], body)

    assert answer.said == (200, refusal(19002, message))
    assert await hall.kept() == before


async def test_more_than_the_rate_is_refused_as_lark_does(hall: Hall) -> None:
    path = HOOK + SECRETS["OPEN"]
    answers = [await hall.post(path, TEXT) for _ in range(3)]

    assert [each.said for each in answers] == [(200, TAKEN), (200, TAKEN), (200, BUSY)]
    assert await hall.count("notifications") == 2

    hall.clock.advance(seconds=30)
    assert (await hall.post(path, TEXT)).said == (200, TAKEN)


@on_both_engines
async def test_a_store_that_takes_nothing_is_told_as_lark_does(hall: Hall) -> None:
    before = await hall.kept()
    await hall.close_the_store()

    assert (await hall.hook(TEXT)).said == (200, BUSY)
    assert await hall.kept() == before


async def test_a_full_queue_closes_the_door(open_hall: Open) -> None:
    hall = await open_hall(yaml=YAML.replace("queue: 100", "queue: 1"))
    await hall.hook(TEXT)
    await hall.bell.housekeeping.measure()
    before = await hall.kept()

    assert (await hall.hook(TEXT)).said == (200, BUSY)
    assert await hall.kept() == before
