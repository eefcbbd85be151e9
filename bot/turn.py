"""What a lane says next: its holds that are over, its rules, its crowd, its first.

Runs inside the transaction that claimed the lane. Policy is asked here, when a delivery
is about to be sent, and again at the end of every hold.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.posting import Posting
from bot.keeping import keep_back
from bot.merging import member_of, tell_together
from bot.outcome import Settings
from bot.phones.buzz import aimed
from bot.phones.late import drop_late
from bot.voice import Voice
from handlers.rules.digest import Coalesced, Occasion, coalesce
from handlers.rules.reach import Reached, reach
from store import outbox, people, posts, preferences, robots, silences
from store.database import Tx
from store.lanes import Lane
from store.outbox import Outgoing
from store.posts import Post
from store.preferences import Preferences
from store.robots import Hook, Robot
from store.silences import Hold
from store.values import (
    Channel,
    Destination,
    Kind,
    Mute,
    Schedule,
    State,
    Window,
)
from store.wording import _, clauses

#: How many waiting messages one turn looks at.
WAITING = 1_000
#: How many held messages one turn brings out. More follow in the next one.
HELD = 5_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One lane's turn to speak: what it obeys, and how it is put.

    ``reached`` is where a person is found, or why not; ``None`` for all others.
    ``refused`` are the types that a person asked to get no more over this channel.
    """

    lane: Lane
    windows: Sequence[Window]
    mutes: Sequence[Mute]
    schedules: Sequence[Schedule]
    robot: Robot | None
    hook: Hook | None
    posts: tuple[Post, ...]
    reached: Reached | None
    voice: Voice
    refused: frozenset[str]
    settings: Settings
    instance: str
    now: datetime


async def begin(
    tx: Tx,
    lane: Lane,
    *,
    settings: Settings,
    instance: str,
    now: datetime,
) -> Turn:
    """Return the turn of *lane*, with the rules that its deliveries obey."""
    is_robot = lane.destination.kind is Kind.ROBOT
    robot = await robots.named(tx, lane.destination.name) if is_robot else None
    targets = silences.targets_in(lane.destination, robot.chat if robot else None)
    obeyed = await silences.obeyed(tx, targets, now=now)
    return Turn(
        lane=lane,
        windows=obeyed.windows,
        mutes=obeyed.mutes,
        schedules=obeyed.schedules,
        robot=robot,
        hook=await robots.hook(tx, robot) if robot else None,
        posts=await posts.of(tx, lane.id, now=now) if robot and robot.per_hour else (),
        reached=await _reached(tx, lane, settings),
        refused=await _refused(tx, lane),
        voice=settings.voice.to(await _chosen(tx, lane.destination, robot)),
        settings=settings,
        instance=instance,
        now=now,
    )


async def _chosen(tx: Tx, destination: Destination, robot: Robot | None) -> Preferences:
    """Return the language and zone of whoever reads it: a robot's is its group's."""
    if robot is not None and robot.chat is not None:
        destination = Destination(Kind.CHAT, robot.chat)
    return await preferences.of(tx, destination)


async def next_posting(tx: Tx, turn: Turn) -> Posting | None:
    """Return what the lane sends next, written down as being sent, or ``None``."""
    if turn.lane.destination.kind is Kind.ROBOT and turn.robot is None:
        await outbox.close_destination(
            tx, turn.lane.destination, reason=_("this robot was removed"), now=turn.now
        )
    await _bring_out(tx, turn)
    if turn.reached is not None and not turn.reached:
        # The address may have changed since it was routed.
        await outbox.close_lane(tx, turn.lane, reason=turn.reached.reason, now=turn.now)
    waiting = await outbox.due(tx, turn.lane, now=turn.now, batch=WAITING)
    waiting = await drop_late(tx, turn.lane, waiting, now=turn.now)
    waiting = await keep_back(tx, turn, waiting)
    first = await _first(tx, turn, waiting)
    if first is None:
        return None
    payload = first.payload or await _put(tx, turn, first)
    if payload is None:
        return None
    if turn.lane.channel in turn.settings.buzzed:
        first = await aimed(tx, turn, first, payload)
        if first is None:
            return None
    # Not ours to send if it was closed since we looked: its destination is gone.
    if not await outbox.start_sending(tx, first, payload=payload, now=turn.now):
        return None
    return Posting(
        lane=turn.lane,
        outgoing=first,
        payload=payload,
        # Numbers begin again in a new database; its instance does not.
        uuid=f"{turn.instance}-{first.id}",
        robot=turn.robot,
        hook=turn.hook,
        contact=turn.reached.address if turn.reached else "",
    )


