"""/types: which messages there are."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import Many, fill
from handlers.reply import Button, Reply
from handlers.router import Command, Router
from handlers.rules.types import CATEGORIES, MessageType, Offer

router = Router()

TITLE = "Message types"


@dataclass(frozen=True, slots=True)
class Asked:
    """The category or type to show, or nothing for all of them."""

    pattern: str = ""


def read(command: Command, context: Context) -> Asked:
    """Return what is to be shown. Raises ``Misunderstood`` for no type."""
    types: Many[str] = Many(
        types_reader(context.types, quotes=True), words=type_words(context.types)
    )
    fill(command.rest, types)
    if len(types.value) > 1:
        raise Misunderstood(
            "One category or type at a time, please.",
            choices=tuple(f"/types {each}" for each in types.value),
        )
    pattern = types.value[0] if types.value else ""
    return Asked("" if pattern == "*" else pattern)


@router.command("types", read=read, usage="[category]", look="/types finance")
async def show_types(asked: Asked, context: Context) -> Reply:
    """Show which messages there are.

    /types finance
    /types finance.balance-warning
    """
    if not asked.pattern:
        return _everything(context)
    if asked.pattern.endswith(".*"):
        return _branch(asked.pattern.removesuffix(".*"), context)
    return _one(context.types.get(asked.pattern), context)


def _everything(context: Context) -> Reply:
    tree = {each: found for each, found in context.types.by_category().items() if found}
    lines = tuple(
        f"{category} · {_title(category, context)}: "
        + ", ".join(each.id.partition(".")[2] for each in found)
        for category, found in tree.items()
    )
    buttons = tuple(Button(category, f"/types {category}") for category in tree)
    return Reply(title=TITLE, lines=lines, buttons=buttons, canonical="/types")


def _branch(prefix: str, context: Context) -> Reply:
    found = [each for each in context.types if each.id.startswith(f"{prefix}.")]
    if not found:
        line = f"Nothing is known below {prefix} yet. What a source sends appears here."
        return Reply(title=TITLE, lines=(line,), canonical=f"/types {prefix}.*")
    return Reply(
        title=_title(prefix, context),
        lines=tuple(_line(each) for each in found),
        canonical=f"/types {prefix}",
        buttons=(Button("Subscribe to all", f"/sub add {prefix}.*"),),
    )


def _one(found: MessageType, context: Context) -> Reply:
    cells = (
        f"{channel}: {cell.offer}"
        + (f" ({cell.reason(context.locale)})" if cell.reason(context.locale) else "")
        for channel, cell in found.cells.items()
        if cell.offer is not Offer.ON
    )
    return Reply(
        title=found.title(context.locale),
        lines=(_line(found), *cells),
        canonical=f"/types {found.id}",
        buttons=(Button("Subscribe", f"/sub add {found.id}"),),
    )


def _line(found: MessageType) -> str:
    titles = dict.fromkeys((found.title_en, found.title_zh))
    return " · ".join((found.id, *titles, found.severity.word))


def _title(category: str, context: Context) -> str:
    known = CATEGORIES.get(category)
    return known.title(context.locale) if known else category
