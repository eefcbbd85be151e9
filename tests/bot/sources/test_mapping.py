from __future__ import annotations

import pytest

from bot.sources.mapping import Fallbacks, MapRule, type_of
from handlers.rules.filters import parse
from handlers.rules.types import Types
from store.values import Incoming, Severity

TYPES = Types()
INFO, WARNING, CRITICAL = Severity


def source(kind="lark-hook", *, rules=(), **settings):
    return Fallbacks(name="console", kind=kind, map=tuple(rules), **settings)


def rule(where: str, message_type=None, severity=None) -> MapRule:
    return MapRule(parse(where), message_type, severity)


BALANCE = Incoming(title="Balance Warning Notice", body="invoice 7")
EVERY_WORD = source(
    rules=[rule('"invoice"', "finance.billing-notice", INFO)],
    type="updates.announcement",
    severity=CRITICAL,
)


def test_the_body_has_the_first_word():
    said = Incoming(
        title="Balance Warning Notice",
        body="invoice",
        type="product.alarm",
        severity=WARNING,
    )

    assert type_of(said, EVERY_WORD, TYPES) == ("product.alarm", WARNING)


def test_the_map_comes_before_the_recognition():
    assert type_of(BALANCE, EVERY_WORD, TYPES) == ("finance.billing-notice", INFO)


def test_the_first_rule_that_matches_decides():
    rules = [
        rule('"nothing like it"', "product.alarm"),
        rule('"invoice"', "finance.refund"),
        rule('"balance"', "finance.voucher", CRITICAL),
    ]

    assert type_of(BALANCE, source(rules=rules), TYPES) == ("finance.refund", INFO)


def test_a_rule_may_say_only_how_bad_it_is():
    rules = [rule('"invoice"', severity=CRITICAL)]

    assert type_of(BALANCE, source(rules=rules), TYPES) == (
        "finance.balance-warning",
        CRITICAL,
    )


def test_a_rule_says_how_bad_a_type_of_the_body_is():
    said = Incoming(title="x", type="product.service", labels={"region": "sg"})
    rules = [rule("region=sg", "product.alarm", CRITICAL)]

    assert type_of(said, source("native", rules=rules), TYPES) == (
        "product.service",
        CRITICAL,
    )


@pytest.mark.parametrize("kind", ["lark-hook", "tencent"])
def test_the_recognition_comes_before_the_sources_type(kind: str):
    assert type_of(BALANCE, source(kind, type="updates.announcement"), TYPES) == (
        "finance.balance-warning",
        WARNING,
    )


@pytest.mark.parametrize("kind", ["native", "alertmanager"])
def test_programs_are_not_read_for_titles(kind: str):
    assert type_of(BALANCE, source(kind, type="product.alarm"), TYPES)[0] == (
        "product.alarm"
    )


def test_the_sources_type_is_for_what_nothing_else_tells():
    hello = Incoming(title="hello")

    assert type_of(hello, source(type="security.event"), TYPES) == (
        "security.event",
        CRITICAL,
    )
    assert type_of(hello, source(type="security.event", severity=INFO), TYPES) == (
        "security.event",
        INFO,
    )


def test_what_nothing_tells_is_the_sources_own():
    assert type_of(Incoming(title="hello"), source(), TYPES) == ("custom.console", INFO)


def test_the_least_severity_is_a_severity():
    said = Incoming(title="x", type="security.event", severity=INFO)

    assert type_of(said, EVERY_WORD, TYPES) == ("security.event", INFO)


def test_an_unknown_type_is_taken():
    said = Incoming(title="x", type="product.disk-io")

    assert type_of(said, source("native"), TYPES) == ("product.disk-io", INFO)
