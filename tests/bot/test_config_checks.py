from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import loads
from bot.errors import ConfigError

ENVIRON = {"ZONE": "nowhere-secret"}
LISTEN = "should be host:port, such as 127.0.0.1:8080 or 0.0.0.0:8080"


def mistakes(text: str) -> list[str]:
    try:
        loads(text, ENVIRON, path=Path("config.yaml"))
    except ConfigError as error:
        return [str(each).removeprefix("config.yaml:") for each in error.mistakes]
    return []


SAME = "is the same as that of sources[0]: give each source its own, to tell them apart"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "chats:\n- {name: a, id: oc_1}\n- {name: a, id: oc_2}",
            "3: chats[1].name: is taken by chats[0] already: give each its own",
        ),
        (
            "chats:\n- {name: a, id: oc_1}\n- {name: b, id: oc_1}",
            "3: chats[1].id: is taken by chats[0] already: give each its own",
        ),
        (
            "message_types:\n- {id: a.b}\n- {id: a.b}",
            (
                "3: message_types[1].id: is taken by message_types[0] already: "
                "give each its own"
            ),
        ),
        (
            (
                "billing:\n  accounts:\n  - {name: a, provider: files, path: b}\n"
                "  - {name: a, provider: files, path: c}"
            ),
            (
                "4: billing.accounts[1].name: is taken by billing.accounts[0] already: "
                "give each its own"
            ),
        ),
        (
            (
                "sources:\n- {name: a, kind: native, token: t}\n"
                "- {name: b, kind: native, token: t}"
            ),
            f"3: sources[1].token: {SAME}",
        ),
        (
            (
                "sources:\n- {name: a, kind: native, secret: t}\n"
                "- {name: b, kind: native, secret: t}"
            ),
            f"3: sources[1].secret: {SAME}",
        ),
        (
            (
                "sources:\n- {name: a, kind: lark-hook, token: t}\n"
                "- {name: b, kind: lark-hook, token: t}"
            ),
            f"3: sources[1].token: {SAME}",
        ),
        (
            "sources:\n- {name: a, kind: native}",
            "2: sources[0]: needs a token or a secret, or anybody could send as it",
        ),
        (
            "sources:\n- {name: a, kind: lark-hook, secret: t}",
            "2: sources[0]: a lark-hook needs a token: it is the end of its address",
        ),
        (
            "sources:\n- name: a\n  kind: native\n  token: t\n  map:\n  - where: a",
            "6: sources[0].map[0]: should say a type or a severity, or both",
        ),
        (
            (
                "robots:\n- {name: a, webhook: https://a/b}\n"
                "- {name: b, webhook: https://a/b}"
            ),
            (
                "3: robots[1].webhook: is the same as that of robots[0]: "
                "two robots would spoil each other's pace"
            ),
        ),
        (
            (
                "robots: [{name: a, webhook: 'https://a/b', chat: opps}]\n"
                "chats: [{name: ops, id: oc_1}]"
            ),
            "1: robots[0].chat: there is no such chat; did you mean ops?",
        ),
        (
            "lark: {app_id: a, app_secret: b, encrypt_key: c}",
            (
                "1: secrets.keys: is missing, and robots added in chat are kept "
                "encrypted: make one with `larkbell secrets generate`"
            ),
        ),
        (
            f"lark:\n  app_id: a\n  app_secret: b\nsecrets: {{keys: [{'A' * 43}=]}}",
            (
                "1: lark: needs encrypt_key or verification_token, or anybody could "
                "send events"
            ),
        ),
        (
            "email:\n  host: a\n  sender: a@b\n  username: c",
            "1: email.password: is missing: username needs it",
        ),
        (
            "email: {host: a, sender: a@b, password: c}",
            "1: email.username: is missing: password needs it",
        ),
        (
            "people:\n- {name: a, email: a@b, verified: [email, phone]}",
            "2: people[0].verified[1]: there is no phone here to be verified",
        ),
        (
            "message_types:\n- id: a.b\n  title: {}",
            "3: message_types[0].title: should be given in en or zh, or left out",
        ),
        (
            "roles: {admins: [ou_1, a@b, alise]}\npeople: [{name: alice}]",
            "1: roles.admins[2]: there is no such person; did you mean alice?",
        ),
        (
            "roles:\n  editors: [everyone]",
            "2: roles.editors[0]: there is no such person; name it under people",
        ),
        (
            "groups:\n  a: [ou_1]\n  b:\n  - bob",
            "4: groups.b[0]: there is no such person; name it under people",
        ),
        (
            "subscriptions: [{types: ['*'], to: [robot:a]}]",
            "1: subscriptions[0].to[0]: there is no such robot; name it under robots",
        ),
        (
            "subscriptions: [{types: ['*'], to: [chat:a]}]",
            "1: subscriptions[0].to[0]: there is no such chat; name it under chats",
        ),
        (
            "subscriptions: [{types: ['*'], to: [person:a]}]",
            "1: subscriptions[0].to[0]: there is no such person; name it under people",
        ),
        (
            "subscriptions: [{types: ['*'], to: [group:a]}]\ngroups: {ab: [ou_1]}",
            "1: subscriptions[0].to[0]: there is no such group; did you mean ab?",
        ),
        (
            "subscriptions: [{types: ['*'], to: ['person:ou_1'], via: [dm, chat]}]",
            "1: subscriptions[0].via[1]: reaches none of to: it is for a chat or robot",
        ),
        (
            "subscriptions: [{types: ['*'], to: ['chat:oc_1'], via: [chat, voice]}]",
            (
                "1: subscriptions[0].via[1]: reaches none of to: "
                "it is for a group or person"
            ),
        ),
        (
            "dnd: [{for: chat:a, hours: whole day}]",
            "1: dnd[0].for: there is no such chat; name it under chats",
        ),
        (
            "dnd: [{for: group:a, hours: whole day}]\ngroups: {a: [ou_1]}",
            (
                "1: dnd[0].for: should be a chat, a robot or a person: "
                "a group has no windows"
            ),
        ),
        (
            "billing: {accounts: [{name: a, provider: files, path: b, chats: [ops]}]}",
            (
                "1: billing.accounts[0].chats[0]: there is no such chat; "
                "name it under chats"
            ),
        ),
    ],
)
def test_what_settings_need_of_each_other_is_checked(text: str, mistake: str) -> None:
    assert mistakes(text) == [mistake]


