"""Webhooks as people give them: whose they are, and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

from handlers.errors import UserError
from store.wording import Text, _, listed

_PATH = re.compile(r"/open-apis/bot/v2/hook/([0-9A-Za-z_-]{4,})")
_OLD_PATH = re.compile(r"/open-apis/bot/hook/[0-9A-Za-z_-]+")
#: What people put behind an address, and do not mean.
_BEHIND = "/.,;!?>)。，；！？）"

#: Where Lark shows the webhook.
WHERE: Text = _(
    "In Lark: the group's settings > Bots > Add Bot > Custom Bot. Lark shows the "
    "webhook once it is added, and the secret under Set signature verification."
)


def read_webhook(text: str, *, hosts: Collection[str]) -> str:
    """Return the webhook in *text*, or raise ``UserError`` with what is wrong.

    It must be on one of *hosts*, by https; http only where the host is this machine.
    """
    address = text.rstrip(_BEHIND)
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").casefold(), parts.port
    except ValueError:
        raise _odd() from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise _odd()
    if host not in hosts:
        raise UserError(
            _(
                "A webhook has to be on {hosts}; this one is not. An admin can name "
                "other hosts in the settings, under limits.hosts.",
                hosts=listed(sorted(hosts)),
            )
        )
    here = _is_loopback(host)
    if parts.scheme != "https" and not here:
        raise UserError(_("A webhook begins with https://. Please copy it again."))
    if port not in (None, 443) and not here:
        raise _odd()
    if _OLD_PATH.fullmatch(parts.path):
        raise UserError(
            _(
                "This is a webhook of the old kind, which shows no cards. Make a new "
                "custom bot in the group; its address has /v2/ in it."
            )
        )
    if not _PATH.fullmatch(parts.path):
        raise _odd()
    return address


def show_webhook(webhook: str) -> str:
    """Return *webhook* as it may be seen: ``open.larksuite.com/…/hook/****a1b2``."""
    parts = urlsplit(webhook)
    token = parts.path.rsplit("/", 1)[-1]
    # Of a short one, four letters would be too much of it.
    end = token[-4:] if len(token) >= 16 else ""
    return f"{parts.hostname}/…/hook/****{end}"


def _odd() -> UserError:
    return UserError(
        _(
            "This is no webhook of a custom bot: it looks like {such}. Please copy it "
            "again.",
            such="https://open.larksuite.com/open-apis/bot/v2/hook/…",
        )
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
