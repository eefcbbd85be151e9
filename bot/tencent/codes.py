"""What Tencent Cloud's refusals mean for a message that it was to send.

Codes are the documented ones of the platform, of text messages (sms 2021-01-11) and of
voice notices (vms 2020-09-02). Of a code that is not here its family decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from store.wording import _


class Treatment(StrEnum):
    """What we do about a code."""

    #: Nothing was sent; the same again, later.
    AGAIN = "again"
    #: Perhaps it was sent.
    DOUBT = "doubt"
    WAIT = "wait"
    PARK = "park"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code in words: what is wrong, and what to do about it."""

    treatment: Treatment
    words: str
    wait: timedelta = timedelta(seconds=5)
    #: Whether only the one number is asked to wait.
    alone: bool = False


_T = Treatment

# The account, and what was approved for it: nothing goes out until somebody acts.
_KEY = Meaning(
    _T.PARK,
    _("Tencent Cloud does not take our API key: check secret_id and secret_key"),
)
_RIGHTS = Meaning(
    _T.PARK, _("the API key may not send messages: give it that right in CAM")
)
_CLOCK = Meaning(_T.PARK, _("our clock is off: set this machine's time"))
_ADDRESS = Meaning(
    _T.PARK, _("Tencent Cloud does not let this machine's address in: see its console")
)
_UNPAID = Meaning(_T.PARK, _("the Tencent Cloud account is in arrears: pay it"))
_USED_UP = Meaning(_T.PARK, _("the package of messages is used up: buy another"))
_APP = Meaning(_T.PARK, _("app_id is not an app of this account: see its console"))
_APP_OFF = Meaning(_T.PARK, _("the app is switched off in Tencent Cloud's console"))
_TEMPLATE = Meaning(
    _T.PARK,
    _("the template is not approved, or takes other parameters: see its console"),
)
_SIGN = Meaning(_T.PARK, _("the signature is not approved: see its console"))
_REGION = Meaning(_T.PARK, _("Tencent Cloud does not send from this region"))
_NO_SERVICE = Meaning(_T.PARK, _("Tencent Cloud has no such service on this site"))
_NO_CALLER = Meaning(
    _T.PARK, _("the account has no number to call from, or it has expired")
)
_DAY = Meaning(
    _T.PARK, _("the account has sent all that it may today: raise its limit")
)
# The message, and whom it is for: this one will never go out.
_NUMBER = Meaning(_T.REFUSE, _("the phone number is not one that can be reached"))
_OPTED_OUT = Meaning(_T.REFUSE, _("this number was opted out of our messages"))
_COUNTRY = Meaning(
    _T.REFUSE, _("the template or the account is not for this number's country")
)
_WORDS = Meaning(_T.REFUSE, _("Tencent Cloud does not let these words through"))
_LONG = Meaning(_T.REFUSE, _("the message is too long for its template"))
_OURS = Meaning(_T.REFUSE, _("Tencent Cloud found a mistake in the call"))
_NOT_SENT = Meaning(_T.REFUSE, _("Tencent Cloud could not send it"))
_ENOUGH = Meaning(
    _T.REFUSE, _("this number has had all that it may get for now: raise its limit")
)
# How often.
_RATE = Meaning(_T.WAIT, _("Tencent Cloud limits how often we may send"))
_HALF_MINUTE = Meaning(
    _T.WAIT,
    _("this number gets one message in 30 s"),
    timedelta(seconds=30),
    alone=True,
)
_OFTEN = Meaning(
    _T.WAIT,
    _("this number gets too many messages"),
    timedelta(seconds=60),
    alone=True,
)
_LIMIT = Meaning(_T.WAIT, _("a limit is reached"), timedelta(minutes=5))
_AWAY = Meaning(_T.AGAIN, _("Tencent Cloud is not available"))
_FAULT = Meaning(_T.DOUBT, _("Tencent Cloud had a fault of its own"))
_UNKNOWN = Meaning(_T.AGAIN, _("Tencent Cloud refused"))

