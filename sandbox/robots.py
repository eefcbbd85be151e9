"""Custom bots: a webhook per group, guarded by keywords, addresses and a signature.

Lark answers HTTP 200 to everything here; the verdict is the ``code`` in the body.
"""

from __future__ import annotations

import fnmatch
import hmac
import ipaddress
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from sandbox import content, crypto, faults
from sandbox.content import KB, Content
from sandbox.faults import Kind
from sandbox.limits import PER_ROBOT
from sandbox.mentions import Surroundings
from sandbox.platform import Platform
from sandbox.refusal import Json, Refusal, bad_parameter
from sandbox.state import Message, Robot

HOOK = "/open-apis/bot/v2/hook/"
MOST_BODY = 20 * KB
CLOCK_SKEW = timedelta(hours=1)
POST_TAGS = frozenset({"text", "a", "at", "img"})

TAKEN = {
    "StatusCode": 0,
    "StatusMessage": "success",
    "code": 0,
    "data": {},
    "msg": "success",
}
BUSY = "frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]"
WORDS = {
    9499: "Bad Request",
    11232: BUSY,
    19001: "param invalid: incoming webhook access token invalid",
    19002: "params error, msg_type need",
    19021: "sign match fail or timestamp is not within one hour from current time",
    19022: "Ip Not Allowed",
    19024: "Key Words Not Found",
}


class RobotDoor:
    """Where custom bots post."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one post, in the shape of Lark's webhook."""
        raw = await request.read()
        token = request.match_info["token"]
        fault = self._platform.faults.take(token)
        prevented = await faults.before(fault, request)
        if prevented is not None:
            return prevented
        status = 200
        try:
            if fault is not None and fault.kind is Kind.CODE:
                raise fault.refusal(status=200)
            self._take(token, raw, request.remote or "")
            body: Json = TAKEN
        except Refusal as refusal:
            status = refusal.status
            body = {"code": refusal.code, "data": {}, "msg": refusal.message}
        self._platform.count("robot", body["code"])
        faults.after(fault, request)
        # Clocks are compared by it: it must be the clock that signatures are judged by.
        told = format_datetime(self._platform.now(), usegmt=True)
        return web.json_response(body, status=status, headers={"Date": told})

    def _take(self, token: str, raw: bytes, address: str) -> None:
        """Put a post into the robot's chat, or raise why not."""
        now = self._platform.now()
        robot = self._platform.tenant.robots.get(token)
        if robot is None or robot.gone or robot.chat.status != "normal":
            raise _refusal(19001)
        if len(raw) > MOST_BODY:
            raise _refusal(9499)
        try:
            body = json.loads(raw)
        except ValueError:
            raise _refusal(9499) from None
        if not isinstance(body, dict):
            raise _refusal(9499)
        _check_address(robot, address)
        _check_sign(robot, body, now=now)
        msg_type = str(body.get("msg_type", ""))
        checked = parse(msg_type, body, self._around(robot))
        _check_keywords(robot, checked.value)
        if self._platform.limits.admit(("robot", token), PER_ROBOT, now=now):
            raise _refusal(11232)
        self._platform.tenant.post(
            Message(
                chat=robot.chat,
                sender=robot,
                msg_type=msg_type,
                versions=[checked.value],
                created_at=now,
                updated_at=now,
                mentions=checked.mentions,
            )
        )

    def _around(self, robot: Robot) -> Surroundings:
        tenant = self._platform.tenant
        return Surroundings(
            find=lambda some_id: tenant.by_any_id(some_id, None),
            find_email=lambda email: None,
            images=frozenset().union(*(app.images for app in tenant.apps.values())),
            at_all=robot.chat.at_all,
        )


def parse(msg_type: str, body: Json, around: Surroundings) -> Content:
    """Return what a post carries; raise 19002 for its shape, 11246 for its card."""
    if msg_type == "interactive":
        if not isinstance(body.get("card"), dict):
            raise _refusal(19002, "params error, unknown card value")
        try:
            return content.parse_card(body["card"], around)
        except Refusal as refusal:
            raise _refusal(11246, refusal.message) from None
    if msg_type not in ("text", "post", "image", "share_chat"):
        raise _refusal(19002)
    inside = body.get("content")
    if not isinstance(inside, dict):
        raise _refusal(19002, "params error, content need")
    try:
        return _parse_content(msg_type, inside, around)
    except Refusal as refusal:
        raise _refusal(19002, f"params error, {refusal.message}") from None


def _parse_content(msg_type: str, inside: Json, around: Surroundings) -> Content:
    if msg_type == "text":
        return content.parse_text(inside, around)
    if msg_type == "image":
        return content.parse_image(inside, around)
    if msg_type == "post":
        post = inside.get("post")
        if not isinstance(post, dict):
            raise bad_parameter("post need")
        return content.parse_post(post, around, tags=POST_TAGS)
    if not isinstance(inside.get("share_chat_id"), str):
        raise bad_parameter("share_chat_id need")
    return Content({"chat_id": inside["share_chat_id"]})


def _check_address(robot: Robot, address: str) -> None:
    if robot.ips and not any(_allows(rule, address) for rule in robot.ips):
        raise _refusal(19022)


def _allows(rule: str, address: str) -> bool:
    if "/" in rule:
        network = ipaddress.ip_network(rule, strict=False)
        return ipaddress.ip_address(address) in network
    return fnmatch.fnmatchcase(address, rule)


def _check_sign(robot: Robot, body: Json, *, now: datetime) -> None:
    if robot.secret is None:
        return
    timestamp, sign = str(body.get("timestamp", "")), str(body.get("sign", ""))
    good = hmac.compare_digest(
        sign.encode(), crypto.sign_post(timestamp, secret=robot.secret).encode()
    )
    if not good or not timestamp.isdecimal():
        raise _refusal(19021)
    if abs(now.timestamp() - int(timestamp)) > CLOCK_SKEW.total_seconds():
        raise _refusal(19021)


def _check_keywords(robot: Robot, value: Json) -> None:
    if robot.keywords:
        said = "\n".join(_strings(value))
        if not any(keyword in said for keyword in robot.keywords):
            raise _refusal(19024)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _refusal(code: int, message: str | None = None) -> Refusal:
    return Refusal(code, message or WORDS[code], status=200)
