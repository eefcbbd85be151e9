"""Over which channels a rule brings a type: what is asked, offered, and had."""

from __future__ import annotations

import pytest

from handlers.rules.carrying import channels
from handlers.rules.cells import Offer
from handlers.rules.types import Types, define
from store.values import Channel, Destination, Kind, Subscription
from tests.conftest import MONDAY

INBOX, CHAT, DM, EMAIL, SMS, VOICE = Channel
OPS = Destination(Kind.CHAT, "oc_ops")
WEI = Destination(Kind.PERSON, "ou_wei")
LOUD = define("custom.loud", offers={DM: Offer.REQUIRED, CHAT: Offer.UNAVAILABLE})


def rule(via=None):
    return Subscription(
        id=1, name="1", owner="yaml", patterns=("*",), to=(), via=via, created_at=MONDAY
    )


@pytest.mark.parametrize(
    ("via", "whom", "type_id", "carried"),
    [
        (None, OPS, "finance.refund", (INBOX, CHAT)),
        (None, WEI, "finance.refund", (INBOX, DM)),
        ((CHAT, SMS), WEI, "finance.refund", (INBOX, SMS)),
        ((CHAT, SMS), OPS, "finance.refund", (INBOX, CHAT)),
        ((INBOX,), WEI, "finance.refund", (INBOX,)),
        # What a type never goes by, it does not by a wider rule either.
        ((DM, VOICE), WEI, "finance.refund", (INBOX, DM)),
        ((DM, VOICE), WEI, "product.alarm", (INBOX, DM, VOICE)),
        ((SMS, VOICE), WEI, "updates.promotion", (INBOX,)),
        # What an admin requires comes along, to whoever has such a channel.
        ((EMAIL,), WEI, "custom.loud", (INBOX, DM, EMAIL)),
        (None, OPS, "custom.loud", (INBOX,)),
    ],
)
def test_what_all_three_have_in_common_carries_it(via, whom, type_id, carried):
    assert channels(rule(via), whom, Types([LOUD]).get(type_id)) == carried
