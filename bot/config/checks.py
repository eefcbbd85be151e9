"""What the types cannot say: settings that need, repeat or contradict each other.

Checked on what is written rather than on the models, so that one wrong setting does
not hide another mistake. ``""`` is a value whose own mistake is told already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.config.phone_checks import check_phones
from bot.config.references import dangling
from bot.config.tree import Finding, Path, Tree, written

_Items = Iterable[tuple[Path, Mapping[str, Any]]]

_TWICE = "is taken by {0} already: give each its own"
_SAME_PROOF = "is the same as that of {0}: give each source its own, to tell them apart"
_SAME_WEBHOOK = "is the same as that of {0}: two robots would spoil each other's pace"
_NAMED = (
    ("chats", "name"),
    ("chats", "id"),
    ("sources", "name"),
    ("robots", "name"),
    ("people", "name"),
    ("people", "open_id"),
    ("message_types", "id"),
    ("subscriptions", "name"),
    ("dnd", "name"),
    ("digests", "name"),
)


def crosscheck(tree: Tree) -> Iterator[Finding]:
    """Yield every mistake that lies between settings."""
    for section, key in _NAMED:
        yield from _unique(tree.items(section), key, _TWICE)
    yield from _unique(tree.items("billing", "accounts"), "name", _TWICE)
    yield from _unique(tree.items("robots"), "webhook", _SAME_WEBHOOK)
    yield from _sources(tree)
    yield from _process(tree)
    yield from check_phones(tree)
    yield from _people(tree)
    yield from _titles(tree)
    yield from dangling(tree)


def _unique(items: _Items, key: str, words: str) -> Iterator[Finding]:
    seen: dict[str, Path] = {}
    for path, item in items:
        value = item.get(key)
        if isinstance(value, str) and value:
            first = seen.setdefault(value, path)
            if first != path:
                yield (*path, key), words.format(written(first))


def _sources(tree: Tree) -> Iterator[Finding]:
    sources = list(tree.items("sources"))
    # These doors' addresses name no source: the token or the signature does.
    native = [each for each in sources if each[1].get("kind") == "native"]
    hooks = [each for each in sources if each[1].get("kind") == "lark-hook"]
    yield from _unique(native, "token", _SAME_PROOF)
    yield from _unique(native, "secret", _SAME_PROOF)
    yield from _unique(hooks, "token", _SAME_PROOF)
    for path, source in sources:
        if source.get("kind") == "lark-hook" and source.get("token") is None:
            yield path, "a lark-hook needs a token: it is the end of its address"
        elif source.get("token") is None and source.get("secret") is None:
            yield path, "needs a token or a secret, or anybody could send as it"
        for inner, entry in tree.items(*path, "map"):
            if entry.get("type") is None and entry.get("severity") is None:
                yield inner, "should say a type or a severity, or both"


def _process(tree: Tree) -> Iterator[Finding]:
    lark = tree.at(("lark",))
    if isinstance(lark, dict):
        proofs = lark.get("encrypt_key"), lark.get("verification_token")
        if lark.get("events") != "websocket" and proofs == (None, None):
            yield (
                ("lark",),
                "needs encrypt_key or verification_token, or anybody could send events",
            )
        if not tree.at(("secrets", "keys")):
            why = "robots added in chat are kept encrypted"
            yield (
                ("secrets", "keys"),
                f"is missing, and {why}: make one with `larkbell secrets generate`",
            )
    mail = tree.at(("email",))
    if isinstance(mail, dict):
        for one, other in (("username", "password"), ("password", "username")):
            if mail.get(one) is not None and mail.get(other) is None:
                yield ("email", other), f"is missing: {one} needs it"


def _people(tree: Tree) -> Iterator[Finding]:
    for path, person in tree.items("people"):
        for inner, contact in tree.texts(*path, "verified"):
            if contact in ("email", "phone") and person.get(contact) is None:
                yield inner, f"there is no {contact} here to be verified"


def _titles(tree: Tree) -> Iterator[Finding]:
    for path, kind in tree.items("message_types"):
        title = kind.get("title")
        if isinstance(title, dict) and not {"en", "zh"} & title.keys():
            yield (*path, "title"), "should be given in en or zh, or left out"
