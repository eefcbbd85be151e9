"""What a client takes from a person, and how it tells the app."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import App, Chat, Lark, Message, User
from tests.sandbox.conftest import Api, Listener, button, card
from tests.sandbox.test_taps import shown

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"tag": "plain_text", "content": text}


OPTIONS = [
    {"text": plain("Group"), "value": "1"},
    {"text": plain("DM"), "value": "2"},
]
SEND = button("Send", {"act": "send"}, name="send", form_action_type="submit")
HINT = {"placeholder": plain("Choose")}


def form(*elements: Json) -> Json:
    return card({"tag": "form", "name": "form_1", "elements": [*elements, SEND]})


async def sent(
    api: Api,
    lark: Lark,
    listener: Listener,
    chat: Chat,
    user: User,
    field: Json,
    x: Any,
) -> Any:
    """Return what a form told about its one field, filled with *x*."""
    message = await shown(api, chat, form({**field, "name": "x"}))
    await lark.tap(message, user, "Send", form={"x": x})
    return listener.heard[-1].body["event"]["action"]["form_value"]["x"]


async def test_submitting_a_form_tells_what_was_filled_in(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    reason = {"tag": "input", "name": "reason", "required": True}
    column = {"tag": "column", "elements": [reason]}
    message = await shown(
        api,
        ops,
        form(
            {"tag": "column_set", "columns": [column]},
            {"tag": "input", "name": "note", "default_value": "none"},
            {"tag": "date_picker", "name": "day", **HINT},
        ),
    )

    await lark.tap(message, alice, "Send", form={"reason": "switchover"})
    assert listener.heard[0].body["event"]["action"] == {
        "tag": "button",
        "value": {"act": "send"},
        "name": "send",
        "form_value": {"reason": "switchover", "note": "none"},
        "timezone": "Asia/Shanghai",
    }


@pytest.mark.parametrize(
    ("field", "given", "told"),
    [
        ({"tag": "input"}, "hello", "hello"),
        ({"tag": "input", "input_type": "multiline_text"}, "a\nb", "a\nb"),
        ({"tag": "input", "max_length": 2}, "ab", "ab"),
        ({"tag": "select_static", "options": OPTIONS}, "2", "2"),
        ({"tag": "select_static", "options": OPTIONS}, "DM", "2"),
        ({"tag": "multi_select_static", "options": OPTIONS}, ["DM", "1"], ["2", "1"]),
        ({"tag": "multi_select_static", "options": OPTIONS}, [], []),
        ({"tag": "date_picker", **HINT}, "2026-01-05", "2026-01-05 +0800"),
        ({"tag": "date_picker", **HINT}, "2026-01-05 +0900", "2026-01-05 +0900"),
        ({"tag": "picker_time", **HINT}, "22:00", "22:00 +0800"),
        (
            {"tag": "picker_datetime", **HINT},
            "2026-01-05 22:00",
            "2026-01-05 22:00 +0800",
        ),
        ({"tag": "checker"}, True, True),
        ({"tag": "checker", "checked": True}, False, False),
    ],
)
async def test_a_field_is_told_as_documented(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    field: Json,
    given: Any,
    told: Any,
) -> None:
    assert await sent(api, lark, listener, ops, alice, field, given) == told


@pytest.mark.parametrize(
    ("field", "given", "why"),
    [
        ({"tag": "input"}, 5, "takes text"),
        ({"tag": "input"}, ["a"], "takes one choice"),
        ({"tag": "input"}, "a\nb", "takes one line"),
        ({"tag": "input", "max_length": 2}, "abc", "takes 2 characters at most"),
        ({"tag": "input"}, "a" * 1001, "takes 1000 characters at most"),
        ({"tag": "input", "disabled": True}, "a", "cannot be changed"),
        ({"tag": "input", "required": True}, "", "is required"),
        ({"tag": "select_static", "options": OPTIONS}, "3", "does not offer '3'"),
        ({"tag": "select_static", "options": OPTIONS}, ["1"], "takes one choice"),
        ({"tag": "multi_select_static", "options": OPTIONS}, "1", "takes a list"),
        ({"tag": "multi_select_static", "options": OPTIONS}, ["3"], "does not offer"),
        (
            {"tag": "multi_select_static", "options": OPTIONS, "required": True},
            [],
            "is required",
        ),
        ({"tag": "select_person"}, "Eve", "does not offer 'Eve'"),
        ({"tag": "date_picker", **HINT}, "tomorrow", "Invalid isoformat"),
        ({"tag": "picker_time", **HINT}, "10pm", "not a time"),
        ({"tag": "picker_datetime", **HINT}, "2026-01-05", "not a time"),
        ({"tag": "checker"}, "yes", "is ticked or not"),
    ],
)
async def test_what_a_client_does_not_take_is_not_sent(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    field: Json,
    given: Any,
    why: str,
) -> None:
    with pytest.raises(ValueError, match=why):
        await sent(api, lark, listener, ops, alice, field, given)
    assert listener.heard == []


async def test_a_form_is_not_sent_while_something_required_is_missing(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    reason = {"tag": "input", "name": "reason", "required": True}
    message = await shown(api, ops, form(reason))

    with pytest.raises(ValueError, match="reason is required"):
        await lark.tap(message, alice, "Send")
    with pytest.raises(ValueError, match="no such field: cause"):
        await lark.tap(message, alice, "Send", form={"reason": "x", "cause": "y"})
    assert listener.heard == []


async def test_a_form_is_filled_in_by_what_stands_on_its_fields(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    why = {"tag": "input", "name": "f1", "label": plain("Why")}
    where = {"tag": "select_static", "name": "f2", "options": OPTIONS, **HINT}
    message = await shown(api, ops, form(why, where))

    await lark.tap(message, alice, "Send", form={"Why": "test", "Choose": "Group"})
    told = listener.heard[0].body["event"]["action"]["form_value"]
    assert told == {"f1": "test", "f2": "1"}


@pytest.mark.parametrize("named_by", ["name", "user_id", "union_id"])
async def test_a_colleague_is_told_by_an_open_id(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    bell: App,
    bob: User,
    named_by: str,
) -> None:
    field = {"tag": "select_person"}

    told = await sent(api, lark, listener, ops, bob, field, getattr(bob, named_by))
    assert told == bell.open_id_of(bob)


async def test_several_colleagues_are_told_by_their_open_ids(
    api: Api, lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    field = {"tag": "multi_select_person"}
    bob = ops.users[1]

    told = await sent(api, lark, listener, ops, alice, field, [alice, "Bob"])
    assert told == [bell.open_id_of(alice), bell.open_id_of(bob)]


async def test_only_the_people_that_a_card_offers_can_be_picked(
    api: Api, lark: Lark, listener: Listener, ops: Chat, bell: App, alice: User
) -> None:
    offered = {"tag": "select_person", "options": [{"value": bell.open_id_of(alice)}]}

    with pytest.raises(ValueError, match="does not offer 'Bob'"):
        await sent(api, lark, listener, ops, alice, offered, "Bob")
    told = await sent(api, lark, listener, ops, alice, offered, "Alice")
    assert told == bell.open_id_of(alice)


async def untouched(
    api: Api, lark: Lark, listener: Listener, chat: Chat, user: User
) -> Json:
    message = await shown(
        api,
        chat,
        form(
            {"tag": "input", "name": "a"},
            {"tag": "multi_select_static", "name": "b", "options": OPTIONS},
            {"tag": "checker", "name": "c"},
            {"tag": "select_static", "name": "d", "options": OPTIONS},
            {
                "tag": "select_static",
                "name": "e",
                "options": OPTIONS,
                "initial_index": 2,
            },
            {"tag": "picker_time", "name": "f", "initial_time": "22:00"},
            {
                "tag": "multi_select_static",
                "name": "g",
                "options": OPTIONS,
                "selected_values": ["1"],
            },
        ),
    )
    await lark.tap(message, user, "Send")
    value: Json = listener.heard[-1].body["event"]["action"]["form_value"]
    return value


async def test_fields_left_alone_tell_what_stood_there(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    stood = {"c": False, "e": "2", "f": "22:00 +0800", "g": ["1"]}
    assert await untouched(api, lark, listener, ops, alice) == stood

    lark.switches.tells_blanks = True
    blank = {"a": "", "b": [], "d": ""}
    assert await untouched(api, lark, listener, ops, alice) == {**blank, **stood}


async def test_times_are_told_with_the_offset_of_the_persons_zone(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    alice.timezone = "Europe/Berlin"
    field = {"tag": "picker_datetime", **HINT}

    told = [
        await sent(api, lark, listener, ops, alice, field, f"{day} 08:00")
        for day in ("2026-01-05", "2026-07-05")
    ]
    assert told == ["2026-01-05 08:00 +0100", "2026-07-05 08:00 +0200"]
    timezone = listener.heard[-1].body["event"]["action"]["timezone"]
    assert timezone == "Europe/Berlin"


# Outside of a form


def acting(element: Json) -> Json:
    behaviors = [{"type": "callback", "value": {"k": "v"}}]
    return card({**element, "behaviors": behaviors})


@pytest.mark.parametrize(
    ("element", "option", "told"),
    [
        ({"tag": "select_static", "options": OPTIONS}, "DM", {"option": "2"}),
        ({"tag": "overflow", "options": OPTIONS}, "Group", {"option": "1"}),
        (
            {"tag": "date_picker", **HINT},
            "2026-01-05",
            {"option": "2026-01-05 +0800", "timezone": "Asia/Shanghai"},
        ),
        (
            {"tag": "picker_time", **HINT},
            "22:00",
            {"option": "22:00 +0800", "timezone": "Asia/Shanghai"},
        ),
        ({"tag": "input"}, "hello", {"input_value": "hello"}),
        ({"tag": "checker"}, True, {"checked": True}),
        ({"tag": "checker"}, False, {"checked": False}),
    ],
)
async def test_a_choice_outside_a_form_is_told_as_documented(
    api: Api,
    lark: Lark,
    listener: Listener,
    ops: Chat,
    alice: User,
    element: Json,
    option: Any,
    told: Json,
) -> None:
    message = await shown(api, ops, acting(element))

    await lark.tap(message, alice, 0, option=option)
    assert listener.heard[0].body["event"]["action"] == {
        "tag": element["tag"],
        "value": {"k": "v"},
        **told,
    }


async def refused(
    lark: Lark, message: Message, user: User, wanted: Any, **entered: Any
) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is returned
        await lark.tap(message, user, wanted, **entered)
    return str(caught.value)


async def test_a_choice_that_nobody_made_is_none(
    api: Api, lark: Lark, listener: Listener, ops: Chat, alice: User
) -> None:
    menu = {"tag": "select_static", "options": OPTIONS, **HINT}
    chooser = await shown(api, ops, acting(menu))
    plainly = await shown(api, ops, card(button()))

    assert [
        await refused(lark, chooser, alice, "Choose"),
        await refused(lark, chooser, alice, "Choose", option="SMS"),
        await refused(lark, plainly, alice, "Mute", option="1"),
        await refused(lark, plainly, alice, "Mute", form={"a": "b"}),
    ] == [
        "say what is chosen from Choose",
        "Choose does not offer 'SMS'",
        "nothing can be chosen from a button",
        "'Mute' sends no form",
    ]
    assert listener.heard == []


async def test_what_can_be_chosen_can_be_read(
    api: Api, lark: Lark, listener: Listener, ops: Chat
) -> None:
    menu = {"tag": "select_static", "options": OPTIONS, **HINT}
    message = await shown(api, ops, acting(menu))

    [chooser] = lark.buttons(message)
    assert (chooser.label, chooser.choices) == ("Choose", ("Group", "DM"))
