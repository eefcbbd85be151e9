"""Texts in the reader's language: gettext catalogues, read with Babel.

One ``.po`` file a part of the program stands in ``handlers/locale/LANGUAGE``; ``make
words`` brings them up to date with the sources, and a test fails on what is missing.
They are read when somebody first needs them, and need no build step.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from handlers.language.filling import filled
from store.wording import Fact, Text

LOCALES = ("en", "zh")
FOLDER = Path(__file__).parent.parent / "locale"

_COMMAS: Mapping[str, str] = {"en": ", ", "zh": "、"}


def say(text: str, locale: str) -> str:
    """Return *text* in *locale*; what is no ``Text`` is said as it is.

    A message that the catalogue does not know is said in English.
    """
    if not isinstance(text, Text):
        return text
    message = text.other.get(locale)
    if message is not None:
        return message
    if locale == "en" or not text.message:
        return str(text)
    known = catalogue(locale)
    if text.plural:
        message = known.ngettext(text.message, text.plural, text.number)
    else:
        message = known.gettext(text.message)
    said = {name: _said(fact, locale) for name, fact in text.facts.items()}
    if not said:
        return message
    return filled(message, said) if locale == "zh" else message.format(**said)


@cache
def catalogue(locale: str) -> gettext.NullTranslations:
    """Return every message of *locale*; an empty one where there is none."""
    # Where all read English, nobody needs it.
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    merged = Catalog(locale=locale)
    for path in sorted((FOLDER / locale).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if message.id and message.string and not message.fuzzy:
                    merged.add(message.id, message.string)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _said(fact: Fact, locale: str) -> str | int | float:
    if isinstance(fact, str):
        return say(fact, locale)
    if isinstance(fact, Sequence):
        return _COMMAS.get(locale, ", ").join(say(each, locale) for each in fact)
    return fact
