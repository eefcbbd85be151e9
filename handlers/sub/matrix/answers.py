"""What is said of cells that were switched, and of those that were not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.context import Context
from handlers.rules.matrix import Cell, Row, State
from handlers.sub.matrix.requests import Switch
from handlers.sub.matrix.steps import Step
from handlers.sub.matrix.words import NAMES, switches
from store.values import Severity
from store.wording import Text, _, _n, clauses, commas, sentences


def switched(
    steps: Sequence[Step], rows: Sequence[Row], context: Context
) -> tuple[str, str]:
    """``finance.refund: SMS off → on; DM in part → off.``, and what that means.

    *rows* are those of the steps, as they are after.
    """
    if not steps:
        return "", ""
    done = _("{types}: {changes}.", types=_types(steps), changes=_changes(steps))
    return done, _consequences(steps, rows, context)


def would_switch(
    request: Switch, steps: Sequence[Step], context: Context
) -> tuple[Text, ...]:
    """Say what a line would do that asks first."""
    lines: list[Text] = []
    if steps:
        lines += (
            _(
                "This switches {types}: {changes}.",
                types=_types(steps),
                changes=_changes(steps),
            ),
            _("It is for {whom}.", whom=_whom(steps, context)),
        )
    types = _few(request.patterns)
    if request.dnd is not None:
        lines.append(_quiet(types, on=request.dnd))
    if request.add:
        added = context.say_all(request.add)
        lines.append(_("It adds {whom} to {types}.", whom=added, types=types))
    if request.remove:
        gone = context.say_all(request.remove)
        lines.append(_("It removes {whom} from {types}.", whom=gone, types=types))
    critical = dict.fromkeys(
        each.row.type.title
        for each in steps
        if not each.on and each.row.type.severity is Severity.CRITICAL
    )
    if critical:
        lines.append(
            _(
                "Critical messages come that way no more: {types}.",
                types=tuple(critical),
            )
        )
    return tuple(lines)


def _quiet(types: Text, *, on: bool) -> Text:
    if on:
        return _("It holds {types} in the usual hours.", types=types)
    return _("It ends the windows that {types} have of their own.", types=types)


def _consequences(steps: Sequence[Step], rows: Sequence[Row], context: Context) -> Text:
    """Say for whom it is, what brings it still, and what the inbox alone keeps."""
    said = [_("For {whom}, from the next message on.", whom=_whom(steps, context))]
    for step, row in zip(steps, rows, strict=True):
        if not step.on and row.cells[step.channel].state is State.PARTLY:
            said.append(still_by(row.cells[step.channel]))
            break
    silent = dict.fromkeys(
        row.type.id
        for step, row in zip(steps, rows, strict=True)
        if not step.on and row.is_wanted and not _comes(row)
    )
    if silent:
        said.append(_("Only the inbox keeps {types} now.", types=_few(list(silent))))
    return sentences(*said)


def still_by(cell: Cell) -> Text:
    """``It still comes through finance.* (rule 1).``"""
    found = cell.causes[0]
    return _(
        "It still comes through {wider} (rule {rule}).",
        wider=found.pattern,
        rule=found.rule.name,
    )


def left(reasons: Mapping[Text, Sequence[str]]) -> Text | str:
    """``Not switched: finance.refund: voice is only for what cannot wait.``"""
    if not reasons:
        return ""
    said = [
        _("{types}: {reason}", types=_few(types), reason=reason)
        for reason, types in reasons.items()
    ]
    return _("Not switched: {what}.", what=clauses(*said))


def _comes(row: Row) -> bool:
    return any(
        each.state in (State.ON, State.PARTLY, State.REQUIRED) and each.causes
        for each in switches(row)
    )


def _changes(steps: Sequence[Step]) -> Text:
    parts = []
    for channel, name in NAMES.items():
        for on in (True, False):
            same = [each for each in steps if (each.channel, each.on) == (channel, on)]
            if same:
                parts.append(_change(name, {each.cell.state for each in same}, on=on))
    return clauses(*parts)


def _change(name: Text, was: set[State], *, on: bool) -> Text:
    """``SMS off → on``; what was not alike before is left out."""
    before = next(iter(was)) if len(was) == 1 else None
    match (before, on):
        case (State.OFF, True):
            return _("{channel} off → on", channel=name)
        case (State.PARTLY, True):
            return _("{channel} in part → on", channel=name)
        case (State.ON, False):
            return _("{channel} on → off", channel=name)
        case (State.PARTLY, False):
            return _("{channel} in part → off", channel=name)
        case (None, True):
            return _("{channel} → on", channel=name)
        case _any:
            return _("{channel} → off", channel=name)


def _types(steps: Sequence[Step]) -> Text:
    return _few(list(dict.fromkeys(each.row.type.id for each in steps)))


def _few(types: Sequence[str]) -> Text:
    if len(types) <= 3:
        return commas(types)
    return _n("{count} type", "{count} types", len(types))


def _whom(steps: Sequence[Step], context: Context) -> Text | str:
    whom = list(dict.fromkeys(each for step in steps for each in step.whom))
    if len(whom) <= 5:
        return context.say_all(whom)
    return _n("{count} recipient", "{count} recipients", len(whom))
