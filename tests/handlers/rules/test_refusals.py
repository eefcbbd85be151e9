"""What somebody asked to get no more, ends: whatever it is, and whatever else holds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.rules.policy import Action, decide
from store.values import Channel, Destination, Kind, Severity, Status
from tests.handlers.rules.test_policy import DISK, NIGHT, NIGHTS

WEI = Destination(Kind.PERSON, "ou_wei")


@pytest.mark.parametrize(
    "notification",
    [
        DISK,
        replace(DISK, severity=Severity.CRITICAL),
        replace(DISK, status=Status.RESOLVED),
    ],
)
def test_a_refused_type_ends_even_where_other_rules_would_pass_or_hold_it(notification):
    decision = decide(
        notification,
        channel=Channel.EMAIL,
        destination=WEI,
        windows=(replace(NIGHTS, target=WEI),),
        mutes=(),
        refused=frozenset({"product.alarm"}),
        firing_shown=True,
        now=NIGHT,
    )

    assert (decision.action, decision.cause, decision.words) == (
        Action.MUTED,
        "refusal",
        "no more of it was asked for, by email",
    )
    assert (decision.gates[0].name, decision.gates[0].author) == ("refusal", "ou_wei")


def test_a_refusal_is_of_one_type_alone():
    decision = decide(
        DISK,
        channel=Channel.EMAIL,
        destination=WEI,
        windows=(),
        mutes=(),
        refused=frozenset({"product.expiry", "product"}),
        firing_shown=False,
        now=NIGHT,
    )

    assert (decision.action, decision.gates) == (Action.SEND, ())
