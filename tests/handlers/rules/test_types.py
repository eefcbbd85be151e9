from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.language.catalogues import say
from handlers.rules.types import (
    BUILT_IN,
    CATEGORIES,
    Offer,
    Types,
    custom_type,
    define,
    matches,
    patterns_for,
    valid_id,
    valid_pattern,
)
from store.values import Channel, Severity

TYPES = Types()

segment = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?", fullmatch=True)
ids = st.lists(segment, min_size=2, max_size=4).map(".".join)


def test_the_built_in_tree_is_the_one_that_is_promised():
    tree = {
        category: [each.id.partition(".")[2] for each in members]
        for category, members in TYPES.by_category().items()
    }

    assert tree == {
        "finance": [
            "account-arrears",
            "balance-warning",
            "refund",
            "cost-analysis",
            "voucher",
            "budget",
            "withdrawal",
            "credits",
            "billing-notice",
            "repayment",
        ],
        "product": [
            "alarm",
            "event-alarm",
            "expiry",
            "auto-renewal",
            "service",
            "ticket",
        ],
        "security": ["event", "content-violation", "credential-age"],
        "updates": ["announcement", "promotion", "community"],
        "operations": ["maintenance", "upgrade"],
        "custom": [],
    }


def test_the_default_severities_are_the_ones_that_are_promised():
    severe = {
        each.id: each.severity.word for each in TYPES if each.severity > Severity.INFO
    }

    assert severe == {
        "finance.account-arrears": "critical",
        "finance.balance-warning": "warning",
        "finance.budget": "warning",
        "product.expiry": "warning",
        "security.event": "critical",
        "security.content-violation": "warning",
        "security.credential-age": "warning",
    }


def test_voice_is_offered_only_for_what_cannot_wait():
    assert {each.id for each in TYPES if each.offers(Channel.VOICE)} == {
        "finance.account-arrears",
        "finance.balance-warning",
        "product.alarm",
        "product.event-alarm",
        "product.expiry",
        "security.event",
    }


def test_news_goes_to_no_phone_number():
    assert {each.id for each in TYPES if not each.offers(Channel.SMS)} == {
        "updates.announcement",
        "updates.promotion",
        "updates.community",
    }


def test_the_inbox_is_required_of_every_type():
    assert {each.cells[Channel.INBOX].offer for each in TYPES} == {Offer.REQUIRED}


def test_what_is_not_offered_says_why_in_both_languages():
    refused = [
        cell
        for each in TYPES
        for cell in each.cells.values()
        if cell.offer in (Offer.UNAVAILABLE, Offer.REQUIRED)
    ]

    assert all(say(cell.reason, "en") and say(cell.reason, "zh") for cell in refused)


@pytest.mark.parametrize(
    ("text", "type_id"),
    [
        ("finance.balance-warning", "finance.balance-warning"),
        ("Finance.Balance-Warning", "finance.balance-warning"),
        ("balance warning", "finance.balance-warning"),
        ("Balance Warning Notice", "finance.balance-warning"),
        ("balance-warning", "finance.balance-warning"),
        ("balance_warning", "finance.balance-warning"),
        ("ＢＡＬＡＮＣＥ　ｗａｒｎｉｎｇ", "finance.balance-warning"),
        ("余额预警", "finance.balance-warning"),
        ("余额预警通知", "finance.balance-warning"),
        (" 余额 预警 ", "finance.balance-warning"),
        ("Account in arrears notifications", "finance.account-arrears"),
        ("Return & Refund Notice", "finance.refund"),
        ("return and refund", "finance.refund"),
        ("refunds", "finance.refund"),
        ("voucher notification", "finance.voucher"),
        ("Credits related notice", "finance.credits"),
        ("Billing Notice", "finance.billing-notice"),
        ("Repayment reminder", "finance.repayment"),
        ("product/service related", "product.service"),
        ("产品/服务相关", "product.service"),
        ("event alarm", "product.event-alarm"),
        ("事件告警", "product.event-alarm"),
        ("ticket", "product.ticket"),
        ("违规内容", "security.content-violation"),
        ("custom.deploys", "custom.deploys"),
    ],
)
def test_a_type_is_found_by_id_or_title(text: str, type_id: str):
    found = TYPES.find(text)

    assert found is not None
    assert found.id == type_id


@pytest.mark.parametrize(
    "text", ["", " ", "notice", "通知", "finance", "finance.*", "product.nope", "hello"]
)
def test_what_names_no_type_finds_none(text: str):
    assert TYPES.find(text) is None


@pytest.mark.parametrize("each", BUILT_IN, ids=lambda each: each.id)
def test_every_title_leads_to_its_own_type(each):
    assert {TYPES.find(title) for title in each.titles} == {each}
    assert TYPES.find(each.id.replace("-", " ")) == each


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("finance", "finance"),
        ("Financial issues", "finance"),
        ("财务", "finance"),
        ("财务消息", "finance"),
        ("Product notifications", "product"),
        ("安全", "security"),
        ("tencent cloud updates", "updates"),
        ("custom", "custom"),
        ("balance warning", None),
        ("", None),
    ],
)
def test_a_category_is_found_by_slug_or_title(text: str, category: str | None):
    assert TYPES.find_category(text) == category


