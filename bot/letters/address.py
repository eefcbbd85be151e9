"""What mail knows as an address."""

from __future__ import annotations

import re
from email.headerregistry import Address

# RFC 5321, without what is put in quotes: nobody has such an address.
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)


class NoAddress(ValueError):
    """What a letter is to go to is no address that mail knows."""


def address(text: str) -> Address:
    """Return *text* as an address in ASCII; raise ``NoAddress`` for any other."""
    local, _at, domain = text.rpartition("@")
    try:
        known = domain.encode("idna").decode("ascii")
    except UnicodeError:
        known = ""
    if not (_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(known)):
        raise NoAddress("no address that mail knows")
    return Address(username=local, domain=known)
