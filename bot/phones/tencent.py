"""Text messages and calls by Tencent Cloud: approved templates, filled with our words.

Neither has a key that keeps it from doubling: ``SessionContext`` only comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.bodies import maybe_list, maybe_object, maybe_text
from bot.errors import Refused, Unanswered
from bot.phones.said import Said
from bot.tencent.client import Action, CloudRefused, TencentClient
from bot.tencent.codes import verdict
from store.values import Json
from store.wording import _

SEND_SMS = Action("sms", "2021-01-11", "SendSms")
#: Only the Chinese site has it.
SEND_TTS_VOICE = Action("vms", "2020-09-02", "SendTtsVoice")

MAINLAND = "+86"


@dataclass(frozen=True, slots=True)
class Template:
    """An approved template, and which parts of a message fill its ``{1}``, ``{2}``…"""

    id: str
    parameters: Sequence[str]

    def filled(self, said: Said) -> Json:
        """Return it as a call names it."""
        parts = [said.parts[name] for name in self.parameters]
        return {"TemplateId": self.id, "TemplateParamSet": parts}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What the console approved for the numbers of some countries."""

    template: Template
    code_template: Template | None = None
    sign: str | None = None
    sender: str | None = None

    def filled(self, said: Said) -> Json:
        """Return it as a call names it, filled with *said*."""
        template = (self.code_template if said.code else None) or self.template
        names = {"SignName": self.sign, "SenderId": self.sender}
        return {
            **{name: value for name, value in names.items() if value},
            **template.filled(said),
        }


class TencentTexts:
    """Text messages. The verdict on each number stands in the answer.

    The Chinese mainland takes no templates of other countries, nor they its own.
    """

    def __init__(
        self,
        client: TencentClient,
        *,
        region: str,
        app_id: str,
        approved: Approved,
        mainland: Approved | None = None,
    ) -> None:
        self._client = client
        self._region = region
        self._app_id = app_id
        self._approved = approved
        self._mainland = mainland or approved

    async def carry(self, number: str, said: Said, *, key: str) -> str:
        """Send once; return the message's serial number there."""
        at_home = number.startswith(MAINLAND)
        approved = self._mainland if at_home else self._approved
        params: Json = {
            "PhoneNumberSet": [number],
            "SmsSdkAppId": self._app_id,
            "SessionContext": key,
            **approved.filled(said),
        }
        answer = await _ask(self._client, SEND_SMS, params, self._region)
        told = maybe_list(answer, "SendStatusSet")
        status: Any = told[0] if told else None
        code = maybe_text(status, "Code") if isinstance(status, dict) else None
        if not code:
            raise Unanswered(_("Tencent Cloud did not say whether it sent it"))
        if code.lower() != "ok":
            raise verdict(code)
        return maybe_text(status, "SerialNo") or ""


class TencentCalls:
    """Calls that a machine makes and reads to."""

    def __init__(
        self,
        client: TencentClient,
        *,
        region: str,
        app_id: str,
        template: Template,
        plays: int = 2,
    ) -> None:
        self._client = client
        self._region = region
        self._template = template
        self._ours: Json = {"VoiceSdkAppid": app_id, "PlayTimes": plays}

    async def carry(self, number: str, said: Said, *, key: str) -> str:
        """Let it ring once; return the call's id there. Who answered, nobody says."""
        if said.code:
            raise Refused(_("a code is not told by a call"))
        params: Json = {
            "CalledNumber": number,
            "SessionContext": key,
            **self._ours,
            **self._template.filled(said),
        }
        answer = await _ask(self._client, SEND_TTS_VOICE, params, self._region)
        call = maybe_text(maybe_object(answer, "SendStatus"), "CallId")
        if not call:
            raise Unanswered(_("Tencent Cloud did not say whether it called"))
        return call


async def _ask(
    client: TencentClient, action: Action, params: Json, region: str
) -> Json:
    try:
        return await client.call(action, params, region=region)
    except CloudRefused as exc:
        raise verdict(exc.code) from None
