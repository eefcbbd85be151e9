"""Addresses as they are shown: enough to know one's own, too little to use one."""

from __future__ import annotations

from store.people import Means


def masked(means: Means, address: str) -> str:
    """Return ``w***@example.com`` or ``+65 **** 0000``."""
    return _email(address) if means is Means.EMAIL else _phone(address)


def _email(address: str) -> str:
    name, _, host = address.rpartition("@")
    # Of a name of one letter, that letter would be all.
    return f"{name[:1] if len(name) > 1 else ''}***@{host}"


def _phone(number: str) -> str:
    # Imported when first needed: a start does not pay for the numbers of the world.
    import phonenumbers

    digits = [each for each in number if each.isdigit()]
    try:
        country = str(phonenumbers.parse(number).country_code)
    except phonenumbers.NumberParseException:
        country = ""
    left = len(digits) - len(country)
    shown = "".join(digits[-4:]) if left >= 8 else "".join(digits[-2:])
    return f"+{country} **** {shown}" if country else f"**** {shown}"
