"""Text messages and calls by Tencent Cloud: what is asked, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.phones.codes import code_message
from bot.phones.tencent import Approved, Template, TencentCalls, TencentTexts
from bot.secret import Secret
from bot.tencent.client import TencentClient
from sandbox.faults import Fault, Kind
from sandbox.tencent import Rang, Tencent
from tests.bot.phones.posted import DISK, NUMBER, secrets_in, words
from tests.conftest import MONDAY, HandClock

ONE = Approved(template=Template("1110", ["text"]))
CODE = code_message("123456", 10, "en")


@dataclass
class Room:
    cloud: Tencent
    url: str

    def client(self) -> TencentClient:
        return TencentClient(
            secret_id=Secret(self.cloud.secret_id),
            secret_key=Secret(self.cloud.secret_key),
            endpoint=self.url,
            timeout=5,
        )

    def texts(self, **settings: Any) -> TencentTexts:
        return TencentTexts(
            self.client(),
            **{
                "region": "ap-guangzhou",
                "app_id": "1400006666",
                "approved": ONE,
                **settings,
            },
        )

    def calls(self, **settings: Any) -> TencentCalls:
        return TencentCalls(
            self.client(),
            **{
                "region": "ap-guangzhou",
                "app_id": "1400006666",
                "template": Template("1110", ["text"]),
                **settings,
            },
        )

    async def failure(self, carrier: TencentTexts | TencentCalls) -> TransportError:
        with pytest.raises(TransportError) as caught:
            await carrier.carry(NUMBER, DISK, key="i1-7")
        hidden = (self.cloud.secret_id, self.cloud.secret_key, NUMBER)
        assert secrets_in(words(caught.value), *hidden) == []
        return caught.value


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    # The SDK signs by the machine's own clock.
    cloud = Tencent()
    async with cloud.serve() as url:
        cloud.phones.now = HandClock().now
        yield Room(cloud, url)


async def test_a_text_message_fills_the_template(room):
    signed = replace(ONE, sign="Example", sender="Qsms")

    serial = await room.texts(approved=signed).carry(NUMBER, DISK, key="i1-7")

    (asked,) = room.cloud.asked
    assert (bool(serial), room.cloud.phones.texts) == (
        True,
        [Rang(NUMBER, DISK.text, MONDAY)],
    )
    assert asked.params == {
        "PhoneNumberSet": [NUMBER],
        "SmsSdkAppId": "1400006666",
        "TemplateId": "1110",
        "TemplateParamSet": [DISK.text],
        "SignName": "Example",
        "SenderId": "Qsms",
        "SessionContext": "i1-7",
    }


async def test_a_template_is_filled_with_the_parts_that_it_asks_for(room):
    room.cloud.phones.templates["7"] = "{1} on {2}: {3} ({4})"
    template = Template("7", ["severity", "source", "title", "id"])

    await room.texts(approved=Approved(template=template)).carry(
        NUMBER, DISK, key="i1-7"
    )

    (rang,) = room.cloud.phones.texts
    assert rang.words == 'Critical on prometheus: Disk "full" (M7)'


async def test_a_code_goes_by_a_template_of_its_own(room):
    texts = room.texts(approved=replace(ONE, code_template=Template("1111", ["code"])))

    await texts.carry(NUMBER, CODE, key="i1-8")

    (rang,) = room.cloud.phones.texts
    assert rang.words == "123456 is your code."


async def test_a_code_goes_by_the_one_template_where_there_is_one(room):
    await room.texts().carry(NUMBER, CODE, key="i1-8")

    (rang,) = room.cloud.phones.texts
    assert rang.words == "123456 is your Larkbell code, for 10 minutes. Tell nobody."


async def test_the_mainland_has_templates_and_a_signature_of_its_own(room):
    phones = room.cloud.phones
    phones.templates["2210"], phones.signs = "您有告警：{1}", {"示例"}
    phones.mainland.add("2210")
    home = Approved(template=Template("2210", ["text"]), sign="示例")
    texts = room.texts(mainland=home)

    for number in (NUMBER, "+8618500000000"):
        await texts.carry(number, DISK, key="i1-7")

    assert [(each.number, each.words) for each in phones.texts] == [
        (NUMBER, DISK.text),
        ("+8618500000000", f"您有告警：{DISK.text}"),
    ]


async def test_a_call_says_it_as_often_as_it_should(room):
    call = await room.calls(plays=3).carry(NUMBER, DISK, key="i1-7")

    (asked,) = room.cloud.asked
    assert (bool(call), asked.service, asked.action) == (True, "vms", "SendTtsVoice")
    assert room.cloud.phones.calls == [Rang(NUMBER, DISK.text, MONDAY, 3)]


async def test_a_code_is_not_told_by_a_call(room):
    with pytest.raises(Refused):
        await room.calls().carry(NUMBER, CODE, key="i1-8")

    assert room.cloud.asked == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", Refused),
        ("LimitExceeded.PhoneNumberDailyLimit", Refused),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Throttled),
        ("FailedOperation.InsufficientBalanceInSmsPackage", Parked),
        ("InternalError.OtherError", Unanswered),
    ],
)
async def test_the_verdict_on_the_number_decides(room, code, error):
    room.cloud.phones.statuses[NUMBER] = code

    assert type(await room.failure(room.texts())) is error


@pytest.mark.parametrize("kind", ["texts", "calls"])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AuthFailure.SecretIdNotFound", Parked),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", Parked),
        ("FailedOperation.TemplateIncorrectOrUnapproved", Parked),
        ("LimitExceeded.DeliveryFrequencyLimit", Throttled),
        ("RequestLimitExceeded", Throttled),
        ("InternalError.Timeout", Unanswered),
    ],
)
async def test_a_refusal_of_the_call_decides(room, kind, code, error):
    carrier = room.texts() if kind == "texts" else room.calls()
    action = "SendSms" if kind == "texts" else "SendTtsVoice"
    room.cloud.refuse(action, code)

    assert type(await room.failure(carrier)) is error


@pytest.mark.parametrize("answer", [{}, {"SendStatusSet": []}, {"SendStatusSet": [3]}])
async def test_an_answer_without_a_verdict_leaves_it_open(room, answer):
    room.cloud.offer("sms", "2021-01-11", "SendSms", lambda asked: answer)

    assert type(await room.failure(room.texts())) is Unanswered


async def test_an_answer_without_a_call_leaves_it_open(room):
    room.cloud.offer("vms", "2020-09-02", "SendTtsVoice", lambda asked: {})

    assert type(await room.failure(room.calls())) is Unanswered


async def test_a_lost_answer_leaves_it_open(room):
    room.cloud.faults.add(Fault(Kind.RESET_AFTER, "SendSms", 1))

    assert type(await room.failure(room.texts())) is Unanswered
    assert len(room.cloud.phones.texts) == 1
