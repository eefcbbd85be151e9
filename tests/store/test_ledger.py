"""The account of everything adds up, whatever happens to the messages."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from store import dead_letters, lanes, notifications, outbox, silences
from store.ledger import Ledger, account_of, ledger, waiting_for
from store.opening import open_database
from store.outbox import Outgoing
from store.values import Channel, State
from tests.conftest import KEYRING, MONDAY
from tests.store.samples import (
    OPS,
    WEB,
    accept,
    deliver,
    draft,
    lane_named,
    queue,
    waiting_in,
)

LANE = "chat:oc_ops/chat"
FINAL = (
    State.DELIVERED,
    State.DIGESTED,
    State.MUTED,
    State.SUPERSEDED,
    State.EXPIRED,
    State.UNDELIVERABLE,
    State.DEAD,
)


async def _ledger(db) -> Ledger:
    async with db.reading() as tx:
        return await ledger(tx)


async def test_an_empty_account_adds_up(db):
    assert await _ledger(db) == Ledger(
        {"waiting": 0, "routed": 0, "unrouted": 0}, {}, 0
    )


async def test_messages_are_counted_by_routing_and_deliveries_by_state(db):
    await accept(db, draft("waits"), draft("nobody's"), draft("again", key="k"))
    await accept(db, draft("again", key="k"))
    await db.write(lambda tx: notifications.mark_routed(tx, routed=[], unrouted=[2]))
    await deliver(db, "a", "b", "c")
    [first, second, _] = await waiting_in(db, LANE)
    for each, state in ((first, State.DELIVERED), (second, State.DEAD)):
        await db.write(
            lambda tx, each=each, state=state: outbox.finish(
                tx, each, state, now=MONDAY
            )
        )

    found = await _ledger(db)
    assert found == Ledger(
        {"waiting": 2, "routed": 3, "unrouted": 1},
        {"dead": 1, "delivered": 1, "queued": 1},
        0,
    )
    assert (found.accepted, found.adds_up) == (6, True)


async def test_what_is_no_delivery_is_not_in_the_account(db):
    for kind in ("reply", "digest", "notice"):
        await db.write(
            lambda tx, kind=kind: outbox.enqueue(
                tx,
                kind=kind,
                destination=OPS,
                channel=Channel.CHAT,
                payload="{}",
                now=MONDAY,
            )
        )

    assert (await _ledger(db)).deliveries == {}


async def test_a_routed_message_without_a_delivery_is_found_out(db):
    await accept(db, draft("lost"))
    await db.write(lambda tx: notifications.mark_routed(tx, routed=[1], unrouted=[]))

    found = await _ledger(db)
    assert (found.unaccounted, found.adds_up) == (1, False)


async def test_one_destination_has_its_own_account(db):
    await deliver(db, "old", now=MONDAY - timedelta(days=2))
    await deliver(db, "a", "b", "c")
    await deliver(db, "d", to=WEB)
    members = [each.id for each in await waiting_in(db, LANE)]
    first = (await waiting_in(db, LANE))[1]

    async def happen(tx):
        await outbox.start_sending(tx, first, payload="{}", now=MONDAY)
        hold = await silences.open_hold(
            tx, lane=LANE, cause="x", words="", author="", until=MONDAY, now=MONDAY
        )
        await outbox.keep_held(tx, hold, members[3:], reason="", rule="x", now=MONDAY)

    await db.write(happen)
    async with db.reading() as tx:
        since = MONDAY - timedelta(days=1)
        assert await account_of(tx, OPS, since=since) == {
            "held": 1,
            "queued": 1,
            "sending": 1,
        }
        assert await account_of(tx, WEB, since=since) == {"queued": 1}
        assert await waiting_for(tx, OPS) == 3


class Fates(RuleBasedStateMachine):
    """Deliveries to which everything happens that the house can do to them."""

    @initialize()
    def start(self):
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        url = f"sqlite:{Path(self.folder.name) / 'larkbell.db'}"
        self.db = self.runner.run(open_database(url, keyring=KEYRING))
        # A model asks nothing of the disk.
        self.runner.run(self.db._writer.execute("PRAGMA synchronous = OFF"))
        self.accepted = 0
        self.known: dict[int, str] = {}

    def teardown(self):
        self.runner.run(self.db.close())
        self.runner.close()
        self.folder.cleanup()

    def write(self, work):
        return self.runner.run(self.db.write(work))

    def pick(self, data, *states: str) -> list[int]:
        """Return some of the deliveries that are in one of *states*."""
        found = sorted(each for each, state in self.known.items() if state in states)
        return data.draw(st.lists(st.sampled_from(found), unique=True)) if found else []

    @rule(count=st.integers(1, 3))
    def messages_are_routed(self, count):
        self.write(lambda tx: queue(tx, ["x"] * count, to=OPS))
        self.accepted += count

    @rule()
    def a_message_waits(self):
        self.runner.run(accept(self.db, draft("waits")))
        self.accepted += 1

    @rule()
    def nobody_wants_what_waits(self):
        async def close(tx):
            waiting = await notifications.waiting(tx, batch=10)
            numbers = [each.number for each in waiting]
            await notifications.mark_routed(tx, routed=[], unrouted=numbers)

        self.write(close)

    @rule(data=st.data())
    def some_are_sent(self, data):
        chosen = self.pick(data, "queued")
        end = data.draw(st.sampled_from([None, State.DELIVERED, State.DEAD, "again"]))
        self.write(lambda tx: self._send(tx, chosen, end))

    async def _send(self, tx, chosen, end):
        for each in await self._due(tx):
            if each.id not in chosen:
                continue
            assert await outbox.start_sending(tx, each, payload="{}", now=MONDAY)
            if end == "again":
                await outbox.try_again(
                    tx,
                    each,
                    at=MONDAY,
                    reason="502",
                    uncertain=True,
                    counts=True,
                    now=MONDAY,
                )
            elif end is not None:
                await outbox.finish(tx, each, end, reason="x", now=MONDAY)

    async def _due(self, tx) -> list[Outgoing]:
        return await outbox.due(tx, lane_named(LANE), now=MONDAY, batch=1_000)

    @rule()
    def the_worker_dies(self):
        self.write(lambda tx: outbox.reclaim(tx, lane_named(LANE)))

    @rule(data=st.data(), cause=st.sampled_from(["window:1", "mute:1"]))
    def some_are_held(self, data, cause):
        chosen = self.pick(data, "queued", "held")

        async def hold(tx):
            number = await silences.open_hold(
                tx,
                lane=LANE,
                cause=cause,
                words="",
                author="",
                until=MONDAY,
                now=MONDAY,
            )
            await outbox.keep_held(
                tx, number, chosen, reason="", rule=cause, now=MONDAY
            )
            for each in await silences.holds_due(tx, lane=LANE, now=MONDAY):
                await silences.close_hold(tx, each.id)

        # A hold belongs to a lane that there is.
        if self.known:
            self.write(hold)

    @rule(data=st.data())
    def some_are_let_go(self, data):
        chosen = self.pick(data, "held")
        self.write(lambda tx: outbox.let_go(tx, chosen, now=MONDAY))

    @rule(data=st.data(), state=st.sampled_from([State.MUTED, State.EXPIRED]))
    def some_are_closed(self, data, state):
        chosen = self.pick(data, "queued", "held")
        self.write(
            lambda tx: outbox.close_deliveries(
                tx, chosen, state, reason="x", now=MONDAY
            )
        )

    @rule(data=st.data(), end=st.sampled_from([None, State.DELIVERED, State.DEAD]))
    def some_are_told_in_one_digest(self, data, end):
        chosen = self.pick(data, "queued", "held")

        async def tell(tx):
            number = await outbox.enqueue(
                tx,
                kind="digest",
                destination=OPS,
                channel=Channel.CHAT,
                payload="{}",
                now=MONDAY,
            )
            await outbox.join_digest(tx, number, chosen, now=MONDAY)
            await self._send(tx, [number], end)

        self.write(tell)

    @rule()
    def the_dead_are_replayed(self):
        async def replay(tx):
            for each in await dead_letters.latest(tx):
                await dead_letters.replay(tx, each.id, now=MONDAY)

        self.write(replay)

    @rule()
    def the_group_is_disbanded(self):
        self.write(
            lambda tx: outbox.close_destination(tx, OPS, reason="gone", now=MONDAY)
        )

    @rule()
    def leases_are_returned(self):
        self.write(lanes.return_leases)

    @invariant()
    def the_account_adds_up(self):
        found = self.write(ledger)
        states = self.write(self._states)
        assert found.adds_up
        assert found.accepted == self.accepted
        assert Counter(states.values()) == found.deliveries
        assert len(states) == found.messages["routed"]
        for each, was in self.known.items():
            # What has ended stays as it ended; only the dead can be replayed.
            if was in FINAL and was != State.DEAD:
                assert states[each] == was
        self.known = states

    async def _states(self, tx):
        states = {}
        for number in range(1, self.accepted + 1):
            for each in await outbox.deliveries_of(tx, number):
                states[each.id] = str(each.state)
        return states


TestFates = Fates.TestCase
TestFates.settings = settings(max_examples=20, stateful_step_count=25)
