"""What people type about recipients, contacts and codes, and what it means."""

from __future__ import annotations

import pytest

from handlers.errors import UserError
from tests.handlers.meaning import meaning
from tests.handlers.talk import choices, context

LIN, BALANCE = "person:ou_lin", "finance.balance-warning"

UNDERSTOOD = [
    ("/recipients", "/recipients list"),
    ("/to", "/recipients list"),
    ("recipients", "/recipients list"),
    ("接收人", "/recipients list"),
    ("查看接收人", "/recipients list"),
    ("/recipients list finance.refund", "/recipients list finance.refund"),
    ("/recipients finance.refund", "/recipients list finance.refund"),
    ("/recipients list page 2", "/recipients list page 2"),
    ("/recipients add @_user_2 for balance warning", f"add {LIN} for {BALANCE}"),
    ("/to add @_user_2 for balance warning", f"add {LIN} for {BALANCE}"),
    ("/to add balance warning to @_user_2", f"add {LIN} for {BALANCE}"),
    ("add recipient @_user_2 balance warning", f"add {LIN} for {BALANCE}"),
    ("添加接收人 @_user_2 余额预警", f"add {LIN} for {BALANCE}"),
    ("接收人 添加 @_user_2 给 余额预警", f"add {LIN} for {BALANCE}"),
    ("/recipients add me for refund", "add me for finance.refund"),
    ("/recipients add myself to refund", "add me for finance.refund"),
    ("添加接收人 我 退款", "add me for finance.refund"),
    (
        "/recipients add @_user_2, alice and group:finance for refund via dm,email",
        f"add {LIN}, group:finance, person:alice for finance.refund via dm,email",
    ),
    (
        "/recipients add @_user_2 for refund and voucher by… via sms",
        None,
    ),
    (
        "/recipients add @_user_2 for refund, voucher via sms",
        f"add {LIN} for finance.refund finance.voucher via sms",
    ),
    (
        "/recipients add robot:ops-room for refund",
        "add robot:ops-room for finance.refund",
    ),
    ("/recipients add bob for finance.*", "add person:bob for finance.*"),
    ("/recipients add finance for refund", None),
    ("/recipients set me, bob for refund", "set me, person:bob for finance.refund"),
    ("/recipients set nobody for refund", "set nobody for finance.refund"),
    ("/recipients remove @_user_2 from refund", f"remove {LIN} for finance.refund"),
    ("删除接收人 @_user_2 退款", f"remove {LIN} for finance.refund"),
    ("/recipients remove @_user_2", f"remove {LIN}"),
    (
        "/recipients remove @_user_2 for refund via sms",
        f"remove {LIN} for finance.refund via sms",
    ),
    ("/recipients show me", "show me"),
    ("/recipients @_user_2", f"show {LIN}"),
    ("/recipients show @_user_2 page 3", f"show {LIN} page 3"),
    (
        "/recipients stop finance.refund from chat:oc_dev",
        "stop finance.refund from chat:oc_dev",
    ),
    ("/recipients stop refund", "stop finance.refund from chat:oc_ops"),
    ("/contact", "/contact"),
    ("联系方式", "/contact"),
    ("/contact add wei@example.com", "/contact add w***@example.com"),
    ("contact Wei@Example.com", "/contact add w***@example.com"),
    (
        "/contact add [wei@example.com](mailto:wei@example.com)",
        "/contact add w***@example.com",
    ),
    ("添加联系方式 wei@example.com", "/contact add w***@example.com"),
    ("/contact add +65 8000 0000", "/contact add +65 **** 0000"),
    ("/contact add ＋65-8000-0000", "/contact add +65 **** 0000"),
    ("/contact add +8613800001911", "/contact add +86 **** 1911"),
    ("/contact remove email", "/contact remove email"),
    ("/contact remove phone", "/contact remove phone"),
    ("删除联系方式 手机号", "/contact remove phone"),
    ("/verify 482913", "/verify 482913"),
    ("verify 012345", "/verify 012345"),
    ("verify 482 913", "/verify 482913"),
    ("验证 482913", "/verify 482913"),
    ("验证码 482913", "/verify 482913"),
    ("/verify", "/verify"),
    ("/verify email", "/verify email"),
    ("验证 邮箱", "/verify email"),
    ("/verify 482913 for bob", "/verify 482913 for person:bob"),
    ("/verify 482913 bob", "/verify 482913 for person:bob"),
]


@pytest.mark.parametrize(
    ("line", "meant"), [(line, meant) for line, meant in UNDERSTOOD if meant]
)
def test_a_line_means_what_is_meant(line, meant):
    wanted = meant if meant.startswith("/") else f"/recipients {meant}"

    assert meaning(line) == wanted
    if not line.startswith(("/contact", "contact", "添加联系方式")):
        assert meaning(wanted) == wanted


REFUSED = [
    (
        "/recipients add @_user_2",
        (
            "For which message types? For example “/recipients add @Wei for "
            "finance.balance-warning”."
        ),
        (),
    ),
    (
        "/recipients add for refund",
        "Add whom? For example “/recipients add @Wei for finance.balance-warning”.",
        (),
    ),
    (
        "/recipients @_user_2 for refund",
        "Add, or remove?",
        (
            "/recipients add person:ou_lin for refund",
            "/recipients remove person:ou_lin for refund",
        ),
    ),
    (
        "/recipients add me for refund severity=critical",
        (
            "Recipients get every message of a type. With a filter it is a "
            "subscription: "
            "“/sub add product.alarm severity=critical to @Wei”."
        ),
        (),
    ),
    (
        "/recipients add chat for refund",
        (
            "Recipients are people, groups of people and robots. What this group "
            "itself "
            "gets is for /sub."
        ),
        (),
    ),
    ("/recipients remove", "Remove whom? /recipients lists them.", ()),
    ("/recipients remove x@example.com", "***@example.com is nobody’s here.", ()),
    (
        "/recipients set for refund",
        (
            "Set whom? Name them, or “nobody”: “/recipients set @Wei, group:finance "
            "for "
            "finance.refund”."
        ),
        (),
    ),
    (
        "/recipients add +65 12 for refund",
        (
            "“+65 12” is no phone number that I know. Write it with + and the country: "
            "+65 8000 0000."
        ),
        (),
    ),
    ("/verify 4829", "A code has six digits: /verify 482913.", ()),
    (
        "/contact remove",
        "Remove which, e-mail or phone?",
        ("/contact remove email", "/contact remove phone"),
    ),
    (
        "/recipients ad me for refund",
        None,
        ("/recipients add me for refund",),
    ),
    (
        "/recipients add me for finance.refnd",
        None,
        ("/recipients add me for finance.refund",),
    ),
]


@pytest.mark.parametrize(("line", "said", "offered"), REFUSED)
def test_a_line_that_is_not_understood_says_why(line, said, offered):
    with pytest.raises(UserError) as caught:
        meaning(line)

    if said is not None:
        assert str(caught.value) == said
    assert choices(line)[: len(offered)] == offered


def test_a_masked_address_is_what_a_line_is_written_with():
    written = meaning("/contact add wei@example.com", context(direct=True))

    assert "wei@" not in written
