"""Text that people or alerts wrote → text that can only be read.

Nothing that leaves here can mention, format, hide or reorder what stands beside it.
Cards show foreign text as ``plain_text``, which Lark does not interpret; tags are
broken all the same, so that no other way of showing the text can bring one to life.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

#: Longer addresses are shown as text: they would take the room of the message.
MAX_ADDRESS = 2_000

_TERMINAL = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?)")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Controls, marks of direction, and characters that take no room: they hide text, turn
# it round, or slip between a "<" and its name.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Joiners belong inside emoji and some scripts, one at a time, never beside ASCII.
_JOINERS = re.compile(
    "(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_TALL_GAPS = re.compile(r"\n(?:[ \t]*\n){2,}")

_BARE_ADDRESS = re.compile(r"<(https?://[^\s<>|]+)>")
# "<" as it is, in full width, or spelt as an entity, however often it was encoded.
_OPEN = r"(?:[<＜﹤]|&(?:amp;)*(?:lt;|LT;|#0*60(?!\d);?|#[xX]0*3[cC](?![0-9a-fA-F]);?))"
_CLOSE = (
    r"(?:[>＞﹥]|&(?:amp;)*(?:gt;|GT;|#0*62(?!\d);?|#[xX]0*3[eE](?![0-9a-fA-F]);?))"
)
# Tags of Lark's own (Lark docs: card markdown), which a blank must not save.
_LARKS = r"(?:at|person|font|text_tag|number_tag|link|img|local_datetime)\b"
# What may follow a "<" that only compares: "5 < x", "<=", "<-", "<10", "1 << 2".
_COMPARES = rf"(?!<{{0,2}}(?:[\d=-]|\s(?!\s*/?\s*{_LARKS})|$))"
_WHOLE_TAG = re.compile(rf"{_OPEN}{_COMPARES}([^<>＜＞﹤﹥&\n]{{1,200}}){_CLOSE}")
_TAG_START = re.compile(rf"{_OPEN}{_COMPARES}")

_UNLINKABLE = re.compile(r"[\s\\\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.]+\]")
_ENTITY = re.compile(r"(&#?\w+);")


def plain(text: str) -> str:
    """Return *text*, lines and all, with nothing in it that could act or hide."""
    return _TALL_GAPS.sub("\n\n", scrub(text).expandtabs(4)).strip("\n")


def line(text: str, *, most: int = 200) -> str:
    """Return *text* as one line of at most *most* characters; ``…`` shows a cut."""
    text = text.strip()
    # Read no more than could be shown, even of a text that is mostly white space.
    head = text[: 8 * most]
    flat = " ".join(scrub(head).split())
    if len(flat) <= most and len(head) == len(text):
        return flat
    return flat[: most - 1].rstrip() + "…"


def scrub(text: str) -> str:
    """Return *text* without controls, marks of direction and live tags."""
    text = _TERMINAL.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _UNSEEN.sub("", text)
    text = _JOINERS.sub("", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = _BARE_ADDRESS.sub(r"\1", text)
    text = _WHOLE_TAG.sub(r"‹\1›", text)
    return _TAG_START.sub("‹", text)


def address(text: str) -> str | None:
    """Return *text* as an address that a card may link to, or ``None``.

    ``http`` and ``https`` with a host pass, without a password in them. The host is in
    ASCII, so that it shows whose it is; what could end a link early, or begin another,
    is percent-encoded.
    """
    text = text.strip()
    if len(text) > MAX_ADDRESS or _UNLINKABLE.search(text) or _UNSEEN.search(text):
        return None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except ValueError:
        return None
    if ":" in host:
        host = f"[{host}]"
    if (
        parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not _HOST.fullmatch(host)
    ):
        return None
    rest = text.partition("//")[2][len(parts.netloc) :]
    rest = quote(rest, safe="%/:=&?#+!$,;@")
    rest = _ENTITY.sub(r"\1%3B", rest)
    whole = f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{rest}"
    return whole if len(whole) <= MAX_ADDRESS else None
