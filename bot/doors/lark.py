"""Where Lark's events and card actions come in. Proof first; one transaction; 200."""

from __future__ import annotations

import logging

from aiohttp import web

from bot.doors.answers import error, json_answer, later
from bot.doors.bodies import TooLarge, read_body
from bot.errors import BadBody, SignatureError
from bot.hearing import Hearing
from bot.lark import events
from bot.lark.events import Challenge, Keys, Unknown
from store.errors import StoreRefused

log = logging.getLogger(__name__)


class LarkDoor:
    """The address that the developer console calls the request URL.

    ``bot_open_id`` is who we are in mentions, once we know.
    """

    def __init__(self, hearing: Hearing, *, keys: Keys) -> None:
        self._hearing = hearing
        self._keys = keys
        self.bot_open_id: str | None = None

    def add_routes(self, app: web.Application) -> None:
        """Open the door."""
        app.router.add_post("/lark/events", self.event)

    async def event(self, request: web.Request) -> web.Response:
        """Take one event. Lark sends it again unless it is answered 200 within 3 s."""
        try:
            body = await read_body(request)
            event = events.read(
                body,
                request.headers,
                keys=self._keys,
                bot_open_id=self.bot_open_id,
            )
        except TooLarge:
            return error(413, "the body is longer than 1 MB")
        except SignatureError as exc:
            log.warning("not from Lark", extra={"reason": str(exc)})
            return error(401, "this is not signed by Lark")
        except BadBody as exc:
            return error(400, str(exc))
        if isinstance(event, Challenge):
            return json_answer({"challenge": event.challenge})
        if isinstance(event, Unknown):
            # An error would only make Lark send it four more times.
            return json_answer({"msg": "success"})
        try:
            return json_answer(await self._hearing.hear(event))
        except StoreRefused as exc:
            log.error("the database took nothing", extra={"reason": str(exc)})
            return later(503, "not stored, please send it again")
