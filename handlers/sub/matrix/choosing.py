"""The card with the recipients of one type: how each is reached, and a form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from handlers.changes import Changes
from handlers.context import Context
from handlers.errors import UserError
from handlers.filled import Filled
from handlers.people.states import known, members, say_state
from handlers.recipients.kept import KINDS, Recipients
from handlers.reply import Button, Reply
from handlers.rules.matrix import PERSONAL
from handlers.sub.matrix.requests import Look, Switch, write_look, write_switch
from handlers.sub.matrix.words import named
from handlers.view import Buttons, Echo, Field, Form, Option, Part, Pick, PickPeople
from store.values import Channel, Destination, Kind
from store.wording import _, dotted

#: How many recipients one card names, and how many options its fields have: Lark takes
#: 200 elements a card.
PAGE = 30

ADD = _("Add people")


async def choose(request: Look, context: Context) -> Reply:
    """Return who gets a type here, and the form that changes it."""
    if not context.is_group:
        raise UserError(_("In a direct chat you are the only recipient."))
    kind = context.types.get(request.pattern)
    recipients = await Recipients.of(Changes(context), context.home)
    there = list(dict.fromkeys(r.destination for r in recipients.of_type(kind.id)))
    start = PAGE * (request.page - 1)
    shown = there[start : start + PAGE]
    if there and not shown:
        raise UserError(_("The last page is {page}.", page=-(-len(there) // PAGE)))
    here = write_look(request)
    buttons = [Button(_("Back"), "", show=write_look(Look(pattern=kind.id)))]
    if start + PAGE < len(there):
        following = write_look(replace(request, page=request.page + 1))
        buttons.append(Button(_("Next"), "", show=following))
    view: tuple[Part, ...] = (
        Echo(),
        Form(
            kind="sub.recipients",
            fields=tuple(_fields(there, shown, context)),
            submit=_("Save"),
            given=(("type", kind.id),),
            show=write_look(replace(request, page=1)),
        ),
        Buttons(tuple(buttons)),
    )
    return Reply(
        title=_("Recipients of {type}", type=kind.title),
        lines=await _lines(shown, context),
        canonical=here,
        view=view,
    )


async def _lines(shown: list[Destination], context: Context) -> tuple[str, ...]:
    """Return how each is reached, over all that is set up: masked, and if verified."""
    if not shown:
        return (_("Nobody yet. Direct messages, e-mail and calls need somebody."),)
    who, groups = await known(context, shown), await members(context)
    ways = context.channels & set(PERSONAL)
    return tuple(
        dotted(
            named(each, context),
            say_state(each, _ways(each, ways), who, groups, context),
        )
        for each in shown
    )


def _ways(whom: Destination, ways: frozenset[Channel]) -> frozenset[Channel]:
    return frozenset({Channel.CHAT}) if whom.kind is Kind.ROBOT else ways


def _fields(
    there: list[Destination], shown: list[Destination], context: Context
) -> Iterable[Field]:
    yield PickPeople(name="people", label=ADD)
    if others := others_to_add(context, there):
        yield Pick(name="others", label=_("Add others"), options=others, many=True)
    if shown:
        yield remove_field(shown, context)


def others_to_add(
    context: Context, there: Iterable[Destination] = ()
) -> tuple[Option, ...]:
    """Return whom no picker of Lark offers: groups of people, robots, outsiders."""
    names = context.names
    known_here = (
        *(Destination(Kind.GROUP, name) for name in sorted(names.groups)),
        *(
            Destination(Kind.ROBOT, name)
            for name in names.robots_of(context.home.name)
            if context.is_group
        ),
        *(
            Destination(Kind.PERSON, name)
            for name, person in names.people.items()
            if person is None
        ),
        *(Destination(Kind.PERSON, name) for name in names.outsiders),
    )
    return _options((each for each in known_here if each not in set(there)), context)


def remove_field(there: Iterable[Destination], context: Context) -> Pick:
    """Return the field that takes recipients out."""
    options = _options(there, context)
    return Pick(name="remove", label=_("Remove"), options=options, many=True)


def _options(whom: Iterable[Destination], context: Context) -> tuple[Option, ...]:
    shown = list(whom)[:PAGE]
    return tuple(Option(named(each, context), str(each)) for each in shown)


def whom_of(filled: Filled) -> tuple[tuple[Destination, ...], tuple[Destination, ...]]:
    """Return whom a form adds, and whom it removes."""
    people = (Destination(Kind.PERSON, each) for each in filled.many("people"))
    return (*people, *_read(filled.many("others"))), _read(filled.many("remove"))


def _read(written: Iterable[str]) -> tuple[Destination, ...]:
    found = []
    for each in written:
        try:
            found.append(Destination.parse(each))
        except ValueError:
            continue
    return tuple(each for each in found if each.kind in KINDS)


def line_of(filled: Filled, context: Context) -> str:
    """Return the line that the form means. Raises ``UserError``."""
    add, remove = whom_of(filled)
    if not (add or remove):
        raise UserError(_("Pick whom to add or to remove first."))
    kind = filled.given.get("type", "")
    switched = Switch(patterns=(kind,), add=add, remove=remove)
    return write_switch(switched, context)
