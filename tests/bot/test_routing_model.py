"""Routing against a model that is short and obviously right."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.rules.patterns import matches
from store.values import Channel, Destination, Kind, Severity
from tests.bot.routes import WAYS, Router
from tests.conftest import HandClock
from tests.store.samples import accept, draft, sqlite_in

#: What rules ask for, and the same in Python.
FILTERS = {
    "": lambda seen: True,
    "severity>=warning": lambda seen: seen["severity"] >= Severity.WARNING,
    "region=sg": lambda seen: seen["labels"].get("region") == "sg",
    "-region=sg": lambda seen: seen["labels"].get("region") != "sg",
}
PEOPLE = {"lin": "ou_lin", "wei": None}
PLACES = [
    Destination(Kind.CHAT, "oc_ops"),
    Destination(Kind.CHAT, "oc_gone"),
    Destination(Kind.ROBOT, "bell"),
    Destination(Kind.ROBOT, "removed"),
    Destination(Kind.PERSON, "ou_lin"),
    Destination(Kind.GROUP, "team"),
    Destination(Kind.GROUP, "empty"),
]
TYPES = ["a.x", "a.y", "b.x", "custom.z"]

_RULES = st.lists(
    st.fixed_dictionaries(
        {
            "types": st.lists(
                st.sampled_from([*TYPES, "a.*", "b.*", "*"]), min_size=1, max_size=2
            ).map(" ".join),
            "where": st.sampled_from(sorted(FILTERS)),
            "to": st.lists(st.sampled_from(PLACES), min_size=1, max_size=3),
            "via": st.none()
            | st.lists(st.sampled_from(list(Channel)), max_size=3, unique=True).map(
                tuple
            ),
            "enabled": st.booleans() | st.just(True),
        }
    ),
    max_size=6,
)
_MESSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(TYPES),
            "severity": st.sampled_from(Severity),
            "labels": st.sampled_from([{}, {"region": "sg"}, {"region": "us"}]),
        }
    ),
    min_size=1,
    max_size=4,
)


def expected(message, rules, team):
    """Return place → state and rule: what routing should make of a message."""
    found = {}
    for number, rule in enumerate(rules, start=1):
        named = any(matches(each, message["type"]) for each in rule["types"].split())
        if not (rule["enabled"] and named and FILTERS[rule["where"]](message)):
            continue
        for place in rule["to"]:
            members = [Destination(Kind.PERSON, PEOPLE[each] or each) for each in team]
            many = place == Destination(Kind.GROUP, "team") and members
            for one in many or [place]:
                for channel in _channels(one, rule["via"]):
                    state = _state(one, channel)
                    found.setdefault(f"{one}/{channel}", (state, number))
    return found


def _channels(place, via):
    own, usual = {Channel.INBOX, Channel.CHAT}, [Channel.CHAT]
    if place.kind in (Kind.PERSON, Kind.GROUP):
        own, usual = set(Channel) - {Channel.CHAT}, [Channel.DM]
    asked = usual if via is None else via
    return {Channel.INBOX} | (set(asked) & own)


def _state(place, channel):
    if place.name in ("removed", "oc_gone") or place.kind is Kind.GROUP:
        return "undeliverable"
    if channel is Channel.INBOX:
        return "delivered"
    reached = (place.kind, channel) in WAYS and place.name != "wei"
    return "queued" if reached else "undeliverable"


@given(
    rules=_RULES,
    messages=_MESSAGES,
    team=st.lists(st.sampled_from(sorted(PEOPLE)), max_size=2).map(tuple),
)
@settings(max_examples=30)
async def test_routing_does_what_the_rules_say(tmp_path_factory, rules, messages, team):
    async with sqlite_in(tmp_path_factory.mktemp("routes")) as db:
        router = Router(db, HandClock())
        await router.robot("bell")
        await router.chat("oc_gone", "disbanded")
        await router.people(PEOPLE, {"team": team, "empty": ()})
        for rule in rules:
            said = {name: value for name, value in rule.items() if name != "to"}
            await router.rule(*rule["to"], **said)
        await accept(db, *(draft("x", **message) for message in messages))
        await router.routing.run_once()

        for number, message in enumerate(messages, start=1):
            wanted = expected(message, rules, team)
            states = await router.outcome(number)
            by_rule = await router.rules_of(number)
            assert {
                place: (state.partition(":")[0], int(by_rule[place].split(":")[1]))
                for place, state in states.items()
            } == wanted
            assert await router.state(number) == ("routed" if wanted else "unrouted")
