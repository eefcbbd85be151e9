"""The matrix card: the types by category, one of them open, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.context import Context
from handlers.errors import UserError
from handlers.reply import Button, Reply
from handlers.rules.matrix import Row
from handlers.sub.matrix import words
from handlers.sub.matrix.board import Board, board
from handlers.sub.matrix.choosing import choose
from handlers.sub.matrix.opened import facts, opened
from handlers.sub.matrix.requests import RECIPIENTS, Look, Several, write_look
from handlers.view import Buttons, Panel, Part, Style, Words
from store.wording import _


async def look(request: Look, context: Context) -> Reply:
    """Return the card of a page, with what was asked for open."""
    if request.column == RECIPIENTS:
        return await choose(request, context)
    there = await board(context, also=request.pattern)
    number = request.page if request.page > 1 else there.page_of(request.pattern)
    pages = there.pages
    if number > len(pages):
        raise UserError(_("The last page is {page}.", page=len(pages)))
    rows = {
        category: [there.row(each) for each in types]
        for category, types in pages[number - 1].items()
    }
    chosen = next(
        (
            row
            for some in rows.values()
            for row in some
            if row.type.id == request.pattern
        ),
        None,
    )
    asked = request.pattern.partition(".")[0]
    # Where nothing is subscribed to, what there is comes first.
    wanted = {each for each, some in rows.items() if any(r.is_wanted for r in some)}
    expanded = {asked} if asked in rows else set()
    expanded |= wanted or (set() if expanded else set(list(rows)[:1]))
    panels = tuple(
        Panel(
            words.panel(category, *there.count(category)),
            tuple(_rows(some, request, chosen, there, context)),
            expanded=category in expanded,
        )
        for category, some in rows.items()
    )
    return Reply(
        title=words.TITLE,
        lines=(words.whom(context),),
        canonical=write_look(request),
        view=(
            Words(words.LEGEND, Style.SMALL),
            *panels,
            _footer(request, number, len(pages)),
        ),
        facts=facts(chosen) if chosen else {},
    )


def _rows(
    rows: list[Row], request: Look, chosen: Row | None, there: Board, context: Context
) -> Iterator[Part]:
    for row in rows:
        if row is chosen:
            closing = Look(pattern=f"{row.type.category}.*", page=1)
            yield _title(row, closing)
            yield from opened(row, request.column, there, context)
            continue
        yield _title(row, Look(pattern=row.type.id))
        if note := words.note(row):
            yield Words(note, Style.SMALL)


def _title(row: Row, shows: Look) -> Buttons:
    label = words.type_label(row)
    return Buttons((Button(label, "", show=write_look(shows), quiet=True),))


def _footer(request: Look, number: int, pages: int) -> Buttons:
    category = request.pattern.partition(".")[0]
    several = Several(pattern=f"{category}.*" if category else "")
    buttons = [
        Button(_("Set several"), "", show=write_look(several)),
        Button(_("All rules"), "/sub list"),
    ]
    for label, other in ((_("Previous"), number - 1), (_("Next"), number + 1)):
        if 1 <= other <= pages:
            buttons.append(Button(label, "", show=_page(other)))
    return Buttons(tuple(buttons))


def _page(number: int) -> str:
    return write_look(Look(page=number)) if number > 1 else "/sub"
