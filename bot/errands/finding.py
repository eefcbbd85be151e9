"""Whose an address is, and what Lark tells of somebody: asked beside the requests."""

from __future__ import annotations

import logging
from typing import Any

from bot.errors import Refused, TransportError
from bot.lark.people import UserInfo, Users
from store.people import Means, normal
from store.values import Json
from store.wording import _

log = logging.getLogger(__name__)


class Finder:
    """Asks Lark about people. ``None`` for the users: there is no app to ask by."""

    def __init__(self, users: Users | None) -> None:
        self._users = users

    async def find(self, details: Json) -> Json:
        """Return whom Lark knows of the strangers, each with what it tells of them."""
        users = self._asked()
        wanted = [(Means(means), text) for means, text in details["strangers"]]
        known = await users.by_address(
            emails=[text for means, text in wanted if means is Means.EMAIL],
            mobiles=[text for means, text in wanted if means is Means.PHONE],
        )
        found = []
        for means, text in wanted:
            open_id = known.get(normal(means, text))
            if open_id is not None:
                told = await self._profile(users, open_id)
                found.append({"means": str(means), "address": text, **told})
        return {"found": found}

    async def profiles(self, details: Json) -> Json:
        """Return what Lark tells of some of its users."""
        users = self._asked()
        return {"found": [await self._profile(users, each) for each in details["of"]]}

    def _asked(self) -> Users:
        if self._users is None:
            raise Refused(_("there is no Lark app here to ask"))
        return self._users

    async def _profile(self, users: Users, open_id: str) -> dict[str, Any]:
        """Return what Lark tells of somebody: it may be no more than that they exist.

        An app needs a scope for each field, and sees the people in its range alone.
        """
        try:
            told = await users.user(open_id)
        except TransportError as exc:
            log.info("Lark tells nothing of a person", extra={"reason": str(exc)})
            told = UserInfo()
        return {"open_id": open_id, "name": told.name, "phone": told.mobile}
