"""How the matrix is put: marks, names of columns, and what a type comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from handlers.context import Context
from handlers.dnd.words import described
from handlers.rules.matrix import Cause, Cell, Row, State
from handlers.rules.types import CATEGORIES
from handlers.sub.words import which
from store.values import Channel, Destination, Window
from store.wording import Text, _, _n, commas, dotted

TITLE = _("Subscriptions")
SWITCHED = _("Switched")

#: A mark says what a colour would, to whoever sees none.
MARKS: Mapping[State, str] = {
    State.ON: "●",
    State.OFF: "○",
    State.PARTLY: "◐",
    State.REQUIRED: "✓",
    State.UNAVAILABLE: "–",
}
LEGEND = _("● on · ○ off · ◐ in part · ✓ always · – not offered")

#: The columns as a card names them.
NAMES: Mapping[Channel, Text] = {
    Channel.INBOX: _("Inbox"),
    Channel.CHAT: _("Group"),
    Channel.DM: _("DM"),
    Channel.EMAIL: _("Email"),
    Channel.SMS: _("SMS"),
    Channel.VOICE: _("Voice"),
}
DND = _("Do not disturb")


def whom(context: Context) -> Text:
    """Say whose matrix it is."""
    if context.is_group:
        return _("What comes to everyone in this group. Tap a type for its switches.")
    return _("What comes to you. Tap a type for its switches.")


def named(whom: Destination, context: Context) -> str:
    """Return what somebody is called on a card that others read too: never ``you``."""
    return replace(context, asker="").say(whom)


def category(slug: str) -> str:
    """Return what a category is called."""
    known = CATEGORIES.get(slug)
    return known.title if known else slug


def panel(slug: str, wanted: int, count: int) -> Text:
    """``Financial issues · 3 of 10``: how many of its types come here."""
    return dotted(category(slug), _("{wanted} of {count}", wanted=wanted, count=count))


def marked(state: State, name: str) -> Text:
    """``● Group``"""
    return _("{mark} {name}", mark=MARKS[state], name=name)


def type_label(row: Row) -> Text:
    """``● Refund``: whether anything of it comes here, and how much."""
    states = {each.state for each in switches(row)}
    state = State.OFF
    if State.ON in states or (row.is_wanted and _required(row)):
        state = State.ON
    elif State.PARTLY in states:
        state = State.PARTLY
    return marked(state, row.type.title)


def note(row: Row) -> Text | str:
    """``Group (finance.*), SMS · 2 recipients · do not disturb``; or nothing."""
    if not row.is_wanted:
        return ""
    shown = [
        name if cell.state is not State.PARTLY else _partly(name, channel, row)
        for channel, name in NAMES.items()
        if channel is not Channel.INBOX
        and (cell := row.cells[channel]).state not in (State.OFF, State.UNAVAILABLE)
        and cell.causes
    ]
    count = len(row.recipients)
    in_group = row.cells[Channel.CHAT].state is not State.UNAVAILABLE
    return dotted(
        commas(shown) if shown else _("inbox only"),
        _n("{count} recipient", "{count} recipients", count)
        if count and in_group
        else "",
        DND if row.dnd.state is State.ON else "",
    )


def _partly(name: Text, channel: Channel, row: Row) -> Text:
    """``Group (finance.*)``, ``SMS (1 of 2)``: what it is that makes it so."""
    found = row.cells[channel].causes[0]
    some = len(row.has_whole(channel))
    why: str = found.pattern
    if some and channel is not Channel.CHAT:
        why = _("{wanted} of {count}", wanted=some, count=len(row.recipients))
    elif found.pattern == row.type.id:
        why = which(found.rule)
    return _("{channel} ({why})", channel=name, why=why)


def switches(row: Row) -> list[Cell]:
    """Return the cells that are not the inbox."""
    return [cell for channel, cell in row.cells.items() if channel is not Channel.INBOX]


def _required(row: Row) -> bool:
    return any(each.state is State.REQUIRED for each in switches(row))


def cause(found: Cause, context: Context) -> Text:
    """``finance.* → this group: severity>=warning (rule 1)``"""
    return _(
        "{pattern} → {whom}: {which} (rule {rule})",
        pattern=found.pattern,
        whom=named(found.whom, context),
        which=which(found.rule),
        rule=found.rule.name,
    )


def silence(window: Window, context: Context) -> Text:
    """``this group: 22:00-08:00 daily Asia/Shanghai, mutes all (window 1)``"""
    return _(
        "{whom}: {window} (window {name})",
        whom=named(window.target, context),
        window=described(window),
        name=window.name,
    )
