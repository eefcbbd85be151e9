"""What the sections sms and voice may say, and what is told of mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import parts
from bot.config import Config, loads
from bot.errors import ConfigError
from bot.phones.choice import buzzed, by_number
from handlers.rules.planning import ways_over
from store.values import Channel

KEYS = "secret_id: '${A}', secret_key: '${A}', app_id: '1', template: '1'"
LARK = "lark: {app_id: c, app_secret: '${A}', encrypt_key: '${A}', region: %s}\n"
KEY = "secrets: {keys: ['UCtn2tES4V7xh9UZeEJdzweruFidLqxbg_4bg5g61Bg=']}\n"
ENVIRON = {"A": "a", "URL": "https://a.example/x"}
ON_LARK, ON_FEISHU = (KEY + LARK % region for region in ("lark", "feishu"))


def read(text: str) -> Config:
    return loads(text, ENVIRON, path=Path("config.yaml")).config


def mistakes(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(text)
    return [f"{each.path}: {each.reason}" for each in caught.value.mistakes]


@pytest.mark.parametrize(
    ("text", "numbers", "buzzes"),
    [
        ("", [], {}),
        (f"sms: {{provider: tencent, {KEYS}}}", [Channel.SMS], {}),
        (f"voice: {{provider: tencent, {KEYS}}}", [Channel.VOICE], {}),
        ("sms: {provider: http, url: '${URL}'}", [Channel.SMS], {}),
        (
            ON_FEISHU + "sms: {provider: lark}\nvoice: {provider: lark}",
            [],
            {Channel.SMS: "sms", Channel.VOICE: "phone"},
        ),
        (ON_LARK + "sms: {provider: lark, buzz: app}", [], {Channel.SMS: "app"}),
    ],
)
def test_each_provider_can_be_chosen(text, numbers, buzzes):
    config = read(text)

    assert (sorted(by_number(config)), buzzed(config)) == (numbers, buzzes)


@pytest.mark.parametrize(
    "text",
    [
        ON_LARK,
        ON_FEISHU + "sms: {provider: lark}\nvoice: {provider: lark}",
        ON_LARK + f"sms: {{provider: tencent, {KEYS}}}",
    ],
)
def test_commands_and_routing_know_the_same_ways_out(text):
    config = read(text)

    assert ways_over(parts.for_hearing(config).channels) == parts.ways(config)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "sms: {}",
            "sms.provider: is missing: it decides which other settings there are",
        ),
        ("sms: {provider: x}", "sms.provider: should be lark or tencent or http"),
        (
            "sms: {provider: lark}",
            (
                "sms.provider: needs a Lark app: add the section lark, "
                "or choose tencent or http"
            ),
        ),
        (
            ON_LARK + "sms: {provider: lark}",
            (
                "sms.provider: is there on Feishu only: choose tencent or http, "
                "or say buzz: app for a buzz in the app"
            ),
        ),
        (
            ON_LARK + "voice: {provider: lark}",
            "voice.provider: is there on Feishu only: choose tencent or http",
        ),
        (
            ON_FEISHU + "voice: {provider: lark, buzz: app}",
            "voice.buzz: no such setting; there are provider",
        ),
        (
            (
                "sms: {provider: tencent, secret_id: '${A}', secret_key: '${A}', "
                "template: '1'}"
            ),
            "sms.app_id: is missing. The SdkAppId from the console of SMS",
        ),
        (
            f"sms: {{provider: tencent, {KEYS}, parameters: [body]}}",
            "sms.parameters[0]: should be text, severity, title, source, type or id",
        ),
        (
            f"sms: {{provider: tencent, {KEYS}, endpoint: 'http://a.example'}}",
            "sms.endpoint: should begin with https://: phone numbers and keys go there",
        ),
        (
            f"voice: {{provider: tencent, {KEYS}, plays: 4}}",
            "voice.plays: should be at most 3",
        ),
        (
            "voice: {provider: http, url: 'http://a.example'}",
            "voice.url: should begin with https://: phone numbers and keys go there",
        ),
        (
            "voice: {provider: http, url: '${URL}', body: '{\"to\": {{ number }}}'}",
            (
                "voice.body: is no JSON once it is filled in: put values into quotes, "
                'such as "{{ text }}"'
            ),
        ),
        (
            "voice: {provider: http, url: '${URL}', body: '{{ nobody }}'}",
            "voice.body: is no template: 'nobody' is undefined",
        ),
        (
            "voice: {provider: http, url: '${URL}', format: form}",
            "voice.body: is missing: the one by default is JSON",
        ),
        (
            "voice: {provider: http, url: '${URL}', success: {field: code}}",
            "voice.success: should have both field and values, or neither",
        ),
        (
            "voice: {provider: http, url: '${URL}', headers: {Host: '${A}'}}",
            "voice.headers.Host: is a header that is set by itself: leave it out",
        ),
        (
            "voice: {provider: http, url: '${URL}', headers: {'a b': '${A}'}}",
            (
                "voice.headers.a b: should be the name of an HTTP header, "
                "such as Authorization"
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(text, mistake):
    assert mistakes(text) == [mistake]


@pytest.mark.parametrize("host", ["127.0.0.1:9", "localhost", "[::1]:9"])
def test_this_machine_needs_no_protection(host):
    config = read(f"sms: {{provider: http, url: 'http://{host}/x'}}")

    assert config.sms is not None


def test_a_rule_that_nobody_carries_is_told_of():
    text = (
        "people: [{name: wei, phone: +65 8000 0000, verified: [phone]}]\n"
        "subscriptions: [{types: ['*'], to: [person:wei], via: [sms, voice]}]"
    )

    warned = loads(text, {}, path=Path("config.yaml")).warnings

    assert [f"{each.path}: {each.reason}" for each in warned] == [
        "subscriptions[0].via[0]: no text messages are sent without the section sms",
        "subscriptions[0].via[1]: nobody is called without the section voice",
    ]


def test_a_header_is_a_secret():
    config = read(
        "voice: {provider: http, url: '${URL}', headers: {Authorization: 'b ${A}'}}"
    )

    assert "Secret(…)" in repr(config.voice)
    assert "b a" not in repr(config)