async def _refused(tx: Tx, lane: Lane) -> frozenset[str]:
    # By e-mail alone there is a way to ask for it.
    if lane.channel is not Channel.EMAIL:
        return frozenset()
    return await preferences.refused(tx, lane.destination, lane.channel)


async def _reached(tx: Tx, lane: Lane, settings: Settings) -> Reached | None:
    """Return where the person of *lane* is reached now; ``None`` for who is none."""
    if lane.destination.kind is not Kind.PERSON:
        return None
    name = lane.destination.name
    if name.startswith("ou_") and lane.channel not in settings.by_contact:
        # Most lanes of people: nothing that could be looked up would change it.
        return Reached(name)
    who = await people.addressee(tx, name)
    return reach(who, lane.channel, by_contact=settings.by_contact)


async def _bring_out(tx: Tx, turn: Turn) -> None:
    """End the holds that are over: decide again, then one digest of what may go."""
    over = await silences.holds_due(tx, lane=turn.lane.id, now=turn.now)
    free: list[Outgoing] = []
    words: dict[str, None] = {}
    for hold in over:
        members = await outbox.held_members(tx, hold.id, batch=HELD - len(free))
        if let_go := await keep_back(tx, turn, members):
            free += let_go
            words[hold.words] = None
    await tell_together(
        tx, turn, free, occasion=_occasion(over), held_by=clauses(*words)
    )
    for hold in over:
        await silences.close_hold(tx, hold.id)


def _occasion(over: Sequence[Hold]) -> Occasion:
    """Return why what they kept comes together: what is due is not what was muted."""
    due = over and all(each.cause.startswith("digest:") for each in over)
    return Occasion.SCHEDULED if due else Occasion.HELD


async def _first(tx: Tx, turn: Turn, waiting: Sequence[Outgoing]) -> Outgoing | None:
    """Merge what is too many, and return the one that goes first.

    Only of *waiting*, and of what it was merged into: more may wait than one turn looks
    at, and nobody has asked the rules about that yet.
    """
    crowd = [member for each in waiting if (member := member_of(each)) is not None]
    told: Coalesced = coalesce(
        crowd, pace_interval=turn.settings.governor.interval(turn.lane)
    )
    left = {each.id: each for each in waiting}
    for members, occasion in (
        (told.criticals, Occasion.CRITICALS),
        (told.others, Occasion.STORM),
    ):
        merged = [left[member.delivery] for member in members]
        digest = await tell_together(tx, turn, merged, occasion=occasion)
        if digest is not None:
            for each in merged:
                del left[each.id]
            left[digest.id] = digest
    return min(left.values(), key=_order, default=None)


def _order(outgoing: Outgoing) -> tuple[int, bool, int]:
    """What goes first: as the outbox says it."""
    return outgoing.rank, outgoing.attempts > 0, outgoing.id


async def _put(tx: Tx, turn: Turn, outgoing: Outgoing) -> str | None:
    """Return *outgoing* as Lark takes it; give up the one that cannot be put.

    It must stop neither the lane nor the worker, which would find it again for ever.
    """
    settings = turn.settings
    try:
        if outgoing.notification is None:
            raise LookupError("there is nothing in it")
        return turn.voice.alert(
            outgoing.notification, lane=turn.lane, robot=turn.robot, now=turn.now
        )
    except Exception:
        log.exception("a message cannot be put", extra={"lane": turn.lane.id})
    reason = _("it could not be made into a card: the log says why")
    await outbox.finish(tx, outgoing, State.DEAD, reason=reason, now=turn.now)
    await settings.telling.died(tx, turn.lane, outgoing, reason, now=turn.now)
    return None
