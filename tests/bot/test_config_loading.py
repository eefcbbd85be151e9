from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Config, check, load, loads, stamp
from bot.config.starter import new_key
from bot.config.values import Address, Audience, Hours, Rate
from bot.errors import ConfigError
from bot.secret import Secret
from handlers.rules.types import Offer
from store.values import Channel, Destination, Kind, Severity

FILE = Path("config.yaml")


def config_of(text: str, **environ: str) -> Config:
    return loads(text, environ, path=FILE).config


def write(folder: Path, text: str | bytes, name: str = "config.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("text", ["", "server:\nlark:\nsources:\nroles:\n", "{}"])
def test_an_empty_file_gives_the_defaults(text: str) -> None:
    config = config_of(text)

    assert config.server.listen == Address("127.0.0.1", 8080)
    assert config.server.admin_token is None
    assert config.database.url == Secret(f"sqlite:{Path.cwd() / 'larkbell.db'}")
    assert config.lark is None
    assert config.secrets.keys == ()
    assert config.defaults.model_dump() == {
        "locale": "en",
        "timezone": "Asia/Shanghai",
        "calendar": "CN",
    }
    assert config.roles.admins == ()
    assert config.roles.editors == Audience("everyone")
    assert config.roles.cost_viewers == Audience("admins")
    assert config.limits.model_dump() == {
        "robot": {"per_second": 5, "per_minute": 100},
        "chat": {"per_second": 5},
        "person": {"per_second": 5},
        "app": {"per_second": 50, "per_minute": 1000},
        "email": {"per_minute": 120, "address_per_minute": 20},
        "sms": {"per_second": 20, "number_per_minute": 20},
        "voice": {"per_second": 20, "number_per_minute": 10},
        "hosts": ("open.larksuite.com", "open.feishu.cn"),
        "queue": 100_000,
    }
    assert config.retention == timedelta(days=180)
    assert config.revision == 0
    assert (config.sources, config.robots, config.people) == ((), (), ())
    assert (config.subscriptions, config.dnd, config.groups) == ((), (), {})


def test_settings_are_read_as_what_they_mean() -> None:
    config = config_of(
        """\
server: {listen: "[::1]:0"}
lark: {region: feishu, app_id: a, app_secret: b, encrypt_key: c, monthly_calls: 0}
secrets: {keys: ["${KEY}"]}
roles: {admins: [ou_1, Ann@Example.com, alice], editors: [alice]}
sources:
- {name: a, kind: native, token: t, rate: 600/min, severity: warning}
- name: b
  kind: lark-hook
  token: u
  map:
  - {where: '"invoice"', type: finance.billing-notice, severity: critical}
people: [{name: alice, phone: +65 8000 0000, email: a@b, verified: [phone, email]}]
message_types: [{id: product.cdn, title: {zh: 刷新}, chat: on, voice: unavailable}]
subscriptions: [{types: [finance.*, "*"], to: ["chat:oc_1", person:alice], via: [dm]}]
dnd:
- {for: person:alice, hours: whole day, days: [sat, sun], mute: sms+voice, except: null}
- {for: chat:oc_1, hours: "22:00-08:00", mute: [chat, dm], calendar: NO}
retention: 2w
limits: {robot: {per_minute: 60}}
""",
        KEY=new_key(),
    )

    assert config.server.listen == Address("::1", 0)
    assert str(config.server.listen) == "[::1]:0"
    assert config.lark
    assert config.lark.api == "https://open.feishu.cn"
    assert config.lark.monthly_calls == 0
    assert config.roles.admins == ("ou_1", "ann@example.com", "alice")
    assert config.roles.editors == Audience(None, ("alice",))
    assert config.sources[0].rate == Rate(600, 60)
    assert config.sources[0].severity is Severity.WARNING
    assert config.sources[1].map[0].severity is Severity.CRITICAL
    assert config.people[0].phone == "+65 8000 0000"
    assert config.people[0].verified == ("phone", "email")
    assert config.message_types[0].chat is Offer.ON
    assert config.message_types[0].voice is Offer.UNAVAILABLE
    assert config.message_types[0].dm is None
    assert config.subscriptions[0].to == (
        Destination(Kind.CHAT, "oc_1"),
        Destination(Kind.PERSON, "alice"),
    )
    assert config.subscriptions[0].via == (Channel.DM,)
    assert config.dnd[0].hours == Hours(None, None)
    assert config.dnd[0].days == "sat,sun"
    assert config.dnd[0].mute == {Channel.SMS, Channel.VOICE}
    assert config.dnd[0].spared is None
    assert config.dnd[1].hours == Hours(22 * 60, 8 * 60)
    assert config.dnd[1].mute == {Channel.CHAT, Channel.DM}
    assert config.dnd[1].spared == "critical"
    assert config.dnd[1].calendar == "NO"
    assert config.retention == timedelta(days=14)
    assert config.limits.robot.model_dump() == {"per_second": 5, "per_minute": 60}


def test_what_comes_from_outside_is_read_like_what_is_written() -> None:
    text = (
        "robots: [{name: a, webhook: '${HOOK}', secret: '${NONE:-}', mention_all: "
        "'${ALL}'}]\nemail: {host: a, sender: b@c, port: '${PORT:-25}'}"
    )

    config = config_of(text, HOOK="https://a/b", ALL="yes")

    assert config.robots[0].webhook == Secret("https://a/b")
    assert config.robots[0].secret is None
    assert config.robots[0].mention_all is True
    assert config.email
    assert config.email.port == 25


def test_a_sandbox_stands_in_for_lark() -> None:
    config = config_of(
        "lark: {domain: 'http://127.0.0.1:9000/', app_id: a, app_secret: '${S}', "
        "verification_token: '${S}'}\nsecrets: {keys: ['${K}']}",
        S="s",
        K=new_key(),
    )

    assert config.lark
    assert config.lark.api == "http://127.0.0.1:9000"


def test_a_configuration_shows_no_secret() -> None:
    text = "sources: [{name: a, kind: native, token: hunter2}]\ndatabase: {url: '${U}'}"

    config = config_of(text, U="postgresql://u:hunter2@h/d")

    assert config.database.url.reveal() == "postgresql://u:hunter2@h/d"
    assert "hunter2" not in f"{config!r} {config} {config.sources[0].token}"


def test_paths_are_seen_from_the_file(tmp_path: Path) -> None:
    write(tmp_path, "key-of-robot\r\n", "robot.key")
    path = write(
        tmp_path,
        "database: {url: sqlite:data/bell.db}\n"
        "server: {admin_token: '${file:robot.key}'}\n"
        "billing: {accounts: [{name: a, provider: files, path: bills/}]}\n",
    )

    loaded = load(path, {})

    assert loaded.config.database.url == Secret(f"sqlite:{tmp_path}/data/bell.db")
    assert loaded.config.server.admin_token == Secret("key-of-robot")
    assert loaded.config.billing.accounts[0].path == str(tmp_path / "bills")  # type: ignore[union-attr]
    assert loaded.files == {
        file: stamp(file) for file in (path, tmp_path / ".env", tmp_path / "robot.key")
    }
    assert loaded.warnings == ()


def test_absolute_paths_stay_where_they_are() -> None:
    url = config_of("database: {url: sqlite:/var/lib/bell.db}").database.url

    assert url == Secret("sqlite:/var/lib/bell.db")


def test_variables_come_from_the_env_file_and_the_environment_wins(
    tmp_path: Path,
) -> None:
    write(tmp_path, "TOKEN=from-file\nZONE=UTC\n", ".env")
    path = write(
        tmp_path,
        "server: {admin_token: '${TOKEN}'}\ndefaults: {timezone: '${ZONE}'}",
    )

    config = load(path, {"TOKEN": "from-environment"}).config

    assert config.server.admin_token == Secret("from-environment")
    assert config.defaults.timezone == "UTC"


def test_an_env_file_that_says_nonsense_is_a_mistake_of_its_own(tmp_path: Path) -> None:
    env = write(tmp_path, "GOOD=1\nnonsense\n", ".env")
    path = write(tmp_path, "\nretention: never")

    assert [str(each)[:50] for each in check(path, {}).mistakes] == [
        f"{env}:2: should be NAME=value"[:50],
        f"{path}:2: retention: should be days or weeks"[:50],
    ]


def test_an_env_file_that_others_can_read_is_doubtful(tmp_path: Path) -> None:
    env = write(tmp_path, "A=1\n", ".env")
    env.chmod(0o644)

    assert [str(each) for each in check(write(tmp_path, ""), {}).warnings] == [
        f"{env}:1: others can read it: chmod 600"
    ]


def test_bytes_that_editors_add_are_forgiven(tmp_path: Path) -> None:
    text = "﻿chats:\r\n- {name: 运维群, id: oc_1}\r\nretention: 9d\r\n"

    config = load(write(tmp_path, text), {}).config

    assert config.chats[0].name == "运维群"
    assert config.retention == timedelta(days=9)


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        ("a: 1\nb: 中文".encode("gbk"), 2),
        ("a: 1".encode("utf-16"), 1),
        (b"\n\xff", 2),
    ],
)
def test_what_is_not_utf_8_is_named(tmp_path: Path, raw: bytes, line: int) -> None:
    path = write(tmp_path, raw)

    assert [str(each) for each in check(path, {}).mistakes] == [
        f"{path}:{line}: is not UTF-8 text: save it as UTF-8"
    ]


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "config.yaml", {})

    assert str(caught.value) == (
        f"{tmp_path}/config.yaml:1: cannot be read, No such file or directory: "
        "make one with `larkbell init`"
    )


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    [mistake] = check(tmp_path, {}).mistakes

    assert mistake.reason == "cannot be read, Is a directory"


def test_check_tells_mistakes_or_warnings(tmp_path: Path) -> None:
    wrong = check(write(tmp_path, "retention: 1"), {})
    doubtful = check(write(tmp_path, "server: {admin_token: literal}"), {})

    assert (len(wrong.mistakes), wrong.warnings) == (1, ())
    assert (doubtful.mistakes, len(doubtful.warnings)) == ((), 1)
