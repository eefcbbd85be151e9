"""How each kind of text is read: the value, or ``ValueError`` with what to write."""

from __future__ import annotations

import base64
import re
import unicodedata
from datetime import timedelta
from difflib import get_close_matches
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from bot.config.values import PERIODS, Address, Hours, Rate
from bot.secret import Secret
from handlers.rules.calendars import parse_calendar
from handlers.rules.filters import parse as parse_filter
from handlers.rules.hours import parse_hours, parse_times
from handlers.rules.types import valid_id, valid_pattern
from store.people import outsider_number

LONGEST_NAME = 64
#: As long as messages may be held, and ids are remembered.
SHORTEST_RETENTION = timedelta(days=7)
LONGEST_RETENTION = timedelta(days=36500)

SLUG = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
RATE = r"([1-9][0-9]{0,8}) ?/ ?(s|min|h)"
AGE = r"([1-9][0-9]{0,4}) ?([dw])"
_ADDRESS = r"(\[[0-9A-Fa-f:.]+\]|[^\s:/]+):([0-9]{1,5})"
_EMAIL = r"[^\s@<>,;]+@[^\s@<>,;]+"
_PHONE = r"\+[0-9](?:[ ()-]*[0-9]){6,14}"
_OUR_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_IN_URL = "write @ : / # ? of a password as %40 %3A %2F %23 %3F"


def name(text: str) -> str:
    """Return a name that lines typed in chat can hold."""
    plain = unicodedata.normalize("NFKC", text)
    if plain != text:
        # Typed lines are folded like this before they are compared.
        raise ValueError(f"should be written {plain}, or no command could name it")
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise ValueError(f"should be printable, and at most {LONGEST_NAME} characters")
    if re.search(r"[\s:,@\"'()]", text) or text.startswith(("ou_", "oc_")):
        raise ValueError(
            "should be a name: no spaces, no : , @ quotes or parentheses, "
            "and no Lark id (ou_…, oc_…)"
        )
    return text


def person_name(text: str) -> str:
    """Return a name that is free for a person: P12 is somebody whom chat knows."""
    if outsider_number(text.upper()) is not None:
        raise ValueError(
            "should be another name: P and a number is what people without a Lark "
            "account are called who were named in the chat"
        )
    return name(text)


def member(text: str) -> str:
    """Return somebody: an open_id, an e-mail address, or a name from ``people``."""
    if text.startswith("ou_"):
        return open_id(text)
    return email(text).lower() if "@" in text else name(text)


def slug(text: str) -> str:
    """Return a name that stands in a URL."""
    if len(text) > LONGEST_NAME or not re.fullmatch(SLUG, text):
        raise ValueError(
            "should fit into an address: a-z, 0-9, - and _, "
            f"at most {LONGEST_NAME} characters"
        )
    return text


def open_id(text: str) -> str:
    """Return a person's id at Lark."""
    if not re.fullmatch(r"ou_[0-9A-Za-z_-]+", text):
        raise ValueError("should be a Lark open_id, ou_…; /whoami tells one's own")
    return text


def chat_id(text: str) -> str:
    """Return a group's id at Lark."""
    if not re.fullmatch(r"oc_[0-9A-Za-z_-]+", text):
        raise ValueError(
            "should be a Lark chat id, oc_…; /status in the group tells it"
        )
    return text


def email(text: str) -> str:
    """Return an e-mail address."""
    if not re.fullmatch(_EMAIL, text):
        raise ValueError("should be an e-mail address, such as bell@example.com")
    return text


def phone(text: str) -> str:
    """Return a phone number with its country."""
    if not re.fullmatch(_PHONE, text):
        raise ValueError("should begin with + and the country, such as +65 8000 0000")
    return text


def url(text: str) -> str:
    """Return an address on the web."""
    try:
        parts = urlsplit(text)
        valid = bool(parts.scheme in ("http", "https") and parts.hostname)
        valid = valid and parts.port != 0 and not re.search(r"\s", text)
    except ValueError:
        valid = False
    if not valid:
        raise ValueError("should be an address that begins with https://")
    return text


def base_url(text: str) -> str:
    """Return an address that paths are added to, without its last slash."""
    parts = urlsplit(url(text))
    if parts.query or parts.fragment or parts.username:
        raise ValueError("should be an address without user name, ? and #")
    return text.rstrip("/")


