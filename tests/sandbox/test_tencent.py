"""The stand-in for Tencent Cloud: what it proves, refuses and sends.

The requests are signed here once more, so that neither the product nor its SDK has a
say in whether the stand-in checks what Tencent Cloud checks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from sandbox.tencent import Asked, Rang, Tencent
from tests.conftest import MONDAY, HandClock

NUMBER = "+6580000000"
SMS: dict[str, Any] = {
    "PhoneNumberSet": [NUMBER],
    "SmsSdkAppId": "1400006666",
    "TemplateId": "1110",
    "TemplateParamSet": ["Disk full"],
    "SessionContext": "i1-7",
}
CALL: dict[str, Any] = {
    "CalledNumber": NUMBER,
    "VoiceSdkAppid": "1400006666",
    "TemplateId": "1110",
    "TemplateParamSet": ["Disk full"],
}
DAY = f"{MONDAY:%Y-%m-%d}"


def sign(key: str, day: str, service: str, stamp: int, host: str, body: bytes) -> str:
    """Sign as the guide of TC3-HMAC-SHA256 says."""
    payload = hashlib.sha256(body).hexdigest()
    request = (
        f"POST\n/\n\ncontent-type:application/json\nhost:{host}\n\n"
        f"content-type;host\n{payload}"
    )
    lines = (
        "TC3-HMAC-SHA256",
        str(stamp),
        f"{day}/{service}/tc3_request",
        hashlib.sha256(request.encode()).hexdigest(),
    )
    secret = b"TC3" + key.encode()
    for word in (day, service, "tc3_request"):
        secret = hmac.new(secret, word.encode(), hashlib.sha256).digest()
    return hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


@dataclass
class Caller:
    cloud: Tencent
    url: str
    session: aiohttp.ClientSession
    clock: HandClock

    async def ask(
        self, action: str = "SendSms", params: Any = None, **wrong: Any
    ) -> dict[str, Any]:
        """Call once, with what is *wrong* about it; return what is in ``Response``."""
        service, version = ("sms", "2021-01-11")
        if action == "SendTtsVoice":
            service, version = ("vms", "2020-09-02")
        service = wrong.get("service", service)
        body = json.dumps(SMS if params is None else params).encode()
        stamp = int(self.clock.now().timestamp()) + wrong.get("late", 0)
        host = self.url.removeprefix("http://")
        key = wrong.get("key", self.cloud.secret_key)
        day = wrong.get("day", DAY)
        signature = sign(key, day, service, stamp, host, body)
        names = wrong.get("signed", "content-type;host")
        who = wrong.get("secret_id", self.cloud.secret_id)
        headers = {
            "Authorization": f"TC3-HMAC-SHA256 Credential={who}/{day}/{service}"
            f"/tc3_request, SignedHeaders={names}, Signature={signature}",
            "Content-Type": "application/json",
            "X-TC-Action": action,
            "X-TC-Version": wrong.get("version", version),
            "X-TC-Timestamp": str(stamp),
            "X-TC-Region": wrong.get("region", "ap-guangzhou"),
            **wrong.get("headers", {}),
        }
        body = wrong.get("body", body)
        async with self.session.post(self.url, data=body, headers=headers) as response:
            assert (response.status, response.headers["Content-Type"]) == (
                200,
                "application/json",
            )
            found: dict[str, Any] = (await response.json())["Response"]
            return found

    async def code(self, *what: Any, **wrong: Any) -> str:
        """Return the code of the error, or of the first number's status."""
        answer = await self.ask(*what, **wrong)
        if "Error" in answer:
            return str(answer["Error"]["Code"])
        return str(answer.get("SendStatusSet", [{"Code": "Ok"}])[0]["Code"])


@pytest.fixture
async def caller(clock: HandClock) -> AsyncIterator[Caller]:
    cloud = Tencent(clock=clock.now)
    async with cloud.serve() as url, aiohttp.ClientSession() as session:
        yield Caller(cloud, url, session, clock)


async def test_a_text_message_is_filled_in_and_sent(caller):
    answer = await caller.ask()

    (status,) = answer["SendStatusSet"]
    assert caller.cloud.phones.texts == [Rang(NUMBER, "Disk full", MONDAY)]
    assert status == {
        "SerialNo": status["SerialNo"],
        "PhoneNumber": NUMBER,
        "Fee": 1,
        "SessionContext": "i1-7",
        "Code": "Ok",
        "Message": "send success",
        "IsoCode": "",
    }
    assert caller.cloud.asked == [
        Asked("sms", "2021-01-11", "SendSms", "ap-guangzhou", "", SMS)
    ]


