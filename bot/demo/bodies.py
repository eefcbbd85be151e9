"""What the senders of the demo post, as they would post it."""

from __future__ import annotations

from datetime import datetime, timedelta

from store.values import Json

ALARM = "Requests to the web shop are slow"
REFUND = "Refund of 128.40 USD for order 1107"
QUIET = (
    "Refund of 16.00 USD for order 1112",
    "The bill of last month is ready",
    "A voucher of 50.00 USD expires on Friday",
)
LOUD = "The account is in arrears"
OLD_KEY = "The key of the user deploy is 300 days old"

_LABELS = {
    "alertname": "HighRequestLatency",
    "instance": "shop-1:9100",
    "job": "shop",
    "severity": "warning",
}
_ANNOTATIONS = {
    "summary": ALARM,
    "description": "99% of requests took less than 1.8 s; the goal is 0.8 s.",
    "runbook_url": "https://runbooks.example.com/latency",
}
_FINGERPRINT = "9e1b6c0f4d2a7385"


def alarm(now: datetime) -> Json:
    """Return what Alertmanager posts, version 4, for an alert of six minutes ago."""
    group = {"alertname": _LABELS["alertname"], "job": _LABELS["job"]}
    started = (now - timedelta(minutes=6)).isoformat(timespec="milliseconds")
    return {
        "receiver": "larkbell",
        "status": "firing",
        "alerts": [
            {
                "status": "firing",
                "labels": _LABELS,
                "annotations": _ANNOTATIONS,
                "startsAt": started,
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "https://prometheus.example.com/graph?g0.expr=slow",
                "fingerprint": _FINGERPRINT,
            }
        ],
        "groupLabels": group,
        "commonLabels": _LABELS,
        "commonAnnotations": _ANNOTATIONS,
        "externalURL": "https://alertmanager.example.com",
        "version": "4",
        "groupKey": '{}:{alertname="HighRequestLatency", job="shop"}',
        "truncatedAlerts": 0,
    }


def over() -> Json:
    """Return the least that says that the alarm is over."""
    labels = {name: _LABELS[name] for name in ("alertname", "severity")}
    alert = {
        "status": "resolved",
        "labels": labels,
        "annotations": {"summary": ALARM},
        "fingerprint": _FINGERPRINT,
    }
    return {"version": "4", "alerts": [alert]}


def refund() -> Json:
    """Return one native notification."""
    return {"title": REFUND, "type": "finance.refund"}


def quiet() -> list[Json]:
    """Return three that can wait, as one array."""
    types = ("finance.refund", "finance.billing-notice", "finance.voucher")
    return [
        {"title": title, "type": type_id}
        for title, type_id in zip(QUIET, types, strict=True)
    ]


def loud() -> Json:
    """Return one that cannot wait: its type is critical by itself."""
    return {
        "title": LOUD,
        "type": "finance.account-arrears",
        "body": "Servers stop in 24 hours unless it is topped up.",
    }


def old_key() -> Json:
    """Return one of a type that nobody hears before the play."""
    return {"title": OLD_KEY, "type": "security.credential-age"}