def secret_url(text: str) -> Secret:
    """Return an address that lets whoever has it act."""
    return Secret(url(text))


def host(text: str) -> str:
    """Return the name of a host."""
    if not re.fullmatch(r"[0-9A-Za-z._-]+", text):
        raise ValueError("should be a host name alone, such as host.example.com")
    return text.lower()


def header(text: str) -> str:
    """Return the name of an HTTP header that is ours to choose."""
    if not re.fullmatch(r"[0-9A-Za-z!#$%&'*+.^_`|~-]+", text):
        raise ValueError("should be the name of an HTTP header, such as Authorization")
    if text.lower() in _OUR_HEADERS or text.lower().startswith("webhook-"):
        raise ValueError("is a header that is set by itself: leave it out")
    return text


def address(text: str) -> Address:
    """Return where to listen."""
    found = re.fullmatch(_ADDRESS, text)
    if not found or int(found[2]) > 65535:
        raise ValueError("should be host:port, such as 127.0.0.1:8080 or 0.0.0.0:8080")
    return Address(found[1].strip("[]"), int(found[2]))


def database_url(text: str) -> Secret:
    """Return a database's URL. It may hold a password."""
    scheme, _, rest = text.partition(":")
    if scheme == "sqlite" and rest and not rest.startswith((":", "//")):
        return Secret(text)
    if scheme in ("postgresql", "postgres") and rest.startswith("//"):
        try:
            parts = urlsplit(text)
            valid = parts.port != 0 and not parts.fragment
        except ValueError:
            valid = False
        if valid:
            return Secret(text)
        raise ValueError(f"should be postgresql://user:password@host/name; {_IN_URL}")
    raise ValueError(
        "should be sqlite:PATH, such as sqlite:larkbell.db, "
        "or postgresql://user:password@host/name"
    )


def fernet_key(text: str) -> Secret:
    """Return a key that Fernet takes: 32 bytes in URL-safe base64."""
    try:
        key = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(
            "should be a Fernet key: make one with `larkbell secrets generate`"
        )
    return Secret(text)


def zone(text: str) -> str:
    """Return the IANA name of a time zone."""
    try:
        return ZoneInfo(text).key
    except (KeyError, OSError, ValueError):
        known = {each.casefold(): each for each in available_timezones()}
    near = get_close_matches(text.casefold(), known, n=1)
    meant = f"; did you mean {known[near[0]]}?" if near else ", such as Asia/Shanghai"
    raise ValueError(f"should be an IANA time zone{meant}")


def rate(text: str) -> Rate:
    """Return so many in so much time."""
    found = re.fullmatch(RATE, text)
    if not found:
        raise ValueError("should be a rate, such as 600/min, 10/s or 5000/h")
    return Rate(int(found[1]), PERIODS[found[2]])


def retention(text: str) -> timedelta:
    """Return how long to keep things."""
    found = re.fullmatch(AGE, text)
    days = int(found[1]) * (7 if found[2] == "w" else 1) if found else 0
    age = timedelta(days=days)
    if not SHORTEST_RETENTION <= age <= LONGEST_RETENTION:
        raise ValueError(
            "should be days or weeks such as 180d or 26w, and at least 7d: "
            "so long may messages be held"
        )
    return age


def calendar(text: str) -> str:
    """Return the calendar that says which days are workdays."""
    # To ask the library takes 80 ms, and this is the default.
    return text if text == "CN" else parse_calendar(text)


def hours(text: str) -> Hours:
    """Return the hours of a window."""
    return Hours(*parse_hours(text))


def times(text: str) -> tuple[int, ...]:
    """Return the times of day of a digest."""
    return parse_times(text)


def type_id(text: str) -> str:
    """Return the slug of a message type."""
    if not valid_id(text):
        raise ValueError(
            "should be a message type: category.name in a-z, 0-9 and -, "
            "such as product.alarm"
        )
    return text


def pattern(text: str) -> str:
    """Return a pattern of message types."""
    if not valid_pattern(text):
        raise ValueError(
            "should be a message type such as finance.refund, "
            "all of a category such as finance.*, or *"
        )
    return text


def condition(text: str) -> str:
    """Return a filter that can be read."""
    parse_filter(text)
    return text
