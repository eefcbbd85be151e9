from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox import App, Chat, Lark, Robot, User
from sandbox.crypto import sign_post
from sandbox.robots import HOOK
from tests.conftest import HandClock
from tests.sandbox.conftest import Client, card, markdown

SUCCESS = {
    "StatusCode": 0,
    "StatusMessage": "success",
    "code": 0,
    "data": {},
    "msg": "success",
}
TEXT = {"msg_type": "text", "content": {"text": "deploy finished"}}


@pytest.fixture
def robot(lark: Lark, ops: Chat) -> Robot:
    return lark.create_robot(ops)


async def post(client: Client, token: str, body: Any) -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with client.post(HOOK + token, data=raw) as response:
        return response.status, await response.json()


def refusal(code: int, words: str) -> tuple[int, Any]:
    return 200, {"code": code, "data": {}, "msg": words}


NO_SIGN = refusal(
    19021, "sign match fail or timestamp is not within one hour from current time"
)
NO_SHAPE = refusal(19002, "params error, msg_type need")
BAD_REQUEST = refusal(9499, "Bad Request")
BUSY = refusal(
    11232, "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"
)
GONE = refusal(19001, "param invalid: incoming webhook access token invalid")


async def test_a_post_is_shown_and_answered_in_full(
    client: Client, robot: Robot, ops: Chat
) -> None:
    assert await post(client, robot.token, TEXT) == (200, SUCCESS)

    [message] = ops.messages
    assert message.sender is robot
    assert message.content == {"text": "deploy finished"}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (TEXT, TEXT["content"]),
        (
            {
                "msg_type": "post",
                "content": {
                    "post": {
                        "en_us": {
                            "title": "t",
                            "content": [
                                [
                                    {"tag": "text", "text": "x"},
                                    {"tag": "a", "text": "y", "href": "https://y"},
                                    {"tag": "at", "user_id": "all"},
                                ]
                            ],
                        }
                    }
                },
            },
            None,
        ),
        ({"msg_type": "share_chat", "content": {"share_chat_id": "oc_1"}}, None),
        ({"msg_type": "interactive", "card": card(markdown())}, card(markdown())),
        (
            {"msg_type": "interactive", "card": {"elements": [markdown()]}},
            {"elements": [markdown()]},
        ),
    ],
)
async def test_every_documented_type_is_taken(
    client: Client, robot: Robot, ops: Chat, body: Any, shown: Any
) -> None:
    assert await post(client, robot.token, body) == (200, SUCCESS)
    if shown is not None:
        assert ops.messages[0].content == shown


async def test_an_image_must_have_been_uploaded_by_some_app(
    client: Client, lark: Lark, bell: App, robot: Robot
) -> None:
    key = lark.create_image(bell)

    good = {"msg_type": "image", "content": {"image_key": key}}
    bad = {"msg_type": "image", "content": {"image_key": "img_1"}}
    assert await post(client, robot.token, good) == (200, SUCCESS)
    status, body = await post(client, robot.token, bad)
    assert (status, body["code"]) == (200, 19002)


async def test_an_unknown_token_is_refused(client: Client, ops: Chat) -> None:
    assert await post(client, "unknown", TEXT) == GONE


async def test_a_robot_that_was_removed_is_refused(
    client: Client, robot: Robot, ops: Chat
) -> None:
    robot.gone = True
    assert await post(client, robot.token, TEXT) == GONE

    robot.gone = False
    ops.status = "dissolved"
    assert await post(client, robot.token, TEXT) == GONE
    assert ops.messages == []


@pytest.mark.parametrize("body", [b"hello", b"", b"[]", b'"x"'])
async def test_what_is_not_a_json_object_is_refused(
    client: Client, robot: Robot, body: bytes
) -> None:
    assert await post(client, robot.token, body) == BAD_REQUEST


