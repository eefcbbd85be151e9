"""What a lane says next: its holds that are over, its rules, its crowd, its first.

Runs inside the transaction that claimed the lane. Policy is asked here, when a delivery
is about to be sent, and again at the end of every hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.channels.posting import Posting
from bot.voice import Voice
from handlers.rules.digest import Coalesced, Member, Occasion, coalesce, plan
from handlers.rules.policy import Action, Decision, decide
from store import directory, notifications, outbox, silences
from store.database import Tx
from store.directory import Robot
from store.lanes import Lane
from store.outbox import Outgoing
from store.values import Destination, Kind, Mute, Severity, State, Status, Window

#: How many waiting messages one turn looks at.
WAITING = 1_000
#: How many held messages one turn brings out. More follow in the next one.
HELD = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One lane's turn to speak: what it obeys, and how it is put."""

    lane: Lane
    windows: Sequence[Window]
    mutes: Sequence[Mute]
    robot: Robot | None
    voice: Voice
    interval: timedelta
    instance: str
    now: datetime


async def begin(
    tx: Tx,
    lane: Lane,
    *,
    voice: Voice,
    interval: timedelta,
    instance: str,
    now: datetime,
) -> Turn:
    """Return the turn of *lane*, with the rules that its deliveries obey."""
    targets: tuple[Destination, ...] = await silences.targets_of(tx, lane.destination)
    is_robot = lane.destination.kind is Kind.ROBOT
    return Turn(
        lane=lane,
        windows=await silences.windows_obeyed(tx, targets),
        mutes=await silences.mutes_obeyed(tx, targets, now=now),
        robot=await directory.robot(tx, lane.destination.name) if is_robot else None,
        voice=voice,
        interval=interval,
        instance=instance,
        now=now,
    )


async def next_posting(tx: Tx, turn: Turn) -> Posting | None:
    """Return what the lane sends next, written down as being sent, or ``None``."""
    await _bring_out(tx, turn)
    waiting = await outbox.due(tx, turn.lane, now=turn.now, batch=WAITING)
    waiting = await _keep_back(tx, turn, waiting)
    first = await _first(tx, turn, waiting)
    if first is None:
        return None
    payload = first.payload or _render(turn, first)
    await outbox.start_sending(tx, first, payload=payload, now=turn.now)
    return Posting(
        lane=turn.lane,
        outgoing=first,
        payload=payload,
        # Numbers begin again in a new database; its instance does not.
        uuid=f"{turn.instance}-{first.id}",
        robot=turn.robot,
    )


async def _bring_out(tx: Tx, turn: Turn) -> None:
    """End the holds that are over: decide again, then one digest of what may go."""
    over = await silences.holds_due(tx, lane=turn.lane.id, now=turn.now)
    free: list[Outgoing] = []
    for hold in over:
        members = await outbox.held_members(tx, hold.id, batch=HELD - len(free))
        free += await _keep_back(tx, turn, members)
    if free:
        words = "; ".join(dict.fromkeys(hold.words for hold in over))
        await _tell_together(tx, turn, free, occasion=Occasion.HELD, held_by=words)
    for hold in over:
        await silences.close_hold(tx, hold.id)


async def _keep_back(tx: Tx, turn: Turn, waiting: Sequence[Outgoing]) -> list[Outgoing]:
    """Hold or mute what the rules stop now; return what may go."""
    if not turn.windows and not turn.mutes:
        return list(waiting)
    free: list[Outgoing] = []
    stopped: dict[str, tuple[Decision, list[int]]] = {}
    for each in waiting:
        decision = await _decide(tx, turn, each)
        if decision is None or decision.action is Action.SEND:
            free.append(each)
        else:
            stopped.setdefault(decision.cause, (decision, []))[1].append(each.id)
    for cause, (decision, members) in stopped.items():
        await _stop(tx, turn, cause, decision, members)
    return free


async def _decide(tx: Tx, turn: Turn, outgoing: Outgoing) -> Decision | None:
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
        firing_shown=shown,
        now=turn.now,
    )


async def _stop(
    tx: Tx, turn: Turn, cause: str, decision: Decision, members: list[int]
) -> None:
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
    author = next((gate.author for gate in decision.gates if gate.rule == cause), "")
    hold = await silences.open_hold(
        tx,
        lane=turn.lane.id,
        cause=cause,
        words=decision.words,
        author=author,
        until=decision.until,
        now=turn.now,
    )
    await outbox.keep_held(
        tx, hold, members, reason=decision.words, rule=cause, now=turn.now
    )


async def _first(tx: Tx, turn: Turn, waiting: Sequence[Outgoing]) -> Outgoing | None:
    """Merge what is too many, and return the one that goes first."""
    crowd = [_member(each) for each in waiting if each.notification is not None]
    told: Coalesced = coalesce(
        [member for member in crowd if member is not None],
        pace_interval=turn.interval,
    )
    if not told.criticals and not told.others:
        return waiting[0] if waiting else None
    by_id = {each.id: each for each in waiting}
    for members, occasion in (
        (told.criticals, Occasion.CRITICALS),
        (told.others, Occasion.STORM),
    ):
        if members:
            merged = [by_id[member.delivery] for member in members]
            await _tell_together(tx, turn, merged, occasion=occasion)
    left = await outbox.due(tx, turn.lane, now=turn.now, batch=1)
    return left[0] if left else None


async def _tell_together(
    tx: Tx,
    turn: Turn,
    waiting: Sequence[Outgoing],
    *,
    occasion: Occasion,
    held_by: str = "",
) -> None:
    """Write one digest of *waiting*: its members, body and uuid are frozen here."""
    members = [member for each in waiting if (member := _member(each)) is not None]
    ended = await notifications.ended_among(
        tx,
        [
            each.notification.number
            for each in members
            if each.notification.status is Status.FIRING
        ],
    )
    members = [
        replace(each, over=each.notification.number in ended) for each in members
    ]
    told = plan(members, now=turn.now, occasion=occasion)
    await outbox.close_deliveries(
        tx,
        told.expired,
        State.EXPIRED,
        reason="held for longer than 7 days",
        now=turn.now,
    )
    await outbox.let_go(tx, told.alone, now=turn.now)
    if told.digest is None:
        return
    critical = any(each is Severity.CRITICAL for each, _ in told.digest.by_severity)
    number = await outbox.enqueue(
        tx,
        kind="digest",
        destination=turn.lane.destination,
        channel=turn.lane.channel,
        rank=outbox.CRITICAL if critical else outbox.ORDINARY,
        payload=turn.voice.digest(told.digest, held_by=held_by, robot=turn.robot),
        now=turn.now,
    )
    await outbox.join_digest(tx, number, told.digested, now=turn.now)


def _member(outgoing: Outgoing) -> Member | None:
    if outgoing.notification is None:
        return None
    return Member(
        delivery=outgoing.id,
        notification=outgoing.notification,
        since=outgoing.since,
        unknown=outgoing.uncertain,
    )


def _render(turn: Turn, outgoing: Outgoing) -> str:
    if outgoing.notification is None:
        raise LookupError(f"outbox {outgoing.id} has nothing to say")
    return turn.voice.alert(outgoing.notification, robot=turn.robot, now=turn.now)
