"""The app's side of Lark's open platform: a token, and the calls that we make.

A thin client of our own: the SDK opens a connection for each call, blocks the loop for
its token, and never asks for another when Lark drops one.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from bot.bodies import maybe_list, maybe_object, maybe_text
from bot.clock import Clock
from bot.errors import Parked, Refused, TransportError, Unanswered
from bot.lark.codes import TokenRefused, judge
from bot.lark.http import TIMEOUT, TOKEN_TIMEOUT, call
from bot.secret import Secret
from handlers.errors import words_of
from store.wording import Text, _

#: Lark hands out the same token until 30 min are left, then another beside it
#: (Lark docs: tenant_access_token). We ask when less than this is left…
_EARLY = timedelta(minutes=20)
#: …or less than this share, where tokens live for a shorter time.
_EARLY_SHARE = 5

#: "Your request contains an invalid request parameter": of all ids, none will do.
NOBODY = 230001

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """A group as Lark knows it. ``managers`` are its owner and managers, by open_id."""

    name: str
    managers: tuple[str, ...]


class LarkClient:
    """The calls that we make as the app. Secrets stay inside."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        base: str,
        app_id: str,
        app_secret: Secret,
        clock: Clock,
        timeout: float = TIMEOUT,
    ) -> None:
        self._session = session
        self._base = base.rstrip("/")
        self.app_id = app_id
        self._app_secret = app_secret
        self._clock = clock
        self._token: Secret | None = None
        self._fresh_until: datetime | None = None
        self._fetching: asyncio.Task[Secret] | None = None
        self._timeout = timeout

    async def send(self, receive_id: str, *, id_type: str, card: str, uuid: str) -> str:
        """Send *card* (JSON text); return the message's id.

        Lark makes at most one message of a *uuid* within an hour.
        """
        answer = await self.call(
            "POST",
            f"/open-apis/im/v1/messages?receive_id_type={id_type}",
            {
                "receive_id": receive_id,
                "msg_type": "interactive",
                "content": card,
                "uuid": uuid,
            },
        )
        return _message_id(answer)

    async def reply(self, message_id: str, *, card: str, uuid: str) -> str:
        """Answer *message_id* with *card*; return the new message's id."""
        answer = await self.call(
            "POST",
            f"/open-apis/im/v1/messages/{quote(message_id, safe='')}/reply",
            {"msg_type": "interactive", "content": card, "uuid": uuid},
        )
        return _message_id(answer)

    async def patch(self, message_id: str, *, card: str) -> None:
        """Show *card* in place of what *message_id* shows."""
        await self.call(
            "PATCH",
            f"/open-apis/im/v1/messages/{quote(message_id, safe='')}",
            {"content": card},
        )

    async def buzz(self, message_id: str, open_id: str, *, how: str) -> None:
        """Buzz somebody about our own *message_id*: by ``app``, ``sms`` or ``phone``.

        Each call is a buzz: Lark takes no key that would make two of them one.
        """
        message = quote(message_id, safe="")
        path = f"/open-apis/im/v1/messages/{message}/urgent_{how}?user_id_type=open_id"
        try:
            answer = await self.call("PATCH", path, {"user_id_list": [open_id]})
        except Refused as exc:
            if exc.code == NOBODY:
                raise Refused(_("Lark cannot buzz this person"), code=NOBODY) from None
            raise
        if maybe_list(maybe_object(answer, "data"), "invalid_user_id_list"):
            raise Refused(_("Lark cannot buzz this person"))

    async def bot_open_id(self) -> str:
        """Return who we are in mentions."""
        answer = await self.call("GET", "/open-apis/bot/v3/info", None)
        bot = answer.get("bot")
        return str(bot.get("open_id", "")) if isinstance(bot, dict) else ""

    async def chat(self, chat_id: str) -> ChatInfo:
        """Return what Lark says of a group that we are in."""
        path = f"/open-apis/im/v1/chats/{quote(chat_id, safe='')}?user_id_type=open_id"
        answer = await self.call("GET", path, None)
        found = maybe_object(answer, "data")
        # No owner is told where a bot owns the group (Lark docs: "Get chat info").
        people = [found.get("owner_id"), *maybe_list(found, "user_manager_id_list")]
        return ChatInfo(
            name=maybe_text(found, "name") or "",
            managers=tuple(each for each in people if isinstance(each, str) and each),
        )

    async def call(self, method: str, path: str, body: Any) -> dict[str, Any]:
        """Call Lark with a token; once more with another when it is not taken.

        All of it together takes no longer than the timeout.
        """
        deadline = asyncio.get_running_loop().time() + self._timeout
        token = await self._token_by(deadline)
        try:
            return await self._call_with(token, method, path, body, deadline)
        except TokenRefused:
            self._drop(token)
            token = await self._token_by(deadline)
        try:
            return await self._call_with(token, method, path, body, deadline)
        except TokenRefused as exc:
            self._drop(token)
            raise TransportError(words_of(exc), code=exc.code) from None

    async def _call_with(
        self, token: Secret, method: str, path: str, body: Any, deadline: float
    ) -> dict[str, Any]:
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            raise TransportError(_("Lark gave the access token too late"))
        status, answer, headers = await call(
            self._session,
            method,
            self._base + path,
            body=None if body is None else orjson.dumps(body),
            headers={"Authorization": f"Bearer {token.reveal()}"},
            timeout=left,
        )
        try:
            judge(status, answer, headers)
        except TransportError as exc:
            log.info(
                "Lark refused",
                extra={"code": exc.code, "log_id": headers.get("X-Tt-Logid", "")},
            )
            raise
        return answer if isinstance(answer, dict) else {}

    async def _token_by(self, deadline: float) -> Secret:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._valid_token()
        except TimeoutError:
            raise TransportError(_("Lark gave no access token in time")) from None

    async def _valid_token(self) -> Secret:
        """Return a token. Who asks while one is fetched shares what comes of that.

        One after the other, they would wait for longer than a lane's lease lasts.
        """
        fresh = self._fresh_until is not None and self._clock.now() < self._fresh_until
        if self._token and fresh:
            return self._token
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch_token(), name="token")
        return await asyncio.shield(self._fetching)

    async def _fetch_token(self) -> Secret:
        now = self._clock.now()
        body = {"app_id": self.app_id, "app_secret": self._app_secret.reveal()}
        try:
            status, answer, headers = await call(
                self._session,
                "POST",
                f"{self._base}/open-apis/auth/v3/tenant_access_token/internal",
                body=orjson.dumps(body),
                timeout=min(TOKEN_TIMEOUT, self._timeout),
            )
            judge(status, answer, headers)
            self._token, lasts = _token(answer)
        except Unanswered as exc:
            # Whatever became of this: no message has been sent.
            raise TransportError(_no_token(exc), code=exc.code) from None
        except Refused as exc:
            # It is the app that is refused, and not a message.
            raise Parked(_no_token(exc), code=exc.code) from None
        finally:
            self._fetching = None
        self._fresh_until = now + lasts - min(_EARLY, lasts / _EARLY_SHARE)
        return self._token

    def _drop(self, token: Secret) -> None:
        # Somebody else may have fetched a newer one meanwhile.
        if self._token == token:
            self._token = None


def _token(answer: Any) -> tuple[Secret, timedelta]:
    token, lasts = answer.get("tenant_access_token"), answer.get("expire")
    if not isinstance(token, str) or not isinstance(lasts, int):
        raise TransportError(_("Lark gave no access token"))
    return Secret(token), timedelta(seconds=lasts)


def _message_id(answer: dict[str, Any]) -> str:
    found = answer.get("data")
    return str(found.get("message_id", "")) if isinstance(found, dict) else ""


def _no_token(exc: TransportError) -> Text:
    return _("no access token: {error}", error=words_of(exc))
