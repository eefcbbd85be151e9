"""What a buzz needs: a message of the app's to be buzzed about, posted first.

Two rows, two steps: the direct message is posted once, under a key of its own, and the
buzz follows when it stands there. A crash between the two leaves the buzz to be made.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.phones import said
from store import buzzes, outbox
from store.lanes import Lane, lane_id
from store.outbox import Outgoing
from store.values import Channel, State
from store.wording import _

if TYPE_CHECKING:
    from bot.turn import Turn
    from store.database import Tx

#: How often a buzz looks whether its message is there.
LOOK = timedelta(seconds=2)
#: In front of the number of a row, where the message is not posted yet.
_ROW = "#"
_ON_ITS_WAY = frozenset({State.QUEUED, State.SENDING})

log = logging.getLogger(__name__)


async def aimed(
    tx: Tx, turn: Turn, outgoing: Outgoing, payload: str
) -> Outgoing | None:
    """Return *outgoing* with its message as ``address``; ``None`` while there is none.

    That is the direct message about the same, if one is delivered or on its way, or
    the one that another buzz had posted; otherwise one of its own is posted first.
    """
    if outgoing.address and not outgoing.address.startswith(_ROW):
        return outgoing
    address = outgoing.address or await buzzes.buzzed_on(
        tx, outgoing, turn.lane.destination
    )
    # After an attempt, whatever it was made on is gone: it was recalled, say.
    if not address and not outgoing.attempts:
        address = await _shown(tx, turn, outgoing)
    if not address:
        address = f"{_ROW}{await _post(tx, turn, outgoing, payload)}"
    if address.startswith(_ROW):
        return await _when_posted(tx, turn, outgoing, address)
    return await _on(tx, outgoing, address)


async def _shown(tx: Tx, turn: Turn, outgoing: Outgoing) -> str:
    """Return the direct message about the same; ``#`` while it is on its way."""
    if outgoing.notification is None:
        return ""
    number = outgoing.notification.number
    shown = await buzzes.shown_by_app(tx, number, turn.lane.destination)
    if shown is None:
        return ""
    if not shown.remote and shown.state in _ON_ITS_WAY:
        return _ROW
    return shown.remote


async def _post(tx: Tx, turn: Turn, outgoing: Outgoing, payload: str) -> int:
    """Let a direct message be posted; return its row."""
    return await outbox.enqueue(
        tx,
        kind="notice",
        destination=turn.lane.destination,
        channel=Channel.DM,
        payload=_card(turn, outgoing, payload),
        rank=outgoing.rank,
        now=turn.now,
    )


def _card(turn: Turn, outgoing: Outgoing, payload: str) -> str:
    if outgoing.notification is not None:
        to = turn.lane.destination
        lane = Lane(lane_id(to, Channel.DM), to, Channel.DM)
        try:
            return turn.voice.alert(outgoing.notification, lane=lane, now=turn.now)
        except Exception:
            # What cannot be drawn can still be said.
            log.exception("a message cannot be put", extra={"lane": lane.id})
    return turn.voice.notice(said.read(payload).text)


async def _when_posted(
    tx: Tx, turn: Turn, outgoing: Outgoing, address: str
) -> Outgoing | None:
    """Return *outgoing* once its message is posted; end it where that will not be."""
    number = address.removeprefix(_ROW)
    made = await buzzes.made_for(tx, int(number)) if number else None
    if made is not None and made.remote:
        return await _on(tx, outgoing, made.remote)
    if number and (made is None or made.state not in _ON_ITS_WAY):
        reason = _(
            "its direct message was not delivered: {reason}",
            reason=made.reason if made else "",
        )
        await outbox.finish(tx, outgoing, State.DEAD, reason=reason, now=turn.now)
        await turn.settings.telling.died(tx, turn.lane, outgoing, reason, now=turn.now)
        return None
    if number:
        await buzzes.aim(tx, outgoing, address)
    waits = _("waits for the direct message that it is about")
    until = turn.now + LOOK
    await buzzes.put_off(tx, outgoing, until=until, reason=waits, now=turn.now)
    return None


async def _on(tx: Tx, outgoing: Outgoing, message: str) -> Outgoing:
    await buzzes.aim(tx, outgoing, message)
    return replace(outgoing, address=message)
