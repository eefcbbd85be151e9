"""The sandbox's own door, for another process to set things up and act for people.

Bodies and answers are JSON objects. People are named by any of their ids.

==================================== ==================================================
``POST /sandbox/apps``               name, encrypt_key? → app_id, app_secret, keys
``POST /sandbox/users``              name, email?, mobile? → ids, open_id by app
``POST /sandbox/chats``              name, members: [user or app id] → chat_id
``POST /sandbox/robots``             chat_id, name?, secret?, keywords?, ips? → path
``POST /sandbox/event_url``          app_id, url → {} once the challenge was echoed
``POST /sandbox/say``                chat_id (or app_id: direct), user, text,
                                     mention_bot?, post?, reply_to? → the message
``POST /sandbox/tap``                message_id, user, button, form?, option?,
                                     beside?, timezone? → toast, card, error
``GET /sandbox/messages/{id}``       → the message, and what can be tapped on it
``POST /sandbox/bots``               chat_id, app_id, user, added: bool
``POST /sandbox/disband``            chat_id, user, keep_history?
``POST /sandbox/recall``             message_id
``GET /sandbox/chats/{id}/messages`` → messages: sender, msg_type, content, text,
                                     root_id, parent_id, versions, mentioned
``POST /sandbox/faults``             kind, target?, times?, seconds?, code?, status?
``DELETE /sandbox/faults``           nothing goes wrong any more
``POST /sandbox/revoke``             app_id: its tokens are worthless
``POST /sandbox/switches``           any fields of :class:`sandbox.switches.Switches`
``POST /sandbox/deliver_due``        → attempts made
``GET /sandbox/counters``            → answers by operation and code, calls this month,
                                     deliveries
==================================== ==================================================

A mistake answers 400 with ``{"error": …}``.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.faults import Fault, Kind
from sandbox.filling import fields
from sandbox.push import ChallengeFailed
from sandbox.refusal import Json
from sandbox.robots import HOOK
from sandbox.state import App, Chat, Message, User
from sandbox.tappable import Tappable, label_of, option_label

if TYPE_CHECKING:
    from sandbox.lark import Lark

Act = Callable[[Json], Awaitable[Json]]


class Control:
    """What another process can have the sandbox do."""

    def __init__(self, lark: Lark) -> None:
        self._lark = lark

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Open the routes of the table above."""
        acts: dict[str, Act] = {
            "apps": self._app,
            "users": self._user,
            "chats": self._chat,
            "robots": self._robot,
            "event_url": self._event_url,
            "say": self._say,
            "tap": self._tap,
            "bots": self._bots,
            "disband": self._disband,
            "recall": self._recall,
            "faults": self._fault,
            "revoke": self._revoke,
            "switches": self._switches,
            "deliver_due": self._deliver_due,
        }
        for name, act in acts.items():
            router.add_post(f"/sandbox/{name}", _door(act))
        router.add_delete("/sandbox/faults", self._clear_faults)
        router.add_get("/sandbox/counters", self._counters)
        router.add_get("/sandbox/chats/{chat_id}/messages", self._messages)
        router.add_get("/sandbox/messages/{message_id}", self._message)

    async def _app(self, body: Json) -> Json:
        app = self._lark.create_app(**body)
        return {
            "app_id": app.app_id,
            "app_secret": app.secret,
            "encrypt_key": app.encrypt_key,
            "verification_token": app.verification_token,
            "open_id": app.open_id,
        }

    async def _user(self, body: Json) -> Json:
        user = self._lark.create_user(**body)
        apps = self._lark.tenant.apps.values()
        return {
            "user_id": user.user_id,
            "union_id": user.union_id,
            "open_ids": {app.app_id: app.open_id_of(user) for app in apps},
        }

    async def _chat(self, body: Json) -> Json:
        members = [self._member(some_id) for some_id in body.get("members", [])]
        chat = self._lark.create_chat(body["name"], members)
        return {"chat_id": chat.chat_id}

    async def _robot(self, body: Json) -> Json:
        chat = self._existing_chat(body.pop("chat_id"))
        for name in ("keywords", "ips"):
            body[name] = tuple(body.get(name, ()))
        robot = self._lark.create_robot(chat, **body)
        return {"token": robot.token, "path": HOOK + robot.token}

    async def _event_url(self, body: Json) -> Json:
        await self._lark.set_event_url(self._existing_app(body), body["url"])
        return {}

    async def _say(self, body: Json) -> Json:
        user = self._person(body)
        if "chat_id" in body:
            chat = self._existing_chat(body["chat_id"])
        else:
            chat = await self._lark.direct_chat(user, self._existing_app(body))
        reply_to = body.get("reply_to")
        message = await self._lark.say(
            chat,
            user,
            body["text"],
            mention_bot=bool(body.get("mention_bot")),
            post=bool(body.get("post")),
            reply_to=self._existing_message(reply_to) if reply_to else None,
        )
        return self._told(message)

    async def _tap(self, body: Json) -> Json:
        tapped = await self._lark.tap(
            self._existing_message(body["message_id"]),
            self._person(body),
            body["button"],
            form=body.get("form"),
            option=body.get("option"),
            beside=body.get("beside"),
            timezone=body.get("timezone"),
        )
        return asdict(tapped)

    async def _bots(self, body: Json) -> Json:
        chat, app = self._existing_chat(body["chat_id"]), self._existing_app(body)
        change = self._lark.add_bot if body["added"] else self._lark.remove_bot
        await change(chat, app, self._person(body))
        return {}

    async def _disband(self, body: Json) -> Json:
        chat = self._existing_chat(body["chat_id"])
        keep = bool(body.get("keep_history"))
        await self._lark.disband(chat, self._person(body), keep_history=keep)
        return {}

    async def _recall(self, body: Json) -> Json:
        self._lark.recall(self._existing_message(body["message_id"]))
        return {}

    async def _fault(self, body: Json) -> Json:
        self._lark.faults.add(Fault(**{**body, "kind": Kind(body["kind"])}))
        return {}

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._lark.faults.clear()
        return web.json_response({})

    async def _revoke(self, body: Json) -> Json:
        self._lark.revoke_tokens(self._existing_app(body))
        return {}

    async def _switches(self, body: Json) -> Json:
        for name, value in body.items():
            old = getattr(self._lark.switches, name)
            new = timedelta(seconds=value) if isinstance(old, timedelta) else value
            setattr(self._lark.switches, name, new)
        return {}

    async def _deliver_due(self, body: Json) -> Json:
        return {"attempts": len(await self._lark.deliver_due())}

    async def _counters(self, _: web.Request) -> web.Response:
        answers: dict[str, dict[str, int]] = {}
        for (operation, code), count in self._lark.answers.items():
            answers.setdefault(operation, {})[str(code)] = count
        deliveries = [
            {**asdict(delivery), "at": delivery.at.isoformat()}
            for delivery in self._lark.deliveries
        ]
        calls = self._lark.calls_this_month
        return web.json_response(
            {"answers": answers, "calls_this_month": calls, "deliveries": deliveries}
        )

    async def _messages(self, request: web.Request) -> web.Response:
        chat = self._lark.tenant.chats.get(request.match_info["chat_id"])
        if chat is None:
            return web.json_response({"error": "no such chat"}, status=404)
        told = [self._told(message) for message in chat.messages]
        return web.json_response({"messages": told})

    async def _message(self, request: web.Request) -> web.Response:
        message = self._lark.tenant.messages.get(request.match_info["message_id"])
        if message is None:
            return web.json_response({"error": "no such message"}, status=404)
        offered = [_offered(one) for one in self._lark.buttons(message)]
        return web.json_response({**self._told(message), "tappable": offered})

    def _told(self, message: Message) -> Json:
        return {
            "message_id": message.message_id,
            "sender": message.sender.name,
            "msg_type": message.msg_type,
            "content": message.content,
            "text": self._lark.text_of(message),
            "root_id": message.root_id,
            "parent_id": message.parent_id,
            "thread_id": message.thread_id,
            "versions": len(message.versions),
            "mentioned": list(message.mentioned),
            "recalled": message.recalled,
            "created_at": message.created_at.isoformat(),
        }

    def _member(self, some_id: str) -> User | App:
        found = self._lark.tenant.by_any_id(some_id, None)
        if found is None:
            raise ValueError(f"nobody is {some_id!r}")
        return found

    def _person(self, body: Json) -> User:
        found = self._member(body["user"])
        if not isinstance(found, User):
            raise ValueError("user must be a person")
        return found

    def _existing_app(self, body: Json) -> App:
        return self._lark.tenant.apps[body["app_id"]]

    def _existing_chat(self, chat_id: str) -> Chat:
        return self._lark.tenant.chats[chat_id]

    def _existing_message(self, message_id: str) -> Message:
        return self._lark.tenant.messages[message_id]


def _offered(one: Tappable) -> Json:
    return {
        "tag": one.element.get("tag"),
        "label": one.label,
        "name": one.name,
        "value": one.value,
        "choices": list(one.choices),
        "beside": list(one.beside),
        "asks": one.asks,
        "fields": [_field(field) for field in fields(one.form or {})],
    }


def _field(field: Json) -> Json:
    return {
        "tag": field.get("tag"),
        "label": label_of(field),
        "name": field.get("name"),
        "required": field.get("required") is True,
        "choices": [option_label(option) for option in field.get("options") or ()],
    }


def _door(act: Act) -> Any:
    async def door(request: web.Request) -> web.Response:
        try:
            body = json.loads(await request.read() or b"{}")
            return web.json_response(await act(body))
        except KeyError as missing:
            return _mistake(f"missing or unknown: {missing}")
        except (ValueError, TypeError, LookupError, AttributeError) as mistake:
            return _mistake(str(mistake))
        except ChallengeFailed as failed:
            return _mistake(f"challenge failed: {failed}")

    return door


def _mistake(words: str) -> web.Response:
    return web.json_response({"error": words}, status=400)
