"""Words for people, with what they were made of, so that any language can say them.

As a string, a ``Text`` is its English; ``handlers.language.catalogues`` says it in
another language. Rows keep what it was made of (``written``), so that a reason that was
stored in spring is read in Chinese in autumn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import orjson

#: What may stand in for a ``{name}``: another text, a string as it is, a number, or
#: several, which are divided as the language does it.
Fact = str | int | float | Sequence[str]

_MARK = "\x1e"


class Text(str):
    """A sentence in English that knows its message and facts.

    ``message`` is what catalogues look up, ``number`` what a plural goes by. ``other``
    holds what is said in other languages without one, like the titles of types.
    """

    message: str
    plural: str
    number: int
    facts: Mapping[str, Fact]
    other: Mapping[str, str]

    def __new__(
        cls,
        message: str,
        *,
        plural: str = "",
        count: int = 1,
        facts: Mapping[str, Fact] | None = None,
        other: Mapping[str, str] | None = None,
    ) -> Text:
        """Fill the facts into the message; a string that misses one raises KeyError."""
        facts = facts or {}
        chosen = plural if plural and count != 1 else message
        said = {name: _english(fact) for name, fact in facts.items()}
        english = chosen.format(**said) if said else chosen
        made = super().__new__(cls, (other or {}).get("en", english))
        made.message, made.plural, made.number = message, plural, count
        made.facts, made.other = facts, other or {}
        return made

    def __getnewargs_ex__(self) -> Any:  # For copies and pickles.
        kept = {"plural": self.plural, "count": self.number}
        return (self.message,), {**kept, "facts": self.facts, "other": self.other}


def _(message: str, /, **facts: Fact) -> Text:
    """Return *message* with its facts, to be said in the reader's language."""
    return Text(message, facts=facts)


def _n(message: str, plural: str, count: int, /, **facts: Fact) -> Text:
    """Return what is said of *count* things; ``{count}`` is written with commas."""
    filled = {"count": f"{count:,}", **facts}
    return Text(message, plural=plural, count=count, facts=filled)


def titled(en: str, zh: str) -> Text:
    """Return a title that is known in both languages: no catalogue is asked."""
    # A brace in a title is a brace.
    return Text("{title}", facts={"title": en}, other={"zh": zh})


def capital(text: str) -> Text:
    """Return *text* as a sentence begins in English; other languages leave it so."""
    said = as_text(text)
    return Text(
        said.message,
        plural=said.plural,
        count=said.number,
        facts=said.facts,
        other={**said.other, "en": text[:1].upper() + text[1:]},
    )


def listed(items: Sequence[str]) -> Text:
    """Return *items* as one says them: ``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return commas(items)
    return _("{first} and {last}", first=tuple(items[:-1]), last=items[-1])


def commas(items: Sequence[str]) -> Text:
    """Return *items* divided by commas, as the language has them."""
    return Text("{all}", facts={"all": tuple(items)})


def sentences(*said: str) -> Text:
    """Return what was said as one line; nothing leaves no gap."""
    return _joined(
        said, lambda first, then: _("{first} {then}", first=first, then=then)
    )


def clauses(*said: str) -> Text:
    """Return what was said as parts of one sentence: ``a; b``."""
    return _joined(
        said, lambda first, then: _("{first}; {then}", first=first, then=then)
    )


def dotted(*said: str) -> Text:
    """Return what is said of one thing in a list: ``2 · 22:00-08:00 · off``."""
    return _joined(
        said, lambda first, then: _("{first} · {then}", first=first, then=then)
    )


def _joined(said: Iterable[str], join: Callable[[Text, Text], Text]) -> Text:
    *most, last = [as_text(each) for each in said if each] or [Text("")]
    for each in reversed(most):
        last = join(each, last)
    return last


def as_text(said: str) -> Text:
    """Return *said*; a plain string as a text that every language says as it is."""
    return said if isinstance(said, Text) else Text("{all}", facts={"all": said})


def written(text: str) -> str:
    """Return *text* as a row keeps it."""
    if not isinstance(text, Text):
        # What others wrote is no text of ours, whatever it begins with.
        return text.lstrip(_MARK)
    return _MARK + orjson.dumps(_to_json(text)).decode()


def read(row: str) -> str:
    """Return what a row kept."""
    if not row.startswith(_MARK):
        return row
    text: str = _from_json(orjson.loads(row[len(_MARK) :]))
    return text


def _to_json(text: str) -> Any:
    if not isinstance(text, Text):
        return str(text)
    facts = {name: _fact_to_json(fact) for name, fact in text.facts.items()}
    return [text.message, text.plural, text.number, facts, dict(text.other)]


def _fact_to_json(fact: Fact) -> Any:
    if isinstance(fact, str):
        return _to_json(fact)
    if isinstance(fact, (int, float)):
        return fact
    return {"all": [_to_json(each) for each in fact]}


def _from_json(said: Any) -> Any:
    match said:
        case [message, plural, count, facts, other]:
            return Text(
                message,
                plural=plural,
                count=count,
                facts={name: _from_json(fact) for name, fact in facts.items()},
                other=other,
            )
        case {"all": items}:
            return tuple(_from_json(each) for each in items)
        case _:
            return said


def _english(fact: Fact) -> str | int | float:
    if isinstance(fact, (str, int, float)):
        return fact
    return ", ".join(fact)
