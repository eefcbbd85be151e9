"""One signed call of Tencent Cloud's API: what comes back, and what does not."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.errors import Parked, Refused, TransportError, Unanswered
from bot.secret import Secret
from bot.tencent.client import Action, CloudRefused, TencentClient
from sandbox.faults import Fault, Kind
from sandbox.tencent import Asked, Tencent

COST = Action("billing", "2018-07-09", "DescribeCost")


@dataclass
class Bureau:
    cloud: Tencent
    url: str

    def client(self, **settings: Any) -> TencentClient:
        return TencentClient(
            **{
                "secret_id": Secret(self.cloud.secret_id),
                "secret_key": Secret(self.cloud.secret_key),
                "endpoint": self.url,
                "timeout": 5.0,
                **settings,
            }
        )

    async def failure(self, **settings: Any) -> Exception:
        with pytest.raises((TransportError, CloudRefused)) as caught:
            await self.client(**settings).call(COST, {"Month": "2026-01"})
        assert self.cloud.secret_key not in repr(caught.value) + str(caught.value)
        return caught.value


@pytest.fixture
async def bureau() -> AsyncIterator[Bureau]:
    cloud = Tencent()
    cloud.offer("billing", "2018-07-09", "DescribeCost", cost)
    async with cloud.serve() as url:
        yield Bureau(cloud, url)


def cost(asked: Asked) -> dict[str, Any]:
    return {"Total": 12.340000001, "Lines": [{"Cost": "0.10"}, {"Cost": 3}]}


async def test_an_answer_is_what_stands_in_it_to_the_last_decimal(bureau):
    params = {"Month": "2026-01", "名": "账单"}

    answer = await bureau.client().call(
        COST, params, region="ap-singapore", language="zh-CN"
    )

    assert answer == {
        "Total": Decimal("12.340000001"),
        "Lines": [{"Cost": "0.10"}, {"Cost": 3}],
        "RequestId": answer["RequestId"],
    }
    assert bureau.cloud.asked == [
        Asked(
            "billing",
            "2018-07-09",
            "DescribeCost",
            "ap-singapore",
            "zh-CN",
            params,
        )
    ]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "text/html"]
)
async def test_an_error_is_read_from_the_body_whatever_its_type(bureau, content_type):
    bureau.cloud.content_type = content_type
    bureau.cloud.refuse("DescribeCost", "FailedOperation.SummaryDataNotReady")

    refused = await bureau.failure()

    assert isinstance(refused, CloudRefused)
    assert (refused.code, bool(refused.request)) == (
        "FailedOperation.SummaryDataNotReady",
        True,
    )
    assert (await bureau.client().call(COST, {}))["Total"] == Decimal("12.340000001")


async def test_a_wrong_key_is_told_by_the_other_side(bureau):
    codes = []
    for wrong in ({"secret_id": Secret("AKIDx")}, {"secret_key": Secret("x")}):
        refused = await bureau.failure(**wrong)
        assert isinstance(refused, CloudRefused)
        codes.append(refused.code)

    assert codes == ["AuthFailure.SecretIdNotFound", "AuthFailure.SignatureFailure"]


async def test_a_key_that_is_none_sends_nothing(bureau):
    failure = await bureau.failure(secret_id=Secret(" "))

    assert (type(failure), str(failure), bureau.cloud.asked) == (
        Parked,
        "the API key of Tencent Cloud is none that can sign",
        [],
    )


async def test_nobody_there_took_nothing(bureau, unused_tcp_port):
    failure = await bureau.failure(endpoint=f"http://127.0.0.1:{unused_tcp_port}")

    assert (type(failure), str(failure)) == (
        TransportError,
        "could not reach Tencent Cloud: ConnectionError",
    )


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(Kind.RESET_AFTER, times=1), "did not answer: ConnectionError"),
        (Fault(Kind.RESET_BEFORE, times=1), "did not answer: ConnectionError"),
        (Fault(Kind.BAD_GATEWAY, times=1), "answered HTTP 502"),
    ],
)
async def test_a_lost_answer_leaves_it_open(bureau, fault, words):
    bureau.cloud.faults.add(fault)

    failure = await bureau.failure()

    assert (type(failure), str(failure)) == (Unanswered, f"Tencent Cloud {words}")


async def test_it_waits_no_longer_than_it_may(bureau):
    bureau.cloud.faults.add(Fault(Kind.SLOW, times=1, seconds=0.6))

    failure = await bureau.failure(timeout=0.2)

    assert type(failure) is Unanswered


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"", Unanswered),
        (200, b"[]", Unanswered),
        (200, b'{"Response": null}', Unanswered),
        (200, b'{"Response": {"Error": "no"}}', TransportError),
        (500, b'{"Response": {"Total": 1}}', Unanswered),
        (500, b'{"Response": {"Error": {"Code": "InternalError"}}}', CloudRefused),
    ],
)
async def test_nonsense_is_no_answer(bureau, status, body, error):
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, content_type="application/json")

    app = web.Application()
    app.router.add_post("/", answer)
    async with TestServer(app) as server:
        failure = await bureau.failure(endpoint=str(server.make_url("")).rstrip("/"))

    assert type(failure) is error


async def test_a_redirect_is_not_followed(bureau):
    async def answer(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(bureau.url)

    app = web.Application()
    app.router.add_post("/", answer)
    async with TestServer(app) as server:
        failure = await bureau.failure(endpoint=str(server.make_url("")).rstrip("/"))

    assert (str(failure), bureau.cloud.asked) == (
        "Tencent Cloud answered HTTP 307",
        [],
    )


async def test_neither_a_log_nor_a_repr_shows_the_key_or_what_was_asked(bureau, caplog):
    with caplog.at_level(logging.DEBUG):
        client = bureau.client()
        await client.call(COST, {"Number": "+6580000000"})
        await bureau.failure(secret_key=Secret("another"))

    seen = caplog.text + repr(client)
    assert [
        each
        for each in (bureau.cloud.secret_id, bureau.cloud.secret_key, "+6580000000")
        if each in seen
    ] == []


async def test_what_was_closed_asks_nothing_more(bureau):
    client = bureau.client()
    client.close()

    with pytest.raises(RuntimeError):
        await client.call(COST, {})


@pytest.mark.parametrize(
    ("site", "host"),
    [("intl", "sms.intl.tencentcloudapi.com"), ("domestic", "sms.tencentcloudapi.com")],
)
def test_each_site_has_hosts_of_its_own(bureau, site, host):
    assert bureau.client(site=site, endpoint=None)._host("sms") == host


def test_a_refusal_of_the_cloud_is_no_failure_of_transport():
    assert not issubclass(CloudRefused, TransportError | Refused)