async def test_a_post_may_have_20_kb_and_no_more(
    client: Client, robot: Robot, ops: Chat
) -> None:
    frame = len(json.dumps({"msg_type": "text", "content": {"text": ""}}))
    fits = 20 * 1024 - frame

    small = {"msg_type": "text", "content": {"text": "x" * fits}}
    large = {"msg_type": "text", "content": {"text": "x" * (fits + 1)}}
    assert await post(client, robot.token, small) == (200, SUCCESS)
    assert await post(client, robot.token, large) == BAD_REQUEST


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"msg_type": "file", "content": {}},
        {"content": {"text": "x"}},
        {"text": "x"},
    ],
)
async def test_a_post_needs_a_known_type(
    client: Client, robot: Robot, body: Any
) -> None:
    assert await post(client, robot.token, body) == NO_SHAPE


@pytest.mark.parametrize(
    "body",
    [
        {"msg_type": "text"},
        {"msg_type": "text", "content": '{"text":"x"}'},
        {"msg_type": "text", "content": {}},
        {"msg_type": "post", "content": {"en_us": {}}},
        {"msg_type": "post", "content": {"post": {"en_us": {"content": [[{}]]}}}},
        {
            "msg_type": "post",
            "content": {"post": {"en_us": {"content": [[{"tag": "md"}]]}}},
        },
        {"msg_type": "share_chat", "content": {"chat_id": "oc_1"}},
        {"msg_type": "interactive"},
        {"msg_type": "interactive", "card": "{}"},
        {"msg_type": "interactive", "content": {"card": {}}},
    ],
)
async def test_a_content_that_does_not_fit_its_type_is_refused(
    client: Client, robot: Robot, ops: Chat, body: Any
) -> None:
    status, answer = await post(client, robot.token, body)

    assert (status, answer["code"]) == (200, 19002)
    assert ops.messages == []


# Guards


def signed(clock: HandClock, secret: str, *, shift: int = 0) -> dict[str, Any]:
    timestamp = str(int(clock.now().timestamp()) + shift)
    return {
        **TEXT,
        "timestamp": timestamp,
        "sign": sign_post(timestamp, secret=secret),
    }


async def test_a_signed_post_is_taken_within_an_hour_of_the_clock(
    client: Client, lark: Lark, ops: Chat, clock: HandClock
) -> None:
    token = lark.create_robot(ops, secret="s3cret").token

    for shift in (0, 3600, -3600):
        body = signed(clock, "s3cret", shift=shift)
        assert await post(client, token, body) == (200, SUCCESS)
    for shift in (3601, -3601):
        body = signed(clock, "s3cret", shift=shift)
        assert await post(client, token, body) == NO_SIGN


async def test_a_timestamp_may_be_a_number(
    client: Client, lark: Lark, ops: Chat, clock: HandClock
) -> None:
    token = lark.create_robot(ops, secret="s3cret").token
    body = signed(clock, "s3cret")

    body["timestamp"] = int(body["timestamp"])
    assert await post(client, token, body) == (200, SUCCESS)


async def test_a_post_that_is_not_signed_rightly_is_refused(
    client: Client, lark: Lark, ops: Chat, clock: HandClock
) -> None:
    token = lark.create_robot(ops, secret="s3cret").token
    good = signed(clock, "s3cret")

    for wrong in (
        TEXT,
        signed(clock, "other"),
        {**good, "sign": ""},
        {**good, "timestamp": str(int(good["timestamp"]) + 1)},
        {**TEXT, "timestamp": "soon", "sign": sign_post("soon", secret="s3cret")},
    ):
        assert await post(client, token, wrong) == NO_SIGN
    assert ops.messages == []


async def test_a_robot_without_secret_ignores_signatures(
    client: Client, robot: Robot, clock: HandClock
) -> None:
    assert await post(client, robot.token, signed(clock, "any")) == (200, SUCCESS)