#: A code, or the family that its first words name → what it means.
CODES: Mapping[str, Meaning] = {
    "ActionOffline": _NO_SERVICE,
    "AuthFailure": _KEY,
    "AuthFailure.SignatureExpire": _CLOCK,
    "AuthFailure.UnauthorizedOperation": _RIGHTS,
    "FailedOperation": _NOT_SENT,
    "FailedOperation.ContainSensitiveWord": _WORDS,
    "FailedOperation.InsufficientBalanceInSmsPackage": _USED_UP,
    "FailedOperation.InsufficientBalanceInVoicePackage": _USED_UP,
    "FailedOperation.MissingSignature": _SIGN,
    "FailedOperation.PhoneNumberInBlacklist": _OPTED_OUT,
    "FailedOperation.PhoneNumberParseFail": _NUMBER,
    "FailedOperation.PhonenumberUnappliedOrExpired": _NO_CALLER,
    "FailedOperation.SignatureIncorrectOrUnapproved": _SIGN,
    "FailedOperation.TemplateIdNotExist": _TEMPLATE,
    "FailedOperation.TemplateIncorrectOrUnapproved": _TEMPLATE,
    "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": _TEMPLATE,
    "FailedOperation.TemplateUnapprovedOrNotExist": _TEMPLATE,
    "InternalError": _FAULT,
    "InternalError.RequestTimeException": _CLOCK,
    "InternalError.RestApiInterfaceNotExist": _NO_SERVICE,
    "InternalError.SigFieldMissing": _KEY,
    "InternalError.SigVerificationFail": _KEY,
    "InvalidAction": _NO_SERVICE,
    "InvalidParameter": _OURS,
    "InvalidParameter.AppidAndBizId": _APP,
    "InvalidParameter.DirtyWordFound": _WORDS,
    "InvalidParameterValue": _OURS,
    "InvalidParameterValue.CalledNumberVerifyFail": _NUMBER,
    "InvalidParameterValue.ContentLengthLimit": _LONG,
    "InvalidParameterValue.IncorrectPhoneNumber": _NUMBER,
    "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": _WORDS,
    "InvalidParameterValue.SdkAppIdNotExist": _APP,
    "InvalidParameterValue.SdkAppidNotExist": _APP,
    "InvalidParameterValue.TemplateParameterFormatError": _TEMPLATE,
    "InvalidParameterValue.TemplateParameterLengthLimit": _LONG,
    "IpInBlacklist": _ADDRESS,
    "IpNotInWhitelist": _ADDRESS,
    "LimitExceeded": _LIMIT,
    "LimitExceeded.AppCountryOrRegionDailyLimit": _DAY,
    "LimitExceeded.AppCountryOrRegionInBlacklist": _COUNTRY,
    "LimitExceeded.AppDailyLimit": _DAY,
    "LimitExceeded.AppGlobalDailyLimit": _DAY,
    "LimitExceeded.AppMainlandChinaDailyLimit": _DAY,
    "LimitExceeded.DailyLimit": _DAY,
    "LimitExceeded.DeliveryFrequencyLimit": _OFTEN,
    "LimitExceeded.PhoneNumberDailyLimit": _ENOUGH,
    "LimitExceeded.PhoneNumberOneHourLimit": _ENOUGH,
    "LimitExceeded.PhoneNumberSameContentDailyLimit": _ENOUGH,
    "LimitExceeded.PhoneNumberThirtySecondLimit": _HALF_MINUTE,
    "MissingParameter": _OURS,
    "NoSuchProduct": _NO_SERVICE,
    "NoSuchVersion": _NO_SERVICE,
    "RequestLimitExceeded": _RATE,
    "ResourceUnavailable": _AWAY,
    "ServiceUnavailable": _AWAY,
    "UnauthorizedOperation": _RIGHTS,
    "UnauthorizedOperation.RequestIpNotInWhitelist": _ADDRESS,
    "UnauthorizedOperation.SdkAppIdIsDisabled": _APP_OFF,
    "UnauthorizedOperation.SdkAppidIsDisabled": _APP_OFF,
    "UnauthorizedOperation.ServiceSuspendDueToArrears": _UNPAID,
    "UnauthorizedOperation.SmsSdkAppIdVerifyFail": _APP,
    "UnauthorizedOperation.VoiceSdkAppidVerifyFail": _APP,
    "UnsupportedOperation": _NOT_SENT,
    "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone": _COUNTRY,
    "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber": _COUNTRY,
    "UnsupportedOperation.GlobalTemplateToChineseMainlandPhone": _COUNTRY,
    "UnsupportedOperation.UnsupportedRegion": _REGION,
    "UnsupportedRegion": _REGION,
}


def verdict(code: str) -> TransportError:
    """Return what to do about a refusal, in words that hold nothing of the call."""
    found = CODES.get(code) or CODES.get(code.partition(".")[0]) or _UNKNOWN
    # Codes are words of theirs; whatever else stands there is not shown.
    shown = code[:80] if code.replace(".", "").isalnum() else "?"
    text = _("{words} ({code})", words=found.words, code=shown)
    match found.treatment:
        case Treatment.WAIT:
            return Throttled(text, retry_after=found.wait, alone=found.alone)
        case Treatment.PARK:
            return Parked(text)
        case Treatment.REFUSE:
            return Refused(text)
        case Treatment.DOUBT:
            return Unanswered(text)
        case _:
            return TransportError(text)
