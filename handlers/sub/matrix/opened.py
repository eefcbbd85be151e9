"""One type of the matrix, open: its switches, and what stands behind a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.context import Context
from handlers.dnd.switch import usual
from handlers.reply import Button
from handlers.rules.matrix import PERSONAL, Cell, Row, State
from handlers.rules.said import SEVERITIES
from handlers.sub.changing import leaving_out
from handlers.sub.matrix import requests, words
from handlers.sub.matrix.board import Board
from handlers.sub.matrix.requests import Look, Switch, write_look, write_switch
from handlers.sub.requests import Remove, Set, write
from handlers.view import Buttons, Echo, Part, Rule, Style, Words
from store.values import Channel
from store.wording import _, dotted

#: How many rules, windows or people one cell names.
MOST = 6


def facts(row: Row) -> Mapping[str, str]:
    """Return what the switches of *row* show, each by its own name."""
    found = {str(channel): row.stand(cell) for channel, cell in row.cells.items()}
    found[requests.DND] = row.stand(row.dnd)
    found[requests.RECIPIENTS] = row.stand(row.cells[Channel.INBOX])
    return found


def opened(row: Row, column: str, there: Board, context: Context) -> Iterator[Part]:
    """Yield what stands under the title of an open type."""
    kind = row.type
    yield Words(dotted(kind.id, SEVERITIES[kind.severity]), Style.SMALL)
    yield Buttons(tuple(_buttons(row, there, context)))
    yield from _behind(row, column, there, context)
    yield Echo()
    if typed := _typed(row, there, context):
        yield Words(typed, Style.SMALL)
    yield Rule()


def _buttons(row: Row, there: Board, context: Context) -> Iterator[Button]:
    for channel, cell in row.cells.items():
        yield _switch(row, channel, cell, there, context)
    yield _silencer(row, there, context)
    if there.place.is_group:
        count = len(row.recipients)
        yield Button(
            _("Recipients: {count}", count=count),
            "",
            show=_look(row, requests.RECIPIENTS),
        )


def _silencer(row: Row, there: Board, context: Context) -> Button:
    """Return the switch of do-not-disturb; without hours to take, it opens."""
    state = row.dnd.state
    label = words.marked(state, words.DND)
    if not _can_turn(row, there):
        return Button(label, "", show=_look(row, requests.DND))
    return Button(
        label,
        write_switch(Switch(patterns=(row.type.id,), dnd=state is State.OFF), context),
        show=_look(row),
        about=requests.DND,
        was=row.stand(row.dnd),
        primary=state is State.ON,
    )


def _can_turn(row: Row, there: Board) -> bool:
    """Whether do-not-disturb of the type is a switch: there are hours to take."""
    if row.dnd.state is not State.OFF:
        return row.dnd.state is State.ON
    home = there.place.home
    return usual([each for each in there.windows if each.target == home]) is not None


def _switch(
    row: Row, channel: Channel, cell: Cell, there: Board, context: Context
) -> Button:
    label = words.marked(cell.state, words.NAMES[channel])
    if cell.state in (State.REQUIRED, State.UNAVAILABLE):
        return Button(label, "", disabled=cell.reason)
    if cell.state is State.PARTLY or _needs_somebody(row, channel, cell, there):
        return Button(label, "", show=_look(row, channel))
    return Button(
        label,
        _line(row, channel, cell, context),
        show=_look(row),
        about=str(channel),
        was=row.stand(cell),
        primary=cell.state is State.ON,
    )


def _needs_somebody(row: Row, channel: Channel, cell: Cell, there: Board) -> bool:
    personal = there.place.is_group and channel in PERSONAL
    return personal and cell.state is State.OFF and not row.recipients


def _line(row: Row, channel: Channel, cell: Cell, context: Context) -> str:
    chosen = frozenset({channel})
    if cell.state is State.ON:
        return write_switch(Switch(patterns=(row.type.id,), off=chosen), context)
    return write_switch(Switch(patterns=(row.type.id,), on=chosen), context)


def _look(row: Row, column: str = "") -> str:
    return write_look(Look(pattern=row.type.id, column=column))


def _typed(row: Row, there: Board, context: Context) -> str:
    """Return the commands of the switches: ``/sub switch a.b off chat · on dm``."""
    head = write_switch(Switch(patterns=(row.type.id,)), context)
    lines = [
        _line(row, channel, cell, context).removeprefix(head).strip()
        for channel, cell in row.cells.items()
        if cell.state in (State.ON, State.OFF)
        and not _needs_somebody(row, channel, cell, there)
    ]
    if _can_turn(row, there):
        turned = Switch(patterns=(row.type.id,), dnd=row.dnd.state is State.OFF)
        lines.append(write_switch(turned, context).removeprefix(head).strip())
    return f"{head} {' · '.join(lines)}" if lines else ""


def _behind(row: Row, column: str, there: Board, context: Context) -> Iterator[Part]:
    """Yield what makes one cell what it is, and what can be done about it."""
    if column == requests.DND:
        yield from _silence(row, context)
    elif column in list(Channel):
        channel = Channel(column)
        cell = row.cells[channel]
        yield Words(_heading(row, channel, cell, there), Style.PLAIN)
        for each in cell.causes[:MOST]:
            yield Words(words.cause(each, context), Style.SMALL)
        if len(cell.causes) > MOST:
            more = _("… and {count} more.", count=len(cell.causes) - MOST)
            yield Words(more, Style.SMALL)
        if buttons := tuple(_actions(row, channel, cell, there, context)):
            yield Buttons(buttons)


def _heading(row: Row, channel: Channel, cell: Cell, there: Board) -> str:
    name = words.NAMES[channel]
    if cell.reason:
        return _("{channel}: {reason}.", channel=name, reason=cell.reason)
    if _needs_somebody(row, channel, cell, there):
        return _(
            "{channel} goes to people, and nobody is a recipient of it here yet.",
            channel=name,
        )
    match cell.state:
        case State.ON:
            return _("{channel} is on.", channel=name)
        case State.PARTLY if some := len(row.has_whole(channel)):
            return _(
                "{channel} is on for {some} of {count} recipients:",
                channel=name,
                some=some,
                count=len(row.recipients),
            )
        case State.PARTLY:
            return _("{channel} is on in part. This brings it:", channel=name)
        case _:
            return _("{channel} is off.", channel=name)


def _actions(
    row: Row, channel: Channel, cell: Cell, there: Board, context: Context
) -> Iterator[Button]:
    """Yield what can be done with a cell that is no plain switch."""
    kind, here = row.type.id, _look(row)
    about, was = str(channel), row.stand(cell)

    def button(label: str, line: str) -> Button:
        return Button(label, line, show=here, about=about, was=was)

    one = frozenset({channel})
    on = write_switch(Switch(patterns=(kind,), on=one), context)
    off = write_switch(Switch(patterns=(kind,), off=one), context)
    if cell.state in (State.REQUIRED, State.UNAVAILABLE):
        return
    if _needs_somebody(row, channel, cell, there):
        add = write_switch(Switch(patterns=(kind,), on=one, add=(context.me,)), context)
        yield button(_("Add me"), add)
        choose = _look(row, requests.RECIPIENTS)
        yield Button(_("Choose recipients"), "", show=choose)
        return
    some = bool(row.has_whole(channel)) and channel is not Channel.CHAT
    if cell.state is not State.ON:
        yield button(_("On for all") if some else _("Send every message"), on)
    if any(each.pattern == kind for each in cell.causes):
        yield button(_("Off for all") if some else _("Turn it off"), off)
    wider = {
        each.rule.id: each
        for each in cell.causes
        if each.pattern != kind and each.whom not in there.place.joined
    }
    for each in list(wider.values())[:2]:
        if (where := leaving_out(kind, each.rule)) is not None:
            line = write(
                Set(name=each.rule.name, where=where, to=(each.whom,)), context
            )
            yield button(_("Leave it out of {wider}", wider=each.pattern), line)
    for each in list(wider.values())[:2]:
        line = write(Remove(patterns=(each.pattern,), to=(each.whom,)), context)
        yield button(_("Remove {wider}", wider=each.pattern), line)


def _silence(row: Row, context: Context) -> Iterator[Part]:
    """Yield which windows hold the type back."""
    cell = row.dnd
    if not cell.windows:
        yield Words(_("Nothing holds it back at night."))
    for each in cell.windows[:MOST]:
        yield Words(words.silence(each, context), Style.SMALL)
    hours = Button(_("Set hours"), "", show=f"/dnd form {row.type.id}")
    yield Buttons((hours, Button(_("All windows"), "", show="/dnd list")))