async def test_one_of_the_keywords_must_be_in_the_message(
    client: Client, lark: Lark, ops: Chat
) -> None:
    token = lark.create_robot(ops, keywords=("alert", "finished")).token
    other = {"msg_type": "text", "content": {"text": "hello"}}
    in_card = {"msg_type": "interactive", "card": card(markdown("an alert"))}

    assert await post(client, token, TEXT) == (200, SUCCESS)
    assert await post(client, token, in_card) == (200, SUCCESS)
    assert await post(client, token, other) == refusal(19024, "Key Words Not Found")


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        ("127.0.0.1", True),
        ("127.0.0.*", True),
        ("127.0.0.0/24", True),
        ("10.0.0.*", False),
        ("10.0.0.0/8", False),
    ],
)
async def test_only_listed_addresses_may_post(
    client: Client, lark: Lark, ops: Chat, rule: str, allowed: bool
) -> None:
    token = lark.create_robot(ops, ips=(rule,)).token

    expected = (200, SUCCESS) if allowed else refusal(19022, "Ip Not Allowed")
    assert await post(client, token, TEXT) == expected


async def test_guards_combine(
    client: Client, lark: Lark, ops: Chat, clock: HandClock
) -> None:
    token = lark.create_robot(
        ops, secret="s3cret", keywords=("alert",), ips=("127.0.0.1",)
    ).token

    body = signed(clock, "s3cret")
    assert (await post(client, token, body))[1]["code"] == 19024
    body["content"] = {"text": "alert"}
    assert await post(client, token, body) == (200, SUCCESS)


# Rates


async def test_the_sixth_post_a_second_is_refused(
    client: Client, robot: Robot, ops: Chat, clock: HandClock
) -> None:
    answers = [await post(client, robot.token, TEXT) for _ in range(6)]

    assert answers == [(200, SUCCESS)] * 5 + [BUSY]
    clock.advance(seconds=1)
    assert await post(client, robot.token, TEXT) == (200, SUCCESS)
    assert len(ops.messages) == 6


async def test_the_hundred_and_first_post_a_minute_is_refused(
    client: Client, robot: Robot, clock: HandClock
) -> None:
    for _ in range(20):
        for _ in range(5):
            assert await post(client, robot.token, TEXT) == (200, SUCCESS)
        clock.advance(seconds=1)

    assert await post(client, robot.token, TEXT) == BUSY
    clock.advance(seconds=40)
    assert await post(client, robot.token, TEXT) == (200, SUCCESS)


async def test_every_robot_has_its_own_five(
    client: Client, lark: Lark, ops: Chat, robot: Robot
) -> None:
    other = lark.create_robot(ops)
    for _ in range(5):
        await post(client, robot.token, TEXT)

    assert await post(client, other.token, TEXT) == (200, SUCCESS)


async def test_posts_are_counted_by_code_and_not_against_the_quota(
    client: Client, lark: Lark, robot: Robot
) -> None:
    lark.switches.monthly_quota = 0

    await post(client, robot.token, TEXT)
    await post(client, "unknown", TEXT)
    assert lark.answers == {("robot", 0): 1, ("robot", 19001): 1}
    assert lark.calls_this_month == 0


# Cards and mentions


async def test_a_bad_card_is_refused_with_its_reason(
    client: Client, robot: Robot, ops: Chat
) -> None:
    status, body = await post(
        client,
        robot.token,
        {"msg_type": "interactive", "card": card({"tag": "note"})},
    )

    assert (status, body["code"]) == (200, 11246)
    assert "ErrCode: 200861;" in body["msg"]
    assert ops.messages == []


async def test_a_mention_of_somebody_unknown_in_a_card_is_refused(
    client: Client, robot: Robot
) -> None:
    body = {"msg_type": "interactive", "card": card(markdown("<at id=ou_x></at>"))}

    status, answer = await post(client, robot.token, body)
    assert (status, answer["code"]) == (200, 11246)
    assert "ErrCode: 100290;" in answer["msg"]


async def test_a_robot_mentions_people_by_any_apps_open_id(
    client: Client, robot: Robot, ops: Chat, bell: App, alice: User
) -> None:
    open_id = bell.open_id_of(alice)
    text = f'<at user_id="{open_id}">A</at> <at user_id="all">all</at>'

    await post(client, robot.token, {"msg_type": "text", "content": {"text": text}})
    at = card(markdown(f"<at id={open_id}></at>"))
    await post(client, robot.token, {"msg_type": "interactive", "card": at})
    assert [message.mentioned for message in ops.messages] == [
        ("Alice", "all"),
        ("Alice",),
    ]
