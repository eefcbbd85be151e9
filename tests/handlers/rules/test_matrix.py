"""Rows of the matrix: who counts, and what is counted quickly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.matrix import Place, State, is_wanted, row
from handlers.rules.types import Types
from store.values import Channel, Destination, Kind, Subscription
from tests.conftest import MONDAY

OPS, BELL = Destination(Kind.CHAT, "oc_ops"), Destination(Kind.ROBOT, "bell")
WEI, TEAM = Destination(Kind.PERSON, "ou_wei"), Destination(Kind.GROUP, "team")
WAYS = frozenset(Channel)
GROUP = Place(home=OPS, robots=(BELL,), ways=WAYS)
ALONE = Place(home=WEI, joined=(TEAM,), ways=WAYS)
REFUND = Types().get("finance.refund")

_RULES = st.lists(
    st.builds(
        Subscription,
        id=st.integers(1, 99),
        name=st.just("1"),
        owner=st.sampled_from([str(OPS), str(WEI), "yaml"]),
        patterns=st.lists(
            st.sampled_from(["finance.refund", "finance.*", "*", "product.alarm"]),
            min_size=1,
            max_size=2,
        ).map(tuple),
        to=st.lists(
            st.sampled_from([OPS, BELL, WEI, TEAM]), min_size=1, max_size=2
        ).map(tuple),
        via=st.none() | st.lists(st.sampled_from(list(Channel))).map(tuple),
        where=st.sampled_from(["", "severity=info"]),
        enabled=st.booleans(),
        created_at=st.just(MONDAY),
    ),
    max_size=4,
)


@given(rules=_RULES, place=st.sampled_from([GROUP, ALONE]))
def test_what_comes_here_at_all_is_counted_as_rows_have_it(rules, place):
    assert row(REFUND, rules, (), place).is_wanted == is_wanted(REFUND, rules, place)


@given(rules=_RULES, place=st.sampled_from([GROUP, ALONE]))
def test_the_inbox_is_always_required_and_a_cell_with_a_cause_is_never_off(
    rules, place
):
    cells = row(REFUND, rules, (), place).cells

    assert cells[Channel.INBOX].state is State.REQUIRED
    assert [
        c for c, cell in cells.items() if cell.causes and cell.state is State.OFF
    ] == []


def test_what_is_not_set_up_says_so():
    place = Place(home=OPS, ways=frozenset({Channel.INBOX, Channel.CHAT}))

    cell = row(REFUND, (), (), place).cells[Channel.SMS]

    assert (cell.state, cell.reason) == (
        State.UNAVAILABLE,
        "it is not set up here; an admin can do that",
    )
