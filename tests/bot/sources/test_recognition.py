from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.recognition import recognise_console, recognise_tencent
from handlers.rules.types import BUILT_IN, Types, define
from store.values import Incoming

TYPES = Types()


def recognised(title: str, body: str = "") -> str | None:
    return recognise_console(Incoming(title=title, body=body), TYPES)


@pytest.mark.parametrize("each", BUILT_IN, ids=lambda each: each.id)
def test_every_title_of_a_type_is_recognised_in_a_sentence(each):
    found = {
        recognised(sentence.format(title))
        for title in each.titles
        for sentence in ("{}", "[Tencent Cloud] {}: 12.34 USD", "【腾讯云】{}，请查看")
    }

    assert found == {each.id}


@pytest.mark.parametrize(
    ("title", "type_id"),
    [
        ("BALANCE WARNING NOTICE", "finance.balance-warning"),
        ("[Tencent Cloud] Balance   warning-notice!", "finance.balance-warning"),
        ("您的Balance Warning已触发", "finance.balance-warning"),
        ("余额预警通知", "finance.balance-warning"),
        ("【腾讯云】余额　预警", "finance.balance-warning"),
        ("Ｂａｌａｎｃｅ ｗａｒｎｉｎｇ", "finance.balance-warning"),
        ("Return & Refund Notice", "finance.refund"),
        ("Account in arrears notifications", "finance.account-arrears"),
        ("voucher notification", "finance.voucher"),
        ("产品到期、回收提醒", "product.expiry"),
    ],
)
def test_a_title_is_recognised_however_it_is_written(title: str, type_id: str):
    assert recognised(title) == type_id


@pytest.mark.parametrize(
    ("title", "type_id"),
    [
        # "alarm" is in all of them, and the longer title says more.
        ("Event alarm: ping unreachable", "product.event-alarm"),
        ("事件告警：ping 不可达", "product.event-alarm"),
        ("Alarm: CPU above 90 %", "product.alarm"),
        ("产品自动续费提醒", "product.auto-renewal"),
    ],
)
def test_the_longest_title_wins(title: str, type_id: str):
    assert recognised(title) == type_id


@pytest.mark.parametrize(
    "title",
    ["Alarmist news", "refunded nothing", "a budgetary matter", "hello", "", "—"],
)
def test_a_title_is_whole_words(title: str):
    assert recognised(title) is None


def test_the_body_is_read_where_the_title_says_nothing():
    assert recognised("Tencent Cloud", "Dear customer,\nBalance Warning Notice.") == (
        "finance.balance-warning"
    )
    assert recognised("腾讯云", "您的账户余额不足") == "finance.balance-warning"


def test_the_title_outranks_the_body():
    assert recognised("Refund", "Balance Warning Notice") == "finance.refund"


@pytest.mark.parametrize("body", ["we got a refund", "升级", "the ticket", "告警"])
def test_a_single_word_of_the_body_is_anybodys(body: str):
    assert recognised("hello", body) is None


def test_what_stands_far_down_is_not_read():
    assert recognised("hello", "x " * 600 + "Balance Warning Notice") is None


def test_configured_types_are_recognised_too():
    types = Types(
        [define("product.cdn-purge", title_en="CDN purge", title_zh="CDN刷新")]
    )
    message = Incoming(title="CDN 刷新完成")

    assert recognise_console(message, types) == "product.cdn-purge"
    assert recognise_console(message, TYPES) is None


@pytest.mark.parametrize(
    ("labels", "type_id"),
    [
        ({"alarmType": "metric"}, "product.alarm"),
        ({"alarmType": "event"}, "product.event-alarm"),
        ({"alarmType": "other"}, "product.expiry"),
        ({}, "product.expiry"),
    ],
)
def test_an_alarm_callback_says_what_it_is(labels, type_id: str):
    message = Incoming(title="SSL product expiry", labels=labels)

    assert recognise_tencent(message, TYPES) == type_id


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_message_is_recognised_or_not(title: str, body: str):
    found = recognised(title, body)

    assert found is None or TYPES.is_known(found)
