from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import loads
from bot.config.starter import new_key


def warnings_of(text: str, **environ: str) -> list[str]:
    return [
        str(each) for each in loads(text, environ, path=Path("config.yaml")).warnings
    ]


PLAIN = "is a secret in plain sight: write ${NAME} and set NAME in .env"


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("server: {admin_token: t}", f"server.admin_token: {PLAIN}"),
        ("server: {admin_token: '${NONE:-t}'}", f"server.admin_token: {PLAIN}"),
        ("database: {url: 'postgresql://u:p@h/d'}", f"database.url: {PLAIN}"),
        (
            "robots: [{name: a, webhook: 'http://a.example/${T}'}]",
            "robots[0].webhook: sends secrets unprotected over the network: use https://",
        ),
        (
            "email: {host: a, sender: b@c, username: d, password: '${T}', tls: none}",
            "email.tls: sends the password unprotected: use starttls or tls",
        ),
        (
            (
                "subscriptions: [{types: [finance.refunds], to: ['person:ou_1'], via: "
                "[inbox]}]"
            ),
            (
                "subscriptions[0].types[0]: no message type is known by this; "
                "did you mean finance.refund?"
            ),
        ),
        (
            "dnd: [{types: [finanz.*], for: 'person:ou_1', hours: whole day}]",
            "dnd[0].types[0]: no message type is known by this; is it yours?",
        ),
        (
            "sources: [{name: a, kind: native, token: '${T}', type: product.alarms}]",
            (
                "sources[0].type: no message type is known by this; "
                "did you mean product.alarm?"
            ),
        ),
        (
            "subscriptions: [{types: ['*'], to: ['chat:oc_1']}]",
            "subscriptions[0]: chat needs a Lark app: add the section lark",
        ),
        (
            "subscriptions: [{types: ['*'], to: ['person:ou_1'], via: [inbox, dm]}]",
            "subscriptions[0].via[1]: dm needs a Lark app: add the section lark",
        ),
        (
            "subscriptions: [{types: ['*'], to: ['person:ou_1'], via: [email]}]",
            "subscriptions[0].via[0]: no mail is sent without the section email",
        ),
        (
            "people: [{name: a}]",
            "people[0]: nothing reaches them: add open_id, email or phone",
        ),
        ("groups: {a: []}", "groups.a: nobody is in it"),
    ],
)
def test_what_is_probably_not_meant_is_a_warning(text: str, warning: str) -> None:
    assert warnings_of(text, T="t") == [f"config.yaml:1: {warning}"]


def test_an_app_without_admins_is_doubtful() -> None:
    text = (
        "lark: {app_id: a, app_secret: '${T}', encrypt_key: '${T}'}\n"
        "secrets: {keys: ['${K}']}"
    )

    assert warnings_of(text, T="t", K=new_key()) == [
        "config.yaml:1: roles.admins: nobody is an admin: some commands have no user"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "server: {admin_token: '${T}'}",
        "robots: [{name: a, webhook: 'http://127.0.0.1:9000/${T}'}]",
        "robots: [{name: a, webhook: 'https://a.example/${T}'}]",
        "database: {url: 'postgresql://u@h/d'}",
        "database: {url: 'postgresql://u:${T}@h/d'}",
        (
            "message_types: [{id: a.b}]\ndnd:\n- {for: 'chat:oc_1', hours: whole day, "
            "types: [a.*, custom.x, finance.*]}"
        ),
    ],
)
def test_what_is_fine_gives_no_warning(text: str) -> None:
    assert warnings_of(text, T="t") == []


APP = (
    "lark: {app_id: a, app_secret: '${T}', encrypt_key: '${T}'}\n"
    "secrets: {keys: ['${K}']}\n"
)


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (
            "roles: {admins: [a@example.com]}",
            (
                "roles.admins[0]: has no open_id, so nobody has this role: "
                "/whoami tells it; put it under people"
            ),
        ),
        (
            (
                "roles: {admins: [ou_1], editors: [bob]}\n"
                "people: [{name: bob, email: b@example.com}]"
            ),
            (
                "roles.editors[0]: has no open_id, so nobody has this role: "
                "/whoami tells it; put it under people"
            ),
        ),
    ],
)
def test_a_role_of_nobody_is_told(text, warning):
    (found,) = warnings_of(APP + text, T="t", K=new_key())

    assert found.partition(": ")[2] == warning


def test_an_address_stands_for_a_person_with_an_open_id():
    text = "roles: {admins: [a@example.com]}\n"
    text += "people: [{name: al, email: A@example.com, open_id: ou_1}]"

    assert warnings_of(APP + text, T="t", K=new_key()) == []


def test_a_long_connection_that_is_not_built_is_told():
    text = APP.replace("encrypt_key", "events: websocket, encrypt_key")

    (found,) = warnings_of(text + "roles: {admins: [ou_1]}", T="t", K=new_key())

    assert "lark.events: the long connection is not built yet" in found
