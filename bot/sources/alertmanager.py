"""Prometheus Alertmanager's webhook, version 4, and Grafana's superset of it.

One notification an alert: a group that fires may hold alerts that are over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.bodies import maybe_object, maybe_text, parse_object
from bot.errors import BadBody
from bot.sources.adapter import Handed
from bot.sources.limits import ID, Scissors, plain, web_link
from bot.sources.times import maybe_rfc3339
from store.values import Field, Incoming, Severity, Status

KEY_LASTS = timedelta(minutes=10)

_CRITICAL = "critical crit page error err fatal emergency emerg alert disaster high"
_CRITICAL += " major severe p0 p1 sev0 sev1 s0 s1"
_WARNING = "warning warn minor medium average moderate p2 p3 sev2 sev3 s2 s3"
_INFO = "info none information informational notice low ok debug normal p4 p5 sev4 s4"

#: What people write in a severity label → ours.
SEVERITIES: Mapping[str, Severity] = {
    word: severity
    for words, severity in (
        (_CRITICAL, Severity.CRITICAL),
        (_WARNING, Severity.WARNING),
        (_INFO, Severity.INFO),
    )
    for word in words.split()
}

_TITLES = ("summary", "title")
_BODIES = ("description", "message")


def read(body: bytes, *, content_type: str = "") -> Handed:
    """Return one notification for each alert in *body*, in its order.

    Raises ``BadBody`` for what Alertmanager would not send. Too long text is cut.
    """
    group = parse_object(body)
    alerts = group.get("alerts")
    if not isinstance(alerts, list):
        raise BadBody("alerts is missing or not a list")
    if not all(isinstance(alert, dict) for alert in alerts):
        raise BadBody("alerts holds something that is not an object")
    messages = [_incoming(alert, group) for alert in alerts]
    left_out = group.get("truncatedAlerts")
    if messages and isinstance(left_out, int) and left_out > 0:
        # Alertmanager's max_alerts dropped some: say so where people look.
        note = Field("left out by Alertmanager", f"{left_out} alert(s) of this group")
        first = messages[0]
        messages[0] = replace(first, fields=(*first.fields, note), cut=True)
    return Handed(tuple(messages))


def _incoming(alert: Mapping[str, Any], group: Mapping[str, Any]) -> Incoming:
    scissors = Scissors()
    labels = scissors.labels(maybe_object(alert, "labels"))
    annotations = dict(maybe_object(alert, "annotations"))
    summary, description = _take(annotations, _TITLES), _take(annotations, _BODIES)
    status = _status(alert, group)
    fingerprint = _fingerprint(alert, labels)
    starts = maybe_text(alert, "startsAt") or ""
    started = maybe_rfc3339(starts)
    ended = maybe_rfc3339(alert.get("endsAt"))
    return Incoming(
        title=scissors.title(
            summary
            or labels.get("alertname", "").strip()
            or (maybe_text(group, "title") or "").strip()
            or "Alert"
        ),
        body=scissors.body(description),
        severity=_severity(labels),
        status=status,
        fingerprint=fingerprint,
        labels=labels,
        fields=scissors.fields(_fields(alert, annotations)),
        link=web_link(
            alert.get("generatorURL"),
            alert.get("panelURL"),
            alert.get("dashboardURL"),
            group.get("externalURL"),
        ),
        occurred_at=(ended or started) if status is Status.RESOLVED else started,
        key=f"{fingerprint}|{status}|{starts[:ID]}" if starts else None,
        key_lasts=KEY_LASTS,
        cut=scissors.cut,
    )


def _status(alert: Mapping[str, Any], group: Mapping[str, Any]) -> Status | None:
    for said in (alert.get("status"), group.get("status")):
        if said in ("firing", "resolved"):
            return Status(said)
    return None


def _fingerprint(alert: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """Return Alertmanager's own, or one of the labels where it gave none."""
    given = maybe_text(alert, "fingerprint")
    if given:
        return given[:ID]
    pairs = "\x00".join(f"{name}\x00{labels[name]}" for name in sorted(labels))
    return hashlib.sha256(pairs.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _severity(labels: Mapping[str, str]) -> Severity | None:
    for name in ("severity", "level", "priority"):
        if (word := labels.get(name, "").strip().lower()) in SEVERITIES:
            return SEVERITIES[word]
    return None


def _take(annotations: dict[str, Any], names: tuple[str, ...]) -> str:
    """Take the first of *names* that says something out of *annotations*."""
    for name in names:
        text = maybe_text(annotations, name)
        if text and text.strip():
            del annotations[name]
            return text
    return ""


def _fields(
    alert: Mapping[str, Any], annotations: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield what else is known: the other annotations, Grafana's values and links."""
    for name, value in annotations.items():
        # Grafana keeps its own notes under names like __orgId__.
        if isinstance(value, str) and not name.startswith("__"):
            yield name.removesuffix("_url").replace("_", " "), value.strip()
    values = maybe_object(alert, "values")
    for name, value in values.items():
        if isinstance(value, int | float | str):
            yield name, plain(value)
    if not values:
        yield "values", (maybe_text(alert, "valueString") or "").strip()
    yield "silence", web_link(alert.get("silenceURL")) or ""
