"""Lark's people: whose an address is, and what the app may see of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.bodies import maybe_list, maybe_object, maybe_text
from bot.lark.client import LarkClient
from store.people import Means, normal

#: How many addresses of a kind Lark takes at once (Lark docs: "Obtain user ID").
_AT_ONCE = 50
_USERS = "/open-apis/contact/v3/users"


@dataclass(frozen=True, slots=True)
class UserInfo:
    """What Lark tells of a user; what the app has no scope for is empty."""

    name: str = ""
    mobile: str = field(default="", repr=False)


class Users:
    """Asks Lark about its users."""

    def __init__(self, client: LarkClient) -> None:
        self._client = client

    async def by_address(
        self, *, emails: Sequence[str], mobiles: Sequence[str]
    ) -> dict[str, str]:
        """Return the open_ids of those whom Lark knows, by how addresses compare.

        Raises a ``TransportError`` when Lark cannot be asked.
        """
        found: dict[str, str] = {}
        for start in range(0, max(len(emails), len(mobiles)), _AT_ONCE):
            answer = await self._client.call(
                "POST",
                f"{_USERS}/batch_get_id?user_id_type=open_id",
                {
                    "emails": list(emails[start : start + _AT_ONCE]),
                    "mobiles": list(mobiles[start : start + _AT_ONCE]),
                    "include_resigned": False,
                },
            )
            found |= _ids(maybe_list(maybe_object(answer, "data"), "user_list"))
        return found

    async def user(self, open_id: str) -> UserInfo:
        """Return what Lark tells of somebody. Raises a ``TransportError``."""
        path = f"{_USERS}/{quote(open_id, safe='')}?user_id_type=open_id"
        answer = await self._client.call("GET", path, None)
        told = maybe_object(maybe_object(answer, "data"), "user")
        return UserInfo(
            name=maybe_text(told, "name") or "", mobile=maybe_text(told, "mobile") or ""
        )


def _ids(users: Iterable[Any]) -> dict[str, str]:
    """Return whom Lark named. Whom it does not know comes back without an id."""
    found = {}
    for each in users:
        if isinstance(each, Mapping) and (open_id := maybe_text(each, "user_id")):
            for means, key in ((Means.EMAIL, "email"), (Means.PHONE, "mobile")):
                if address := maybe_text(each, key):
                    found[normal(means, address)] = open_id
    return found
