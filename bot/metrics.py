"""What Prometheus is told. One registry a process, made in ``app.py``."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest


class Metrics:
    """The process's figures."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.accepted = Counter(
            "larkbell_notifications_accepted",
            "Notifications accepted, duplicates among them.",
            ["source"],
            registry=self.registry,
        )
        # Looking a label up takes longer than counting.
        self._accepted_from: dict[str, Counter] = {}
        self.refused = Counter(
            "larkbell_notifications_refused",
            "Requests refused, by reason: rate, store, or closed (the queue is full).",
            ["source", "reason"],
            registry=self.registry,
        )
        self.messages = Gauge(
            "larkbell_notifications",
            "Notifications kept, by how far routing came.",
            ["routing"],
            registry=self.registry,
        )
        self.deliveries = Gauge(
            "larkbell_deliveries",
            "Deliveries kept, by state.",
            ["state"],
            registry=self.registry,
        )
        self.parked = Gauge(
            "larkbell_lanes_parked",
            "Destinations that nothing gets through to.",
            registry=self.registry,
        )

    def accepted_from(self, source: str) -> Counter:
        """Return the counter of what *source* had accepted."""
        if source not in self._accepted_from:
            self._accepted_from[source] = self.accepted.labels(source)
        return self._accepted_from[source]

    def text(self) -> bytes:
        """Return everything in Prometheus' text format."""
        return generate_latest(self.registry)
