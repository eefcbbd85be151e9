"""A stand-in for Tencent Cloud's API on loopback: signed calls, errors in the body.

::

    cloud = Tencent()
    async with cloud.serve() as url:
        ...
        print(cloud.phones.texts)

It knows text messages and voice notices (``sandbox.tencent.phones``); ``offer`` adds
another action. What goes wrong on the way is asked of ``faults``, by the name of an
action; what Tencent Cloud itself refuses, of ``refuse``.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Mapping

from aiohttp import web

from sandbox import faults
from sandbox.clock import Clock, read, real_clock
from sandbox.faults import Faults
from sandbox.refusal import Json
from sandbox.serving import listening
from sandbox.tencent import phones, tc3
from sandbox.tencent.calls import Asked, Refused

Answer = Callable[[Asked], Json]


class Tencent:
    """One account of Tencent Cloud. Everything that was asked is in ``asked``."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or real_clock
        self.secret_id = f"AKID{secrets.token_hex(16)}"
        self.secret_key = secrets.token_hex(16)
        self.keys = {self.secret_id: self.secret_key}
        self.asked: list[Asked] = []
        self.faults = Faults()
        #: The real one says no more, and SDKs that compare it see no other error.
        self.content_type = "application/json"
        self._refusals: dict[str, list[str]] = {}
        self._answers: dict[tuple[str, str, str], Answer] = {}
        self.phones = phones.Phones(now=lambda: read(self._clock))
        self.offer("sms", "2021-01-11", "SendSms", self.phones.send_sms)
        self.offer("vms", "2020-09-02", "SendTtsVoice", self.phones.send_tts_voice)

    def offer(self, service: str, version: str, action: str, answer: Answer) -> None:
        """Let *answer* be what an action does: the inside of ``Response``.

        It raises ``Refused`` for an error.
        """
        self._answers[service, version, action] = answer

    def refuse(self, action: str, code: str, *, times: int = 1) -> None:
        """Let the next calls of *action* end in an error."""
        self._refusals.setdefault(action, []).extend([code] * times)

    @contextlib.asynccontextmanager
    async def serve(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Listen on loopback; yield the address."""
        app = web.Application()
        app.router.add_post("/", self._post)
        async with listening(app, host, port) as url:
            yield url

    async def _post(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take(request.headers.get("X-TC-Action", ""))
        if (broken := await faults.before(fault, request)) is not None:
            return broken
        body = await request.read()
        number = secrets.token_hex(8)
        try:
            found = self._answer(request.headers, body)
        except Refused as exc:
            found = {"Error": {"Code": exc.code, "Message": exc.message}}
        faults.after(fault, request)
        answer = json.dumps({"Response": {**found, "RequestId": number}})
        return web.Response(
            body=answer.encode(), headers={"Content-Type": self.content_type}
        )

    def _answer(self, headers: Mapping[str, str], body: bytes) -> Json:
        try:
            signed = tc3.check(headers, body, self.keys, now=read(self._clock))
        except tc3.BadSignature as exc:
            raise Refused(str(exc)) from None
        asked = Asked(
            service=signed.service,
            version=headers.get("X-TC-Version", ""),
            action=headers.get("X-TC-Action", ""),
            region=headers.get("X-TC-Region", ""),
            language=headers.get("X-TC-Language", ""),
            params=_params(headers, body),
        )
        self.asked.append(asked)
        if waiting := self._refusals.get(asked.action):
            raise Refused(waiting.pop(0))
        answer = self._answers.get((asked.service, asked.version, asked.action))
        if answer is None:
            raise Refused(self._unknown(asked))
        return answer(asked)

    def _unknown(self, asked: Asked) -> str:
        if all(service != asked.service for service, _, _ in self._answers):
            return "NoSuchProduct"
        known = {version for _, version, name in self._answers if name == asked.action}
        return "NoSuchVersion" if known else "InvalidAction"


def _params(headers: Mapping[str, str], body: bytes) -> Json:
    if headers.get("Content-Type") != "application/json":
        raise Refused("InvalidParameter", "the body should be application/json")
    try:
        params = json.loads(body)
    except ValueError:
        params = None
    if not isinstance(params, dict):
        raise Refused("InvalidParameter", "the body should be a JSON object")
    return params
