"""Too many at once: who has a post of their own, and who shares one."""

from __future__ import annotations

from bot.turn import WAITING
from store.values import Status
from tests.bot.house import CRITICAL, INFO


async def test_five_go_alone_and_in_order(house):
    numbers = await house.notify_all(["a", "b", "c", "d", "e"])

    await house.run(seconds=10)

    assert house.titles() == ["a", "b", "c", "d", "e"]
    assert await house.states(numbers) == ["delivered"] * 5


async def test_six_share_one_digest_with_the_right_counts(house):
    more = {"type": "finance.budget", "severity": INFO}
    numbers = [
        *await house.notify_all(["a", "b", "c", "d"]),
        *await house.notify_all(["e", "f"], **more),
    ]

    await house.run(seconds=10)

    assert house.titles() == ["6 messages at once"]
    assert await house.states(numbers) == ["digested"] * 6
    assert house.text().splitlines() == [
        "6 messages at once",
        "6 messages since 2026-01-05 01:00 UTC",
        "Warning 4 · Info 2",
        "• Info · f · 01-05 01:00 · M6",
        "• Info · e · 01-05 01:00 · M5",
        "• Warning · d · 01-05 01:00 · M4",
        "• Warning · c · 01-05 01:00 · M3",
        "• Warning · b · 01-05 01:00 · M2",
        "• Warning · a · 01-05 01:00 · M1",
        "Monitoring alarm 4 · Budget management 2",
    ]


async def test_five_in_each_of_two_places_are_no_storm(house):
    robot = await house.robot()
    await house.notify_all("abcde")
    await house.notify_all("fghij", to=robot)

    await house.run(seconds=10)

    assert sorted(house.titles()) == list("abcdefghij")


async def test_a_member_of_a_digest_says_so(house):
    numbers = await house.notify_all("abcdef")

    await house.run(seconds=10)

    assert await house.fate(numbers[0]) == ("digested", "told in a digest")


async def test_criticals_keep_their_own_posts_and_go_first(house):
    numbers = [
        *await house.notify_all([f"n{n}" for n in range(20)]),
        *await house.notify_all(["fire", "flood"], severity=CRITICAL),
    ]

    await house.run(seconds=10)

    assert house.titles() == [
        "Critical · fire",
        "Critical · flood",
        "20 messages at once",
    ]
    assert await house.states(numbers) == ["digested"] * 20 + ["delivered"] * 2


async def test_criticals_share_one_that_names_them_all_when_they_are_too_many(house):
    robot = await house.robot()
    alone = await house.notify_all([f"a{n}" for n in range(13)], severity=CRITICAL)
    await house.run(minutes=1)
    assert await house.states(alone) == ["delivered"] * 13

    # A robot may post every 0.75 s: 40 in a group, 13 at a robot are out within 10 s.
    many = await house.notify_all(
        [f"b{n}" for n in range(30)], severity=CRITICAL, to=robot
    )
    await house.run(minutes=1)

    assert house.titles()[13:] == ["30 critical messages at once"]
    lines = house.text().splitlines()
    named = [line.split(" · ")[1] for line in lines if line.startswith("•")]
    assert named == [f"b{n}" for n in range(29, -1, -1)]
    assert await house.states(many) == ["digested"] * 30


async def test_an_answer_goes_before_everything(house):
    await house.notify_all([f"n{n}" for n in range(9)])
    await house.notify("fire", severity=CRITICAL)
    await house.say("an answer", kind="reply", rank=0)

    await house.run(seconds=10)

    assert house.titles() == ["an answer", "Critical · fire", "9 messages at once"]


async def test_answers_and_notices_are_never_merged(house):
    for n in range(8):
        await house.say(f"n{n}")

    await house.run(seconds=10)

    assert house.titles() == [f"n{n}" for n in range(8)]


async def test_repeats_in_a_storm_are_one_line_and_ended_ones_are_counted(house):
    firing, resolved = Status.FIRING, Status.RESOLVED
    for _ in range(4):
        await house.notify("disk", status=firing, fingerprint="disk")
    for status in (firing, resolved):
        await house.notify("cpu", status=status, fingerprint="cpu")

    await house.run(seconds=10)

    assert house.text().splitlines()[1:] == [
        "6 messages since 2026-01-05 01:00 UTC",
        "Warning 1",
        "1 incident began and ended meanwhile.",
        "• Warning · disk · firing · 4 times · 01-05 01:00 · M4",
    ]


async def test_a_storm_after_a_storm_is_another_digest(house):
    for letters in ("abcdef", "ghijkl"):
        await house.notify_all(letters)
        await house.run(seconds=10)

    assert house.titles() == ["6 messages at once", "6 messages at once"]


async def test_a_robots_digest_carries_its_keyword_and_calls_nobody(house):
    robot = await house.robot(secret="s", keyword="zebra", mention_all=True)
    await house.notify_all("abcdef", to=robot)

    await house.run(seconds=10)

    (digest,) = house.ops.messages
    assert (house.titles(), digest.mentioned) == (["6 messages at once"], ())
    assert house.text().endswith("zebra")


async def test_a_robots_digest_with_a_critical_calls_everyone(house):
    robot = await house.robot(mention_all=True)
    await house.mute(hours=1, target=robot, spare_critical=False)
    await house.notify("fire", to=robot, severity=CRITICAL)
    await house.notify("disk", to=robot)

    await house.run(hours=2)

    (digest,) = house.ops.messages
    assert digest.mentioned == ("all",)


async def test_what_one_turn_cannot_see_is_asked_of_the_rules_before_it_goes(house):
    await house.window(patterns=("finance.*",))
    passed = await house.notify_all(f"n{n}" for n in range(WAITING))
    kept = await house.notify_all("ab", type="finance.billing-notice")

    await house.run(minutes=1)

    assert house.titles() == [f"{WAITING:,} messages at once"]
    assert await house.ledger_states() == {"digested": WAITING, "held": 2}
    assert await house.states([passed[-1], *kept]) == ["digested", "held", "held"]


async def test_a_storm_of_thousands_goes_out_in_order(house):
    await house.notify_all([f"n{n}" for n in range(WAITING * 2 + 3)])

    await house.run(minutes=1)

    assert house.titles() == [
        f"{WAITING:,} messages at once",
        f"{WAITING:,} messages at once",
        "n2000",
        "n2001",
        "n2002",
    ]
    assert await house.ledger_states() == {"digested": 2000, "delivered": 3}


async def test_a_digest_with_a_critical_goes_before_what_is_not(house):
    await house.mute(hours=1, spare_critical=False)
    await house.notify("fire", severity=CRITICAL)
    await house.notify("disk")
    await house.run(minutes=59)
    house.clock.advance(minutes=1)
    await house.notify_all("ab")

    await house.run(seconds=10)

    assert house.titles() == ["Held back: mute: everything", "a", "b"]


async def test_a_digest_without_one_waits_its_turn(house):
    await house.mute(hours=1)
    await house.notify_all(["cpu", "disk"])
    await house.run(minutes=59)
    house.clock.advance(minutes=1)
    await house.notify_all("ab")

    await house.run(seconds=10)

    assert house.titles() == ["a", "b", "Held back: mute: everything"]
