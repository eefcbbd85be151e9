"""The texts that people see, as the sources have them, and the catalogues beside."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from handlers.commands import router
from handlers.language.catalogues import FOLDER, LOCALES

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "handlers", "store")
#: What marks a text in the sources (``store/wording.py``).
KEYWORDS = {"_": None, "_n": (1, 2)}
TRANSLATED = tuple(each for each in LOCALES if each != "en")


def templates() -> dict[str, Catalog]:
    """Return the texts of each part of the program, by the name of its catalogue.

    A folder is a part, and so is a file beside the folders: ``handlers-sub`` is
    ``handlers/sub/``, ``bot-telling`` is ``bot/telling.py``.
    """
    found: dict[str, Catalog] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            inside = path.relative_to(ROOT / package)
            part = f"{package}-{inside.parts[0].removesuffix('.py')}"
            for message in _texts(path):
                found.setdefault(part, Catalog()).add(message)
    for part, summary in _summaries():
        found.setdefault(part, Catalog()).add(summary)
    return found


def _summaries() -> Iterator[tuple[str, str]]:
    """Yield what /help says of each command, from its docstring: its part, its text."""
    for entry in router.entries.values():
        package, part, *_rest = entry.run.__module__.split(".")
        yield f"{package}-{part}", str(entry.summary)


def catalogue(part: str, locale: str) -> Catalog:
    """Return what the catalogue of a part has in *locale*; an empty one for none."""
    path = FOLDER / locale / f"{part}.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def messages(of: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue, without its header."""
    return (each for each in of if each.id)


def update() -> list[str]:
    """Bring every catalogue up to date; return what still has no translation.

    What is translated stays so; what the sources do not say any more is dropped.
    """
    wanted = templates()
    missing = []
    for locale in TRANSLATED:
        said = _said_anywhere(locale)
        folder = FOLDER / locale
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("*.po"):
            if path.stem not in wanted:
                path.unlink()
        for part, template in wanted.items():
            known = catalogue(part, locale)
            made = Catalog(locale=locale)
            for message in messages(template):
                was = known.get(message.id)
                # One text has one translation, wherever it stands.
                made.add(
                    message.id,
                    was.string if was else said.get(_key(message)) or _empty(message),
                )
                if not made[message.id].string or not any(made[message.id].string):
                    missing.append(f"{locale}/{part}.po: {message.id!r}")
            _write(folder / f"{part}.po", made)
    return missing


def _said_anywhere(locale: str) -> dict[object, str | tuple[str, ...]]:
    found = {}
    for path in (FOLDER / locale).glob("*.po"):
        for message in messages(catalogue(path.stem, locale)):
            found[_key(message)] = message.string
    return found


def _key(message: Message) -> object:
    return tuple(message.id) if message.pluralizable else message.id


def _texts(path: Path) -> Iterator[str | tuple[str, ...]]:
    for _line, found, _comments, _context in extract_from_file(
        "python", path, keywords=KEYWORDS
    ):
        yield found


def _empty(message: Message) -> str | tuple[str, ...]:
    # Chinese has one form of the plural.
    return ("",) if message.pluralizable else ""


def _write(path: Path, made: Catalog) -> None:
    # No dates, versions or line numbers: a diff shows words alone.
    written = io.BytesIO()
    write_po(written, made, no_location=True, omit_header=True, sort_output=True)
    path.write_bytes(_HEADER + written.getvalue())


_HEADER = b"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
