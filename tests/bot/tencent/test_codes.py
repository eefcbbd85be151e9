"""What Tencent Cloud's refusals mean for a message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.tencent.codes import CODES, verdict


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("AuthFailure.SecretIdNotFound", Parked),
        ("AuthFailure.SignatureFailure", Parked),
        ("UnauthorizedOperation.ServiceSuspendDueToArrears", Parked),
        ("FailedOperation.InsufficientBalanceInSmsPackage", Parked),
        ("FailedOperation.InsufficientBalanceInVoicePackage", Parked),
        ("FailedOperation.TemplateIncorrectOrUnapproved", Parked),
        ("LimitExceeded.AppDailyLimit", Parked),
        ("RequestLimitExceeded", Throttled),
        ("RequestLimitExceeded.UinLimitExceeded", Throttled),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Throttled),
        ("LimitExceeded.PhoneNumberDailyLimit", Refused),
        ("InvalidParameterValue.IncorrectPhoneNumber", Refused),
        ("FailedOperation.SomethingNew", Refused),
        ("InternalError.Timeout", Unanswered),
        ("ServiceUnavailable", TransportError),
        ("SomethingNew", TransportError),
    ],
)
def test_a_code_decides_what_we_do(code, error):
    assert type(verdict(code)) is error


def test_a_limit_says_how_long_to_wait():
    code = "LimitExceeded.PhoneNumberThirtySecondLimit"
    refused = verdict(code)

    assert isinstance(refused, Throttled)
    assert (str(refused), refused.retry_after) == (
        f"this number gets one message in 30 s ({code})",
        timedelta(seconds=30),
    )


def test_what_is_no_code_is_not_shown():
    assert str(verdict("+65 8000 0000 <at id=all>")) == "Tencent Cloud refused (?)"


def test_the_table_is_in_order():
    assert list(CODES) == sorted(CODES)
