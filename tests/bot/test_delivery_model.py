"""Whatever happens in whatever order: every message ends as a short model says.

The model is a lane in memory: lists, no database, no pace, no leases. It is asked after
every step which state each message is in, and at the end what people have read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from handlers.rules.windows import spread
from sandbox import Kind as Wrong
from store import lanes
from store.values import Mute, Schedule
from tests.bot.house import CRITICAL, WARNING, House

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


@dataclass(frozen=True)
class Message:
    number: int
    order: tuple[int, int]
    at: datetime
    critical: bool
    product: str
    #: When a digest was to tell it, at the latest.
    promised: list[datetime] = field(default_factory=list, compare=False)


@dataclass
class Post:
    """What is sent as one: a message, or a digest of several."""

    order: tuple[int, int]
    members: list[Message]
    told: str


@dataclass
class Model:
    now: datetime
    mutes: list[Mute] = field(default_factory=list)
    digest_rule: Schedule | None = None
    waiting: list[Message] = field(default_factory=list)
    digests: list[Post] = field(default_factory=list)
    holds: dict[str, tuple[datetime, list[Message]]] = field(default_factory=dict)
    closed: bool = False
    parked_until: datetime | None = None
    refuses: bool = False
    states: dict[int, str] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    ids: count[int] = field(default_factory=count)

    def arrive(self, messages: list[Message]) -> None:
        self.waiting += messages
        self.states |= dict.fromkeys((each.number for each in messages), "queued")

    def release(self, name: str = "") -> None:
        self.holds = {
            cause: (min(until, self.now) if cause.startswith(name) else until, kept)
            for cause, (until, kept) in self.holds.items()
        }

    def run_until(self, end: datetime) -> None:
        self.turns()
        while (due := self.next_due()) is not None and due <= end:
            self.now = max(self.now, due)
            self.turns()
        self.now = end

    def next_due(self) -> datetime | None:
        ends = [until for until, _ in self.holds.values()]
        if self.waiting or self.digests:
            ends.append(self.now)
        if not ends:
            return None
        return max(min(ends), self.parked_until or self.now)

    def turns(self) -> None:
        while self.parked_until is None or self.parked_until <= self.now:
            self.end_holds()
            self.waiting = self.keep_back(self.waiting)
            self.merge()
            first = self.first()
            if first is None:
                return
            if self.closed and not self.refuses:
                self.parked_until = self.now + HOUR
                return
            self.send(first)

    def end_holds(self) -> None:
        over = [cause for cause, (until, _) in self.holds.items() if until <= self.now]
        kept = [message for cause in over for message in self.holds.pop(cause)[1]]
        free = self.keep_back(kept)
        for message in [each for each in free if self.is_stale(each)]:
            self.states[message.number] = "expired"
            free.remove(message)
        for message in free:
            self.states[message.number] = "queued"
        if len(free) > 1:
            self.digest(free)
        else:
            self.waiting += free

    def is_stale(self, message: Message) -> bool:
        return self.now > max([message.at, *message.promised]) + WEEK

    def keep_back(self, messages: list[Message]) -> list[Message]:
        free = []
        for message in messages:
            stops = [*self.muted_by(message), *self.collected_by(message)]
            if not stops:
                free.append(message)
                continue
            until, name = max(stops)
            self.states[message.number] = "held"
            _, kept = self.holds.get(name, (until, []))
            self.holds[name] = (until, [*kept, message])
        return free

    def muted_by(self, message: Message) -> list[tuple[datetime, str]]:
        return [
            (mute.until, f"mute {mute.id}")
            for mute in self.mutes
            if mute.until > self.now
            and mute.where in ("", f"product={message.product}")
            and not (mute.spare_critical and message.critical)
        ]

    def collected_by(self, message: Message) -> list[tuple[datetime, str]]:
        rule = self.digest_rule
        if rule is None or (rule.spare_critical and message.critical):
            return []
        time = message.at.replace(hour=rule.times[0] // 60, minute=0)
        while time <= message.at or f"{time:%a}".lower() not in rule.days:
            time += timedelta(days=1)
        until = time.replace(second=0, microsecond=0)
        until += spread(rule.target, until)
        if until <= self.now:
            return []
        message.promised.append(until)
        return [(until, f"digest {rule.id} {until}")]

    def merge(self) -> None:
        for critical, most in ((True, 40), (False, 5)):
            some = [each for each in self.waiting if each.critical is critical]
            if len(some) > most:
                self.waiting = [each for each in self.waiting if each not in some]
                self.digest(some)

    def digest(self, members: list[Message]) -> None:
        told = f"{len(members)} messages"
        order = self.order(any(each.critical for each in members))
        self.digests.append(Post(order, members, told))

    def order(self, critical: bool) -> tuple[int, int]:
        return (1 if critical else 2, next(self.ids))

    def first(self) -> Post | None:
        alone = [Post(each.order, [each], f"M{each.number}") for each in self.waiting]
        return min([*alone, *self.digests], key=lambda post: post.order, default=None)

    def send(self, post: Post) -> None:
        self.parked_until = None
        if post in self.digests:
            self.digests.remove(post)
            state = "digested"
        else:
            self.waiting.remove(post.members[0])
            state = "delivered"
        if self.refuses:
            state, self.refuses = "dead", False
        else:
            self.read.append(post.told)
        self.states |= dict.fromkeys((each.number for each in post.members), state)


STEPS = st.one_of(
    st.tuples(
        st.just("arrive"),
        st.lists(
            st.tuples(st.booleans(), st.sampled_from("ab")), min_size=1, max_size=8
        ),
    ),
    st.tuples(
        st.just("mute"),
        st.tuples(
            st.sampled_from([5, 60, 24 * 60, 8 * 24 * 60]),
            st.sampled_from(["", "product=a"]),
            st.booleans(),
        ),
    ),
    st.tuples(
        st.just("digest"),
        st.tuples(
            st.sampled_from([0, 3, 15]),
            st.sampled_from(["mon,tue,wed,thu,fri,sat,sun", "wed", "mon,thu"]),
            st.booleans(),
        ),
    ),
    st.tuples(st.just("no digest"), st.none()),
    st.tuples(st.just("unmute"), st.none()),
    st.tuples(st.just("release"), st.none()),
    st.tuples(st.just("leave"), st.none()),
    st.tuples(st.just("come back"), st.none()),
    st.tuples(st.just("refuse"), st.none()),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 120])),
    st.tuples(st.just("be down for"), st.sampled_from([90, 24 * 60, 8 * 24 * 60])),
)


class Both:
    """The house and the model, doing the same."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.model = Model(house.clock.now())

    async def do(self, step: str, what: object) -> None:
        house, model = self.house, self.model
        model.now = house.clock.now()
        match step, what:
            case "arrive", list(kinds):
                model.arrive([await self.arrival(*kind) for kind in kinds])
            case "mute", (minutes, where, spare):
                # Off the minute, so that nothing else happens at its end.
                hours = (minutes + 0.5) / 60
                mute = await house.mute(hours=hours, where=where, spare_critical=spare)
                model.mutes.append(mute)
            case "digest", (hour, days, spare):
                await self.drop_digest()
                rule = await house.digest(hour, days=days, spare_critical=spare)
                model.digest_rule = rule
            case "no digest", _:
                await self.drop_digest()
            case "unmute", _:
                await house.lift_everything()
                model.mutes.clear()
                await house.release()
                model.release()
            case "release", _:
                await house.release()
                model.release()
            case "leave", _:
                model.closed = True
                if house.app in house.ops:
                    house.ops.members.remove(house.app)
            case "come back", _:
                await self.come_back()
            case "refuse", _:
                house.works_again()
                house.fail(Wrong.CODE, "send", code=230022)
                model.refuses = True
            case "restart", _:
                house.delivery = house.worker(f"w{model.now}")
            case "be down for", int(minutes):
                model.now = house.clock.advance(minutes=minutes)
            case "wait", int(minutes):
                await self.run(timedelta(minutes=minutes - 1))
        await self.run(timedelta(minutes=1))

    async def drop_digest(self) -> None:
        rule = self.model.digest_rule
        if rule is not None:
            await self.house.drop_digest(rule)
            self.model.digest_rule = None
            self.model.release(f"digest {rule.id} ")

    async def arrival(self, critical: bool, product: str) -> Message:
        number = await self.house.notify(
            "x",
            severity=CRITICAL if critical else WARNING,
            labels={"product": product},
        )
        order, now = self.model.order(critical), self.house.clock.now()
        return Message(number, order, now, critical, product)

    async def come_back(self) -> None:
        house = self.house
        self.model.closed, self.model.parked_until = False, None
        if house.app not in house.ops:
            house.ops.members.append(house.app)
        await house.db.write(lambda tx: lanes.unpark_destination(tx, house.chat))

    async def run(self, span: timedelta) -> None:
        end = self.house.clock.now() + span
        await self.house.run_until(end)
        self.model.run_until(end)

    async def agree(self) -> None:
        numbers = list(self.model.states)
        states = await self.house.states(numbers)
        assert dict(zip(numbers, states, strict=True)) == self.model.states

    def read(self) -> list[str]:
        """Return what people read: how many messages each post tells, and which."""
        texts = [self.house.lark.text_of(each) for each in self.house.ops.messages]
        together = [re.search(r"(\d+ messages) since", text) for text in texts]
        alone = [text.rsplit("\n", 1)[-1] for text in texts]
        return [
            found[1] if found else number
            for found, number in zip(together, alone, strict=True)
        ]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=1, max_size=10))
@example(
    # Nobody works for 8 days: what was promised for Wednesday is told all the same.
    steps=[
        ("digest", (3, "wed", True)),
        ("arrive", [(False, "a"), (True, "b"), (False, "a")]),
        ("be down for", 8 * 24 * 60),
    ]
)
async def test_every_message_ends_as_the_model_says(house, steps):
    # Another group for each example: the rest of the house may stay.
    house.ops = house.group(f"g{len(house.lark.tenant.chats)}")
    house.works_again()
    both = Both(house)

    for step, what in steps:
        await both.do(step, what)
        await both.agree()
    house.works_again()
    both.model.refuses = False
    for step in ("come back", "no digest", "unmute"):
        await both.do(step, None)

    await both.agree()
    ended = {"delivered", "digested", "dead", "expired"}
    assert {*both.model.states.values()} <= ended
    assert both.read() == both.model.read
