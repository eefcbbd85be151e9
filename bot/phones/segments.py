"""Text for a phone: plain, in one line, and no longer than two segments.

A segment holds 153 characters of the phones' own alphabet (GSM 03.38), or 67 of any
other. Providers put a signature in front, so some room is left.
"""

from __future__ import annotations

import re

from bot.cards import defuse

SEGMENTS = 2
#: For the signature, and for what a template adds.
SPARE = 20
_GSM = frozenset(
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: These take two places each.
_GSM_WIDE = frozenset("^{}\\[~]|€")

#: What the alphabet of phones writes otherwise.
_PLAINER = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-",
        "−": "-", "‐": "-", "‑": "-", "…": "...", "·": "-", "•": "-", "×": "x",
        "`": "'", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ",
    }
)  # fmt: skip
# Carriers take these for a sender's signature, which nobody but the provider sets.
_SIGNATURE = str.maketrans({"【": "[", "】": "]", "‹": "(", "›": ")"})
_LINKS = re.compile(r"(?:\b[a-z][a-z0-9+.-]*://|\bwww\.)\S*", re.IGNORECASE)
_ASTRAL = re.compile("[\U00010000-\U0010ffff\ufe0e\ufe0f\u200c\u200d]")


def plain(text: str, *, most: int = 300) -> str:
    """Return what others wrote as one line without links, pictures and signatures.

    Providers refuse links in what is not their template, and so should whoever gets
    them from a number that they do not know.
    """
    text = _LINKS.sub("", text)
    text = _ASTRAL.sub("", text)
    text = defuse.line(text, most=most).translate(_SIGNATURE)
    text = "".join(letter for letter in text if letter.isprintable())
    plainer = text.translate(_PLAINER)
    return plainer if is_gsm(plainer) else text


def is_gsm(text: str) -> bool:
    """Whether the phones' own alphabet writes all of *text*."""
    return _GSM.issuperset(text) or (_GSM | _GSM_WIDE).issuperset(text)


def fits(text: str) -> bool:
    """Whether *text* goes out in two segments, with room for a signature."""
    if is_gsm(text):
        length = len(text) + sum(letter in _GSM_WIDE for letter in text)
        return length <= SEGMENTS * 153 - SPARE
    return len(text.encode("utf-16-le")) // 2 <= SEGMENTS * 67 - SPARE


def cut(text: str, most: int) -> str:
    """Return *text* in at most *most* characters; dots show a cut."""
    if len(text) <= most:
        return text
    dots = "..." if is_gsm(text) else "…"
    return text[: max(0, most - len(dots))].rstrip() + dots
