"""Where senders ask what became of a notification, and admins for the ledger."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.clock import Clock
from bot.doors.answers import error, json_answer, later, unproved
from bot.doors.ingest import IngestDoor
from bot.lark.signing import same
from bot.secret import Secret
from bot.sources.credentials import presented
from store import notifications, outbox
from store.database import Database
from store.errors import StoreRefused
from store.ledger import Ledger, ledger
from store.values import Delivery, Notification, State

log = logging.getLogger(__name__)

_ID = re.compile(r"n_([0-9]{1,18})")
_OPEN = frozenset({State.QUEUED, State.SENDING, State.HELD})


class AskingDoor:
    """Answers what is known. Changes nothing."""

    def __init__(
        self,
        db: Database,
        *,
        ingest: IngestDoor,
        clock: Clock,
        admin_token: Secret | None,
    ) -> None:
        self._db = db
        self._ingest = ingest
        self._clock = clock
        self._admin_token = admin_token

    def add_routes(self, app: web.Application) -> None:
        """Open the doors."""
        app.router.add_get("/v1/notifications/{id}", self.notification)
        app.router.add_get("/v1/ledger", self.ledger)

    async def notification(self, request: web.Request) -> web.Response:
        """Tell the source that sent a notification what became of it."""
        sources = self._ingest.sources.asking(request, clock=self._clock)
        if not sources:
            return unproved("send the token of the source that sent it")
        written = _ID.fullmatch(request.match_info["id"])
        if written is None:
            return error(404, "there is no such notification: ids look like n_123")
        number = int(written[1])
        try:
            async with self._db.reading() as tx:
                found = await notifications.get(tx, number)
                if found is None or found.source not in sources:
                    # Another's is none of its business: not even that it exists.
                    return error(404, "this source sent no such notification")
                routing = await notifications.routing_state(tx, number)
                deliveries = await outbox.deliveries_of(tx, number)
        except StoreRefused as exc:
            return _unread(exc)
        return json_answer(_told(found, routing or "", deliveries))

    async def ledger(self, request: web.Request) -> web.Response:
        """Tell admins the account of everything, and whether it adds up."""
        expected = self._admin_token
        shown = tuple(presented(request.headers, request.query))
        if expected is None or not any(same(each, expected.reveal()) for each in shown):
            return unproved("send server.admin_token as Authorization: Bearer")
        try:
            async with self._db.reading() as tx:
                return json_answer(account(await ledger(tx)))
        except StoreRefused as exc:
            return _unread(exc)


def _unread(exc: StoreRefused) -> web.Response:
    log.error("the database does not answer", extra={"reason": str(exc)})
    return later(503, "not read, please ask again")


def account(found: Ledger) -> Mapping[str, Any]:
    """Return the ledger as it is told to machines."""
    return {
        "accepted": found.accepted,
        "notifications": dict(found.messages),
        "deliveries": dict(found.deliveries),
        "total_deliveries": sum(found.deliveries.values()),
        "unaccounted": found.unaccounted,
        "adds_up": found.adds_up,
    }


def _told(
    notification: Notification, routing: str, deliveries: list[Delivery]
) -> Mapping[str, Any]:
    return {
        "id": notification.id,
        "type": notification.type,
        "title": notification.title,
        "severity": notification.severity.word,
        "status": notification.status,
        "accepted_at": _instant(notification.accepted_at),
        "state": _state(routing, deliveries),
        "deliveries": [
            {
                "destination": str(each.destination),
                "channel": each.channel,
                "state": each.state,
                "reason": each.reason,
                "at": _instant(each.at),
            }
            for each in deliveries
        ],
    }


def _state(routing: str, deliveries: list[Delivery]) -> str:
    """Return where the notification stands as a whole.

    ``waiting`` to be routed, ``unrouted`` (nobody subscribed), ``open`` while a
    delivery still waits, ``done`` when all of them are final.
    """
    if routing != "routed":
        return routing
    return "open" if any(each.state in _OPEN for each in deliveries) else "done"


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
