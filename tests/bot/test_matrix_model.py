"""The matrix against a model that is short and obviously right: sets of grants.

A grant lets messages of a pattern, with a filter, come to one destination over one
channel. A rule is a bundle of grants, a switch adds one or takes some away, a message
goes where any grant sends it. Nothing of the house is asked how.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from store.values import Channel, Destination, Kind, Severity
from tests.bot.desk import HERE, ROBOT, TEAM, TO_LIN, TO_WEI, Desk
from tests.conftest import HandClock
from tests.store.samples import sqlite_in

TYPES = ["finance.refund", "product.alarm", "updates.promotion"]
PATTERNS = [*TYPES, "finance.*", "product.*", "*"]
#: What each type cannot do, by the console's table.
NEVER = {
    "finance.refund": {Channel.VOICE},
    "product.alarm": set(),
    "updates.promotion": {Channel.SMS, Channel.VOICE},
}
POSTS, PEOPLE = {HERE, ROBOT}, {TO_LIN, TO_WEI, TEAM}
MEMBERS = {TEAM: {TO_LIN, TO_WEI}}
COLUMNS = {
    "Group": Channel.CHAT,
    "DM": Channel.DM,
    "Email": Channel.EMAIL,
    "SMS": Channel.SMS,
    "Voice": Channel.VOICE,
}
FILTERS = {
    "": lambda severity: True,
    "severity>=warning": lambda severity: severity >= Severity.WARNING,
    "severity=info": lambda severity: severity is Severity.INFO,
}
MINE, YAML = str(HERE), "yaml"


@dataclass(frozen=True)
class Grant:
    pattern: str
    where: str
    to: Destination
    channel: Channel
    owner: str

    def about(self, kind):
        if self.pattern == "*":
            return True
        if self.pattern.endswith(".*"):
            return kind.startswith(self.pattern[:-1])
        return self.pattern == kind


class Model:
    """The grants of a group, and whom its rules name at all."""

    def __init__(self, rules):
        self.grants = set()
        self.named = set()
        for rule in rules:
            self.named |= set(rule["to"])
            for to in rule["to"]:
                for pattern in rule["types"].split():
                    for channel in channels_of(rule["via"], to):
                        self.grants.add(
                            Grant(pattern, rule["where"], to, channel, rule["owner"])
                        )

    def comes(self, kind, severity):
        found = set()
        for each in self.grants:
            if each.about(kind) and FILTERS[each.where](severity):
                for one in MEMBERS.get(each.to, {each.to}):
                    if each.channel not in NEVER[kind]:
                        found.add(f"{one}/{each.channel}")
        return found

    def state(self, kind, channel):
        """Return the mark of a cell, and for whom a switch of it acts."""
        if channel in NEVER[kind]:
            return "–", set()
        over = {g for g in self.grants if g.about(kind) and g.channel is channel}
        if channel is Channel.CHAT:
            over = {g for g in over if g.to in POSTS}
            whole = {g.to for g in over if g.pattern == kind and not g.where}
            return "●" if whole else "◐" if over else "○", POSTS
        over = {g for g in over if g.to in PEOPLE and g.owner == MINE}
        whom = {
            g.to
            for g in self.grants
            if g.pattern == kind and g.owner == MINE and g.to in PEOPLE
        }
        whole = {g.to for g in over if g.pattern == kind and not g.where}
        return "●" if whom and whom <= whole else "◐" if over else "○", whom

    def tap(self, kind, channel):
        """Switch a cell, if a tap on it switches anything."""
        state, whom = self.state(kind, channel)
        if state == "●":
            self.grants -= {
                g
                for g in self.grants
                if g.pattern == kind and g.to in whom and g.channel is channel
                if channel is Channel.CHAT or g.owner == MINE
            }
        elif state == "○" and whom:
            if channel is Channel.CHAT:
                whom = {HERE} if HERE in self.named or not self.robots() else {ROBOT}
                self.named |= whom
            for each in whom:
                for to_keep in (channel, Channel.INBOX):
                    self.grants.add(Grant(kind, "", each, to_keep, MINE))
        else:
            return False
        return True

    def robots(self):
        return self.named & {ROBOT}


def channels_of(via, to):
    own = {Channel.INBOX, Channel.CHAT} if to in POSTS else set(Channel)
    own -= set() if to in POSTS else {Channel.CHAT}
    usual = Channel.CHAT if to in POSTS else Channel.DM
    return {Channel.INBOX} | ({usual} if via is None else set(via) & own)


_RULES = st.lists(
    st.fixed_dictionaries(
        {
            "types": st.lists(
                st.sampled_from(PATTERNS), min_size=1, max_size=2, unique=True
            ).map(" ".join),
            "where": st.sampled_from(["", "", *FILTERS]),
            "to": st.lists(
                st.sampled_from([HERE, HERE, ROBOT, TO_LIN, TO_WEI, TEAM]),
                min_size=1,
                max_size=3,
                unique=True,
            ),
            "via": st.none()
            | st.lists(st.sampled_from(list(Channel)), max_size=3, unique=True),
            "owner": st.sampled_from([MINE, MINE, YAML]),
        }
    ),
    max_size=5,
)
_TAPS = st.lists(
    st.tuples(st.sampled_from(TYPES), st.sampled_from(sorted(COLUMNS))),
    min_size=1,
    max_size=5,
)


@given(rules=_RULES, taps=_TAPS)
@settings(max_examples=12)
async def test_taps_do_to_deliveries_what_the_card_says(tmp_path_factory, rules, taps):
    async with sqlite_in(tmp_path_factory.mktemp("matrix")) as db:
        desk = await Desk(db, HandClock()).open()
        for number, rule in enumerate(rules):
            more = {name: rule[name] for name in ("types", "where", "owner")}
            via = rule["via"] and tuple(rule["via"])
            name = f"r{number}" if rule["owner"] == YAML else ""
            await desk.rule(*rule["to"], **more, via=via, name=name)
        model = Model(rules)
        for kind, column in taps:
            await desk.shows(f"/sub {kind}")
            await agree(desk, model, kind)
            state, _whom = model.state(kind, COLUMNS[column])
            switched = model.tap(kind, COLUMNS[column])
            if state != "–":
                await desk.taps(f"{state} {column}")
                if "Confirm" in desk.labels:
                    # It makes a rule for somebody else.
                    await desk.taps("Confirm")
                assert desk.toast.get("type") == ("success" if switched else None)
            await desk.shows(f"/sub {kind}")
            await agree(desk, model, kind)
        for kind in TYPES:
            for severity in Severity:
                got = await desk.comes(kind, severity=severity)
                assert got == model.comes(kind, severity)


async def agree(desk, model, kind):
    """The card shows what the model says."""
    shown = {name: mark for name, mark in desk.cells().items() if name in COLUMNS}
    assert shown == {name: model.state(kind, COLUMNS[name])[0] for name in COLUMNS}


def test_the_model_knows_every_kind_of_destination():
    assert {each.kind for each in POSTS | PEOPLE} == set(Kind)
