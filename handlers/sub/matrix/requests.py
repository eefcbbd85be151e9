"""What can be asked of the matrix, and how each is written best."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context
from handlers.language.channels import write_channels
from store.values import Channel, Destination

#: The columns that are no channels.
DND, RECIPIENTS = "dnd", "recipients"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Show the types of a category, or open one type, or one of its cells."""

    pattern: str = ""
    column: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Show the form that sets several types of a category, or of all, at once."""

    pattern: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Switch cells of these types. ``dnd`` of ``None`` leaves it as it is."""

    patterns: tuple[str, ...]
    on: frozenset[Channel] = frozenset()
    off: frozenset[Channel] = frozenset()
    dnd: bool | None = None
    add: tuple[Destination, ...] = ()
    remove: tuple[Destination, ...] = ()


def write_look(request: Look | Several) -> str:
    """Return the line that says *request* exactly: the grammar reads it so."""
    words = ["/sub"]
    if isinstance(request, Several):
        words.append("several")
    words.append(request.pattern.removesuffix(".*"))
    if isinstance(request, Look):
        words.append(request.column)
    if request.page > 1:
        words.append(f"page {request.page}")
    return " ".join(filter(None, words))


def write_switch(request: Switch, context: Context) -> str:
    """Return the line that says *request* exactly."""
    words = ["/sub switch", *request.patterns]
    for word, chosen, dnd in (
        ("on", request.on, request.dnd is True),
        ("off", request.off, request.dnd is False),
    ):
        named = [write_channels(chosen)] if chosen else []
        named += [DND] if dnd else []
        if named:
            words.append(f"{word} {','.join(named)}")
    for word, whom in (("add", request.add), ("remove", request.remove)):
        if whom:
            words.append(f"{word} {', '.join(context.write(each) for each in whom)}")
    return " ".join(words)
