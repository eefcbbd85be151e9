"""What a line about cells comes to: step by step, and what cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.rules.matrix import PERSONAL, Cell, Row, State
from handlers.rules.types import Types
from handlers.sub.matrix.board import Board
from handlers.sub.matrix.requests import Switch
from handlers.sub.matrix.words import NAMES
from store.values import Channel, Destination
from store.wording import Text, _


@dataclass(frozen=True, slots=True)
class Step:
    """One cell that is to be switched, and for whom that is a change."""

    row: Row
    channel: Channel
    on: bool
    whom: tuple[Destination, ...]

    @property
    def cell(self) -> Cell:
        """The cell as it is before."""
        return self.row.cells[self.channel]


@dataclass
class Plan:
    """What a line comes to: the steps, and the cells that cannot be switched."""

    steps: list[Step] = field(default_factory=list)
    #: Why not, with the types that it is so for.
    left: dict[Text, list[str]] = field(default_factory=dict)

    def leave(self, reason: Text, type_id: str) -> None:
        """Remember that a type stays as it is, and why."""
        self.left.setdefault(reason, []).append(type_id)


def plan(request: Switch, there: Board, types: Types) -> Plan:
    """Return what *request* would change."""
    made = Plan()
    for pattern in request.patterns:
        row = there.row(types.get(pattern))
        for channel in Channel:
            if channel in request.on | request.off:
                _plan_cell(made, row, channel, channel in request.on, there)
    return made


def _plan_cell(made: Plan, row: Row, channel: Channel, on: bool, there: Board) -> None:
    cell = row.cells[channel]
    if cell.state in (State.REQUIRED, State.UNAVAILABLE):
        if on != (cell.state is State.REQUIRED):
            made.leave(
                _(
                    "{channel}: {reason}",
                    channel=NAMES[channel],
                    reason=cell.reason,
                ),
                row.type.id,
            )
        return
    whom = _whom(row, channel, on, there)
    if whom:
        made.steps.append(Step(row, channel, on, whom))
    elif on and there.place.is_group and channel in PERSONAL and not row.recipients:
        made.leave(NOBODY, row.type.id)
    elif not on and cell.state is State.PARTLY:
        made.leave(_still(cell), row.type.id)


NOBODY = _("nobody is a recipient of it here yet")


def _whom(
    row: Row, channel: Channel, on: bool, there: Board
) -> tuple[Destination, ...]:
    """Return those for whom a switch is a change."""
    cell, kind = row.cells[channel], row.type.id
    if channel is Channel.CHAT:
        candidates: Sequence[Destination] = there.place.posted
    elif there.place.is_group:
        candidates = row.recipients
    else:
        candidates = (there.place.home,)
    if on:
        whole = {each.whom for each in cell.causes if each.is_whole(kind)}
        if channel is Channel.CHAT:
            return () if whole else (there.served_by,)
        return tuple(each for each in candidates if each not in whole)
    exact = {each.whom for each in cell.causes if each.pattern == kind}
    return tuple(each for each in candidates if each in exact)


def _still(cell: Cell) -> Text:
    """``it comes through finance.* (rule 1)``"""
    found = cell.causes[0]
    return _(
        "it comes through {wider} (rule {rule})",
        wider=found.pattern,
        rule=found.rule.name,
    )
