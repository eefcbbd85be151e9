"""Alarm callbacks of Tencent Cloud Observability Platform: metrics and events.

The callback is loose: numbers come as texts, keys in other cases, and halves are
missing. Nothing is signed; the sender wants its session back, or it calls again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.bodies import parse_object
from bot.errors import BadBody
from bot.sources.adapter import Handed
from bot.sources.limits import ID, Scissors, plain
from bot.sources.times import maybe_beijing
from store.values import Incoming, Severity, Status

KEY_LASTS = timedelta(minutes=10)

#: The label by which recognition tells metric alarms from events.
ALARM_TYPE = "alarmType"

#: How a tiered policy ends the alertId. Other policies have one tier and say nothing.
_TIERS = {
    "remind": Severity.INFO,
    "note": Severity.INFO,
    "warn": Severity.WARNING,
    "serious": Severity.CRITICAL,
}
_STATUS = {"1": Status.FIRING, "0": Status.RESOLVED}

#: Which dimension names the thing, the surest first; then whatever ends in ``id``.
_INSTANCE = ("unInstanceId", "uInstanceId", "instanceId", "diskId", "vip")
_NOT_INSTANCE = ("appid", "objid", "uniqvpcid")


def read(body: bytes, *, content_type: str = "") -> Handed:
    """Return the alarm in *body*, and the answer that keeps Tencent from repeating it.

    Raises ``BadBody`` for what is no alarm. Too long text is cut.
    """
    alarm = parse_object(body)
    if not _at(alarm, "alarmObjInfo") and not _at(alarm, "alarmPolicyInfo"):
        raise BadBody("alarmObjInfo and alarmPolicyInfo are both missing")
    session = _at(alarm, "sessionId")
    if session is None:
        session = ""
    elif isinstance(session, bool) or not isinstance(session, str | int):
        raise BadBody("sessionId is not a text")
    answer = {"sessionId": session, "retCode": 0}
    return Handed((_incoming(alarm, str(session)),), answer)


def _incoming(alarm: Mapping[str, Any], session: str) -> Incoming:
    scissors = Scissors()
    dimensions = _at(alarm, "alarmObjInfo", "dimensions")
    name = (
        _said(dimensions, "objName")
        or _instance(dimensions)
        or _said(dimensions, "objId")
    )
    status = _STATUS.get(_said(alarm, "alarmStatus"))
    alert = _said(alarm, "alertId") or session
    tier = alert.rpartition("_")[2].lower()
    what = _what(alarm)
    return Incoming(
        title=scissors.title(f"{what} · {name}" if name else what),
        body=scissors.body(_said(alarm, "alarmObjInfo", "content")),
        severity=_TIERS.get(tier),
        status=status,
        fingerprint=session[:ID] or None,
        labels=scissors.labels(dict(_labels(alarm, dimensions))),
        fields=scissors.fields(_fields(alarm)),
        occurred_at=_occurred(alarm, status),
        key=f"{alert}|{status}|{_said(alarm, 'firstOccurTime')}" if alert else None,
        key_lasts=KEY_LASTS,
        cut=scissors.cut,
    )


def _what(alarm: Mapping[str, Any]) -> str:
    """Return what is the matter: ``CPU > 90%``, ``CVM: ping unreachable``."""
    policy = _at(alarm, "alarmPolicyInfo")
    conditions = _at(policy, "conditions")
    event = _either(conditions, "eventShowName", "eventName")
    if event:
        product = _either(conditions, "productShowName", "productName")
        return f"{product}: {event}" if product else event
    metric = _either(conditions, "metricShowName", "metricName")
    if metric:
        return f"{metric} {_threshold(conditions)}".strip()
    return _either(policy, "policyName", "policyTypeCName") or "Alarm"


def _threshold(conditions: Any) -> str:
    value = _said(conditions, "calcValue")
    if not value:
        return ""
    unit = _either(conditions, "calcUnit", "unit")
    return f"{_said(conditions, 'calcType')} {value}{unit}".strip()


def _labels(alarm: Mapping[str, Any], dimensions: Any) -> Iterator[tuple[str, str]]:
    """Yield what filters can ask. Our own names come first: they must be sure."""
    thing, policy = _at(alarm, "alarmObjInfo"), _at(alarm, "alarmPolicyInfo")
    conditions = _at(policy, "conditions")
    namespace = _said(thing, "namespace")
    alert = _said(alarm, "alertId")
    found = {
        "product": namespace.rpartition("/")[2].lower()
        or _said(conditions, "productName").lower()
        or _said(policy, "policyType").partition("_")[0].lower(),
        "region": _said(thing, "region"),
        "namespace": namespace,
        "instance": _instance(dimensions),
        "object": _said(dimensions, "objName"),
        "policy": _said(policy, "policyName"),
        "metric": _said(conditions, "metricName"),
        "event": _said(conditions, "eventName"),
        "account": _either(thing, "uin", "appId"),
        "level": alert.rpartition("_")[2].lower() if "_" in alert else "",
        ALARM_TYPE: _said(alarm, "alarmType").lower(),
    }
    yield from ((name, value) for name, value in found.items() if value)
    for name, value in dimensions.items() if isinstance(dimensions, dict) else ():
        known = name in found or name.lower() in ("objid", "objname", "appid")
        if not known and (text := _text(value)):
            yield name, text


def _fields(alarm: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    conditions = _at(alarm, "alarmPolicyInfo", "conditions")
    value = _said(conditions, "currentValue")
    yield "value", value + _either(conditions, "unit", "calcUnit") if value else ""
    yield "threshold", _threshold(conditions)
    yield "policy type", _said(alarm, "alarmPolicyInfo", "policyTypeCName")
    seconds = _said(alarm, "durationTime")
    yield "duration", f"{seconds} s" if seconds not in ("", "0") else ""
    extra = _at(alarm, "additionalMsg")
    for each in extra if isinstance(extra, list) else ():
        yield _said(each, "key") or "note", _said(each, "value")


def _occurred(alarm: Mapping[str, Any], status: Status | None) -> datetime | None:
    began = maybe_beijing(_at(alarm, "firstOccurTime"))
    if status is not Status.RESOLVED:
        return began
    return maybe_beijing(_at(alarm, "recoverTime")) or began


def _instance(dimensions: Any) -> str:
    """Return the id of the thing: the name of that key is the product's own."""
    if not isinstance(dimensions, dict):
        return ""
    if found := _either(dimensions, *_INSTANCE):
        port = _said(dimensions, "port") if found == _said(dimensions, "vip") else ""
        return f"{found}:{port}" if port else found
    for name, value in dimensions.items():
        if name.lower().endswith("id") and name.lower() not in _NOT_INSTANCE:
            return _text(value)
    return ""


def _at(parent: Any, *path: str) -> Any:
    """Return what is under *path*, whatever the case of the keys, or ``None``."""
    for step in path:
        if not isinstance(parent, dict):
            return None
        if step in parent:
            parent = parent[step]
            continue
        wanted = step.lower()
        parent = next(
            (parent[key] for key in parent if key.lower() == wanted),
            None,
        )
    return parent


def _said(parent: Any, *path: str) -> str:
    """Return the text or number under *path* as text, or none."""
    return _text(_at(parent, *path))


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return plain(value).strip()


def _either(parent: Any, *names: str) -> str:
    """Return the first of *names* that says something."""
    return next((text for name in names if (text := _said(parent, name))), "")