async def test_a_call_is_filled_in_and_rings(caller):
    answer = await caller.ask("SendTtsVoice", {**CALL, "PlayTimes": 3})

    assert answer["SendStatus"]["SessionContext"] == ""
    assert caller.cloud.phones.calls == [Rang(NUMBER, "Disk full", MONDAY, 3)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"secret_id": "AKIDx"}, "AuthFailure.SecretIdNotFound"),
        ({"key": "x"}, "AuthFailure.SignatureFailure"),
        ({"body": b"{}"}, "AuthFailure.SignatureFailure"),
        ({"day": "2026-01-04"}, "AuthFailure.SignatureFailure"),
        ({"headers": {"Host": "elsewhere"}}, "AuthFailure.SignatureFailure"),
        ({"late": -301}, "AuthFailure.SignatureExpire"),
        ({"late": 301}, "AuthFailure.SignatureExpire"),
        ({"signed": "host"}, "AuthFailure.InvalidAuthorization"),
        (
            {"headers": {"Authorization": "Bearer x"}},
            "AuthFailure.InvalidAuthorization",
        ),
        ({"headers": {"X-TC-Timestamp": "now"}}, "MissingParameter"),
        ({"service": "cvm"}, "NoSuchProduct"),
        ({"version": "2019-07-11"}, "NoSuchVersion"),
        ({"headers": {"X-TC-Action": "SendFax"}}, "InvalidAction"),
        ({"region": ""}, "MissingParameter"),
    ],
)
async def test_a_call_that_is_not_as_it_should_be_is_refused(caller, wrong, code):
    assert (await caller.code(**wrong), caller.cloud.phones.texts) == (code, [])


async def test_the_clock_may_be_off_by_five_minutes(caller):
    assert await caller.code(late=300) == "Ok"


async def test_the_body_is_json(caller):
    assert await caller.code("SendSms", [1]) == "InvalidParameter"


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"PhoneNumberSet": []}, "MissingParameter.EmptyPhoneNumberSet"),
        (
            {"PhoneNumberSet": ["8000"]},
            "InvalidParameterValue.IncorrectPhoneNumber",
        ),
        ({"SmsSdkAppId": "1"}, "UnauthorizedOperation.SmsSdkAppIdVerifyFail"),
        ({"TemplateId": "1"}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        (
            {"TemplateParamSet": ["a", "b"]},
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        ),
        (
            {"TemplateParamSet": [7]},
            "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        ),
        ({"SignName": "Other"}, "FailedOperation.SignatureIncorrectOrUnapproved"),
        (
            {"TemplateParamSet": ["see http://example.com"]},
            "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter",
        ),
        ({"SessionContext": "x" * 512}, "InvalidParameterValue.ContentLengthLimit"),
    ],
)
async def test_a_text_message_that_was_not_approved_is_refused(caller, params, code):
    assert await caller.code("SendSms", {**SMS, **params}) == code
    assert caller.cloud.phones.texts == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"CalledNumber": "8000"}, "InvalidParameterValue.CalledNumberVerifyFail"),
        ({"VoiceSdkAppid": "1"}, "UnauthorizedOperation.VoiceSdkAppidVerifyFail"),
        ({"TemplateId": "1"}, "FailedOperation.TemplateIncorrectOrUnapproved"),
        ({"TemplateParamSet": ["x" * 351]}, "InvalidParameterValue.ContentLengthLimit"),
    ],
)
async def test_a_call_that_was_not_approved_is_refused(caller, params, code):
    assert await caller.code("SendTtsVoice", {**CALL, **params}) == code
    assert caller.cloud.phones.calls == []


async def test_a_call_needs_a_region_too(caller):
    assert await caller.code("SendTtsVoice", CALL, region="") == "MissingParameter"


async def test_a_template_of_the_mainland_takes_its_numbers_alone(caller):
    caller.cloud.phones.mainland.add("1110")

    assert (
        await caller.code()
        == "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"
    )
    mainland = {**SMS, "PhoneNumberSet": ["+8618500000000"]}
    assert await caller.code("SendSms", mainland) == "Ok"


async def test_a_number_gets_one_message_in_half_a_minute_where_that_is_set(
    caller, clock
):
    caller.cloud.phones.one_in_half_a_minute = True
    await caller.ask()

    assert await caller.code() == "LimitExceeded.PhoneNumberThirtySecondLimit"
    clock.advance(seconds=30)
    assert await caller.code() == "Ok"


async def test_what_is_said_of_a_number_can_be_chosen(caller):
    caller.cloud.phones.statuses[NUMBER] = "FailedOperation.PhoneNumberInBlacklist"

    assert await caller.code() == "FailedOperation.PhoneNumberInBlacklist"
    assert (
        await caller.code("SendTtsVoice", CALL)
        == "FailedOperation.PhoneNumberInBlacklist"
    )


async def test_it_refuses_as_often_as_it_is_told(caller):
    caller.cloud.refuse("SendSms", "RequestLimitExceeded", times=2)

    codes = [await caller.code() for _ in range(3)]

    assert codes == ["RequestLimitExceeded", "RequestLimitExceeded", "Ok"]
    assert caller.cloud.phones.texts == [Rang(NUMBER, "Disk full", MONDAY)]
