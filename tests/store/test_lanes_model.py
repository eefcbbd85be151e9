"""Lanes against a model: whatever happens, in any order, at any time."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from store import lanes, outbox
from store.lanes import LEASE, Lane
from store.opening import open_database
from store.outbox import CRITICAL, ORDINARY, REPLY
from store.values import Channel, Destination, Kind, State
from tests.conftest import KEYRING, MONDAY

LANES = [
    Lane(f"chat:{name}/chat", Destination(Kind.CHAT, name), Channel.CHAT)
    for name in ("oc_a", "oc_b", "oc_c")
]
WORKERS = st.sampled_from(["w1", "w2", "w3"])
WHICH = st.sampled_from(LANES)


@dataclass
class Model:
    """What one lane should be. ``waiting`` is rank, tried, id → not before."""

    due: object = None
    rank: int = ORDINARY
    pace: object = MONDAY - timedelta(days=1)
    worker: str | None = None
    lease: object = MONDAY - timedelta(days=1)
    parked: object = None
    waiting: dict[tuple[int, bool, int], object] = field(default_factory=dict)

    def opens(self):
        """When it can be claimed, or ``None``."""
        if self.due is None:
            return None
        return max(self.due, self.pace, self.lease, self.parked or self.due)


class Lanes(RuleBasedStateMachine):
    """Three workers, three lanes, one clock."""

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        url = f"sqlite:{Path(self.folder.name) / 'larkbell.db'}"
        self.db = self.runner.run(open_database(url, keyring=KEYRING))
        # A model asks nothing of the disk.
        self.runner.run(self.db._writer.execute("PRAGMA synchronous = OFF"))
        self.now = MONDAY
        self.model: dict[str, Model] = {}

    def teardown(self):
        self.runner.run(self.db.close())
        self.runner.close()
        self.folder.cleanup()

    def write(self, work):
        return self.runner.run(self.db.write(work))

    @rule(seconds=st.sampled_from([1, 5, 29, 30, 31, 3600]))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(lane=WHICH, rank=st.sampled_from([REPLY, CRITICAL, ORDINARY]))
    def something_is_queued(self, lane, rank):
        number = self.write(
            lambda tx: outbox.enqueue(
                tx,
                kind="notice",
                destination=lane.destination,
                channel=lane.channel,
                payload="{}",
                rank=rank,
                now=self.now,
            )
        )
        known = self.model.setdefault(lane.id, Model(rank=rank))
        known.waiting[rank, False, number] = self.now
        known.due = self.now if known.due is None else min(known.due, self.now)
        known.rank = min(known.rank, rank)

    @rule(worker=WORKERS, batch=st.integers(1, 3))
    def lanes_are_claimed(self, worker, batch):
        claimed = self.write(
            lambda tx: lanes.claim(tx, worker=worker, now=self.now, batch=batch)
        )
        can = sorted(
            (each.rank, each.due, name)
            for name, each in self.model.items()
            if each.opens() is not None and each.opens() <= self.now
        )
        assert [lane.id for lane in claimed] == [name for _, _, name in can[:batch]]
        for lane in claimed:
            known = self.model[lane.id]
            known.worker, known.lease = worker, self.now + LEASE

    @rule(worker=WORKERS, lane=WHICH)
    def a_lease_is_renewed(self, worker, lane):
        renewed = self.write(
            lambda tx: lanes.renew(tx, lane, worker=worker, now=self.now)
        )
        known = self.model.get(lane.id, Model())
        assert renewed == (known.worker == worker and known.lease > self.now)
        if renewed:
            known.lease = self.now + LEASE

    @rule(worker=WORKERS, lane=WHICH, pace=st.sampled_from([0, 1, 60]))
    def a_lane_is_given_back(self, worker, lane, pace):
        until = self.now + timedelta(seconds=pace)
        released = self.write(
            lambda tx: lanes.release(tx, lane, worker=worker, pace_until=until)
        )
        known = self.model.get(lane.id, Model())
        assert released == (known.worker == worker)
        if released:
            known.worker, known.lease, known.pace = None, MONDAY, until
            known.due = min(known.waiting.values(), default=None)
            known.rank = min((rank for rank, *_ in known.waiting), default=ORDINARY)

    @rule(lane=WHICH, later=st.sampled_from([None, 60]))
    def the_first_is_sent(self, lane, later):
        due = self.write(lambda tx: outbox.due(tx, lane, now=self.now, batch=10))
        known = self.model.get(lane.id, Model())
        order = sorted(at for at, wait in known.waiting.items() if wait <= self.now)
        assert [(each.rank, each.attempts > 0, each.id) for each in due] == order
        if due:
            self.write(lambda tx: self._send(tx, due[0], later))
            del known.waiting[order[0]]
            if later is not None:
                again = due[0].rank, True, due[0].id
                known.waiting[again] = self.now + timedelta(seconds=later)

    async def _send(self, tx, first, later):
        assert await outbox.start_sending(tx, first, payload="{}", now=self.now)
        if later is None:
            await outbox.finish(tx, first, State.DELIVERED, now=self.now)
        else:
            await outbox.try_again(
                tx,
                first,
                at=self.now + timedelta(seconds=later),
                reason="",
                uncertain=False,
                counts=True,
                now=self.now,
            )

    @rule(lane=WHICH, minutes=st.sampled_from([1, 60]))
    def a_lane_is_parked(self, lane, minutes):
        until = self.now + timedelta(minutes=minutes)
        if lane.id not in self.model:
            return
        opened = self.write(
            lambda tx: lanes.park(tx, lane, words="gone", until=until, now=self.now)
        )
        assert opened == (self.model[lane.id].parked is None)
        self.model[lane.id].parked = until

    @rule(lane=WHICH)
    def a_lane_opens_again(self, lane):
        known = self.model.get(lane.id, Model())
        assert self.write(lambda tx: lanes.unpark(tx, lane)) == bool(known.parked)
        known.parked = None

    @rule()
    def the_process_starts_again(self):
        self.write(lanes.return_leases)
        for known in self.model.values():
            known.worker, known.lease = None, MONDAY

    @invariant()
    def the_next_due_time_is_known(self):
        opens = [each.opens() for each in self.model.values()]
        expected = min((at for at in opens if at is not None), default=None)
        assert self.write(lanes.next_due) == expected


TestLanes = Lanes.TestCase
TestLanes.settings = settings(max_examples=25, stateful_step_count=30)
