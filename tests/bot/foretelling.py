"""Random rules, messages and moments; and a house that does what /why foretells.

A ``World`` is a database with rules of its own, a real routing and a real delivery, and
channels that only write down. Nothing in it knows how anything is decided.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.channels.posting import Posting
from bot.delivery import Delivery
from bot.governor import Gate, Governor, Limits
from bot.outcome import Settings
from bot.routing import Routing
from bot.routing import Settings as RoutingSettings
from bot.telling import Telling
from bot.voice import Voice
from handlers.commands import answer
from handlers.context import ChatType, Context, Role
from handlers.names import Names
from handlers.reply import Reply
from handlers.rules.methods import ALL
from handlers.rules.planning import ways_over
from handlers.rules.schedules import COLLECTABLE
from handlers.rules.types import Offer, Types, define
from handlers.why.requests import Suppose
from store import (
    directory,
    lanes,
    mutes,
    notifications,
    outbox,
    people,
    posts,
    preferences,
    robots,
    schedules,
    subscriptions,
    windows,
)
from store.database import Database, Tx
from store.directory import Chat, Person
from store.lanes import Lane, lane_id
from store.notifications import Draft
from store.people import Means
from store.robots import Hook, Robot
from store.values import (
    Channel,
    Destination,
    Kind,
    Mute,
    Notification,
    Schedule,
    Severity,
    Status,
    Subscription,
    Window,
)
from store.values import (
    Delivery as Kept,
)
from tests.bot.watching import Middling
from tests.conftest import MONDAY, HandClock

T = TypeVar("T")

OPS = Destination(Kind.CHAT, "oc_ops")
DEV = Destination(Kind.CHAT, "oc_dev")
BELL = Destination(Kind.ROBOT, "bell")
WEI = Destination(Kind.PERSON, "ou_wei")
ALICE = Destination(Kind.PERSON, "ou_alice")
BOB = Destination(Kind.PERSON, "bob")
TEAM = Destination(Kind.GROUP, "team")
GONE = Destination(Kind.ROBOT, "gone")
#: Whose rules may send where; some places more often.
PLACES = {
    "yaml": (OPS, BELL, WEI, TEAM, DEV, ALICE, BOB, GONE),
    "chat:oc_ops": (OPS, OPS, BELL, BELL, WEI, TEAM, ALICE, GONE),
    "chat:oc_dev": (DEV, WEI, TEAM, BOB),
    "person:ou_wei": (WEI,),
}
OWNERS = ("yaml", "chat:oc_ops", "chat:oc_ops", "chat:oc_dev", "person:ou_wei")

TYPES = (
    *("finance.refund", "finance.balance-warning", "product.alarm", "product.expiry"),
    *("updates.announcement", "custom.backup", "security.event"),
)
PATTERNS = (*TYPES, "finance.*", "product.*", "custom.*", "*")
FILTERS = (
    *("", "", "", "severity>=warning", "severity=critical", "product=cvm,cos"),
    *("-region=na*", '"disk full"', "product=cvm or severity=critical"),
    *("source=prometheus", "status=firing", "severity<=warning region=ap*"),
    "(product=cos or -region=na) severity>=warning",
)
CATALOGUE = Types(
    [
        define("custom.backup", offers={Channel.EMAIL: Offer.REQUIRED}),
        define("product.expiry", offers={Channel.DM: Offer.UNAVAILABLE}),
    ]
)
#: Half a minute: what is decided at once is sent within it, message by message.
SENT = timedelta(seconds=50)


class Slow(Governor):
    """Four seconds between the posts of a lane, and no gate that lanes share."""

    def interval(self, lane: Lane) -> timedelta:
        return timedelta(seconds=4)

    def gate(self, lane: Lane) -> Gate | None:
        return None


class Recording:
    """A way out that everything goes through."""

    def __init__(self) -> None:
        self.sent: list[Posting] = []

    async def send(self, posting: Posting) -> str:
        self.sent.append(posting)
        return f"om_{posting.uuid}"


class World:
    """Rules that were rolled, and the house that obeys them."""

    def __init__(
        self, db: Database, clock: HandClock, seed: int, *, steady: bool = False
    ) -> None:
        """*steady*: no robot is ever full, and no way is closed."""
        self.steady = steady
        self.bound: str | None = None
        self.db = db
        self.clock = clock
        self.dice = random.Random(seed)
        some = [each for each in Channel if self.dice.random() < 0.85]
        self.channels = frozenset({*some, Channel.INBOX, Channel.CHAT, Channel.DM})
        contacts = (Channel.EMAIL, Channel.SMS, Channel.VOICE)
        by_number = self.dice.random() < 0.7
        self.by_contact = frozenset(contacts if by_number else contacts[:1])
        self.book = Recording()
        telling = Telling(voice=Voice(types=CATALOGUE), admins=())
        self.routing = Routing(
            db,
            clock=clock,
            settings=RoutingSettings(
                types=CATALOGUE,
                telling=telling,
                ways=ways_over(self.channels),
                by_contact=self.by_contact,
            ),
            routed=lambda: None,
        )
        self.delivery = Delivery(
            db,
            clock=clock,
            settings=Settings(
                voice=Voice(types=CATALOGUE, zone="UTC"),
                governor=Slow(Limits()),
                telling=telling,
                by_contact=self.by_contact,
            ),
            channels=dict.fromkeys(ways_over(self.channels), self.book),
            instance="i1",
            worker="w1",
            rng=Middling(),
        )

    @property
    def asked_about(self) -> tuple[Destination, ...]:
        """Return all that Wei can ask about, in the group and alone."""
        return (OPS, WEI, BELL) if self.bound else (OPS, WEI)

    async def do(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Do *work* in a transaction."""
        return await self.db.write(work)

    # What is rolled

    async def settle(self) -> None:
        """Write people, robots and rules."""
        await self.do(self._people)
        await self.do(self._robots)
        for _each in range(self.dice.randrange(3, 9)):
            rule = self._rule()
            await self.do(lambda tx, rule=rule: subscriptions.add(tx, rule))
        for _each in range(self.dice.randrange(6)):
            window = self._window()
            await self.do(lambda tx, window=window: windows.add(tx, window))
        for _each in range(self.dice.randrange(3)):
            digest = self._digest()
            await self.do(lambda tx, digest=digest: schedules.add(tx, digest))

    async def _people(self, tx: Tx) -> None:
        known = [
            Person(name="alice", open_id="ou_alice", email="alice@example.com"),
            Person(name="bob", email="bob@example.com", verified=("email",)),
            Person(name="wei", open_id="ou_wei"),
        ]
        team = ("alice", "wei") if self.dice.random() < 0.6 else ("alice",)
        await directory.apply_people(tx, known, {"team": team})
        state = self.dice.choice(["present", "present", "present", "disbanded"])
        await directory.put_chat(tx, Chat(id=DEV.name, state=state), now=MONDAY)
        given = {Means.EMAIL: "wei@example.com", Means.PHONE: "+6580000000"}
        for means, address in given.items():
            match self.dice.randrange(3):
                case 1:
                    await people.add_contact(
                        tx, WEI.name, means, address, added_by=WEI.name, now=MONDAY
                    )
                case 2:
                    await people.prove_contact(
                        tx, WEI.name, means, address, own=True, by="test", now=MONDAY
                    )
        for each in self.dice.sample(TYPES, self.dice.choice([0, 0, 3])):
            no = preferences.refusal(WEI, Channel.EMAIL, each)
            await preferences.choose(tx, no, by=WEI.name, now=MONDAY)

    async def _robots(self, tx: Tx) -> None:
        dice = self.dice
        self.bound = dice.choice([OPS.name, OPS.name, OPS.name, None])
        robot = Robot(
            name=BELL.name,
            chat=self.bound,
            owner="chat:oc_ops",
            created_by="ou_lin",
            created_at=MONDAY,
            allow=dice.choice([(), (), ("disk", "down")]),
            deny=dice.choice([(), (), ("drill",)]),
            per_hour=dice.choice([None, None, 5000 if self.steady else 3, 5000]),
            paused=dice.random() < 0.1,
        )
        await robots.add(tx, robot, Hook("https://x"), now=MONDAY)

    def _rule(self) -> Subscription:
        dice = self.dice
        via = None
        if dice.random() < 0.5:
            via = tuple(each for each in Channel if dice.random() < 0.5)
        owner = dice.choice(OWNERS)
        return Subscription(
            id=0,
            # Those of the YAML have names, the others get numbers.
            name=f"y{dice.randrange(10**6)}" if owner == "yaml" else "",
            owner=owner,
            patterns=tuple(sorted({dice.choice(PATTERNS) for _ in range(2)})),
            to=tuple(dict.fromkeys(dice.choice(PLACES[owner]) for _ in range(2))),
            where=dice.choice(FILTERS),
            via=via,
            enabled=dice.random() < 0.9,
            created_by="ou_lin",
            created_at=MONDAY,
        )

    def _window(self) -> Window:
        dice, target = self.dice, self._silenced()
        start: int | None = dice.choice([22 * 60, 9 * 60, 13 * 60 + 30, 0])
        end: int | None = dice.choice([8 * 60, 18 * 60, 23 * 60 + 59, 6 * 60 + 15])
        if dice.random() < 0.1:
            start = end = None
        return Window(
            id=0,
            name="",
            target=target,
            patterns=dice.choice([("*",), ("finance.*", "product.alarm"), ("*",)]),
            start=start,
            end=end,
            days=dice.choice(["daily", "daily", "workdays", "weekends", "mon,wed"]),
            zone=dice.choice(["Asia/Shanghai", "UTC", "America/New_York"]),
            mutes=self._some_channels(ALL),
            spare_critical=dice.random() < 0.7,
            owner=_owner(target),
            created_by="ou_lin",
            created_at=MONDAY,
        )

    def _digest(self) -> Schedule:
        dice, target = self.dice, self._silenced()
        return Schedule(
            id=0,
            name="",
            target=target,
            patterns=dice.choice([("*",), ("finance.*",), ("product.alarm",)]),
            times=dice.choice([(540,), (540, 1080), (0,)]),
            days=dice.choice(["daily", "workdays", "mon"]),
            zone=dice.choice(["Asia/Shanghai", "Europe/Berlin"]),
            collects=self._some_channels(COLLECTABLE),
            spare_critical=dice.random() < 0.7,
            owner=_owner(target),
            created_by="ou_lin",
            created_at=MONDAY,
        )

    def mute(self) -> Mute:
        """Return a silence from now on."""
        dice = self.dice
        return Mute(
            id=0,
            target=self._silenced(),
            where=dice.choice(["", "product=cvm", "type=finance.*", "severity=info"]),
            until=self.clock.now() + timedelta(minutes=dice.choice([30, 120, 5000])),
            mutes=self._some_channels(ALL),
            spare_critical=dice.random() < 0.7,
            reason=dice.choice(["", "switchover"]),
            created_by="ou_lin",
            created_at=self.clock.now(),
        )

    def _silenced(self) -> Destination:
        return self.dice.choice([OPS, OPS, BELL, WEI, WEI, ALICE])

    def _some_channels(self, of: frozenset[Channel]) -> frozenset[Channel]:
        if self.dice.random() < 0.5:
            return of
        ordered = [each for each in Channel if each in of]
        return frozenset(self.dice.sample(ordered, self.dice.randint(1, len(ordered))))

    def message(self) -> Notification:
        """Return a message that comes now."""
        dice = self.dice
        labels = {"product": dice.choice(["cvm", "cos", "cdb"])}
        if dice.random() < 0.6:
            labels["region"] = dice.choice(["ap-sg", "na-west", "eu"])
        return Notification(
            number=0,
            source=dice.choice(["prometheus", "scripts"]),
            type=dice.choice(TYPES),
            severity=dice.choice(list(Severity)),
            title=dice.choice(["disk full", "CPU above 90 %", "a drill: db down"]),
            accepted_at=self.clock.now(),
            status=dice.choice([None, None, Status.FIRING, Status.RESOLVED]),
            fingerprint=f"f{dice.randrange(30)}" if dice.random() < 0.3 else None,
            labels=labels,
        )

    # What happens

    def moment(self, *, within: int = 3000) -> datetime:
        """Return some moment to come: where something may begin or end, often.

        It is *within* so many minutes, or at such an edge after them.
        """
        now = self.clock.now()
        at = now + timedelta(minutes=self.dice.randrange(2, within))
        if self.dice.random() < 0.6:
            day = at.replace(hour=0, minute=0)
            minute = self.dice.choice([0, 60, 360, 540, 555, 600, 840, 960, 1020])
            at = day + timedelta(minutes=minute + self.dice.choice([-1, 0, 0, 1]))
        return max(at, now + timedelta(minutes=2)).replace(second=0, microsecond=0)

    async def go_on(self) -> None:
        """Let time pass, to some moment when something may begin or end."""
        await self.run_until(self.moment())
        await self.hush()
        if self.steady:
            return
        # What is sent at one moment must not fill the robot's cap half way.
        await self.do(self._fill)
        if self.dice.random() < 0.15:
            await self.do(self._park)

    async def hush(self) -> None:
        """Let people mute something, or nothing."""
        for _each in range(self.dice.randrange(3)):
            mute = self.mute()
            await self.do(lambda tx, mute=mute: mutes.add(tx, mute))

    async def _fill(self, tx: Tx) -> None:
        """Let the robot have posted as often as it may, in the last hour."""
        lane = Lane(lane_id(BELL, Channel.CHAT), BELL, Channel.CHAT)
        for minutes in (50, 40, 30):
            at = self.clock.now() - timedelta(minutes=minutes)
            critical = minutes > 30 and self.dice.random() < 0.5
            await posts.made(tx, lane, critical=critical, now=at)

    async def _park(self, tx: Tx) -> None:
        """Let the way to somebody be closed for an hour."""
        whom = self.dice.choice([OPS, BELL, WEI])
        channel = Channel.DM if whom is WEI else Channel.CHAT
        now = self.clock.now()
        await lanes.touch(tx, [lanes.Waking(whom, channel, now)])
        await lanes.park(
            tx,
            Lane(lane_id(whom, channel), whom, channel),
            words="not in the group",
            until=now + timedelta(hours=1),
            now=now,
        )

    async def run_until(self, end: datetime) -> None:
        """Let delivery run until *end*, woken whenever something is due."""
        await self.delivery.run_once()
        while True:
            async with self.db.reading() as tx:
                due = await lanes.next_due(tx)
            if due is None or due > end:
                break
            self.clock.set(max(self.clock.now(), due))
            await self.delivery.run_once()
        self.clock.set(max(self.clock.now(), end))

    async def accept(self, messages: Sequence[Notification]) -> list[int]:
        """Accept *messages*, and let them be routed and sent within the minute."""
        now = self.clock.now()
        drafts = [Draft(each) for each in messages]
        added = await self.do(lambda tx: notifications.add(tx, drafts, now=now))
        await self.routing.run_once()
        await self.run_until(now + SENT)
        return [each.number for each in added]

    async def ledger(self, numbers: Iterable[int]) -> dict[int, list[Kept]]:
        """Return the deliveries of messages, as they stand."""
        async with self.db.reading() as tx:
            return {each: await outbox.deliveries_of(tx, each) for each in numbers}

    # Who asks

    def context(self, tx: Any, *, direct: bool = False, **more: Any) -> Context:
        """Return the context of what Wei, an editor, asks in ops; or alone."""
        settings: dict[str, Any] = {
            "now": self.clock.now(),
            "asker": WEI.name,
            "roles": frozenset({Role.MEMBER, Role.EDITOR}),
            "confirmed": True,
            **more,
        }
        return Context(
            tx=tx,
            chat="oc_wei" if direct else OPS.name,
            chat_type=ChatType.DIRECT if direct else ChatType.GROUP,
            types=CATALOGUE,
            names=Names(
                chats={"ops": OPS.name, "dev": DEV.name},
                robots={BELL.name: self.bound},
                people={"alice": ALICE.name, "bob": None, "wei": WEI.name},
                groups=frozenset({"team"}),
            ),
            channels=self.channels,
            by_contact=self.by_contact,
            **settings,
        )

    async def say(self, line: str, **more: Any) -> Reply:
        """Type *line*; return the answer."""
        return await self.do(lambda tx: answer(line, self.context(tx, **more)))


def asked(message: Notification) -> Suppose:
    """Return the question what would become of *message*."""
    return Suppose(
        type=message.type,
        severity=message.severity,
        title=message.title,
        body=message.body,
        source=message.source,
        status=message.status,
        fingerprint=message.fingerprint,
        labels=tuple(message.labels.items()),
    )


def _owner(target: Destination) -> str:
    """Return who owns a window that is for *target*: a robot's is its group's."""
    return str(OPS if target == BELL else target)


def utc(moment: datetime) -> datetime:
    """Return *moment* to the millisecond, as the database keeps it."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)
