"""Tencent Cloud's text messages and voice notices, and the phones they ring on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.refusal import Json
from sandbox.tencent.calls import Asked, Refused

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_HOLE = re.compile(r"\{(\d+)\}")
#: A text message says one thing to a number in so long a time.
_HALF_MINUTE = timedelta(seconds=30)
_LONGEST_SPEECH = 350


@dataclass(frozen=True, slots=True)
class Rang:
    """What arrived on a phone: its number, the words, and when."""

    number: str
    words: str
    at: datetime
    times: int = 1


@dataclass(slots=True)
class Phones:
    """What was approved in the console, and what was sent.

    ``templates`` are texts with ``{1}``; one for the mainland takes only its numbers.
    ``statuses`` is what is said of a number in place of ``Ok``.
    """

    now: Callable[[], datetime]
    app_id: str = "1400006666"
    signs: set[str] = field(default_factory=lambda: {"Example"})
    templates: dict[str, str] = field(
        default_factory=lambda: {"1110": "{1}", "1111": "{1} is your code."}
    )
    mainland: set[str] = field(default_factory=set)
    statuses: dict[str, str] = field(default_factory=dict)
    one_in_half_a_minute: bool = False
    texts: list[Rang] = field(default_factory=list)
    calls: list[Rang] = field(default_factory=list)

    def send_sms(self, asked: Asked) -> Json:
        """Send one text to each number: a status each, whatever became of it."""
        params = asked.params
        numbers = params.get("PhoneNumberSet")
        if not asked.region:
            raise Refused("MissingParameter", "Region is missing")
        if not isinstance(numbers, list) or not numbers:
            raise Refused("MissingParameter.EmptyPhoneNumberSet")
        if params.get("SmsSdkAppId") != self.app_id:
            raise Refused("UnauthorizedOperation.SmsSdkAppIdVerifyFail")
        if len(str(params.get("SessionContext", "")).encode()) >= 512:
            raise Refused("InvalidParameterValue.ContentLengthLimit")
        told = [self._text(str(number), params) for number in numbers]
        return {"SendStatusSet": told}

    def send_tts_voice(self, asked: Asked) -> Json:
        """Call one number, and say what the template makes of it."""
        params = asked.params
        number = str(params.get("CalledNumber", ""))
        words = self._filled(params)
        if not asked.region:
            raise Refused("MissingParameter", "Region is missing")
        if params.get("VoiceSdkAppid") != self.app_id:
            raise Refused("UnauthorizedOperation.VoiceSdkAppidVerifyFail")
        if not _E164.fullmatch(number):
            raise Refused("InvalidParameterValue.CalledNumberVerifyFail")
        if words is None:
            raise Refused("FailedOperation.TemplateIncorrectOrUnapproved")
        if len(words) > _LONGEST_SPEECH:
            raise Refused("InvalidParameterValue.ContentLengthLimit")
        if number in self.statuses:
            raise Refused(self.statuses[number])
        self.calls.append(Rang(number, words, self.now(), params.get("PlayTimes", 2)))
        status = {"CallId": secrets.token_hex(8), **_session(params)}
        return {"SendStatus": status}

    def _text(self, number: str, params: Mapping[str, Any]) -> Json:
        words = self._filled(params)
        code = self._verdict(number, params, words)
        if code == "Ok":
            self.texts.append(Rang(number, words or "", self.now()))
        return {
            "SerialNo": secrets.token_hex(8) if code == "Ok" else "",
            "PhoneNumber": number,
            "Fee": int(code == "Ok"),
            "Code": code,
            "Message": "send success" if code == "Ok" else code,
            "IsoCode": "",
            **_session(params),
        }

    def _verdict(
        self, number: str, params: Mapping[str, Any], words: str | None
    ) -> str:
        template = str(params.get("TemplateId", ""))
        last = max(
            (each.at for each in self.texts if each.number == number), default=None
        )
        if not _E164.fullmatch(number):
            return "InvalidParameterValue.IncorrectPhoneNumber"
        if number in self.statuses:
            return self.statuses[number]
        if template not in self.templates:
            return "FailedOperation.TemplateIncorrectOrUnapproved"
        if (template in self.mainland) != number.startswith("+86") and self.mainland:
            return "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone"
        if words is None:
            return "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
        if params.get("SignName") and params["SignName"] not in self.signs:
            return "FailedOperation.SignatureIncorrectOrUnapproved"
        if re.search(r"https?://|www\.", " ".join(params.get("TemplateParamSet", []))):
            return "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter"
        if self.one_in_half_a_minute and last and self.now() - last < _HALF_MINUTE:
            return "LimitExceeded.PhoneNumberThirtySecondLimit"
        return "Ok"

    def _filled(self, params: Mapping[str, Any]) -> str | None:
        """Return the template with its values, or ``None`` where they do not fit."""
        template = self.templates.get(str(params.get("TemplateId", "")))
        values = params.get("TemplateParamSet", [])
        if template is None or not all(isinstance(each, str) for each in values):
            return None
        holes = {int(hole) for hole in _HOLE.findall(template)}
        if holes != set(range(1, len(values) + 1)):
            return None
        return _HOLE.sub(lambda hole: values[int(hole[1]) - 1], template)


def _session(params: Mapping[str, Any]) -> Json:
    return {"SessionContext": str(params.get("SessionContext", ""))}
