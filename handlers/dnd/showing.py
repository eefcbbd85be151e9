"""The cards of do-not-disturb that only look: windows, coming days, the form."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import timedelta

from handlers.context import Context
from handlers.dnd import finding, forms, words
from handlers.dnd.requests import Fill, List, Off, Preview, Remove, write
from handlers.reply import Button, Part, Reply
from handlers.rules import preview as coming
from handlers.rules.patterns import valid_id
from handlers.silence import listed_with
from handlers.view import Buttons, Echo, Panel, Style, Words
from store import ledger, silences
from store.values import Window
from store.wording import _

#: What the past is measured by, and how much of it is looked at.
WEEK = timedelta(days=7)
MOST = 5_000
#: How many windows one card can change: each has a line and two buttons.
SHOWN = 20


async def listed(request: List, context: Context) -> Reply:
    """Show the windows, with what can be done about them."""
    found = await finding.windows_of(request.target, context)
    line = write(request, context)
    may = context.may_change(request.target)
    add = _looking(_("Add"), Fill(target=request.target), context)
    if not found:
        return Reply(
            title=words.TITLE,
            lines=(words.none(request.target, context),),
            canonical=line,
            buttons=(add,) if may else (),
        )
    ahead = _looking(
        _("Next 7 days"), Preview(long=WEEK, target=request.target), context
    )
    facts = {"windows": stand(found)}
    if not may:
        return Reply(
            title=words.TITLE,
            lines=tuple(words.line(window, context) for window in found),
            canonical=line,
            buttons=(ahead,),
            facts=facts,
        )
    off = Button(
        _("Turn all off"),
        write(Off(target=request.target), context),
        danger=True,
        show=line,
        about="windows",
        was=facts["windows"],
    )
    change = Panel(_("Change"), _changing(found, line, facts["windows"], context))
    return Reply(
        title=words.TITLE,
        lines=tuple(words.line(window, context) for window in found),
        canonical=line,
        view=(change, Echo()),
        buttons=(add, ahead, off),
        facts=facts,
    )


def _changing(
    found: Sequence[Window], line: str, was: str, context: Context
) -> tuple[Part, ...]:
    """Return each window with the buttons that change it."""
    parts: list[Part] = []
    for window in found[:SHOWN]:
        remove = Button(
            _("Remove"),
            write(Remove(name=window.name, target=window.target), context),
            show=line,
            about="windows",
            was=was,
        )
        edit = _looking(
            _("Edit"), Fill(name=window.name, target=window.target), context
        )
        said = words.brief(window)
        parts += [Words(said, Style.SMALL), Buttons((edit, remove))]
    return tuple(parts)


def stand(found: Sequence[Window]) -> str:
    """Return a word that is another one as soon as any of these windows is."""
    return f"{zlib.crc32(repr(found).encode()):08x}"


async def previewed(request: Preview, context: Context) -> Reply:
    """Show the coming days, and what the last week's messages would have met."""
    found = [
        each
        for each in await finding.windows_of(request.target, context)
        if each.enabled
    ]
    line = write(request, context)
    if not found:
        return Reply(
            title=words.TITLE,
            lines=(words.none(request.target, context),),
            canonical=line,
        )
    days = coming.days(found, context.now, request.long, context.clock)
    effects = [
        coming.effect(
            await silences.windows_obeyed(
                context.tx, await silences.targets_of(context.tx, each)
            ),
            await ledger.arrivals_of(
                context.tx, each, since=context.now - WEEK, most=MOST
            ),
        )
        for each in listed_with(request.target, context)
    ]
    back = Button(_("Windows"), "", show=write(List(target=request.target), context))
    return Reply(
        title=words.TITLE,
        lines=(words.ahead(days, context), words.effect(coming.joined(effects))),
        view=(
            *(Words(words.day(each, context)) for each in days),
            Words(words.legend(found, context), Style.SMALL),
        ),
        canonical=line,
        buttons=(back,),
    )


async def form(request: Fill, context: Context) -> Reply:
    """Show the form for a new window, or for one that is there."""
    context.require_editor(request.target)
    shown = _back_to(request, context)
    back = Button(_("Back"), "", show=shown)
    if request.name:
        window = await finding.called(request, context)
        context.require_editor(window.target)
        made = forms.of(window, context, show=shown)
        lines = (words.line(window, context),)
    else:
        made = forms.new(request.patterns, request.target, context, show=shown)
        lines = (_("For {whom}.", whom=context.say_whom(request.target)),)
    return Reply(
        title=words.TITLE,
        lines=lines,
        view=(made,),
        canonical=write(request, context),
        buttons=(back,),
    )


def _back_to(request: Fill, context: Context) -> str:
    """Return the line that shows what a form came to: the matrix for a single type."""
    types = request.patterns
    if len(types) == 1 and valid_id(types[0]) and request.target == context.home:
        return f"/sub {types[0]}"
    return write(List(target=request.target), context)


def _looking(label: str, request: Fill | Preview | List, context: Context) -> Button:
    return Button(label, "", show=write(request, context))
