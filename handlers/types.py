"""/types: which messages there are."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.context import Context
from handlers.errors import Misunderstood
from handlers.language.patterns import type_words, types_reader
from handlers.language.slots import Many, fill
from handlers.reply import Button, Reply
from handlers.router import Command, Router
from handlers.rules.cells import Cell
from handlers.rules.matrix import NOT_SET_UP
from handlers.rules.methods import SAID
from handlers.rules.said import SEVERITIES
from handlers.rules.types import CATEGORIES, MessageType, Offer
from store.values import Channel
from store.wording import Text, _, commas, dotted

router = Router()

TITLE = _("Message types")


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
            _("One category or type at a time, please."),
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
        _(
            "{category}: {types}",
            category=dotted(category, _title(category)),
            types=commas([each.id.partition(".")[2] for each in found]),
        )
        for category, found in tree.items()
    )
    buttons = tuple(Button(category, f"/types {category}") for category in tree)
    return Reply(title=TITLE, lines=lines, buttons=buttons, canonical="/types")


def _branch(prefix: str, context: Context) -> Reply:
    found = [each for each in context.types if each.id.startswith(f"{prefix}.")]
    if not found:
        line = _(
            "Nothing is known below {category} yet. What a source sends appears here.",
            category=prefix,
        )
        return Reply(title=TITLE, lines=(line,), canonical=f"/types {prefix}.*")
    return Reply(
        title=_title(prefix),
        lines=tuple(_line(each) for each in found),
        canonical=f"/types {prefix}",
        buttons=(Button(_("Subscribe to all"), f"/sub add {prefix}.*"),),
    )


def _one(found: MessageType, context: Context) -> Reply:
    cells = (
        _cell(channel, cell, context)
        for channel, cell in found.cells.items()
        if cell.offer is not Offer.ON
    )
    return Reply(
        title=found.title,
        lines=(_line(found), *cells),
        canonical=f"/types {found.id}",
        buttons=(Button(_("Subscribe"), f"/sub add {found.id}"),),
    )


def _line(found: MessageType) -> Text:
    return dotted(found.id, found.title, SEVERITIES[found.severity])


def _cell(channel: Channel, cell: Cell, context: Context) -> Text:
    offer, reason = cell.offer, cell.reason
    if offer is not Offer.UNAVAILABLE and channel not in context.channels:
        offer, reason = Offer.UNAVAILABLE, NOT_SET_UP
    elif channel in context.buzzed:
        reason = reason or _("a buzz in Lark's app, and nothing else")
    said = _offered(SAID[channel], offer)
    if not reason:
        return said
    return _("{offer} ({reason})", offer=said, reason=reason)


def _offered(channel: Text, offer: Offer) -> Text:
    match offer:
        case Offer.ON:
            return _("{channel}: on", channel=channel)
        case Offer.OFF:
            return _("{channel}: off", channel=channel)
        case Offer.REQUIRED:
            return _("{channel}: required", channel=channel)
        case Offer.UNAVAILABLE:
            return _("{channel}: unavailable", channel=channel)


def _title(category: str) -> str:
    known = CATEGORIES.get(category)
    return known.title if known else category
