"""Whose an address is: asked of a Lark on loopback, over HTTP."""

from __future__ import annotations

import pytest

from bot.errands.finding import Finder
from bot.errors import Refused, TransportError
from bot.lark.client import LarkClient
from bot.lark.people import UserInfo, Users
from bot.secret import Secret
from sandbox import Kind as Wrong
from tests.bot.house import House

STRANGERS = [
    ["email", "lin@example.com"],
    ["email", "eve@example.com"],
    ["phone", "+6580000000"],
]


@pytest.fixture
def users(house: House) -> Users:
    lin = house.lark.create_user("Lin", email="lin@example.com", mobile="+6580000000")
    house.lin = house.app.open_id_of(lin)
    client = LarkClient(
        house.session,
        base=house.url,
        app_id=house.app.app_id,
        app_secret=Secret(house.app.secret),
        clock=house.clock,
    )
    return Users(client)


async def test_whom_lark_knows_is_found_by_address_and_number(house, users):
    house.app.scopes |= {"contact:user.base:readonly", "contact:user.phone:readonly"}
    outcome = await Finder(users).find({"strangers": STRANGERS})

    told = {"open_id": house.lin, "name": "Lin", "phone": "+6580000000"}
    assert outcome == {
        "found": [
            {"means": "email", "address": "lin@example.com", **told},
            {"means": "phone", "address": "+6580000000", **told},
        ]
    }


async def test_what_the_app_may_not_see_is_left_out(house, users):
    house.app.scopes -= {"contact:user.base:readonly", "contact:user.phone:readonly"}
    told = await users.user(house.lin)
    assert told == UserInfo()

    house.app.contact_range = set()
    outcome = await Finder(users).profiles({"of": [house.lin]})
    assert outcome == {"found": [{"open_id": house.lin, "name": "", "phone": ""}]}


async def test_more_than_lark_takes_at_once_is_asked_in_parts(house, users):
    emails = [f"nobody{number}@example.com" for number in range(70)]

    found = await users.by_address(emails=[*emails, "lin@example.com"], mobiles=[])
    assert found == {"lin@example.com": house.lin}


async def test_lark_that_fails_is_no_answer(house, users):
    house.fail(Wrong.BAD_GATEWAY, "find_users", times=9)

    with pytest.raises(TransportError):
        await Finder(users).find({"strangers": STRANGERS})


async def test_without_an_app_nobody_can_be_asked():
    with pytest.raises(Refused, match="there is no Lark app here to ask"):
        await Finder(None).find({"strangers": STRANGERS})
