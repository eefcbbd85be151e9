"""Do not disturb: kept, decided again at the end, told as one. And what passes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.rules.windows import spread
from store.values import Channel, Destination, Kind, State, Status
from tests.bot.house import CRITICAL, INFO


async def test_what_comes_at_night_is_one_digest_in_the_morning(house):
    await house.window(hours=8)
    numbers = await house.notify_all(["disk", "cpu", "fan"])

    await house.run(hours=7, minutes=59)
    assert (house.titles(), await house.states(numbers)) == ([], ["held"] * 3)

    await house.run(minutes=3)
    assert house.titles() == ["Held back: nights: 01:00-09:00 daily UTC"]
    assert await house.states(numbers) == ["digested"] * 3
    assert house.text().splitlines()[1:5] == [
        "3 messages since 2026-01-05 01:00 UTC",
        "Warning 3",
        "• Warning · fan · 01-05 01:00 · M3",
        "• Warning · cpu · 01-05 01:00 · M2",
    ]


async def test_a_hold_ends_within_90_seconds_of_its_window_each_place_in_its_own(house):
    other = house.group("other")
    for chat in (house.ops, other):
        target = Destination(Kind.CHAT, chat.chat_id)
        await house.window(target=target, hours=8)
        await house.notify_all(["disk", "cpu"], to=target)
    morning = house.clock.now() + timedelta(hours=8)

    await house.run_until(morning + timedelta(seconds=95))

    spreads = [
        spread(Destination(Kind.CHAT, chat.chat_id), morning)
        for chat in (house.ops, other)
    ]
    assert [
        chat.messages[0].created_at - morning for chat in (house.ops, other)
    ] == spreads
    assert 0 <= min(spreads).total_seconds() < max(spreads).total_seconds() < 90


async def test_a_critical_passes_at_night(house):
    await house.window()
    held, passed = (
        await house.notify("disk"),
        await house.notify("fire", severity=CRITICAL),
    )

    await house.run(minutes=1)

    assert house.titles() == ["Critical · fire"]
    assert await house.states([held, passed]) == ["held", "delivered"]


async def test_a_critical_is_held_where_the_window_includes_them(house):
    await house.window(spare_critical=False)
    number = await house.notify("fire", severity=CRITICAL)

    await house.run(minutes=1)

    assert (await house.fate(number))[0] == "held"


async def test_a_held_message_says_by_which_rule_and_until_when(house):
    window = await house.window()
    number = await house.notify("disk")

    await house.run(minutes=1)

    (told,) = await house.deliveries(number)
    nine = house.clock.now().replace(hour=9, minute=0)
    assert (told.state, told.reason, told.rule, told.attempts) == (
        State.HELD,
        "nights: 01:00-09:00 daily UTC",
        f"window:{window.id}",
        0,
    )
    assert told.until == nine + spread(house.chat, nine)


async def test_one_that_is_left_by_itself_is_sent_as_itself(house):
    await house.window()
    number = await house.notify("disk")

    await house.run(hours=9)

    assert house.titles() == ["disk"]
    assert (await house.fate(number))[0] == "delivered"


async def test_replies_and_notices_are_never_held(house):
    await house.window(spare_critical=False)
    await house.say("an answer", kind="reply", rank=0)
    await house.say("a notice")

    await house.run(minutes=1)

    assert house.titles() == ["an answer", "a notice"]


async def test_a_window_that_was_extended_meanwhile_keeps_them_longer(house):
    window = await house.window(hours=1)
    numbers = await house.notify_all(["disk", "cpu"])
    await house.run(minutes=30)
    await house.change(window, end=5 * 60)

    await house.run(hours=3)
    assert (house.titles(), await house.states(numbers)) == ([], ["held", "held"])

    await house.run(hours=1)
    assert (len(house.titles()), await house.states(numbers)) == (1, ["digested"] * 2)


async def test_under_a_window_and_a_mute_they_wait_for_the_later(house):
    await house.window(hours=1)
    mute = await house.mute(hours=3, reason="switchover")
    numbers = await house.notify_all(["disk", "cpu"])

    await house.run(hours=2, minutes=59)
    assert house.titles() == []
    (told,) = await house.deliveries(numbers[0])
    assert (told.rule, told.until) == (f"mute:{mute.id}", mute.until)

    await house.run(minutes=2)
    assert house.titles() == ["Held back: mute: switchover"]


async def test_a_mute_that_came_during_a_window_takes_over_at_its_end(house):
    await house.window(hours=1)
    numbers = await house.notify_all(["disk", "cpu"])
    await house.run(minutes=30)
    await house.mute(hours=3, reason="switchover")

    await house.run(hours=1)
    assert await house.states(numbers) == ["held", "held"]

    await house.run(hours=2)
    assert house.titles() == ["Held back: mute: switchover"]


async def test_what_two_rules_kept_until_now_is_one_digest_that_names_both(house):
    await house.window(hours=4, patterns=("finance.*",))
    await house.mute(hours=2, where="product=cvm", reason="switchover")
    await house.notify("bill", type="finance.billing-notice")
    await house.notify("disk", labels={"product": "cvm"})
    await house.run(minutes=1)

    await house.release()
    await house.run(minutes=1)
    assert house.titles() == []  # Both rules are still there, and keep what they kept.

    await house.lift_everything()
    await house.release()
    await house.run(minutes=1)

    assert house.titles() == [
        "Held back: nights: 01:00-05:00 daily UTC; mute: switchover"
    ]


async def test_a_rule_holds_only_what_it_is_for(house):
    await house.window(patterns=("finance.*",))
    kept = await house.notify("bill", type="finance.billing-notice")
    passed = await house.notify("disk", type="product.alarm")

    await house.run(minutes=1)

    assert await house.states([kept, passed]) == ["held", "delivered"]


async def test_a_robot_obeys_the_windows_of_its_group(house):
    robot = await house.robot("unbound")
    bound = await house.robot("bound", chat=house.ops.chat_id)
    await house.window()
    free = await house.notify("disk", to=robot)
    kept = await house.notify("disk", to=bound)

    await house.run(minutes=1)

    assert await house.states([free, kept]) == ["delivered", "held"]


async def test_letting_go_sends_what_was_held_at_once_as_one_digest(house):
    await house.window(hours=8)
    numbers = await house.notify_all(["disk", "cpu", "fan"])
    await house.run(minutes=10)
    await house.lift_everything()

    assert await house.release() == 3
    await house.run(seconds=1)

    assert house.titles() == ["Held back: nights: 01:00-09:00 daily UTC"]
    assert await house.states(numbers) == ["digested"] * 3


async def test_a_short_text_message_that_is_muted_is_never_sent(house):
    await house.window(target=house.person)
    number = await house.notify("disk", to=house.person, via=Channel.SMS)

    await house.run(hours=12)

    assert await house.fate(number) == ("muted", "nights: 01:00-09:00 daily UTC")


# Incidents


async def test_a_resolution_passes_when_its_firing_was_shown(house):
    await house.notify("disk full", status=Status.FIRING, fingerprint="disk")
    await house.run(minutes=1)
    await house.window()
    shown = await house.notify("disk", status=Status.RESOLVED, fingerprint="disk")
    other = await house.notify("cpu", status=Status.RESOLVED, fingerprint="cpu")

    await house.run(minutes=1)

    assert await house.states([shown, other]) == ["delivered", "held"]


async def test_a_resolution_passes_when_its_firing_was_named_in_a_digest(house):
    await house.mute(hours=1)
    await house.notify("disk", status=Status.FIRING, fingerprint="disk")
    await house.notify("cpu", status=Status.FIRING, fingerprint="cpu")
    await house.run(hours=1, minutes=1)
    assert len(house.titles()) == 1
    await house.window()
    number = await house.notify("disk", status=Status.RESOLVED, fingerprint="disk")

    await house.run(minutes=1)

    assert (await house.fate(number))[0] == "delivered"


async def test_a_resolution_is_held_when_only_an_older_incident_was_shown(house):
    for status in (Status.FIRING, Status.RESOLVED):
        await house.notify("disk", status=status, fingerprint="disk")
        await house.run(minutes=1)
    await house.window()
    for status in (Status.FIRING, Status.RESOLVED):
        number = await house.notify("disk", status=status, fingerprint="disk")
        await house.run(minutes=1)

    assert (await house.fate(number))[0] == "held"


async def test_when_all_were_resolved_meanwhile_one_digest_says_so(house):
    await house.window()
    numbers = [
        await house.notify(name, status=status, fingerprint=name)
        for status in (Status.FIRING, Status.RESOLVED)
        for name in ("disk", "cpu")
    ]

    await house.run(hours=9)

    assert house.titles() == ["Held back: nights: 01:00-09:00 daily UTC"]
    assert house.text().splitlines()[1:] == [
        "4 messages since 2026-01-05 01:00 UTC",
        "2 incidents began and ended meanwhile.",
        "All of it is resolved: nothing is left to look at.",
    ]
    assert await house.states(numbers) == ["digested"] * 4


async def test_what_was_resolved_meanwhile_is_counted_and_not_shown_as_open(house):
    await house.window()
    for name in ("disk", "cpu"):
        await house.notify(name, status=Status.FIRING, fingerprint=name)
    await house.notify("disk", status=Status.RESOLVED, fingerprint="disk")

    await house.run(hours=9)

    lines = house.text().splitlines()
    assert [line for line in lines if line.startswith("•")] == [
        "• Warning · cpu · firing · 01-05 01:00 · M2"
    ]
    assert "1 incident began and ended meanwhile." in lines


async def test_what_was_resolved_where_this_group_does_not_look_is_over_too(house):
    await house.window()
    for name in ("disk", "cpu"):
        await house.notify(name, status=Status.FIRING, fingerprint=name)
    await house.notify(
        "disk", status=Status.RESOLVED, fingerprint="disk", to=house.person
    )

    await house.run(hours=9)

    lines = house.text().splitlines()
    assert [line for line in lines if line.startswith("•")] == [
        "• Warning · cpu · firing · 01-05 01:00 · M2"
    ]


async def test_repeats_of_one_incident_are_one_line(house):
    await house.window()
    for _ in range(3):
        await house.notify("disk", status=Status.FIRING, fingerprint="disk")
        await house.run(minutes=10)

    await house.run(hours=9)

    assert [line for line in house.text().splitlines() if "•" in line] == [
        "• Warning · disk · firing · 3 times · 01-05 01:20 · M3"
    ]


# For how long


async def test_what_was_held_for_longer_than_a_week_expires(house):
    await house.window(start=None, end=None)
    old = await house.notify_all(["old", "older"])
    await house.run(days=3)
    young = await house.notify("young")
    await house.run(days=4, seconds=1)
    await house.lift_everything()
    await house.release()

    await house.run(minutes=1)

    assert [await house.fate(number) for number in old] == [
        ("expired", "held for longer than 7 days")
    ] * 2
    assert house.titles() == ["young"]
    assert (await house.fate(young))[0] == "delivered"


async def test_what_was_held_for_a_week_to_the_second_does_not(house):
    await house.mute(hours=7 * 24)
    numbers = await house.notify_all(["disk", "cpu"])

    await house.run(days=7)

    assert await house.states(numbers) == ["digested"] * 2


async def test_a_digest_counts_all_and_names_twenty_worst_and_newest_first(house):
    await house.window(spare_critical=False)
    await house.notify("fire", severity=CRITICAL)
    await house.notify_all([f"n{n}" for n in range(30)], severity=INFO)

    await house.run(hours=9)

    lines = house.text().splitlines()
    named = [line.split(" · ")[1] for line in lines if line.startswith("•")]
    assert named == ["fire", *(f"n{n}" for n in range(29, 10, -1))]
    assert lines[1:3] == [
        "31 messages since 2026-01-05 01:00 UTC",
        "Critical 1 · Info 30",
    ]
    assert "and 11 more" in lines


@pytest.mark.parametrize("times", [1, 3])
async def test_letting_go_again_and_again_tells_it_once(house, times):
    await house.mute(hours=2)
    numbers = await house.notify_all(["disk", "cpu"])
    await house.run(minutes=1)
    await house.lift_everything()

    for _ in range(times):
        await house.release()
        await house.run(minutes=1)

    assert (len(house.titles()), await house.states(numbers)) == (1, ["digested"] * 2)
