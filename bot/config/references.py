"""Names that settings use for each other: whether they lead anywhere.

``to: [robot:ops-room]`` needs a robot of that name, ``via: [email]`` somebody who can
have mail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.config.tree import Path, Tree
from bot.config.words import nearest
from store.values import Channel, Destination, Kind

#: Where the names of each kind of destination stand, and what Lark's own ids look like.
_NAMES = {
    Kind.CHAT: ("chats", "oc_"),
    Kind.ROBOT: ("robots", None),
    Kind.PERSON: ("people", "ou_"),
    Kind.GROUP: ("groups", None),
}
#: Which destinations a channel reaches. The inbox is everybody's.
_PERSONS = frozenset({Kind.PERSON, Kind.GROUP})
_REACHES: dict[str, frozenset[Kind]] = {
    Channel.CHAT: frozenset({Kind.CHAT, Kind.ROBOT}),
    Channel.DM: _PERSONS,
    Channel.EMAIL: _PERSONS,
    Channel.SMS: _PERSONS,
    Channel.VOICE: _PERSONS,
}


def dangling(tree: Tree) -> Iterator[tuple[Path, str]]:
    """Yield every name that leads nowhere, and every channel that reaches nobody."""
    yield from _members(tree)
    yield from _chats(tree)
    for path, _ in tree.items("subscriptions"):
        to = list(tree.texts(*path, "to"))
        for inner, text in to:
            yield from _destination(tree, inner, text)
        yield from _channels(tree, path, [text for _, text in to])
    for section, what in (("dnd", "windows"), ("digests", "digests")):
        for path, rule in tree.items(section):
            inner, target = (*path, "for"), rule.get("for")
            if _kind(target) is Kind.GROUP:
                words = f"a chat, a robot or a person: a group has no {what}"
                yield inner, f"should be {words}"
            elif isinstance(target, str):
                yield from _destination(tree, inner, target)


def _members(tree: Tree) -> Iterator[tuple[Path, str]]:
    groups = tree.at(("groups",))
    lists: list[Path] = [("roles", "admins"), ("roles", "editors")]
    lists += [("roles", "cost_viewers")]
    lists += [("groups", name) for name in (groups if isinstance(groups, dict) else ())]
    for where in lists:
        # One word, such as everyone, names nobody.
        texts = tree.texts(*where) if isinstance(tree.at(where), list) else ()
        for path, text in texts:
            if not text.startswith("ou_") and "@" not in text:
                yield from _name(tree, path, Kind.PERSON, text)


def _chats(tree: Tree) -> Iterator[tuple[Path, str]]:
    for path, robot in tree.items("robots"):
        if isinstance(robot.get("chat"), str):
            yield from _name(tree, (*path, "chat"), Kind.CHAT, robot["chat"])
    for path, _ in tree.items("billing", "accounts"):
        for inner, text in tree.texts(*path, "chats"):
            yield from _name(tree, inner, Kind.CHAT, text)


def _destination(tree: Tree, path: Path, text: str) -> Iterator[tuple[Path, str]]:
    try:
        destination = Destination.parse(text)
    except ValueError:
        return  # The type has told it.
    prefix = _NAMES[destination.kind][1]
    if prefix is None or not destination.name.startswith(prefix):
        yield from _name(tree, path, destination.kind, destination.name)


def _name(tree: Tree, path: Path, kind: Kind, name: str) -> Iterator[tuple[Path, str]]:
    known = _known(tree, kind)
    # A name that could not be read may be the one that is meant.
    if not name or name in known or "" in known:
        return
    section = _NAMES[kind][0]
    meant = nearest(name, known) or f"; name it under {section}"
    yield path, f"there is no such {kind}{meant}"


def _known(tree: Tree, kind: Kind) -> set[str]:
    if kind is Kind.GROUP:
        groups = tree.at(("groups",))
        return set(groups) if isinstance(groups, dict) else set()
    items = tree.items(_NAMES[kind][0])
    return {item["name"] for _, item in items if isinstance(item.get("name"), str)}


def _channels(tree: Tree, rule: Path, to: list[str]) -> Iterator[tuple[Path, str]]:
    kinds = {_kind(text) for text in to}
    if not kinds or None in kinds:
        return
    for path, text in tree.texts(*rule, "via"):
        reached = _REACHES.get(text)
        if reached and not reached & kinds:
            some = " or ".join(sorted(reached))
            yield path, f"reaches none of to: it is for a {some}"


def _kind(text: Any) -> Kind | None:
    try:
        return Destination.parse(text).kind
    except (ValueError, AttributeError):
        return None
