"""The sandbox's own door, for another process to set things up and act for people.

Bodies and answers are JSON objects. People and bots are named by any of their ids.

==================================== ==================================================
``POST /sandbox/apps``               name, encrypt_key?, scopes? → app_id, secrets
``POST /sandbox/users``              name, email?, mobile?, locale?, timezone?
                                     → ids, open_id by app
``POST /sandbox/chats``              name, members: [user or app id] → chat_id
``POST /sandbox/robots``             chat_id, name?, secret?, keywords?, ips? → path
``POST /sandbox/event_url``          app_id, url → {} once the challenge was echoed
``POST /sandbox/change``             user | chat_id | app_id | token (of a robot), and
                                     any fields of what it names (``sandbox.state``)
``POST /sandbox/say``                chat_id (or app_id: direct), user, text,
                                     mention_bot?, post?, reply_to? → the message
``POST /sandbox/tap``                message_id, user, button, form?, option?,
                                     beside?, timezone? → toast, card, error, words
``POST /sandbox/enter``              app_id, user: opens the direct chat → chat_id
``POST /sandbox/menu``               app_id, user, event_key
``POST /sandbox/bots``               chat_id, app_id, user, added: bool
``POST /sandbox/people``             chat_id, user, added: bool
``POST /sandbox/owner``              chat_id, user, to
``POST /sandbox/disband``            chat_id, user, keep_history?
``POST /sandbox/recall``             message_id
``POST /sandbox/read_urgents``       user
``GET /sandbox/people``              → people: names, ids, contacts
``GET /sandbox/chats``               → chats: names, modes, members
``GET /sandbox/chats/{id}/messages`` → messages: sender, msg_type, content, text,
                                     root_id, versions, mentioned, urgents, …
``GET /sandbox/messages/{id}``       → the message, and what can be tapped on it
``POST /sandbox/faults``             kind, target?, times?, seconds?, code?, status?
``DELETE /sandbox/faults``           nothing goes wrong any more
``POST /sandbox/chaos``              any fields of :class:`sandbox.push.Chaos`
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
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.control import acting, breaking, making, reading
from sandbox.push import ChallengeFailed
from sandbox.refusal import Json

if TYPE_CHECKING:
    from sandbox.lark import Lark

ACTS: dict[str, Callable[[Lark, Json], Awaitable[Json]]] = {
    "apps": making.create_app,
    "users": making.create_user,
    "chats": making.create_chat,
    "robots": making.create_robot,
    "event_url": making.set_event_url,
    "change": making.change,
    "say": acting.say,
    "tap": acting.tap,
    "enter": acting.enter,
    "menu": acting.menu,
    "bots": acting.bots,
    "people": acting.people,
    "owner": acting.owner,
    "disband": acting.disband,
    "recall": acting.recall,
    "read_urgents": acting.read_urgents,
    "faults": breaking.fault,
    "chaos": breaking.chaos,
    "revoke": breaking.revoke,
    "switches": breaking.switches,
    "deliver_due": breaking.deliver_due,
}
#: What is read, and of what; None when that is not there.
TOLD: dict[str, Callable[[Lark, str], Json | None]] = {
    "people": reading.people,
    "chats": reading.chats,
    "chats/{id}/messages": reading.messages,
    "messages/{id}": reading.message,
    "counters": reading.counters,
}


class Control:
    """What another process can have the sandbox do."""

    def __init__(self, lark: Lark) -> None:
        self._lark = lark

    def add_routes(self, router: web.UrlDispatcher) -> None:
        """Open the routes of the table above."""
        for name, act in ACTS.items():
            router.add_post(f"/sandbox/{name}", self._acting(act))
        for name, read in TOLD.items():
            router.add_get(f"/sandbox/{name}", self._telling(read))
        router.add_delete("/sandbox/faults", self._clear_faults)

    def _acting(self, act: Callable[[Lark, Json], Awaitable[Json]]) -> Any:
        async def door(request: web.Request) -> web.Response:
            try:
                body = json.loads(await request.read() or b"{}")
                return web.json_response(await act(self._lark, body))
            except KeyError as missing:
                return _mistake(f"missing or unknown: {missing}")
            except (ValueError, TypeError, LookupError, AttributeError) as mistake:
                return _mistake(str(mistake))
            except ChallengeFailed as failed:
                return _mistake(f"challenge failed: {failed}")

        return door

    def _telling(self, read: Callable[[Lark, str], Json | None]) -> Any:
        async def door(request: web.Request) -> web.Response:
            told = read(self._lark, request.match_info.get("id", ""))
            return (
                _mistake("there is no such thing", 404)
                if told is None
                else (web.json_response(told))
            )

        return door

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._lark.faults.clear()
        return web.json_response({})


def _mistake(words: str, status: int = 400) -> web.Response:
    return web.json_response({"error": words}, status=status)
