"""Whether a person is reached over a channel: at which address, or why not."""

from __future__ import annotations

import pytest

from handlers.masking import masked
from handlers.rules.reach import reach
from store.people import Addressee, Contact, Means
from store.values import Channel

EMAIL, PHONE = Means
ALL = frozenset({Channel.EMAIL, Channel.SMS, Channel.VOICE})
NO_ACCOUNT = "contact not verified: no Lark account is known"


def _who(*, account: bool = True, email: bool | None = None, phone: bool | None = None):
    given = {EMAIL: ("wei@example.com", email), PHONE: ("+6580000000", phone)}
    return Addressee(
        name="ou_wei" if account else "wei",
        open_id="ou_wei" if account else None,
        contacts={
            means: Contact(means=means, address=address, verified=verified)
            for means, (address, verified) in given.items()
            if verified is not None
        },
    )


def _over(who: Addressee, **settings: object) -> dict[str, str]:
    found = {
        channel: reach(who, channel, **settings)
        for channel in Channel
        if channel is not Channel.CHAT
    }
    return {
        str(channel): each.address or f"no: {each.reason}"
        for channel, each in found.items()
    }


def test_an_account_is_proof_enough_where_lark_finds_the_person():
    assert _over(_who()) == {
        "inbox": "ou_wei",
        "dm": "ou_wei",
        "email": "no: contact not verified: no e-mail address is known",
        "sms": "ou_wei",
        "voice": "ou_wei",
    }


def test_where_a_number_is_dialled_it_must_be_proved():
    assert _over(_who(phone=False), by_contact=ALL) == {
        "inbox": "ou_wei",
        "dm": "ou_wei",
        "email": "no: contact not verified: no e-mail address is known",
        "sms": (
            "no: contact not verified: the code for +65 **** 0000 was not entered yet"
        ),
        "voice": (
            "no: contact not verified: the code for +65 **** 0000 was not entered yet"
        ),
    }
    assert _over(_who(phone=True), by_contact=ALL)["sms"] == "+6580000000"


def test_without_an_account_only_proved_addresses_are_reached():
    assert _over(_who(account=False, email=True, phone=True)) == {
        "inbox": "wei",
        "dm": f"no: {NO_ACCOUNT}",
        "email": "wei@example.com",
        "sms": f"no: {NO_ACCOUNT}",
        "voice": f"no: {NO_ACCOUNT}",
    }
    assert _over(_who(account=False), by_contact=ALL)["voice"] == (
        "no: contact not verified: no phone number is known"
    )


@pytest.mark.parametrize(
    ("means", "address", "shown"),
    [
        (EMAIL, "wei@example.com", "w***@example.com"),
        (EMAIL, "w@example.com", "***@example.com"),
        (EMAIL, "韦@例子.中国", "***@例子.中国"),
        (PHONE, "+6580000000", "+65 **** 0000"),
        (PHONE, "+86 138 0000 1911", "+86 **** 1911"),
        (PHONE, "+1 650 253 0000", "+1 **** 0000"),
        (PHONE, "+2475123", "+247 **** 23"),
        (PHONE, "12345", "**** 45"),
    ],
)
def test_what_is_shown_of_an_address(means, address, shown):
    assert masked(means, address) == shown