@pytest.mark.parametrize(
    "text",
    [
        "subscriptions: [{types: ['*'], to: ['chat:oc_1', 'person:ou_1']}]",
        "dnd: [{for: 'chat:oc_1', hours: whole day}]",
        "roles: {admins: [ou_1, a@b], editors: managers, cost_viewers: everyone}",
        "subscriptions: [{types: ['*'], to: ['chat:oc_1'], via: [inbox]}]",
        (
            "sources:\n- {name: a, kind: tencent, token: t}\n"
            "- {name: b, kind: alertmanager, token: t}"
        ),
        (
            "lark: {app_id: a, app_secret: b, events: websocket}\n"
            f"secrets: {{keys: [{'A' * 43}=]}}"
        ),
    ],
)
def test_what_needs_nothing_else_loads(text: str) -> None:
    assert mistakes(text) == []


def test_a_name_that_could_not_be_read_may_be_the_one_that_is_meant() -> None:
    text = (
        "chats: [{name: '${NOBODY}', id: oc_1}]\n"
        "subscriptions: [{types: ['*'], to: [chat:ops]}]"
    )

    assert [each[:15] for each in mistakes(text)] == ["1: chats[0].nam"]


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    text = """\
server: {listen: nowhere}
robots:
  - name: ops-room
    webhok: https://a.example/b
    secret: ${NOBODY}
dnd:
  - for: robot:ops-rom
    hours: late
subscriptions:
  - {types: ["finance.*"], to: [robot:ops-room], via: [email]}
  - {name: a, types: ["*"], to: [chat:ops]}
  - {name: a, types: ["*"], to: [person:ou_1]}
"""

    assert mistakes(text) == [
        f"1: server.listen: {LISTEN}",
        (
            "3: robots[0].webhook: is missing. The address that Lark shows in the "
            "group's robot settings"
        ),
        "4: robots[0].webhok: no such setting; did you mean webhook?",
        (
            "5: robots[0].secret: the variable NOBODY is not set: set it in the "
            "environment, or in .env beside this file"
        ),
        "7: dnd[0].for: there is no such robot; did you mean ops-room?",
        "8: dnd[0].hours: 'late' is not hours. Write 22:00-08:00, or whole day",
        "10: subscriptions[0].via[0]: reaches none of to: it is for a group or person",
        "11: subscriptions[1].to[0]: there is no such chat; name it under chats",
        (
            "12: subscriptions[2].name: is taken by subscriptions[1] already: "
            "give each its own"
        ),
    ]


def test_a_value_from_outside_is_not_repeated() -> None:
    text = "dnd: [{for: 'person:ou_1', hours: '${ZONE}'}]"

    assert mistakes(text) == [
        (
            "1: dnd[0].hours: is not what this setting takes. "
            "When: 22:00-08:00 wraps midnight; or whole day"
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "robots: [{name: a, webhook: hunter2}]",
        "secrets: {keys: [hunter2]}",
        "database: {url: 'postgres:hunter2'}",
        "server: {admin_token: [hunter2]}",
        "robots: {webhook: hunter2}",
        (
            "robots:\n- {name: a, webhook: 'https://x/hunter2'}\n"
            "- {name: b, webhook: 'https://x/hunter2'}"
        ),
        (
            "sources:\n- {name: a, kind: native, token: hunter2}\n"
            "- {name: b, kind: native, token: hunter2}"
        ),
    ],
)
def test_no_mistake_repeats_a_secret(text: str) -> None:
    found = mistakes(text)

    assert found
    assert "hunter2" not in str(found)


SETTINGS = st.sampled_from(
    ["server", "lark", "robots", "sources", "dnd", "billing", "groups", "retention"]
)
INNER = st.sampled_from(
    ["name", "kind", "for", "webhook", "accounts", "provider", "hours", "listen", "x"]
)
VALUES = st.recursive(
    st.sampled_from([None, "", "a", "files", "tencent", "chat:x", "22:00-08:00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(INNER, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(SETTINGS, VALUES, max_size=4), st.booleans())
def test_no_shape_is_too_strange(root: dict[str, object], flow: bool) -> None:
    import yaml

    text = yaml.safe_dump(root, default_flow_style=flow, width=10_000)

    for mistake in mistakes(text):
        line, path, reason = mistake.split(": ", 2)
        assert 1 <= int(line) <= len(text.splitlines())
        assert path
        assert reason != "is not what this setting takes"
