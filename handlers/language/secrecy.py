"""What in a typed line is secret, so that no answer says it again.

An answer is kept and shown: what is refused must quote neither a webhook nor a secret,
and offer no correction that holds one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from handlers.context import Context
from handlers.errors import Unconfirmed, UserError, words_of
from store.wording import Fact, Text, _, sentences

#: What stands where a secret stood.
MASK = "****"

#: Ends the lines that our own forms make: there is no message to delete then.
BY_FORM = "--by-form"

# An address that lets whoever has it post, or that comes behind a robot's name.
_ADDRESS = re.compile(
    r"https?[:：]//[^\s\"“”]*(?:hook|token|secret|key|sign|robot|bot)[^\s\"“”]*",
    re.IGNORECASE,
)
_ANY_ADDRESS = re.compile(r"https?[:：]//[^\s\"“”]+", re.IGNORECASE)
_ABOUT_ROBOTS = re.compile(r"robot|webhook|机器人", re.IGNORECASE)
_SECRET = re.compile(
    # secret@example.com is an address: an English word ends before what it leads in.
    r"(?:secret(?![\w@.+-])|密钥|加签|签名密钥)\s*[=:：]?\s*"
    r"(?:[\"“”]([^\"“”]+)[\"“”]?|(\S+))",
    re.IGNORECASE,
)
_LONG = re.compile(r"[A-Za-z0-9+/=_-]{16,}")
#: Shorter ones stand in many a word.
_TELLING = 4


def secrets_in(line: str) -> tuple[str, ...]:
    """Return the webhooks and secrets that *line* holds, as they were typed."""
    # As it was typed, and as it is read: either may be said.
    found = [*_found(line), *_found(unicodedata.normalize("NFKC", line))]
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


def _found(line: str) -> Iterator[str]:
    about = _ABOUT_ROBOTS.search(line)
    addresses = (_ANY_ADDRESS if about else _ADDRESS).findall(line)
    yield from addresses
    for match in _SECRET.finditer(line):
        said = match.group(1) or match.group(2)
        yield from (said, *said.split())
    if about and addresses:
        # Behind a webhook the word “secret” may have been left out.
        yield from _LONG.findall(line)


def holds_webhook(text: str) -> bool:
    """Whether *text* holds an address that lets whoever has it post."""
    return _ADDRESS.search(text) is not None


def discreet(refusal: UserError, line: str, context: Context) -> UserError:
    """Return *refusal* without anything secret of *line*, and what to do about it."""
    hidden = secrets_in(line)
    if not hidden or isinstance(refusal, Unconfirmed):
        # What is asked before is said in words of ours.
        return refusal
    words = masked(words_of(refusal), hidden)
    choices = [
        each if not any(one in each for one in hidden) else _form_for(each, context)
        for each in refusal.choices
    ]
    offered = tuple(dict.fromkeys(filter(None, choices)))
    return type(refusal)(sentences(words, to_delete(line, context)), choices=offered)


def _form_for(choice: str, context: Context) -> str:
    """Return the line that asks by a form for what *choice* would say again, if any."""
    match [] if context.is_group else choice.split():
        case ["/robot", "add", name, *_rest] if not _ANY_ADDRESS.match(name):
            return f"/robot add {name}"
        case ["/robot", "set", name, *_rest]:
            return f"/robot set {name} secret"
        case _:
            return ""


def to_delete(line: str, context: Context) -> str:
    """Return what to do about a message that holds something secret."""
    if BY_FORM in line:
        return ""
    if context.is_group:
        return _(
            "Others here have seen what you wrote: please delete that message, and "
            "make a new webhook in Lark."
        )
    return _(
        "Please delete your message: it holds what nobody else should read, and I "
        "cannot delete it for you."
    )


def masked(text: str, hidden: Sequence[str]) -> str:
    """Return *text* with what is *hidden* taken out of it and of its facts."""
    if not isinstance(text, Text):
        return _covered(text, hidden)
    facts: Mapping[str, Fact] = {
        name: _masked_fact(fact, hidden) for name, fact in text.facts.items()
    }
    other = {locale: _covered(said, hidden) for locale, said in text.other.items()}
    return Text(
        text.message, plural=text.plural, count=text.number, facts=facts, other=other
    )


def _masked_fact(fact: Fact, hidden: Sequence[str]) -> Fact:
    if isinstance(fact, str):
        return masked(fact, hidden)
    if isinstance(fact, (int, float)):
        return fact
    return tuple(masked(each, hidden) for each in fact)


def _covered(text: str, hidden: Sequence[str]) -> str:
    for each in hidden:
        if len(each) >= _TELLING:
            text = text.replace(each, MASK)
        elif text == each:
            text = MASK
    return text
