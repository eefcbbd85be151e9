"""What the rules keep back of what a lane would say: held until a time, or muted.

Policy is asked here, for each delivery, in the transaction of its lane's turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlers.rules.digest import LIFETIME
from handlers.rules.policy import Action, Decision, decide
from store import notifications, outbox, silences
from store.database import Tx
from store.outbox import Outgoing
from store.posts import Post, Reception
from store.robots import Robot
from store.values import State, Status

if TYPE_CHECKING:
    from bot.turn import Turn


async def keep_back(tx: Tx, turn: Turn, waiting: Sequence[Outgoing]) -> list[Outgoing]:
    """Hold or mute what the rules stop now; return what may go."""
    rules = turn.windows or turn.mutes or turn.schedules or turn.refused
    if not (rules or _chooses(turn.robot)):
        return list(waiting)
    reception = _reception(turn, waiting)
    free: list[Outgoing] = []
    # A robot has several gates of one name: their words tell them apart.
    stopped: dict[tuple[str, str], tuple[Decision, list[int]]] = {}
    for each in waiting:
        decision = await _decide(tx, turn, each, reception)
        if decision is None or decision.action is Action.SEND:
            free.append(each)
        elif decision.action is not Action.WAIT:
            keeper = decision.keeper, decision.words
            stopped.setdefault(keeper, (decision, []))[1].append(each.id)
    for decision, members in stopped.values():
        await _stop(tx, turn, decision, members)
    return free


def _chooses(robot: Robot | None) -> bool:
    """Whether a robot does not simply take all that is sent to it."""
    return robot is not None and bool(
        robot.allow or robot.deny or robot.per_hour or robot.paused
    )


def _reception(turn: Turn, waiting: Sequence[Outgoing]) -> Reception | None:
    """Return what a robot takes. A digest that is made already has its post."""
    if turn.robot is None:
        return None
    made = [
        Post(turn.now, critical=each.rank <= outbox.CRITICAL)
        for each in waiting
        if each.kind == "digest"
    ]
    return Reception(turn.robot, (*made, *turn.posts))


async def _decide(
    tx: Tx, turn: Turn, outgoing: Outgoing, reception: Reception | None
) -> Decision | None:
    """Return the decision on a delivery; ``None`` for what policy has no say in.

    What may have arrived already is not held: it is the same message, not a new one.
    """
    seen = outgoing.notification
    if seen is None or outgoing.uncertain:
        return None
    shown = seen.status is Status.RESOLVED and await notifications.firing_was_shown(
        tx, seen, lane=turn.lane.id
    )
    return decide(
        seen,
        channel=turn.lane.channel,
        destination=turn.lane.destination,
        windows=turn.windows,
        mutes=turn.mutes,
        schedules=turn.schedules,
        reception=reception,
        refused=turn.refused,
        firing_shown=shown,
        since=outgoing.since,
        now=turn.now,
    )


async def _stop(tx: Tx, turn: Turn, decision: Decision, members: list[int]) -> None:
    cause = decision.cause
    if decision.until is None:
        await outbox.close_deliveries(
            tx,
            members,
            State.MUTED,
            reason=decision.words,
            rule=cause,
            now=turn.now,
        )
        return
    gate = next(gate for gate in decision.gates if gate.rule == cause)
    hold = await silences.open_hold(
        tx,
        lane=turn.lane.id,
        cause=decision.keeper,
        # The card of a digest begins with that word.
        words=gate.short if gate.name == "digest" else decision.words,
        author=gate.author,
        until=decision.until,
        now=turn.now,
    )
    promised = decision.promised
    await outbox.keep_held(
        tx,
        hold,
        members,
        reason=decision.words,
        rule=cause,
        stale_at=promised and promised + LIFETIME,
        now=turn.now,
    )
