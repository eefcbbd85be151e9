"""E-mail addresses and phone numbers in a typed line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from handlers.errors import Misunderstood
from handlers.language.cursor import Cursor
from handlers.language.tokens import Token
from handlers.masking import masked
from store.people import Means, normal
from store.wording import _

_EMAIL = re.compile(r"[^\s@<>,;:()\"]+@[^\s@<>,;:()\"]+\.[^\s@<>,;:()\".]+")
_NUMBER = re.compile(r"[0-9()./-]+")
#: The longest address that mail has (RFC 5321), and the most digits of a number.
_LONGEST, _DIGITS = 254, 15


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it compares: in small letters, or + and digits."""

    means: Means
    text: str = field(repr=False)

    @property
    def shown(self) -> str:
        """What may be seen of it: ``w***@example.com``."""
        return masked(self.means, self.text)


def read_address(cursor: Cursor) -> Address | None:
    """Take ``wei@example.com``, or ``+65 8000 0000`` however it is spaced.

    Raises ``Misunderstood`` for a number that no phone has.
    """
    if cursor.done or cursor.here.quoted:
        return None
    raw = cursor.here.raw.removeprefix("mailto:")
    if _EMAIL.fullmatch(raw) and len(raw) <= _LONGEST:
        cursor.take()
        return Address(Means.EMAIL, normal(Means.EMAIL, raw))
    return _number(cursor) if raw.startswith("+") else None


def _number(cursor: Cursor) -> Address | None:
    # Imported when first needed: a start does not pay for the numbers of the world.
    import phonenumbers

    tokens = cursor.ahead(_DIGITS)
    if not _NUMBER.fullmatch(tokens[0].raw[1:]):
        return None
    said, count = tokens[0].raw, 1
    for token in tokens[1:]:
        if not _goes_on(token, said):
            break
        said, count = f"{said} {token.raw}", count + 1
    try:
        number = phonenumbers.parse(said)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Misunderstood(
            _(
                "“{number}” is no phone number that I know. Write it with + and the "
                "country: +65 8000 0000.",
                number=said,
            )
        )
    cursor.take(count)
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Address(Means.PHONE, written)


def _goes_on(token: Token, said: str) -> bool:
    """Whether *token* is more of the number that began as *said*."""
    digits = sum(each.isdigit() for each in said + token.raw)
    plain = _NUMBER.fullmatch(token.raw) is not None
    return plain and not token.comma and digits <= _DIGITS
