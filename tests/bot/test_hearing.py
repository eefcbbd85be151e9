"""What people type and tap: run once, answered once, kept whole or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.lark.values import (
    BotAdded,
    BotRemoved,
    ChatDisbanded,
    ChatUpdated,
    MenuClicked,
    P2pEntered,
)
from handlers.context import ChatType, Role
from handlers.language.text import Mention
from handlers.reply import Button, Reply, Tone
from handlers.view import Style, Words
from store import directory, lanes
from store.directory import Chat, Person
from store.values import Channel, Destination, Kind
from tests.bot.room import (
    DIRECT,
    DONE,
    GROUP,
    LIN,
    NO,
    WEI,
    Room,
    event,
    mention,
    moment,
)
from tests.known_robots import know
from tests.store.samples import OPS, deliver, fates

TOO_MANY = "20 commands a minute is what I can take. Please give the rest again later."


@pytest.fixture
def room(db, clock):
    return Room(db, clock)


def _refusal(text, *choices):
    return Reply(
        lines=(text,),
        buttons=tuple(Button(choice, choice) for choice in choices),
        tone=Tone.REFUSED,
    )


async def test_a_line_is_run_and_answered_where_it_was_typed(room):
    line = room.line("put a")
    assert await room.hear(line) == [{}]

    assert room.ran == ["put a"]
    assert await room.fact("a") == LIN
    assert await room.replies() == [(line.message_id, room.put(DONE))]
    assert room.rung == 1


async def test_the_answer_goes_before_everything_else_that_waits_there(room):
    await deliver(room.db, "alert")
    await room.says("put a")

    assert [address for address, _ in await room.replies()] == ["om_1", ""]


async def test_a_message_that_is_delivered_three_times_is_answered_once(room):
    line = room.line("put a")
    await room.hear(line, line, line)

    assert room.ran == ["put a"]
    assert len(await room.replies()) == 1


async def test_a_message_that_is_delivered_three_times_at_once_is_answered_once(room):
    line = room.line("put a")
    await asyncio.gather(*(room.hearing.hear(line) for _ in range(3)))

    assert room.ran == ["put a"]
    assert len(await room.replies()) == 1


async def test_a_refusal_that_is_delivered_three_times_at_once_is_said_once(room):
    line = room.line("spoil a")
    await asyncio.gather(*(room.hearing.hear(line) for _ in range(3)))

    assert await room.replies() == [(line.message_id, room.put(NO))]
    assert await room.fact("a") is None


async def test_a_redelivery_after_hours_is_still_no_news(room, clock):
    line = room.line("put a")
    await room.hear(line)
    clock.advance(hours=7)
    await room.hear(line)

    assert len(await room.replies()) == 1


async def test_a_refusal_takes_back_the_change_and_is_answered(room):
    line = room.line("spoil a")
    await room.hear(line, line)

    assert await room.fact("a") is None
    assert await room.replies() == [(line.message_id, room.put(NO))]


async def test_a_correction_is_offered_and_does_not_run_by_itself(room):
    await room.says("what ?")

    where = Words("what ▸?◂", Style.SMALL)
    assert [reply for _, reply in await room.replies()] == [
        room.put(replace(_refusal("No.", "put x"), view=(where,)))
    ]
    assert await room.fact("x") is None


async def test_one_refused_line_does_not_take_others_with_it(room):
    await asyncio.gather(
        *(room.hearing.hear(room.line(f"put {n}", sender=f"ou_{n}")) for n in range(9)),
        room.hearing.hear(room.line("spoil a")),
        *(room.hearing.hear(room.line(f"put {n}", sender=f"ou_{n}")) for n in range(9)),
    )

    assert [await room.fact(f"{n}") for n in range(9)] == [f"ou_{n}" for n in range(9)]
    assert len(await room.replies()) == 19


async def test_a_mistake_of_ours_keeps_nothing_and_is_said_once(room):
    line = room.line("break a")
    await room.hear(line, line)

    assert room.ran == ["break a"]
    ((_, said),) = await room.replies()
    assert "Something went wrong on my side" in said


async def test_a_line_that_is_older_than_ten_minutes_is_not_run(room, clock):
    late = room.line("put a", created_at=moment(clock, minutes=10, seconds=1))
    in_time = room.line("put b", created_at=moment(clock, minutes=10))
    await room.hear(late, late, in_time)

    assert room.ran == ["put b"]
    assert await room.replies() == [
        (
            late.message_id,
            room.put(_refusal("This reached me 10 min late, so I did not run it.")),
        ),
        (in_time.message_id, room.put(DONE)),
    ]


async def test_a_line_that_does_not_say_its_age_is_run(room):
    await room.says("put a", created_at=None)

    assert room.ran == ["put a"]


async def test_in_a_group_only_what_mentions_us_is_heard(room):
    await room.says("put a", names_us=False)
    await room.says("put b", names_us=False, names_all=True)

    assert (room.ran, await room.replies(), room.rung) == ([], [], 0)
    assert await room.chat() is None


async def test_in_a_direct_chat_every_line_is_heard(room):
    await room.says("put a", direct=True)

    assert room.ran == ["put a"]
    assert len(await room.replies(DIRECT)) == 1


async def test_what_has_no_words_is_not_heard(room):
    await room.hear(room.line(None, direct=True))

    assert (room.ran, await room.replies(DIRECT)) == ([], [])


async def test_the_handler_knows_who_asked_where_and_when(room, clock):
    await room.hear(
        room.line(
            "put @_user_1",
            mentions={
                "@_user_1": mention("@_user_1", WEI, "Wei"),
                "@_user_2": mention("@_user_2", None, "Guest"),
            },
        ),
        room.line("put a", direct=True),
    )

    group, direct = room.contexts
    assert (group.asker, group.chat, group.chat_type, group.now) == (
        LIN,
        GROUP,
        ChatType.GROUP,
        clock.now(),
    )
    assert group.mentions == (Mention(key="@_user_1", person=WEI, name="Wei"),)
    assert (direct.chat, direct.chat_type) == (DIRECT, ChatType.DIRECT)


async def test_the_handler_knows_what_everybody_is_called(room):
    async def introduce(tx):
        await know(tx, "bell", chat=GROUP)
        await directory.apply_aliases(tx, {"ops": GROUP}, now=room.clock.now())
        people = [Person(name="lin", open_id=LIN), Person(name="mo")]
        await directory.apply_people(tx, people, {"team": ("lin",)})

    await room.db.write(introduce)
    await room.says("put a")

    [context] = room.contexts
    assert context.names.chats == {"ops": GROUP}
    assert context.names.robots == {"bell": GROUP}
    assert context.names.people == {"lin": LIN, "mo": None}
    assert context.names.groups == frozenset({"team"})


@pytest.mark.parametrize(
    ("settings", "roles"),
    [
        ({}, {Role.MEMBER, Role.EDITOR}),
        ({"editors": frozenset()}, {Role.MEMBER}),
        ({"editors": frozenset({LIN})}, {Role.MEMBER, Role.EDITOR}),
        (
            {"editors": frozenset(), "cost_viewers": None},
            {Role.MEMBER, Role.COST_VIEWER},
        ),
        (
            {"editors": frozenset(), "cost_viewers": frozenset({LIN})},
            {Role.MEMBER, Role.COST_VIEWER},
        ),
        ({"editors": frozenset(), "admins": frozenset({LIN})}, set(Role)),
    ],
)
async def test_roles_are_those_of_the_settings(db, clock, settings, roles):
    room = Room(db, clock, **settings)
    await room.says("put a")

    assert room.contexts[0].roles == frozenset(roles)


async def test_twenty_lines_a_minute_are_run_and_the_rest_refused_once(room):
    lines = [room.line(f"put {n}") for n in range(25)]
    await room.hear(*lines)

    assert len(room.ran) == 20
    replies = await room.replies()
    assert [address for address, _ in replies] == [
        line.message_id for line in lines[:21]
    ]
    assert replies[20][1] == room.put(_refusal(TOO_MANY))


async def test_what_was_refused_for_its_haste_is_not_run_by_a_redelivery(room, clock):
    lines = [room.line(f"put {n}") for n in range(23)]
    await room.hear(*lines)
    clock.advance(minutes=1)
    await room.hear(*lines[20:])

    assert len(room.ran) == 20
    assert len(await room.replies()) == 21


async def test_redeliveries_do_not_use_up_anybody_s_minute(room):
    line = room.line("put a")
    await room.hear(*[line] * 30)
    await room.says("put b")

    assert room.ran == ["put a", "put b"]


async def test_another_person_is_heard_meanwhile(room):
    await room.says(*(f"put {n}" for n in range(25)))
    await room.says("put w", sender=WEI)

    assert room.ran[-1] == "put w"


async def test_a_tap_runs_the_line_of_its_button_as_who_tapped(room):
    [toast] = await room.hear(room.tap({"line": "put a"}, operator=WEI))

    assert await room.fact("a") == WEI
    assert await room.replies() == [("om_card", room.put(DONE))]
    assert toast == {"toast": {"type": "success", "content": "Done."}}


async def test_a_tap_that_is_refused_says_so_and_changes_nothing(room):
    [toast] = await room.hear(room.tap({"line": "spoil a"}))

    assert toast == {"toast": {"type": "warning", "content": "No."}}
    assert await room.replies() == [("om_card", room.put(NO))]
    assert await room.fact("a") is None


async def test_a_tap_that_is_delivered_again_does_nothing(room):
    tap = room.tap({"line": "put a"})

    assert (await room.hear(tap, tap))[1] == {}
    assert room.ran == ["put a"]


@pytest.mark.parametrize(
    ("value", "settings"),
    [({}, {}), ({"line": 7}, {}), ({"line": "put a"}, {"chat_id": None})],
)
async def test_a_button_that_is_not_ours_is_said_so(room, value, settings):
    [toast] = await room.hear(room.tap(value, **settings))

    assert toast == {
        "toast": {"type": "warning", "content": "This button is not mine any more."}
    }
    assert (room.ran, await room.replies()) == ([], [])


async def test_taps_count_as_commands_and_each_is_told_when_there_are_too_many(room):
    taps = [room.tap({"line": f"put {n}"}) for n in range(22)]
    toasts = await room.hear(*taps)

    assert [each["toast"]["type"] for each in toasts] == ["success"] * 20 + [
        "warning"
    ] * 2
    assert len(await room.replies()) == 21


async def test_a_tap_in_a_direct_chat_is_no_line_of_a_group(room):
    await room.says("put a", direct=True)
    await room.hear(room.tap({"line": "put b"}, chat_id=DIRECT))

    assert room.contexts[1].chat_type is ChatType.DIRECT


async def test_the_correction_of_a_newcomer_s_first_line_runs_where_it_was_typed(room):
    await room.says("what ?", direct=True)
    await room.hear(room.tap({"line": "put x"}, chat_id=DIRECT))

    assert room.contexts[1].chat_type is ChatType.DIRECT
    assert await room.chat(DIRECT) == Chat(id=DIRECT, kind="p2p", person=LIN)


async def test_a_tap_on_what_we_sent_to_a_person_is_in_their_direct_chat(room):
    """We know their open_id alone, until Lark names the chat."""
    person = Destination(Kind.PERSON, LIN)
    await deliver(room.db, "alert", to=person, over=Channel.DM)
    await room.hear(room.tap({"line": "put a"}, chat_id=DIRECT))

    assert room.contexts[0].chat_type is ChatType.DIRECT
    assert await room.chat(DIRECT) == Chat(id=DIRECT, kind="p2p", person=LIN)


async def test_a_tap_on_what_we_sent_to_a_group_is_in_that_group(room):
    await deliver(room.db, "alert")
    await room.hear(room.tap({"line": "put a"}))

    assert room.contexts[0].chat_type is ChatType.GROUP
    assert await room.chat() == Chat(id=GROUP)


async def test_a_chat_that_was_mistaken_is_put_right_by_the_next_line(room):
    await room.db.write(
        lambda tx: directory.put_chat(tx, Chat(id=DIRECT), now=room.clock.now())
    )
    await room.says("put a", direct=True)

    assert await room.chat(DIRECT) == Chat(id=DIRECT, kind="p2p", person=LIN)


async def _park(room, to, over):
    lane = lanes.Lane(lanes.lane_id(to, over), to, over)
    now = room.clock.now()
    await deliver(room.db, "waits", to=to, over=over)
    await room.db.write(
        lambda tx: lanes.park(tx, lane, words="", until=now.replace(year=2100), now=now)
    )


async def _parked(room):
    async with room.db.reading() as tx:
        return {f"{each.destination}" for each in await lanes.parked(tx)}


@pytest.mark.parametrize("text", ["put a", "spoil a"])
async def test_who_writes_to_us_directly_is_written_to_again(room, text):
    for to, over in (
        (Destination(Kind.PERSON, LIN), Channel.DM),
        (Destination(Kind.PERSON, WEI), Channel.DM),
        (Destination(Kind.CHAT, DIRECT), Channel.CHAT),
        (OPS, Channel.CHAT),
    ):
        await _park(room, to, over)

    await room.says(text, direct=True)
    assert await _parked(room) == {f"person:{WEI}", f"chat:{GROUP}"}


async def test_a_group_that_we_hear_again_after_we_left_is_open_again(room, clock):
    await room.hear(event(BotRemoved, clock))
    await _park(room, OPS, Channel.CHAT)

    await room.says("put a")
    assert await _parked(room) == set()
    assert await room.chat() == Chat(id=GROUP, name="Ops")


async def test_a_line_in_a_group_does_not_open_it_or_its_author_s_chat(room):
    await room.says("put a")
    await _park(room, OPS, Channel.CHAT)
    await _park(room, Destination(Kind.PERSON, LIN), Channel.DM)

    await room.says("put b")
    assert await _parked(room) == {f"chat:{GROUP}", f"person:{LIN}"}


async def test_joining_a_group_opens_it(room, clock):
    await _park(room, OPS, Channel.CHAT)
    await room.hear(event(BotAdded, clock, external=False))

    assert await room.chat() == Chat(id=GROUP, name="Ops")
    assert await _parked(room) == set()
    assert room.rung == 1


async def test_leaving_a_group_keeps_what_waits_for_it(room, clock):
    [number] = await deliver(room.db, "waits")
    await room.hear(event(BotRemoved, clock))

    assert await room.chat() == Chat(id=GROUP, name="Ops", state="gone")
    assert await fates(room.db, number) == [("queued", "")]


async def test_a_group_that_is_disbanded_ends_what_waits_for_it(room, clock):
    [number] = await deliver(room.db, "waits")
    await room.says("put a")
    await room.hear(event(ChatDisbanded, clock))

    assert await room.chat() == Chat(id=GROUP, name="Ops", state="disbanded")
    assert await fates(room.db, number) == [
        ("undeliverable", "this group was disbanded")
    ]
    assert await room.replies() == []


async def test_an_event_that_is_delivered_again_does_nothing(room, clock):
    added = event(BotAdded, clock, external=False)
    await room.hear(added, event(BotRemoved, clock, 2), added)

    assert (await room.chat()).state == "gone"


@pytest.mark.parametrize(
    ("left", "state"),
    [(BotRemoved, "gone"), (ChatDisbanded, "disbanded")],
)
async def test_a_late_word_of_a_change_brings_no_group_back(room, clock, left, state):
    renamed = ChatUpdated(
        event_id="m2",
        created_at=clock.now(),
        chat_id=GROUP,
        operator=WEI,
        name="Operations",
        owner=None,
    )
    await room.hear(event(left, clock), renamed)

    assert await room.chat() == Chat(id=GROUP, name="Operations", state=state)


async def test_a_group_that_is_disbanded_stays_so_when_we_are_removed_from_it(
    room, clock
):
    await room.hear(event(ChatDisbanded, clock), event(BotRemoved, clock, 2))

    assert (await room.chat()).state == "disbanded"


async def test_what_is_no_command_is_no_error(room, clock):
    clicked = MenuClicked(
        event_id="c1",
        created_at=clock.now(),
        operator=LIN,
        name=None,
        event_key="help",
    )

    assert await room.hear(clicked) == [{}]


async def test_a_direct_chat_is_known_from_when_it_is_opened(room, clock):
    opened = P2pEntered(
        event_id="p1",
        created_at=clock.now(),
        chat_id=DIRECT,
        operator=LIN,
        name="Lin",
        first=True,
    )
    await room.hear(opened, opened)

    assert await room.chat(DIRECT) == Chat(id=DIRECT, kind="p2p", person=LIN)
