"""The composition root: configuration → objects → the web application.

The only place that reads the whole configuration, asks the machine for the time, and
knows which object is given to which.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
from aiohttp import web
from cryptography.fernet import Fernet

from bot import outside, parts
from bot.acquaintance import Acquaintance
from bot.clock import SystemClock
from bot.config import Config, catalogue, until_restart
from bot.delivery import Delivery
from bot.doors.asking import AskingDoor
from bot.doors.hook import HookDoor
from bot.doors.ingest import IngestDoor
from bot.doors.ops import OpsDoor
from bot.doors.stopping import StopDoor
from bot.errands import Errands
from bot.errands.performers import performers
from bot.errands.robots import RobotTest
from bot.health import Health
from bot.hearing import Hearing
from bot.housekeeping import Housekeeping
from bot.intake import Intake
from bot.metrics import Metrics
from bot.phones.choice import buzzed, carriers
from bot.presence import Presence
from bot.routing import Routing
from bot.scheduler import Scheduler, supervised
from bot.unmuting import Unmuting
from handlers import commands
from store import identity, lanes, tasks
from store.database import Database
from store.errors import StoreRefused
from store.opening import open_database
from store.secrets import Keyring
from store.values import Channel

#: How long a stop waits for what is being sent.
STOP = timedelta(seconds=10)
#: How often secrets are looked for whose time is over.
FORGET = timedelta(minutes=1)
#: How often the database is tidied, and the queue measured.
TIDY = timedelta(minutes=10)
MEASURE = timedelta(seconds=2)
#: How often work is looked for that another process may have left.
LOOK = timedelta(seconds=30)

log = logging.getLogger(__name__)


async def open_store(config: Config) -> Database:
    """Open the database of *config*, with its keys.

    Without keys only the YAML's own secrets are kept, which are written anew at each
    start: a key of the moment will do for those.
    """
    keys = [key.reveal() for key in config.secrets.keys]
    keyring = Keyring(keys or [Fernet.generate_key().decode()])
    return await open_database(config.database.url.reveal(), keyring=keyring)


class Larkbell:
    """One running process: its objects, and how they start, reload and stop."""

    def __init__(
        self,
        config: Config,
        db: Database,
        session: aiohttp.ClientSession,
        *,
        clock: SystemClock,
        instance: str,
    ) -> None:
        self.config = config
        self.db = db
        self._clock = clock
        self._worker = f"{instance}-{secrets.token_hex(4)}"
        self._tasks: list[asyncio.Task[None]] = []
        self.metrics = Metrics()
        self.health = Health()
        self.scheduler = Scheduler(clock=clock)
        client = outside.lark_client(config.lark, session, clock)
        self.postman = outside.postman(config.email, clock)
        self.stops = outside.stop_pages(config, db.keyring)
        self.carriers = carriers(config, session, clock=clock)
        self.delivery = Delivery(
            db,
            clock=clock,
            settings=parts.for_delivery(config),
            channels=outside.ways_out(
                client,
                session,
                self.postman,
                self.carriers,
                buzzed(config),
                stops=self.stops,
                clock=clock,
                health=self.health,
            ),
            instance=instance,
            worker=self._worker,
            # Jitter only; nothing secret hangs on it.
            rng=random.Random(),  # noqa: S311
            idle=lambda due: self.scheduler.wake_at(due, self.delivery.wake),
        )
        self.routing = Routing(
            db,
            clock=clock,
            settings=parts.for_routing(config),
            routed=self.delivery.wake,
        )
        self.intake = Intake(
            db, clock=clock, types=catalogue(config), accepted=self.routing.wake
        )
        self.ingest = IngestDoor(
            self.intake,
            sources=parts.sources(config),
            clock=clock,
            metrics=self.metrics,
        )
        self.acquaintance = Acquaintance(db, client=client, clock=clock)
        self.hearing = Hearing(
            db,
            clock=clock,
            settings=parts.for_hearing(config),
            book=commands.router,
            queued=self._queued,
            acquaint=self.acquaintance.meet,
        )
        self.robot_test = RobotTest(
            db, session, clock=clock, locale=config.defaults.locale
        )
        self.errands = Errands(
            db,
            clock=clock,
            settings=parts.for_hearing(config),
            performers=performers(
                client=client,
                carriers=self.carriers,
                post=self.postman,
                robot_test=self.robot_test,
            ),
            answer=commands.router.performed,
            worker=self._worker,
            queued=self._queued,
        )
        self.unmuting = Unmuting(
            db, clock=clock, voice=parts.voice(config), queued=self.delivery.wake
        )
        self.housekeeping = Housekeeping(
            db, clock=clock, ingest=self.ingest, config=config
        )
        self.lark_door = outside.lark_door(config.lark, self.hearing)
        self.presence = Presence(
            db, client=client, door=self.lark_door, heard=self.health.lark_answers
        )

    def _queued(self) -> None:
        """Something is to be sent, or done beside the requests."""
        self.delivery.wake()
        self.errands.wake()
        self.acquaintance.wake()

    def web(self) -> web.Application:
        """Return the doors."""
        app = web.Application()
        clock, metrics = self._clock, self.metrics
        self.ingest.add_routes(app)
        HookDoor(
            self.intake, ingest=self.ingest, clock=clock, metrics=metrics
        ).add_routes(app)
        AskingDoor(
            self.db,
            ingest=self.ingest,
            clock=clock,
            admin_token=self.config.server.admin_token,
        ).add_routes(app)
        if self.stops is not None:
            StopDoor(self.db, pages=self.stops, clock=clock).add_routes(app)
        OpsDoor(self.db, health=self.health, metrics=metrics).add_routes(app)
        if self.lark_door is not None:
            self.lark_door.add_routes(app)
        return app

    async def start(self) -> None:
        """Apply the configuration, take up what was left, and begin to work."""
        await self.apply(self.config)
        if self.db.engine == "sqlite":
            await self.db.write(lanes.return_leases)
            await self.db.write(tasks.return_leases)
        # Its settings may be others than those that were turned away.
        now = self._clock.now()
        await self.db.write(lambda tx: lanes.probe_channel(tx, Channel.EMAIL, now=now))
        # What a full queue was closed to before the restart, it is closed to after.
        await self.housekeeping.measure()
        self.scheduler.start()
        self.scheduler.every(TIDY, "tidy", self.housekeeping.tidy)
        self.scheduler.every(FORGET, "forget", self.housekeeping.forget)
        self.scheduler.every(MEASURE, "measure", self.housekeeping.measure)
        self.scheduler.every(LOOK, "look", self._look)
        self.scheduler.every(LOOK, "unmute", self.unmuting.tell)
        for name, work in (
            ("routing", self.routing.run),
            ("delivery", self.delivery.run),
            ("presence", self.presence.run),
            ("acquaintance", self.acquaintance.run),
            ("errands", self.errands.run),
        ):
            run = supervised(name, work, note=self.health.note)
            self._tasks.append(asyncio.create_task(run, name=name))
        self.health.watch_scheduler(lambda: self.scheduler.running)

    async def apply(self, config: Config) -> None:
        """Make *config* what is done from now on; all of it, or nothing.

        What is read at the start stays as it was then.
        """
        config = until_restart(self.config, config)
        # All is made before anything is done: a mistake in it leaves the old as it is.
        delivery = parts.for_delivery(config)
        routing = parts.for_routing(config)
        hearing = parts.for_hearing(config)
        types = catalogue(config)
        sources = parts.sources(config)
        now = self._clock.now()
        await self.db.write(lambda tx: parts.apply(tx, config, now=now))
        now = self._clock.now()
        # A reload lets nobody send more, and shortens no wait that Lark asked for.
        sources.follow(self.ingest.sources)
        delivery.governor.follow(self.delivery.settings.governor, now)
        self.config = config
        self.delivery.settings = delivery
        self.routing.settings = routing
        self.hearing.settings = hearing
        self.errands.settings = hearing
        self.robot_test.locale = config.defaults.locale
        self.intake.types = types
        if self.stops is not None:
            self.stops.types = types
        self.ingest.sources = sources
        self.housekeeping.config = config
        self.unmuting.voice = delivery.voice
        self.routing.wake()
        self.delivery.wake()

    async def _look(self) -> None:
        self.routing.wake()
        self.delivery.wake()

    async def stop(self) -> None:
        """Finish what is being sent, give the lanes back, end."""
        self.ingest.closed = "this process is stopping, please send it again"
        await self.intake.close()
        self.scheduler.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.delivery.finish(STOP)
        try:
            await self.db.write(lambda tx: lanes.return_leases_of(tx, self._worker))
        except StoreRefused as exc:
            # They run out by themselves.
            log.error("the leases were not given back", extra={"reason": str(exc)})


async def running(config: Config) -> AsyncIterator[Larkbell]:
    """Yield a process that works, and stop it after."""
    db = await open_store(config)
    try:
        clock = SystemClock()
        if db.engine == "postgres":
            # Replicas go by the database's clock: their own may differ.
            async with db.reading() as tx:
                clock = SystemClock(await identity.clock(tx) - clock.now())
        instance = await db.write(identity.instance)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            connector=connector,
            # What one robot's server sets is no business of another's.
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:
            bell = Larkbell(config, db, session, clock=clock, instance=instance)
            await bell.start()
            try:
                yield bell
            finally:
                await bell.stop()
    finally:
        await db.close()
