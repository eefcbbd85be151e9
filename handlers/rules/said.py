"""How severities, statuses and states are called in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from store.values import Severity, State, Status
from store.wording import Text, _

SEVERITIES: Mapping[Severity, Text] = {
    Severity.INFO: _("info"),
    Severity.WARNING: _("warning"),
    Severity.CRITICAL: _("critical"),
}
STATUSES: Mapping[Status, Text] = {
    Status.FIRING: _("firing"),
    Status.RESOLVED: _("resolved"),
}
STATES: Mapping[State, Text] = {
    State.QUEUED: _("queued"),
    State.SENDING: _("sending"),
    State.HELD: _("held"),
    State.DELIVERED: _("delivered"),
    State.DIGESTED: _("digested"),
    State.MUTED: _("muted"),
    State.SUPERSEDED: _("superseded"),
    State.EXPIRED: _("expired"),
    State.UNDELIVERABLE: _("undeliverable"),
    State.DEAD: _("dead"),
}
