"""The app's calls, against a Lark on loopback: tokens, messages, what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot.cards.notice import notice_card
from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.lark.client import LarkClient
from bot.lark.codes import TargetGone
from bot.secret import Secret
from sandbox import App, Chat, Fault, Kind, Lark
from tests.conftest import HandClock

CARD = orjson.dumps(notice_card("Hello", [])).decode()


@dataclass
class Tenant:
    lark: Lark
    app: App
    ops: Chat
    url: str
    session: aiohttp.ClientSession
    clock: HandClock

    def client(self, *, secret: str | None = None, timeout: float = 6.0) -> LarkClient:
        return LarkClient(
            self.session,
            base=self.url,
            app_id=self.app.app_id,
            app_secret=Secret(secret or self.app.secret),
            clock=self.clock,
            timeout=timeout,
        )

    def fail(self, kind: Kind, target: str, times: int = 1, **more: object) -> None:
        self.lark.faults.add(Fault(kind, target, times, **more))

    def asked(self, operation: str) -> dict[int, int]:
        """Return how often an operation answered each code."""
        return {
            code: count
            for (name, code), count in sorted(self.lark.answers.items())
            if name == operation
        }


@pytest.fixture
async def tenant(clock: HandClock) -> AsyncIterator[Tenant]:
    lark = Lark(clock=clock.now)
    app = lark.create_app("Bell")
    ops = lark.create_chat("ops", [lark.create_user("Ada"), app])
    async with lark.serve() as url, aiohttp.ClientSession() as session:
        yield Tenant(lark, app, ops, url, session, clock)


async def send(client: LarkClient, tenant: Tenant, uuid: str = "u-1") -> str:
    return await client.send(
        tenant.ops.chat_id, id_type="chat_id", card=CARD, uuid=uuid
    )


async def failure(client: LarkClient, tenant: Tenant) -> TransportError:
    with pytest.raises(TransportError) as raised:
        await send(client, tenant)
    told = f"{raised.value!r} {raised.value.__cause__!r}"
    assert tenant.app.secret not in told
    return raised.value


# What it can do


async def test_a_card_is_sent_and_its_id_returned(tenant):
    message_id = await send(tenant.client(), tenant)

    (message,) = tenant.ops.messages
    assert (message.message_id, message.content, message.uuid) == (
        message_id,
        orjson.loads(CARD),
        "u-1",
    )


async def test_the_same_uuid_makes_one_message(tenant):
    client = tenant.client()

    ids = [await send(client, tenant) for _ in range(3)]

    assert ids == [tenant.ops.messages[0].message_id] * 3
    assert len(tenant.ops.messages) == 1


async def test_a_person_is_reached_by_open_id(tenant):
    ada = tenant.ops.users[0]
    open_id = tenant.app.open_id_of(ada)

    await tenant.client().send(open_id, id_type="open_id", card=CARD, uuid="u-1")

    chat = tenant.lark.tenant.direct_chat(ada, tenant.app)
    assert [message.content for message in chat.messages] == [orjson.loads(CARD)]


async def test_an_answer_hangs_on_the_message_that_it_answers(tenant):
    asked = await tenant.lark.say(tenant.ops, tenant.ops.users[0], "/help")

    message_id = await tenant.client().reply(asked.message_id, card=CARD, uuid="u-1")

    answer = tenant.ops.messages[-1]
    assert (answer.message_id, answer.parent) == (message_id, asked)


async def test_a_card_can_be_replaced(tenant):
    client = tenant.client()
    other = orjson.dumps(notice_card("Bye", [])).decode()

    await client.patch(await send(client, tenant), card=other)

    (message,) = tenant.ops.messages
    assert message.versions == [orjson.loads(CARD), orjson.loads(other)]


async def test_it_knows_who_it_is_and_what_groups_are_called(tenant):
    client = tenant.client()

    assert await client.bot_open_id() == tenant.app.open_id
    assert (await client.chat(tenant.ops.chat_id)).name == "ops"


async def test_an_id_cannot_lead_to_another_address(tenant):
    with pytest.raises(TransportError) as raised:
        await tenant.client().patch("../../bot/v3/info?x=", card=CARD)

    assert (type(raised.value), tenant.asked("patch")) == (TargetGone, {99992354: 1})


# Tokens


async def test_one_token_serves_many_calls(tenant):
    client = tenant.client()

    await asyncio.gather(*(send(client, tenant, f"u-{n}") for n in range(5)))
    await client.bot_open_id()

    assert tenant.asked("token") == {0: 1}


async def test_a_token_that_lark_dropped_is_fetched_again_and_the_call_made_once_more(
    tenant,
):
    client = tenant.client()
    await send(client, tenant)
    tenant.lark.revoke_tokens(tenant.app)

    await send(client, tenant, "u-2")

    assert tenant.asked("token") == {0: 2}
    assert tenant.asked("send") == {0: 2, 99991663: 1}


@pytest.mark.parametrize("code", [99991661, 99991664, 99991665, 99991671])
async def test_every_code_about_the_token_fetches_another(tenant, code):
    client = tenant.client()
    await client.bot_open_id()
    tenant.fail(Kind.CODE, "send", code=code)

    await send(client, tenant)

    assert tenant.asked("send") == {code: 1, 0: 1}


async def test_calls_that_lose_their_token_together_fetch_one(tenant):
    client = tenant.client()
    await send(client, tenant)
    tenant.lark.revoke_tokens(tenant.app)

    await asyncio.gather(*(send(client, tenant, f"v-{n}") for n in range(4)))

    assert tenant.asked("token") == {0: 2}
    assert len(tenant.ops.messages) == 5


async def test_a_late_refusal_of_the_old_token_does_not_cost_the_new_one(tenant):
    client = tenant.client()
    await send(client, tenant)
    tenant.fail(Kind.SLOW, "send", seconds=0.1)
    late = asyncio.create_task(send(client, tenant, "u-2"))
    while tenant.lark.faults.pending:  # noqa: ASYNC110 - until Lark has begun with it
        await asyncio.sleep(0)
    tenant.lark.revoke_tokens(tenant.app)
    await send(client, tenant, "u-3")

    await late

    assert tenant.asked("send") == {0: 3, 99991663: 2}
    assert tenant.asked("token") == {0: 2}


async def test_a_token_that_is_refused_twice_is_tried_again_later(tenant):
    client = tenant.client()
    tenant.fail(Kind.CODE, "send", times=2, code=99991663)

    error = await failure(client, tenant)

    assert (type(error), error.code) == (TransportError, 99991663)
    assert tenant.asked("send") == {99991663: 2}
    await send(client, tenant)
    assert (len(tenant.ops.messages), tenant.asked("token")) == (1, {0: 3})


@pytest.mark.parametrize(("life", "fetches"), [(7200, 3), (3600, 5), (100, 164)])
async def test_a_token_is_replaced_before_it_ends(tenant, life, fetches):
    tenant.lark.switches.token_life = life
    client = tenant.client()

    for _ in range(4 * 3600 // 11):
        tenant.clock.advance(seconds=11)
        await client.bot_open_id()

    assert tenant.asked("bot_info") == {0: 1309}
    assert tenant.asked("token") == {0: fetches}


async def test_a_token_of_no_life_is_fetched_each_time(tenant):
    tenant.lark.switches.token_life = 0
    client = tenant.client()

    error = await failure(client, tenant)

    assert (type(error), tenant.asked("token")) == (TransportError, {0: 2})


@pytest.mark.parametrize("code", [10014, 10015, 10003, 10005, 99991543, 99992402])
async def test_a_refused_app_closes_the_way_and_kills_no_message(tenant, code):
    tenant.fail(Kind.CODE, "token", code=code)

    error = await failure(tenant.client(), tenant)

    assert (type(error), error.code) == (Parked, code)


async def test_a_wrong_secret_closes_the_way(tenant):
    error = await failure(tenant.client(secret="wrong"), tenant)

    assert (type(error), str(error)) == (
        Parked,
        "the app id or its secret is wrong (code 10014)",
    )


@pytest.mark.parametrize(
    "kind", [Kind.BAD_GATEWAY, Kind.RESET_BEFORE, Kind.RESET_AFTER]
)
async def test_without_a_token_it_is_certain_that_nothing_was_sent(tenant, kind):
    tenant.fail(kind, "token")

    error = await failure(tenant.client(), tenant)

    assert type(error) is TransportError


async def test_a_throttle_of_tokens_is_a_throttle(tenant):
    tenant.fail(Kind.CODE, "token", code=99991400)

    assert type(await failure(tenant.client(), tenant)) is Throttled


async def test_those_who_wait_for_a_token_do_not_wait_one_after_the_other(tenant):
    tenant.fail(Kind.SLOW, "token", times=20, seconds=0.6)
    client = tenant.client(timeout=0.4)

    await asyncio.gather(*(failure(client, tenant) for _ in range(20)))

    (still_slow,) = tenant.lark.faults.pending
    assert still_slow.times == 19
    tenant.lark.faults.clear()
    await send(client, tenant)


async def test_whoever_gives_up_waiting_takes_the_token_from_nobody(tenant):
    client = tenant.client()
    first = asyncio.create_task(send(client, tenant, "u-1"))
    second = asyncio.create_task(send(client, tenant, "u-2"))
    await asyncio.sleep(0)  # Both ask for a token; only then is one cancelled.
    first.cancel()

    await second

    assert [message.uuid for message in tenant.ops.messages] == ["u-2"]
    assert tenant.asked("token") == {0: 1}


# What goes wrong


@pytest.mark.parametrize(
    ("kind", "expected", "shown"),
    [
        (Kind.BAD_GATEWAY, Unanswered, 0),
        (Kind.RESET_BEFORE, Unanswered, 0),
        (Kind.RESET_AFTER, Unanswered, 1),
    ],
)
async def test_a_lost_answer_leaves_it_open_and_the_same_uuid_shows_it_once(
    tenant, kind, expected, shown
):
    client = tenant.client()
    tenant.fail(kind, "send")

    assert type(await failure(client, tenant)) is expected
    assert len(tenant.ops.messages) == shown
    await send(client, tenant)

    assert len(tenant.ops.messages) == 1


async def test_an_answer_that_is_too_slow_leaves_it_open(tenant):
    client = tenant.client(timeout=0.05)
    tenant.fail(Kind.SLOW, "send", seconds=0.1)

    assert type(await failure(client, tenant)) is Unanswered


async def test_a_recalled_message_cannot_be_answered(tenant):
    asked = await tenant.lark.say(tenant.ops, tenant.ops.users[0], "/help")
    tenant.lark.recall(asked)

    with pytest.raises(TargetGone):
        await tenant.client().reply(asked.message_id, card=CARD, uuid="u-1")


async def test_a_group_that_the_bot_left_is_closed(tenant):
    await tenant.lark.remove_bot(tenant.ops, tenant.app, tenant.ops.users[0])

    assert type(await failure(tenant.client(), tenant)) is Parked


async def test_lark_says_how_long_the_app_must_wait(tenant):
    client = tenant.client()
    for _ in range(50):
        await client.bot_open_id()

    with pytest.raises(Throttled) as raised:
        await client.bot_open_id()

    assert raised.value.retry_after.total_seconds() == 1


async def test_secrets_do_not_show(tenant):
    client = tenant.client()
    await send(client, tenant)

    shown = f"{client!r} {vars(client)!r}"

    assert tenant.app.secret not in shown
    assert [text for text in tenant.lark.platform.tokens.issued if text in shown] == []


@pytest.mark.parametrize("how", ["app", "sms", "phone"])
async def test_somebody_can_be_buzzed_about_our_own_message(tenant, how):
    tenant.lark.switches.region = "feishu"
    tenant.app.scopes |= {f"im:message.urgent:{how}"}
    client, ada = tenant.client(), tenant.ops.users[0]
    message = await client.send(
        tenant.ops.chat_id, id_type="chat_id", card=CARD, uuid="1"
    )

    await client.buzz(message, tenant.app.open_id_of(ada), how=how)

    (shown,) = tenant.ops.messages
    assert [(each.kind, each.user) for each in shown.urgents] == [(how, ada)]


async def test_who_is_not_in_the_chat_cannot_be_buzzed(tenant):
    client = tenant.client()
    message = await client.send(
        tenant.ops.chat_id, id_type="chat_id", card=CARD, uuid="1"
    )
    bob = tenant.app.open_id_of(tenant.lark.create_user("Bob"))

    with pytest.raises(Refused, match="Lark cannot buzz this person"):
        await client.buzz(message, bob, how="app")


async def test_a_buzz_that_leaves_its_one_person_out_is_none(tenant, aiohttp_server):
    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("internal"):
            token = {"code": 0, "tenant_access_token": "t-x", "expire": 7200}
            return web.json_response(token)
        left_out = {"invalid_user_id_list": ["ou_bob"]}
        return web.json_response({"code": 0, "data": left_out})

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    server = await aiohttp_server(app)
    tenant.url = str(server.make_url("")).rstrip("/")

    with pytest.raises(Refused, match="Lark cannot buzz this person"):
        await tenant.client().buzz("om_1", "ou_bob", how="app")


async def test_lark_knows_no_calls(tenant):
    tenant.app.scopes |= {"im:message.urgent:phone"}
    client = tenant.client()
    message = await client.send(
        tenant.ops.chat_id, id_type="chat_id", card=CARD, uuid="1"
    )
    ada = tenant.app.open_id_of(tenant.ops.users[0])

    with pytest.raises(Parked):
        await client.buzz(message, ada, how="phone")
