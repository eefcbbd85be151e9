"""The control door's ways to set a tenant up, and to change what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.control import finding
from sandbox.refusal import Json
from sandbox.robots import HOOK

if TYPE_CHECKING:
    from sandbox.lark import Lark

#: Fields that hold people, bots, or several of either: ids stand for them.
_ONE, _SEVERAL = ("owner",), ("managers", "bot_managers")
_PEOPLE = ("contact_range", "available_to")


async def create_app(lark: Lark, body: Json) -> Json:
    """Make an app with a bot."""
    made = lark.create_app(**{**body, **_scopes(body)})
    return {
        "app_id": made.app_id,
        "app_secret": made.secret,
        "encrypt_key": made.encrypt_key,
        "verification_token": made.verification_token,
        "open_id": made.open_id,
    }


async def create_user(lark: Lark, body: Json) -> Json:
    """Make a person."""
    user = lark.create_user(**body)
    apps = lark.tenant.apps.values()
    return {
        "user_id": user.user_id,
        "union_id": user.union_id,
        "open_ids": {app.app_id: app.open_id_of(user) for app in apps},
    }


async def create_chat(lark: Lark, body: Json) -> Json:
    """Make a group."""
    members = [finding.member(lark, some_id) for some_id in body.get("members", [])]
    return {"chat_id": lark.create_chat(body["name"], members).chat_id}


async def create_robot(lark: Lark, body: Json) -> Json:
    """Make a custom bot in a group."""
    chat = finding.chat(lark, body)
    rest = {name: value for name, value in body.items() if name != "chat_id"}
    for name in ("keywords", "ips"):
        rest[name] = tuple(rest.get(name, ()))
    robot = lark.create_robot(chat, **rest)
    return {"token": robot.token, "path": HOOK + robot.token}


async def set_event_url(lark: Lark, body: Json) -> Json:
    """Save where an app takes events and taps, as the console does."""
    await lark.set_event_url(finding.app(lark, body), body["url"])
    return {}


async def change(lark: Lark, body: Json) -> Json:
    """Set fields of one person, chat, app or robot."""
    target, fields = _target(lark, body)
    for name in fields:
        if not hasattr(target, name):
            raise ValueError(f"{type(target).__name__} has no {name}")
    # All are read before the first is set: a mistake changes nothing.
    read = {name: _read(lark, name, value) for name, value in fields.items()}
    for name, value in read.items():
        setattr(target, name, value)
    return {}


def _target(lark: Lark, body: Json) -> tuple[Any, Json]:
    """Return what is to be changed, and the rest of the body."""
    rest = dict(body)
    if "user" in rest:
        return finding.person(lark, rest.pop("user")), rest
    if "token" in rest:
        return lark.tenant.robots[rest.pop("token")], rest
    for name, find in (("chat_id", finding.chat), ("app_id", finding.app)):
        if name in rest:
            target = find(lark, rest)
            del rest[name]
            return target, rest
    raise ValueError("say what: user, chat_id, app_id or token")


def _read(lark: Lark, name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _ONE:
        return finding.member(lark, value)
    if name in _SEVERAL:
        return [finding.member(lark, some_id) for some_id in value]
    if name in _PEOPLE:
        return {finding.person(lark, some_id) for some_id in value}
    if name in ("ips", "keywords"):
        return tuple(value)
    return set(value) if name in ("scopes", "stopped") else value


def _scopes(body: Json) -> Json:
    return {"scopes": set(body["scopes"])} if "scopes" in body else {}
