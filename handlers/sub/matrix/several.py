"""/sub several: a form that sets many types at once."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.context import Context
from handlers.errors import UserError
from handlers.filled import Filled
from handlers.reply import Button, Reply
from handlers.rules.matrix import State
from handlers.rules.types import MessageType
from handlers.sub.matrix import words
from handlers.sub.matrix.board import Board, board
from handlers.sub.matrix.choosing import (
    ADD,
    others_to_add,
    remove_field,
    whom_of,
)
from handlers.sub.matrix.requests import (
    DND,
    Look,
    Several,
    Switch,
    write_look,
    write_switch,
)
from handlers.view import Buttons, Field, Form, Option, Part, Pick, PickPeople
from store.values import Channel
from store.wording import _

#: How many types one form offers: Lark takes 200 elements and 30 KB a card.
MOST = 40


async def several(request: Several, context: Context) -> Reply:
    """Return the form for the types of a category, or for all of them."""
    there = await board(context)
    types = [
        each
        for category, some in there.types.items()
        for each in some
        if request.pattern in ("", f"{category}.*")
    ]
    page = types[MOST * (request.page - 1) : MOST * request.page]
    if not page:
        raise UserError(_("The last page is {page}.", page=-(-len(types) // MOST)))
    back = write_look(Look(pattern=request.pattern))
    buttons = [Button(_("Back"), "", show=back)]
    if len(types) > MOST * request.page:
        more = Several(pattern=request.pattern, page=request.page + 1)
        buttons.append(Button(_("Next"), "", show=write_look(more)))
    view: tuple[Part, ...] = (
        _form(page, there, back, context),
        Buttons(tuple(buttons)),
    )
    return Reply(
        title=_("Set several types at once"),
        lines=(_("What is not filled in stays as it is."),),
        canonical=write_look(request),
        view=view,
    )


def _form(types: list[MessageType], there: Board, back: str, context: Context) -> Form:
    channels = _channels(types, there)
    return Form(
        kind="sub.several",
        fields=(
            Pick(
                name="types",
                label=_("Types"),
                options=tuple(Option(each.title, each.id) for each in types),
                many=True,
                required=True,
            ),
            Pick(name="on", label=_("Switch on"), options=channels, many=True),
            Pick(name="off", label=_("Switch off"), options=channels, many=True),
            *(_people(there, context) if there.place.is_group else ()),
        ),
        submit=_("Set"),
        show=back,
    )


def _channels(types: list[MessageType], there: Board) -> tuple[Option, ...]:
    """Return the channels that any of *types* can be switched on or off over."""
    rows = [there.row(each) for each in types]
    fixed = (State.REQUIRED, State.UNAVAILABLE)
    return (
        *(
            Option(name, str(channel))
            for channel, name in words.NAMES.items()
            if any(row.cells[channel].state not in fixed for row in rows)
        ),
        Option(words.DND, DND),
    )


def _people(there: Board, context: Context) -> Iterator[Field]:
    """Yield the fields that add recipients and remove them."""
    yield PickPeople(name="people", label=ADD)
    if others := others_to_add(context):
        yield Pick(name="others", label=_("Add others"), options=others, many=True)
    now = dict.fromkeys(
        each
        for types in there.types.values()
        for kind in types
        for each in there.row(kind).recipients
    )
    if now:
        yield remove_field(now, context)


def line_of(filled: Filled, context: Context) -> str:
    """Return the line that the form means. Raises ``UserError``."""
    types = filled.many("types")
    if not types:
        raise UserError(_("Pick the types first."))
    on, off = (frozenset(filled.many(name)) for name in ("on", "off"))
    if both := on & off:
        name = _NAMES.get(min(both), min(both))
        raise UserError(_("{channel} is both on and off there. Choose.", channel=name))
    add, remove = whom_of(filled)
    if not (on or off or add or remove):
        raise UserError(_("Pick what to switch on or off, or whom to add or remove."))
    switched = Switch(
        patterns=types,
        on=_picked(on),
        off=_picked(off),
        dnd=True if DND in on else False if DND in off else None,
        add=add,
        remove=remove,
    )
    return write_switch(switched, context)


_NAMES = {
    **{str(channel): name for channel, name in words.NAMES.items()},
    DND: words.DND,
}


def _picked(columns: frozenset[str]) -> frozenset[Channel]:
    return frozenset(Channel(each) for each in columns if each in list(Channel))
