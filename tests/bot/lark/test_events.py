from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadBody, SignatureError
from bot.lark import events
from bot.lark.events import (
    BotAdded,
    BotRemoved,
    ChatDisbanded,
    ChatUpdated,
    Keys,
    Line,
    MenuClicked,
    P2pEntered,
    Tap,
    Unknown,
    moment,
)
from tests.bot.lark import posting
from tests.bot.lark.posting import BOT, TOKEN, envelope, message, tap

AT = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
CHAT = {
    "chat_id": "oc_1",
    "operator_id": {"open_id": "ou_a", "union_id": "on_a", "user_id": None},
    "external": False,
    "operator_tenant_key": "tk",
    "name": "ops",
}


def understand(payload):
    # What is understood came as bytes.
    return events.understand(json.loads(json.dumps(payload)), bot_open_id=BOT)


def test_a_line_is_understood():
    assert understand(message("@_user_1 /sub list")) == Line(
        event_id="e1",
        message_id="om_1",
        chat_id="oc_1",
        chat_type="group",
        sender="ou_a",
        sender_name=None,
        text="/sub list",
        mentions={},
        names_us=True,
        names_all=False,
        root_id="om_0",
        parent_id="om_0",
        thread_id=None,
        created_at=AT.replace(microsecond=123_000),
    )


def test_a_line_is_known_by_its_message():
    first, again = message("hi"), message("hi")
    again["header"]["event_id"] = "e9"

    assert understand(first).once == understand(again).once == "om_1"


def test_a_line_in_a_direct_chat_is_said_to_us():
    direct = understand(message("hello", chat_type="p2p", mentions="-"))

    assert (direct.text, direct.names_us) == ("hello", False)
    assert direct.addressed


def test_a_line_that_mentions_others_is_not_said_to_us():
    lin = posting.mention("@_user_1", "ou_lin", "Lin")
    line = understand(message("@_user_1 lunch?", mentions=[lin]))

    assert not line.addressed
    assert line.text == "@_user_1 lunch?"


@pytest.mark.parametrize("sender_type", ["bot", "app", "system"])
def test_what_another_bot_says_is_not_heard(sender_type: str):
    said = message("@_user_1 hi")
    said["event"]["sender"]["sender_type"] = sender_type

    assert understand(said) == Unknown("im.message.receive_v1")


def test_what_we_say_ourselves_is_not_heard():
    said = message("@_user_1 hi")
    said["event"]["sender"]["sender_id"]["open_id"] = BOT

    assert understand(said) == Unknown("im.message.receive_v1")


def test_a_tap_on_a_button_is_understood():
    assert understand(tap(name="btn1", timezone="Asia/Singapore")) == Tap(
        event_id="e2",
        created_at=AT,
        operator="ou_a",
        message_id="om_1",
        chat_id="oc_1",
        value={"a": "mute"},
        name="btn1",
        timezone="Asia/Singapore",
        token="c-xyz",
    )


def test_a_form_is_understood():
    form = {"reason": "x", "days": ["1", "2"], "t": "00:00 +0800"}
    got = understand(tap(name="save", form_value=form))

    assert (got.name, got.form_value) == ("save", form)


def test_choices_outside_a_form_are_understood():
    got = understand(
        tap(option="a", options=["a", "b"], input_value="x", checked=False)
    )

    assert (got.option, got.options, got.input_value, got.checked) == (
        "a",
        ("a", "b"),
        "x",
        False,
    )


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ({"a": 1}, {"a": 1}),
        ('{"a": 1}', {"a": 1}),
        ("mute", {}),
        (None, {}),
        ([1], {}),
    ],
)
def test_the_value_of_a_button_may_be_written_as_text(value, read):
    assert understand(tap(value=value)).value == read


def test_the_token_of_a_tap_does_not_show_itself():
    assert "c-xyz" not in repr(understand(tap()))


