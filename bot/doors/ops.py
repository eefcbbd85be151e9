"""Where operators look: alive, ready, metrics."""

from __future__ import annotations

from aiohttp import web

from bot.doors.answers import json_answer
from bot.health import Health
from bot.metrics import Metrics
from store import lanes
from store.database import Database
from store.errors import StoreRefused
from store.ledger import ledger
from store.values import State


class OpsDoor:
    """The addresses that probes and Prometheus ask."""

    def __init__(self, db: Database, *, health: Health, metrics: Metrics) -> None:
        self._db = db
        self._health = health
        self._metrics = metrics

    def add_routes(self, app: web.Application) -> None:
        """Open the doors."""
        app.router.add_get("/healthz", self.alive)
        app.router.add_get("/readyz", self.ready)
        app.router.add_get("/metrics", self.metrics)

    async def alive(self, request: web.Request) -> web.Response:
        """Say that the process answers."""
        return json_answer({"status": "ok"})

    async def ready(self, request: web.Request) -> web.Response:
        """Say whether notifications can be taken; ``degraded`` while Lark is down."""
        failing = await self._health.failing(self._db)
        if failing:
            return json_answer({"status": "failing", "failing": failing}, status=503)
        if degraded := self._health.degraded():
            return json_answer({"status": "degraded", "degraded": degraded})
        return json_answer({"status": "ok"})

    async def metrics(self, request: web.Request) -> web.Response:
        """Tell Prometheus everything."""
        try:
            await self._measure()
        except StoreRefused:
            return json_answer({"error": "the database does not answer"}, status=503)
        return web.Response(
            body=self._metrics.text(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    async def _measure(self) -> None:
        async with self._db.reading() as tx:
            account = await ledger(tx)
            parked = await lanes.parked(tx)
        for routing, count in account.messages.items():
            self._metrics.messages.labels(routing).set(count)
        for state in State:
            # The ledger names only states that somebody is in; a gauge must fall to 0.
            self._metrics.deliveries.labels(state).set(account.deliveries.get(state, 0))
        self._metrics.parked.set(len(parked))
