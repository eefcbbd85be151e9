from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import loads
from bot.errors import ConfigError

ENVIRON = {"ZONE": "nowhere-secret"}


def mistakes(text: str) -> list[str]:
    try:
        loads(text, ENVIRON, path=Path("config.yaml"))
    except ConfigError as error:
        return [str(each).removeprefix("config.yaml:") for each in error.mistakes]
    return []


NAME = (
    "should be a name: no spaces, no : , @ quotes or parentheses, "
    "and no Lark id (ou_…, oc_…)"
)
LISTEN = "should be host:port, such as 127.0.0.1:8080 or 0.0.0.0:8080"
DATABASE = (
    "should be sqlite:PATH, such as sqlite:larkbell.db, "
    "or postgresql://user:password@host/name"
)
URL = "should be an address that begins with https://"
OWN = "should hold settings of its own, such as {name: value}"
LIST = "should be a list, such as [one, another]"
EMPTY = "is empty: write a value, or leave the setting out"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("databse: {url: x}", "1: databse: no such setting; did you mean database?"),
        (
            "limits:\n  robot:\n    hourly: 3",
            "3: limits.robot.hourly: no such setting; there are per_second, per_minute",
        ),
        ("\nserver: hello", f"2: server: {OWN}"),
        ("server: [a]", f"1: server: {OWN}"),
        ("chats: {name: ops}", f"1: chats: {LIST}"),
        ("chats:\n- ops", f"2: chats[0]: {OWN}"),
        (
            "groups: [alice]",
            (
                "1: groups: should hold names and what each stands for, "
                "such as ops: [alice]"
            ),
        ),
        (
            "people: [{name: p12}]",
            (
                "1: people[0].name: should be another name: P and a number is what "
                "people without a Lark account are called who were named in the chat"
            ),
        ),
        ("server:\n  listen: 8080", f"2: server.listen: {LISTEN}"),
        ("server:\n  listen: a:65536", f"2: server.listen: {LISTEN}"),
        ("server: {public_url: bell.example.com}", f"1: server.public_url: {URL}"),
        ("server: {public_url: 'http://:80'}", f"1: server.public_url: {URL}"),
        (
            "server: {public_url: 'https://a/?b'}",
            "1: server.public_url: should be an address without user name, ? and #",
        ),
        ("server: {admin_token: ''}", f"1: server.admin_token: {EMPTY}"),
        ("server: {admin_token: [a]}", "1: server.admin_token: should be one text"),
        ("database: {url: mysql://a/b}", f"1: database.url: {DATABASE}"),
        ("database: {url: 'sqlite:///a.db'}", f"1: database.url: {DATABASE}"),
        ("database: {url: 'sqlite::memory:'}", f"1: database.url: {DATABASE}"),
        (
            "database: {url: 'postgresql://u:p#w@host/db'}",
            (
                "1: database.url: should be postgresql://user:password@host/name; "
                "write @ : / # ? of a password as %40 %3A %2F %23 %3F"
            ),
        ),
        (
            "secrets:\n  keys:\n    - short",
            (
                "3: secrets.keys[0]: should be a Fernet key: "
                "make one with `larkbell secrets generate`"
            ),
        ),
        ("defaults: {locale: de}", "1: defaults.locale: should be en or zh"),
        (
            "defaults: {timezone: asia/shangai}",
            (
                "1: defaults.timezone: should be an IANA time zone; "
                "did you mean Asia/Shanghai?"
            ),
        ),
        (
            "defaults: {timezone: ../../etc}",
            "1: defaults.timezone: should be an IANA time zone, such as Asia/Shanghai",
        ),
        (
            "defaults: {calendar: XX}",
            (
                "1: defaults.calendar: 'XX' is not a calendar. Write a country code "
                "such as CN or SG, a country and region such as DE-BY, or none"
            ),
        ),
        (
            "roles: {editors: nobody}",
            (
                "1: roles.editors: should be everyone, managers, or a list of "
                "open_ids, e-mail addresses and names from people"
            ),
        ),
        (
            "chats: [{name: ops, id: ops}]",
            (
                "1: chats[0].id: should be a Lark chat id, oc_…; /status in the group "
                "tells it"
            ),
        ),
        (
            "chats:\n  - name: ops",
            "2: chats[0].id: is missing. Its id at Lark, oc_…; /status tells it",
        ),
        ("chats: [{name: a b, id: oc_1}]", f"1: chats[0].name: {NAME}"),
        (
            "chats: [{name: ＯＰＳ, id: oc_1}]",
            "1: chats[0].name: should be written OPS, or no command could name it",
        ),
        (
            "sources: [{name: Ops, kind: native, token: t}]",
            (
                "1: sources[0].name: should fit into an address: a-z, 0-9, - and _, "
                "at most 64 characters"
            ),
        ),
        (
            "sources: [{name: a, kind: grafana, token: t}]",
            "1: sources[0].kind: should be native, alertmanager, tencent or lark-hook",
        ),
        (
            "sources: [{name: a, kind: native, token: t, rate: 10}]",
            "1: sources[0].rate: should be a rate, such as 600/min, 10/s or 5000/h",
        ),
        (
            (
                "sources:\n- name: a\n  kind: native\n  token: t\n  map:\n"
                "  - where: a (\n    type: a.b"
            ),
            (
                "6: sources[0].map[0].where: A condition is missing here, "
                "such as severity>=warning"
            ),
        ),
        (
            "robots: [{name: a, webhook: 'ftp://a/b'}]",
            f"1: robots[0].webhook: {URL}",
        ),
        (
            "robots: [{name: a, webhook: 'https://a/b', mention_all: maybe}]",
            "1: robots[0].mention_all: should be true or false",
        ),
        (
            "robots: [{name: a, webhook: 'https://a/b', platform: slack}]",
            "1: robots[0].platform: should be lark",
        ),
        (
            "people: [{name: a, phone: '8000 0000'}]",
            (
                "1: people[0].phone: should begin with + and the country, "
                "such as +65 8000 0000"
            ),
        ),
        (
            "message_types: [{id: cdn}]",
            (
                "1: message_types[0].id: should be a message type: category.name in "
                "a-z, 0-9 and -, such as product.alarm"
            ),
        ),
        (
            "message_types: [{id: a.b, voice: maybe}]",
            "1: message_types[0].voice: should be on, off, required or unavailable",
        ),
        (
            "message_types: [{id: a.b, severity: bad}]",
            "1: message_types[0].severity: 'bad' is not info, warning or critical",
        ),
        (
            "subscriptions: [{types: [], to: ['person:ou_1']}]",
            "1: subscriptions[0].types: should name at least one",
        ),
        (
            "subscriptions: [{types: ['*.a'], to: ['person:ou_1']}]",
            (
                "1: subscriptions[0].types[0]: should be a message type such as "
                "finance.refund, all of a category such as finance.*, or *"
            ),
        ),
        (
            "subscriptions: [{types: ['*'], to: [ops]}]",
            (
                "1: subscriptions[0].to[0]: 'ops' is not chat:…, robot:…, person:… "
                "or group:…"
            ),
        ),
        (
            "subscriptions: [{types: ['*'], to: ['person:ou_1'], via: [fax]}]",
            (
                "1: subscriptions[0].via[0]: should be inbox, chat, dm, email, sms "
                "or voice"
            ),
        ),
        (
            "subscriptions: [{types: ['*'], to: ['person:ou_1'], where: severity>=x}]",
            "1: subscriptions[0].where: severity is info, warning or critical",
        ),
        (
            "dnd: [{for: 'person:ou_1', hours: '22-8-9'}]",
            "1: dnd[0].hours: '22-8-9' is not hours. Write 22:00-08:00, or whole day",
        ),
        (
            "dnd: [{for: 'person:ou_1', hours: whole day, days: someday}]",
            (
                "1: dnd[0].days: 'someday' is not days. Write daily, workdays, "
                "weekends, mon-fri, or a list such as mon,wed"
            ),
        ),
        (
            "dnd: [{for: 'person:ou_1', hours: whole day, mute: sms}]",
            (
                "1: dnd[0].mute: should be all, sms+voice, voice, or a list of "
                "channels from chat, dm, email, sms, voice"
            ),
        ),
        (
            "dnd: [{for: 'person:ou_1', hours: whole day, mute: [inbox]}]",
            "1: dnd[0].mute: should list channels from chat, dm, email, sms, voice",
        ),
        (
            "dnd: [{for: 'person:ou_1', hours: whole day, except: warning}]",
            "1: dnd[0].except: should be critical, or null",
        ),
        (
            "email: {host: a, sender: b@c, port: many}",
            "1: email.port: should be a whole number",
        ),
        (
            "email: {host: a, sender: b@c, port: 65536}",
            "1: email.port: should be at most 65535",
        ),
        (
            "email: {host: 'smtp://a', sender: b@c}",
            "1: email.host: should be a host name alone, such as host.example.com",
        ),
        (
            "billing:\n  accounts:\n  - {name: a, provider: aws}",
            "3: billing.accounts[0].provider: should be tencent or files",
        ),
        (
            "billing:\n  accounts:\n  - {name: a}",
            (
                "3: billing.accounts[0].provider: is missing: it decides which other "
                "settings there are"
            ),
        ),
        (
            (
                "billing:\n  accounts:\n  - name: a\n    provider: files\n    paht: b\n"
                "    path: b"
            ),
            "5: billing.accounts[0].paht: no such setting; did you mean path?",
        ),
        (
            "limits:\n  robot:\n    per_second: 0",
            "3: limits.robot.per_second: should be at least 1",
        ),
        (
            "retention: forever",
            (
                "1: retention: should be days or weeks such as 180d or 26w, and at "
                "least 7d: so long may messages be held"
            ),
        ),
        ("revision: -1", "1: revision: should be at least 0"),
    ],
)
def test_a_mistake_names_its_line_and_path_and_what_to_write(
    text: str, mistake: str
) -> None:
    assert mistakes(text) == [mistake]
