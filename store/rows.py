"""Rows read as values: the one place that knows how the columns are written."""

from __future__ import annotations

from typing import Any

import orjson

from store.database import Row
from store.times import from_ms, maybe_from_ms, to_ms
from store.values import (
    Channel,
    Delivery,
    Destination,
    Field,
    Mute,
    Notification,
    Schedule,
    Severity,
    State,
    Status,
    Subscription,
    Window,
)
from store.wording import read


def to_json(value: Any) -> str:
    """Return *value* as the database writes it."""
    return orjson.dumps(value).decode()


def write_content(notification: Notification) -> str:
    """Return what of *notification* no statement asks for, as JSON."""
    occurred = notification.occurred_at
    return to_json(
        {
            "body": notification.body,
            "labels": dict(notification.labels),
            "fields": [(each.name, each.value) for each in notification.fields],
            "link": notification.link,
            "occurred_at": None if occurred is None else to_ms(occurred),
            "cut": notification.cut,
        }
    )


def notification(row: Row) -> Notification:
    """Read a row of ``notifications``; its id may be called ``number``."""
    content = orjson.loads(row["content"])
    return Notification(
        number=row["number"],
        source=row["source"],
        type=row["type"],
        severity=Severity(row["severity"]),
        status=Status(row["status"]) if row["status"] else None,
        title=row["title"],
        fingerprint=row["fingerprint"],
        accepted_at=from_ms(row["accepted_at"]),
        body=content["body"],
        labels=content["labels"],
        fields=tuple(Field(name, value) for name, value in content["fields"]),
        link=content["link"],
        occurred_at=maybe_from_ms(content["occurred_at"]),
        cut=content["cut"],
    )


def subscription(row: Row) -> Subscription:
    """Read a row of ``subscriptions``."""
    via = row["via"]
    return Subscription(
        id=row["id"],
        name=row["name"],
        owner=row["owner"],
        patterns=tuple(orjson.loads(row["patterns"])),
        where=row["filter"],
        to=tuple(Destination.parse(each) for each in orjson.loads(row["targets"])),
        via=None if via is None else tuple(map(Channel, orjson.loads(via))),
        enabled=bool(row["enabled"]),
        created_by=row["created_by"],
        created_at=from_ms(row["created_at"]),
        changed_by=row["changed_by"],
    )


def window(row: Row) -> Window:
    """Read a row of ``windows``."""
    return Window(
        id=row["id"],
        name=row["name"],
        owner=row["owner"],
        target=Destination.parse(row["target"]),
        patterns=tuple(orjson.loads(row["patterns"])),
        start=row["start_minute"],
        end=row["end_minute"],
        days=row["days"],
        zone=row["zone"],
        calendar=row["calendar"],
        mutes=frozenset(map(Channel, orjson.loads(row["mutes"]))),
        spare_critical=bool(row["spare_critical"]),
        enabled=bool(row["enabled"]),
        created_by=row["created_by"],
        created_at=from_ms(row["created_at"]),
        changed_by=row["changed_by"],
    )


def schedule(row: Row) -> Schedule:
    """Read a row of ``schedules``."""
    return Schedule(
        id=row["id"],
        name=row["name"],
        owner=row["owner"],
        target=Destination.parse(row["target"]),
        patterns=tuple(orjson.loads(row["patterns"])),
        times=tuple(orjson.loads(row["times"])),
        days=row["days"],
        zone=row["zone"],
        calendar=row["calendar"],
        collects=frozenset(map(Channel, orjson.loads(row["collects"]))),
        spare_critical=bool(row["spare_critical"]),
        enabled=bool(row["enabled"]),
        created_by=row["created_by"],
        created_at=from_ms(row["created_at"]),
        changed_by=row["changed_by"],
    )


def mute(row: Row) -> Mute:
    """Read a row of ``mutes``."""
    return Mute(
        id=row["id"],
        target=Destination.parse(row["target"]),
        where=row["filter"],
        until=from_ms(row["until"]),
        mutes=frozenset(map(Channel, orjson.loads(row["mutes"]))),
        spare_critical=bool(row["spare_critical"]),
        reason=row["reason"],
        created_by=row["created_by"],
        created_at=from_ms(row["created_at"]),
    )


def delivery(row: Row) -> Delivery:
    """Read a row of ``outbox`` of kind ``delivery``, joined with its hold."""
    return Delivery(
        id=row["id"],
        notification=row["notification"],
        destination=Destination.parse(row["destination"]),
        channel=Channel(row["channel"]),
        state=State(row["state"]),
        reason=read(row["reason"]),
        rule=row["rule"],
        until=maybe_from_ms(row["held_until"]),
        attempts=row["attempts"],
        since=from_ms(row["created_at"]),
        at=from_ms(row["changed_at"]),
    )
