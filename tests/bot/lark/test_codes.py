"""What Lark's answers make us do. The table is typed from Lark's documents.

Not from ``codes.py``: a code that is dropped or changed there must fail here.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.errors import Parked, Refused, Throttled, TransportError, Unanswered
from bot.lark.codes import CODES, TargetGone, TokenRefused, judge
from handlers.errors import words_of
from handlers.language.catalogues import say

_CHINESE = r".*[一-鿿].*（错误码 [0-9]+）"
#: Wrong for this message and for good, whoever sends it.
FOR_GOOD = [
    9499,  # malformed JSON, wrong shape, too big
    19002,  # params error, msg_type need
    19036,  # size
    11246,  # card content failed
    10003,  # invalid parameter
    230001,  # bad parameter
    230012,  # not the sender of the message
    230015,  # a direct chat cannot be shared
    230017,  # resource of another app
    230022,  # sensitive
    230023,  # more than 200 unread buzzes
    230025,  # too long
    230028,  # data loss prevention
    230052,  # the group lets nobody buzz
    230054,  # type not allowed here
    230055,  # file type and msg_type mismatch
    230098,  # folded away
    230099,  # card creation failed
    99992402,  # field validation
]
#: The destination is closed, or an admin has to act: nothing else gets there either.
CLOSED = [
    19001,  # webhook gone
    19021,  # signature or clock
    19022,  # address not allowed
    19024,  # keyword
    11205,  # no bot ability
    230002,  # bot not in the chat
    230006,  # bot ability off
    230013,  # person outside availability
    230018,  # group settings forbid
    230027,  # permission missing, external chat
    230029,  # resigned
    230034,  # receive_id invalid
    230035,  # muted, blocked
    230036,  # tenant key deleted
    230038,  # cross tenant
    230024,  # the tenant's buzzes
    230053,  # person stopped the bot
    230075,  # encrypted chat
    232009,  # dissolved
    232011,  # not in chat
    99991201,  # path unknown
    99991301,  # method not allowed
    99991401,  # address not allowed
    99991403,  # monthly quota
    99991406,  # monthly quota, advanced
    99991543,  # app id or secret
    99991662,  # app disabled
    99991672,  # scope
    99991673,  # app unavailable
    99991676,  # token type
    99991677,
    99991679,
    99992351,  # no such open_id
    99992356,  # no such chat_id
    99992359,  # no such user_id
    99992360,
    99992361,  # open_id of another app
    99992363,  # no such union_id
    10005,  # app or tenant wrong
    10014,  # app unusable
    10015,  # wrong secret
]
#: What was to be answered or updated is gone: say it by itself.
BY_ITSELF = [
    230011,  # recalled
    230019,  # topic gone
    230031,  # older than 14 days
    230050,  # not visible
    230071,  # no threads here
    230072,  # aggregated message
    230074,  # thread invisible
    230110,  # deleted
    230111,  # self-destructing
    99992354,  # no such message_id
]
#: The token is worth nothing: another, and once more.
TOKEN = [99991661, 99991663, 99991664, 99991665, 99991671]
#: Too fast: later, and it was no attempt.
TOO_FAST = [11232, 11233, 230020, 99991400]
#: Lark's own fault, or the same message on its way: again with the same bytes.
IN_DOUBT = [1500, 5000, 55001, 10002, 11310, 230049]

TABLE = [
    *((code, Refused) for code in FOR_GOOD),
    *((code, Parked) for code in CLOSED),
    *((code, TargetGone) for code in BY_ITSELF),
    *((code, TokenRefused) for code in TOKEN),
    *((code, Throttled) for code in TOO_FAST),
    *((code, Unanswered) for code in IN_DOUBT),
]


def verdict(
    status: int, answer: object, headers: dict[str, str] | None = None
) -> TransportError | None:
    try:
        judge(status, answer, CIMultiDict(headers or {}))
    except TransportError as error:
        return error
    return None


@pytest.mark.parametrize(("code", "expected"), TABLE)
@pytest.mark.parametrize("status", [200, 400])
def test_each_code_has_its_treatment_whatever_the_status(code, expected, status):
    error = verdict(status, {"code": code, "msg": ""})

    assert (type(error), error.code) == (expected, code)


def test_no_code_is_known_that_this_table_does_not_have():
    assert sorted(CODES) == sorted(code for code, _ in TABLE)


def test_every_code_has_words_of_its_own_that_show_the_code():
    told = [str(verdict(200, {"code": code})) for code in CODES]

    assert told == [f"{meaning.words} (code {code})" for code, meaning in CODES.items()]
    assert [words for words in told if words.startswith(" ")] == []


def test_every_code_has_words_in_chinese_too():
    told = [say(words_of(verdict(200, {"code": code})), "zh") for code in CODES]

    assert [words for words in told if not re.fullmatch(_CHINESE, words)] == []


def test_what_lark_says_of_a_card_stands_behind_our_words_in_either_language():
    error = verdict(200, {"code": 230099, "msg": "unknown tag {x}"})

    assert (str(error), say(words_of(error), "zh")) == (
        "Lark could not show the card (code 230099): unknown tag {x}",
        "Lark 无法显示该卡片（错误码 230099）：unknown tag {x}",
    )


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_success_is_2xx_and_code_0(status):
    assert verdict(status, {"code": 0, "data": {}}) is None


def test_an_old_robots_answer_has_its_code_elsewhere():
    assert verdict(200, {"StatusCode": 0, "StatusMessage": "success"}) is None
    assert type(verdict(200, {"StatusCode": 19021})) is Parked


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (200, None),
        (200, {}),
        (200, []),
        (200, "ok"),
        (200, {"code": "0"}),
        (200, {"code": None}),
        (200, {"code": False}),
        (200, {"ok": True}),
        (302, {"code": 0}),
        (400, {"code": 0}),
        (502, None),
        (500, {"code": 0}),
        (503, {"code": 123456}),
        (404, None),
    ],
)
def test_what_makes_no_sense_is_never_success_and_may_have_gone_through(status, answer):
    assert type(verdict(status, answer)) is Unanswered


@given(
    status=st.integers(100, 599),
    answer=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
    | st.fixed_dictionaries({"code": st.integers() | st.sampled_from(sorted(CODES))}),
)
def test_nothing_else_is_ever_taken_for_success(status, answer):
    succeeded = verdict(status, answer) is None

    code = answer.get("code", answer.get("StatusCode")) if type(answer) is dict else 1
    is_zero = type(code) is int and code == 0
    assert succeeded == (200 <= status < 300 and is_zero)


def test_a_code_that_nobody_knows_is_tried_again_and_says_what_lark_said():
    error = verdict(400, {"code": 123456, "msg": "something new"})

    assert (type(error), str(error)) == (
        TransportError,
        "Lark refused (code 123456): something new",
    )


def test_a_refused_card_says_what_lark_says_of_it_but_not_for_ever():
    error = verdict(400, {"code": 230099, "msg": "ErrCode: 11310 " + "x" * 500})

    assert str(error) == (
        "Lark could not show the card (code 230099): ErrCode: 11310 " + "x" * 185
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "Lark limits how often we may send"),
        ({"code": 123}, "Lark limits how often we may send (code 123)"),
        (
            {"code": 99991400},
            "Lark limits how often the app may call (code 99991400)",
        ),
    ],
)
def test_a_429_is_only_too_fast_whatever_is_in_it(answer, words):
    error = verdict(429, answer)

    assert (type(error), str(error)) == (Throttled, words)


def test_a_429_for_the_months_quota_is_no_matter_of_pace():
    assert type(verdict(429, {"code": 99991403})) is Parked


@pytest.mark.parametrize("text", ["frequency limited psm[x]", "Too many requests"])
def test_a_bad_request_that_speaks_of_frequency_is_only_too_fast(text):
    error = verdict(200, {"code": 9499, "msg": text})

    assert (type(error), str(error)) == (
        Throttled,
        "Lark limits how often we may send (code 9499)",
    )


@pytest.mark.parametrize(
    ("reset", "waits"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("0", 0.25),
        ("-3", 0.25),
        ("86400", 600),
        ("soon", 5),
        ("nan", 5),
        ("inf", 5),
        ("", 5),
    ],
)
def test_lark_says_for_how_long_to_wait_within_reason(reset, waits):
    error = verdict(429, {"code": 99991400}, {"X-OGW-RateLimit-Reset": reset})

    assert error.retry_after == timedelta(seconds=waits)


@pytest.mark.parametrize(
    ("code", "waits"), [(11232, 60), (11233, 5), (230020, 1), (99991400, 5), (None, 30)]
)
def test_where_lark_does_not_say_each_limit_has_a_wait_of_its_own(code, waits):
    error = verdict(429, {"code": code})

    assert error.retry_after == timedelta(seconds=waits)
