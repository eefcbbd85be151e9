"""From a door to a phone: each provider, chosen in the YAML, in a whole process."""

from __future__ import annotations

import asyncio

import orjson

from sandbox import Lark
from sandbox.tencent import Tencent
from tests.bot.app.test_start_and_stop import SOON, Process, Start, start
from tests.bot.doors.hall import NATIVE, SECRETS, WITHOUT_ROBOT, bearer
from tests.bot.phones.posted import GatewayDoor

__all__ = ["start"]

WEI = "+6580000000"
YAML = (
    WITHOUT_ROBOT.replace("chat:oc_1", "group:oncall").replace(
        "to: [group:oncall]", "to: [group:oncall], via: [sms, voice]"
    )
    + """
people:
  - {name: wei, phone: "+65 8000 0000", verified: [phone]}
  - {name: lin, phone: "+65 8000 0001"}
groups: {oncall: [wei, lin]}
"""
)
TENCENT = """
sms:
  provider: tencent
  secret_id: ${TC_ID}
  secret_key: ${TC_KEY}
  app_id: "1400006666"
  template: "1110"
  endpoint: ${TC_URL}
voice:
  provider: tencent
  secret_id: ${TC_ID}
  secret_key: ${TC_KEY}
  app_id: "1400006666"
  template: "1110"
  endpoint: ${TC_URL}
"""
DOOR = """
sms:
  provider: http
  url: ${GATEWAY}
  secret: ${GATEWAY_SECRET}
  success: {field: code, values: ["0"]}
"""


DONE = {"delivered", "undeliverable", "dead"}


async def told(process: Process) -> set[tuple[str, ...]]:
    """Wait until nothing is left to do; return what became of each delivery."""
    async with asyncio.timeout(SOON):
        while True:
            async with process.client.get(
                f"{NATIVE}/n_1", headers=bearer(SECRETS["SCRIPTS"])
            ) as response:
                deliveries = (await response.json())["deliveries"]
            if deliveries and {each["state"] for each in deliveries} <= DONE:
                break
            await asyncio.sleep(0.01)
    return {
        tuple(each[name] for name in ("destination", "channel", "state", "reason"))
        for each in deliveries
        if each["channel"] != "inbox"
    }


UNPROVED = "contact not verified: the code for +65 **** 0001 was not entered yet"


async def test_tencent_cloud_sends_and_calls(start: Start) -> None:
    cloud = Tencent()
    async with cloud.serve() as url:
        keys = {"TC_ID": cloud.secret_id, "TC_KEY": cloud.secret_key, "TC_URL": url}
        async with start(YAML + TENCENT, **keys) as process:
            assert await process.send(severity="critical") == 202
            became = await told(process)

    assert became == {
        ("person:wei", "sms", "delivered", ""),
        ("person:wei", "voice", "delivered", ""),
        ("person:lin", "sms", "undeliverable", UNPROVED),
        ("person:lin", "voice", "undeliverable", UNPROVED),
    }
    said = [(each.number, each.words) for each in cloud.phones.texts]
    spoken = [(each.number, each.words) for each in cloud.phones.calls]
    assert said == [(WEI, "Critical: what-was-said CPU (scripts, Security event) M1")]
    assert spoken == [(WEI, "Critical. what was said CPU. From scripts. Message M 1.")]


async def test_any_gateway_can_send(start: Start) -> None:
    async with GatewayDoor().open() as door:
        with_door = {"GATEWAY": door.url, "GATEWAY_SECRET": "sek-gateway"}
        async with start(YAML + DOOR, **with_door) as process:
            assert await process.send(severity="critical") == 202
            became = await told(process)

    assert became == {
        ("person:wei", "sms", "delivered", ""),
        ("person:wei", "voice", "undeliverable", "voice is not set up here"),
        ("person:lin", "sms", "undeliverable", UNPROVED),
        ("person:lin", "voice", "undeliverable", "voice is not set up here"),
    }
    (posted,) = door.posted
    assert orjson.loads(posted.body) == {
        "to": WEI,
        "text": "Critical: what-was-said CPU (scripts, Security event) M1",
    }


BUZZ = """
sms: {provider: lark}
voice: {provider: lark}
"""


async def test_feishu_buzzes_on_a_direct_message(start: Start) -> None:
    lark = Lark()
    lark.switches.region = "feishu"
    app, ada = lark.create_app("Bell"), lark.create_user("Ada")
    app.scopes |= {"im:message.urgent:sms", "im:message.urgent:phone"}
    async with lark.serve() as url:
        yaml = (
            WITHOUT_ROBOT.replace("http://127.0.0.1:9", f"{url}\n  region: feishu")
            .replace("cli_bell", app.app_id)
            .replace(
                "to: [chat:oc_1]",
                f"to: ['person:{app.open_id_of(ada)}'], via: [dm, sms, voice]",
            )
        )
        async with start(yaml + BUZZ, APP_SECRET=app.secret) as process:
            assert await process.send(severity="critical") == 202
            became = await told(process)

    chat = lark.tenant.direct_chat(ada, app)
    assert chat is not None
    (message,) = chat.messages
    assert sorted(each.kind for each in message.urgents) == ["phone", "sms"]
    assert {(channel, state) for _to, channel, state, _why in became} == {
        ("dm", "delivered"),
        ("sms", "delivered"),
        ("voice", "delivered"),
    }
