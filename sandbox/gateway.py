"""What every call passes before its operation: token, scope, rate, quota, faults."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from aiohttp import web

from sandbox import faults
from sandbox.api import OPERATIONS, Call, Operation, token
from sandbox.platform import Platform
from sandbox.refusal import Json, Refusal
from sandbox.state import App

TOKEN = "token"  # noqa: S105 - the name of an operation
#: Methods whose body is read.
CARRYING = ("POST", "PATCH", "PUT")
TOKEN_PATH = "/open-apis/auth/v3/tenant_access_token/internal"  # noqa: S105


class Gateway:
    """The way in to the API."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Open every operation, and refuse everything else as Lark does."""
        router.add_post(TOKEN_PATH, self._token)
        for operation in OPERATIONS:
            router.add_route(operation.method, operation.path, self._door(operation))
        router.add_route("*", "/open-apis/{rest:.*}", self._unknown)

    def _door(self, operation: Operation) -> Any:
        async def door(request: web.Request) -> web.StreamResponse:
            raw = await request.read()

            def work() -> Json:
                if operation.region not in ("", self._platform.switches.region):
                    raise Refusal(99991201, status=404)
                return self._perform(operation, request, raw)

            return await self._answer(operation.name, request, work)

        return door

    async def _token(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        return await self._answer(
            TOKEN, request, lambda: token.issue(self._platform, parse_body(raw))
        )

    async def _unknown(self, request: web.Request) -> web.StreamResponse:
        known = [TOKEN_PATH, *(operation.path for operation in OPERATIONS)]
        patterns = [re.sub(r"\{\w+\}", "[^/]+", path) for path in known]
        exists = any(re.fullmatch(path, request.path) for path in patterns)

        def work() -> Json:
            raise Refusal(99991301 if exists else 99991201, status=404)

        return await self._answer("unknown", request, work)

    async def _answer(
        self, name: str, request: web.Request, work: Any
    ) -> web.StreamResponse:
        """Do the *work* unless a fault prevents it, and tell what came of it."""
        fault = self._platform.faults.take(name)
        prevented = await faults.before(fault, request)
        if prevented is not None:
            return prevented
        log_id = secrets.token_hex(16).upper()
        headers = {"X-Tt-Logid": log_id}
        status = 200
        try:
            if fault is not None and fault.kind is faults.Kind.CODE:
                raise fault.refusal(status=400)
            body = work()
        except Refusal as refusal:
            body = refusal.body(log_id=log_id)
            status = refusal.status
            headers.update(refusal.headers)
        self._platform.count(name, body["code"])
        faults.after(fault, request)
        return web.json_response(body, status=status, headers=headers)

    def _perform(self, operation: Operation, request: web.Request, raw: bytes) -> Json:
        now = self._platform.now()
        app = self._caller(request)
        self._check_scope(app, operation)
        self._platform.limits.gateway(app.app_id, operation.name, now=now)
        if operation.billed:
            self._platform.quota.check(self._platform.switches.monthly_quota, now=now)
        call = Call(
            platform=self._platform,
            app=app,
            now=now,
            query=request.query,
            path=request.match_info,
            body=_json_body(request, raw) if operation.method in CARRYING else {},
            size=len(raw),
        )
        answer = operation.answer(call)
        if operation.billed:
            self._platform.quota.count(now=now)
        word = "success" if operation.envelope == "data" else "ok"
        return {"code": 0, "msg": word, operation.envelope: answer}

    def _caller(self, request: web.Request) -> App:
        """Return the app whose token the request carries."""
        status = self._platform.switches.token_status
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text:
            raise Refusal(99991661, status=status)
        if not text.startswith(("t-", "u-")):
            raise Refusal(99991671, status=status)
        app = self._platform.tokens.owner(text, now=self._platform.now())
        if app is None:
            raise Refusal(99991663, status=status)
        if not app.enabled:
            raise Refusal(99991662, status=status)
        if app.ips and request.remote not in app.ips:
            raise Refusal(99991401, status=status)
        return app

    def _check_scope(self, app: App, operation: Operation) -> None:
        if not operation.scopes or app.scopes.intersection(operation.scopes):
            return
        names = ", ".join(operation.scopes)
        raise Refusal(
            99991672,
            "Access denied. One of the following scopes is required: "
            f"[{names}]. https://open.larksuite.com/app/{app.app_id}/auth",
            status=self._platform.switches.token_status,
            error={
                "permission_violations": [
                    {"type": "action_scope_required", "subject": scope}
                    for scope in operation.scopes
                ]
            },
        )


def parse_body(raw: bytes) -> Json:
    """Return the JSON object in *raw*, or raise 9499."""
    try:
        body = json.loads(raw)
    except ValueError:
        raise Refusal(9499) from None
    if not isinstance(body, dict):
        raise Refusal(9499)
    return body


def _json_body(request: web.Request, raw: bytes) -> Json:
    if request.content_type != "application/json":
        raise Refusal(9499)
    return parse_body(raw)