def test_no_title_of_a_category_names_a_type():
    titles = [title for each in CATEGORIES.values() for title in each.titles]

    assert [title for title in titles if TYPES.find(title)] == []


def test_a_configured_type_joins_its_category():
    purge = define("product.cdn-purge", title_en="CDN purge", title_zh="CDN 刷新")
    types = Types([purge])

    assert types.by_category()["product"][-1] == purge
    assert types.find("cdn 刷新") == purge
    assert types.find("CDN-Purge") == purge
    assert types.is_known("product.cdn-purge")
    assert not TYPES.is_known("product.cdn-purge")


def test_a_configured_type_offers_what_its_category_does_unless_it_says():
    plain = define("updates.roadmap", title_en="Roadmap")
    loud = define("updates.roadmap", offers={Channel.SMS: Offer.ON})

    assert not plain.offers(Channel.SMS)
    assert loud.offers(Channel.SMS)
    assert not loud.offers(Channel.VOICE)


def test_configuring_a_built_in_type_keeps_what_is_not_said():
    mine = define("finance.budget", severity=Severity.CRITICAL)
    types = Types([mine])

    assert types.get("finance.budget").title_zh == "预算管理"
    assert types.default_severity("finance.budget") is Severity.CRITICAL
    assert len(types) == len(TYPES)


def test_voice_can_be_switched_off_for_a_type():
    mine = define("security.event", offers={Channel.VOICE: Offer.UNAVAILABLE})

    assert not mine.offers(Channel.VOICE)
    assert mine.cells[Channel.VOICE].reason


def test_the_inbox_cannot_be_switched_off():
    with pytest.raises(ValueError, match="inbox is required"):
        define("finance.budget", offers={Channel.INBOX: Offer.OFF})


@pytest.mark.parametrize("text", ["", "finance", "Finance.X", "a..b", "a.-b", "a.b ."])
def test_a_configured_type_must_be_a_slug(text: str):
    with pytest.raises(ValueError, match="is not a type"):
        define(text)


def test_a_name_that_two_types_share_finds_neither():
    types = Types([define("product.purge"), define("custom.purge")])

    assert types.find("purge") is None
    assert types.find("product purge") == types.get("product.purge")


def test_a_title_outranks_an_alias_of_another():
    low = define("custom.low", title_en="Low balance", title_zh="低余额")

    assert Types([low]).find("low balance") == low


def test_an_unknown_type_can_still_be_shown():
    made_up = TYPES.get("product.disk-io")

    assert (made_up.id, made_up.title) == ("product.disk-io", "Disk io")
    assert made_up.severity is Severity.INFO
    assert not TYPES.is_known("product.disk-io")


def test_a_child_of_a_type_is_as_bad_as_its_parent():
    assert TYPES.default_severity("security.event.login") is Severity.CRITICAL
    assert TYPES.get("security.event.login").offers(Channel.VOICE)
    assert TYPES.default_severity("nobody.knows") is Severity.INFO


def test_everything_under_custom_is_known():
    assert TYPES.is_known("custom.anything")


@pytest.mark.parametrize(
    ("source", "type_id"),
    [
        ("scripts", "custom.scripts"),
        ("Ops Room", "custom.ops-room"),
        ("ｏｐｓ_1", "custom.ops-1"),
        ("控制台", "custom.unnamed"),
        ("x" * 200, "custom." + "x" * 60),
    ],
)
def test_a_source_has_a_type_of_its_own(source: str, type_id: str):
    assert custom_type(source) == type_id
    assert valid_id(type_id)


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("*", True),
        ("finance.*", True),
        ("product.cvm.*", True),
        ("finance.refund", True),
        ("a.b.c-d", True),
        ("finance", False),
        ("finance*", False),
        ("*.refund", False),
        ("finance.**", False),
        (".*", False),
        ("Finance.*", False),
        ("finance.refund\n", False),
        ("", False),
        ("a." + "b" * 100, False),
    ],
)
def test_a_pattern_is_exact_or_a_prefix_or_everything(text: str, valid: bool):
    assert valid_pattern(text) is valid


def test_patterns_are_listed_from_exact_to_everything():
    assert patterns_for("product.cvm.cpu") == (
        "product.cvm.cpu",
        "product.cvm.*",
        "product.*",
        "*",
    )


@given(ids)
def test_every_listed_pattern_is_valid_and_matches(type_id: str):
    listed = patterns_for(type_id)

    assert all(valid_pattern(pattern) for pattern in listed)
    assert all(matches(pattern, type_id) for pattern in listed)
    assert not matches(f"{type_id}.*", type_id)


@given(ids, st.one_of(ids, ids.map("{}.*".format), segment.map("{}.*".format)))
def test_a_pattern_matches_exactly_when_it_is_listed(type_id: str, pattern: str):
    assert matches(pattern, type_id) == (pattern in patterns_for(type_id))


@given(st.text(max_size=30))
def test_any_text_may_be_looked_up(text: str):
    found = TYPES.find(text)

    assert found is None or TYPES.is_known(found.id)