@pytest.mark.parametrize(
    ("event_type", "event", "value"),
    [
        (
            "im.chat.member.bot.added_v1",
            CHAT | {"external": True},
            BotAdded(
                event_id="e1",
                created_at=AT,
                chat_id="oc_1",
                operator="ou_a",
                name="ops",
                external=True,
            ),
        ),
        (
            "im.chat.member.bot.deleted_v1",
            CHAT,
            BotRemoved(
                event_id="e1",
                created_at=AT,
                chat_id="oc_1",
                operator="ou_a",
                name="ops",
            ),
        ),
        (
            "im.chat.disbanded_v1",
            CHAT | {"operator_id": None, "name": None},
            ChatDisbanded(
                event_id="e1", created_at=AT, chat_id="oc_1", operator=None, name=None
            ),
        ),
        (
            "im.chat.updated_v1",
            CHAT
            | {
                "after_change": {"name": "oncall", "owner_id": {"open_id": "ou_b"}},
                "before_change": {"name": "ops"},
            },
            ChatUpdated(
                event_id="e1",
                created_at=AT,
                chat_id="oc_1",
                operator="ou_a",
                name="oncall",
                owner="ou_b",
            ),
        ),
        (
            "im.chat.access_event.bot_p2p_chat_entered_v1",
            {"chat_id": "oc_2", "operator_id": {"open_id": "ou_a"}},
            P2pEntered(
                event_id="e1",
                created_at=AT,
                chat_id="oc_2",
                operator="ou_a",
                name=None,
                first=False,
            ),
        ),
        (
            "application.bot.menu_v6",
            {
                "operator": {
                    "operator_name": "Ann",
                    "operator_id": {"open_id": "ou_a"},
                },
                "event_key": "status",
                "timestamp": 1700000001,
            },
            MenuClicked(
                event_id="e1",
                created_at=AT.replace(second=21),
                operator="ou_a",
                name="Ann",
                event_key="status",
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_happens_to_chats_is_understood(event_type: str, event, value):
    assert understand(envelope(event_type, event)) == value
    assert value.once == "e1"


def test_the_first_direct_chat_comes_in_the_old_schema():
    old = {
        "ts": "1502199207.7171419",
        "uuid": "u1",
        "token": TOKEN,
        "type": "event_callback",
        "event": {
            "type": "p2p_chat_create",
            "app_id": "cli_x",
            "chat_id": "oc_2",
            "operator": {"open_id": "ou_a", "user_id": "1"},
            "tenant_key": "tk",
            "user": {"name": "Ann", "open_id": "ou_a", "user_id": "1"},
        },
    }

    assert events.read(json.dumps(old).encode(), {}, keys=Keys("", TOKEN)) == (
        P2pEntered(
            event_id="u1",
            created_at=datetime(2017, 8, 8, 13, 33, 27, tzinfo=UTC),
            chat_id="oc_2",
            operator="ou_a",
            name="Ann",
            first=True,
        )
    )


@pytest.mark.parametrize(
    "payload",
    [
        envelope("im.message.message_read_v1", {"reader": {}}),
        envelope("im.message.reaction.created_v1", None),
        envelope("contact.user.created_v3", {}, event_id=None, create_time=None),
    ],
)
def test_an_event_that_we_do_not_know_is_no_mistake(payload):
    assert understand(payload) == Unknown(payload["header"]["event_type"])


def test_an_old_event_that_we_do_not_know_is_no_mistake():
    old = {"uuid": "u1", "type": "event_callback", "event": {"type": "message"}}

    assert understand(old) == Unknown("message")


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("1700000000", AT),
        (1700000000, AT),
        (1700000000.0, AT),
        ("1700000000.5", AT),
        ("1700000000000", AT),
        ("1700000000000000", AT),
        (1700000000123456, AT.replace(microsecond=123_456)),
        ("0", datetime(1970, 1, 1, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("１７", None),
        ("9" * 18, None),
        (1.7e300, None),
        (float("nan"), None),
        (True, None),
        (None, None),
        ([1], None),
    ],
)
def test_a_time_is_read_by_its_length(value, at):
    assert moment(value) == at


@given(st.one_of(st.text(), st.integers(), st.floats(), st.text("0123456789.")))
def test_any_time_is_read_or_none(value):
    read = moment(value)

    assert read is None or read.tzinfo is UTC


def test_a_nul_is_shown_as_a_lost_character():
    body = json.dumps(message("@_user_1 a\x00b")).encode()

    assert events.read(body, {}, keys=Keys("", TOKEN), bot_open_id=BOT).text == (
        "a\ufffdb"
    )


REQUIRED = [
    ("header",),
    ("header", "event_type"),
    ("event",),
    ("event", "sender"),
    ("event", "sender", "sender_id"),
    ("event", "sender", "sender_id", "open_id"),
    ("event", "message"),
    ("event", "message", "message_id"),
    ("event", "message", "chat_id"),
    ("event", "message", "chat_type"),
]


@pytest.mark.parametrize("wrong", [None, 7, [], ""])
@pytest.mark.parametrize("path", REQUIRED, ids=".".join)
def test_a_line_without_what_it_needs_is_a_bad_body(path, wrong):
    said = message("@_user_1 hi")
    holder = said
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = wrong

    with pytest.raises(BadBody, match=f"^{path[-1]} is missing or not"):
        understand(said)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(-1e9, 1e9), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.text(max_size=5),
                st.sampled_from(["id", "key", "open_id", "tag", "text", "content"]),
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)

WHOLE = [
    message("@_user_1 hi"),
    message(
        None,
        message_type="post",
        content=json.dumps({"title": "t", "content": [[{"tag": "text", "text": "x"}]]}),
    ),
    tap(form_value={"a": "b"}),
    envelope("im.chat.member.bot.added_v1", CHAT),
    envelope("im.chat.updated_v1", CHAT | {"after_change": {"name": "x"}}),
    envelope(
        "application.bot.menu_v6",
        {"operator": {"operator_id": {"open_id": "ou_a"}}, "event_key": "k"},
    ),
]


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*path, index))


@st.composite
def damaged(draw):
    payload = json.loads(json.dumps(draw(st.sampled_from(WHOLE))))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from([path for path in places(payload) if path]))
        holder = payload
        for key in path[:-1]:
            holder = holder[key]
        if draw(st.booleans()):
            holder[path[-1]] = draw(json_values)
        else:
            del holder[path[-1]]
    return payload


@settings(max_examples=300)
@given(damaged())
def test_a_damaged_event_is_understood_or_a_bad_body(payload):
    body = json.dumps(payload).encode()
    try:
        got = events.read(body, {}, keys=Keys("", TOKEN), bot_open_id=BOT)
    except (BadBody, SignatureError):
        return
    assert isinstance(got, events.Event)


@settings(max_examples=200)
@given(json_values)
def test_a_content_of_any_shape_is_understood_or_a_bad_body(content):
    for kind in ("text", "post"):
        said = message(message_type=kind, content=json.dumps(content))
        try:
            assert understand(said).message_id == "om_1"
        except BadBody:
            continue


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(body: bytes):
    with pytest.raises((BadBody, SignatureError)):
        events.read(body, {}, keys=Keys("k", TOKEN))
