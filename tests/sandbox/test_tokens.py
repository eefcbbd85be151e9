from __future__ import annotations

import pytest

from sandbox import App, Lark, User
from tests.conftest import HandClock
from tests.sandbox.conftest import Api


async def test_a_token_stands_at_the_top_of_the_answer(api: Api) -> None:
    answer = await api.fetch_token()

    assert answer.status == 200
    assert answer.body == {
        "code": 0,
        "msg": "ok",
        "tenant_access_token": api.token,
        "expire": 7200,
    }
    assert api.token.startswith("t-")


async def test_the_same_token_is_given_while_half_an_hour_is_left(
    api: Api, clock: HandClock
) -> None:
    first = await api.fetch_token()
    clock.advance(minutes=90)
    second = await api.fetch_token()

    assert second.body == {**first.body, "expire": 1800}


async def test_with_less_than_half_an_hour_left_a_new_one_is_given_and_both_are_good(
    api: Api, clock: HandClock
) -> None:
    await api.fetch_token()
    first = api.token
    clock.advance(minutes=90, seconds=1)
    await api.fetch_token()

    assert api.token != first
    assert (await api.call("GET", "/open-apis/bot/v3/info")).verdict == (200, 0)
    api.token = first
    assert (await api.call("GET", "/open-apis/bot/v3/info")).verdict == (200, 0)


async def test_a_token_dies_after_two_hours(api: Api, clock: HandClock) -> None:
    await api.fetch_token()
    clock.advance(hours=2)

    answer = await api.call("GET", "/open-apis/bot/v3/info")
    assert answer.verdict == (400, 99991663)


async def test_a_revoked_token_is_refused_at_once(
    api: Api, lark: Lark, bell: App
) -> None:
    await api.fetch_token()
    first = api.token
    lark.revoke_tokens(bell)

    assert (await api.call("GET", "/open-apis/bot/v3/info")).verdict == (400, 99991663)
    await api.fetch_token()
    assert api.token != first
    assert (await api.call("GET", "/open-apis/bot/v3/info")).verdict == (200, 0)


async def test_revoking_spares_other_apps(api: Api, lark: Lark) -> None:
    await api.fetch_token()
    lark.revoke_tokens(lark.create_app("Other"))

    assert (await api.call("GET", "/open-apis/bot/v3/info")).verdict == (200, 0)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 99991661),
        ({"Authorization": "t-abc"}, 99991661),
        ({"Authorization": "Bearer "}, 99991661),
        ({"Authorization": "Basic t-abc"}, 99991661),
        ({"Authorization": "Bearer abc"}, 99991671),
        ({"Authorization": "Bearer t-abc"}, 99991663),
    ],
)
async def test_a_call_needs_a_token_of_the_right_form(
    api: Api, headers: dict[str, str], code: int
) -> None:
    answer = await api.call(
        "GET", "/open-apis/bot/v3/info", auth=False, headers=headers
    )

    assert answer.verdict == (400, code)


async def test_the_status_of_a_bad_token_can_be_turned(api: Api, lark: Lark) -> None:
    lark.switches.token_status = 401

    answer = await api.call("GET", "/open-apis/bot/v3/info", auth=False)
    assert answer.verdict == (401, 99991661)


@pytest.mark.parametrize("code", [10014, 10015])
async def test_a_wrong_secret_is_refused(api: Api, lark: Lark, code: int) -> None:
    lark.switches.wrong_secret_code = code

    answer = await api.fetch_token(app_secret="wrong")
    assert answer.verdict == (400, code)
    assert answer.body["msg"] == "app secret invalid"


async def test_an_unknown_app_is_refused(api: Api) -> None:
    assert (await api.fetch_token(app_id="cli_nobody")).verdict == (400, 10003)


async def test_what_is_not_json_is_refused(api: Api) -> None:
    path = "/open-apis/auth/v3/tenant_access_token/internal"

    answer = await api.call("POST", path, data=b"app_id=1", auth=False)
    assert answer.verdict == (400, 9499)


async def test_secrets_show_in_no_repr(bell: App, alice: User) -> None:
    shown = repr(bell) + repr(alice)

    assert bell.secret not in shown
    assert str(bell.encrypt_key) not in shown
    assert bell.verification_token not in shown
