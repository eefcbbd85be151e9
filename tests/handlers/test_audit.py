"""/audit: who changed what, for those who may know."""

from __future__ import annotations

from handlers.context import Role
from handlers.errors import Forbidden
from tests.handlers.talk import LIN, WEI, Talk


async def test_changes_are_listed_newest_first(wei: Talk) -> None:
    await wei.say("/sub add finance.refund")
    wei.clock.advance(minutes=1)
    await wei.by(LIN, Role.EDITOR).say("/set lang zh")

    assert await wei.said("/audit") == (
        "2 · 2026-01-05 09:01 · @Lin · /set lang zh",
        "1 · 2026-01-05 09:00 · you · /sub add finance.refund",
    )


async def test_what_was_taken_back_says_so(wei: Talk) -> None:
    await wei.say("/set lang zh")
    await wei.say("/undo")

    assert (await wei.said("/audit"))[1] == (
        "1 · 2026-01-05 09:00 · you · /set lang zh · taken back"
    )


async def test_one_persons_changes_are_listed(wei: Talk) -> None:
    await wei.say("/set lang zh")
    await wei.by(LIN, Role.EDITOR).say("/set lang en")

    assert await wei.said("变更记录 @_user_2") == (
        "2 · 2026-01-05 09:00 · @Lin · /set lang en",
    )
    assert len(await wei.said("/audit me")) == 1


async def test_older_changes_are_a_page_away(wei: Talk) -> None:
    for number in range(6):
        await wei.say(f"/set lang {'zh' if number % 2 else 'en'}")
        await wei.say(f"/set tz Asia/{'Tokyo' if number % 2 else 'Singapore'}")
    reply = await wei.say("/audit")

    assert (len(reply.lines), [each.line for each in reply.buttons]) == (
        10,
        ["/audit page 2"],
    )
    older = await wei.say("/audit page 2")
    assert (len(older.lines), older.buttons) == (2, ())
    assert str(await wei.refused("/audit page 3")) == "There is no page 3."


async def test_another_groups_changes_are_not_shown(wei: Talk) -> None:
    await wei.within("oc_dev").say("/set lang zh")

    assert await wei.said("/audit") == ("Nobody changed anything here yet.",)


async def test_members_see_their_own_changes_alone(wei: Talk) -> None:
    await wei.say("/set lang zh")
    member = wei.by(LIN)
    await member.say("/set lang en for me")

    assert isinstance(await member.refused("/audit"), Forbidden)
    assert isinstance(await member.refused("/audit all"), Forbidden)
    assert await member.said("/audit me") == (
        "2 · 2026-01-05 09:00 · you · /set lang en for me",
    )


async def test_an_admin_sees_everything_in_a_direct_chat(wei: Talk) -> None:
    await wei.say("/set lang zh")
    admin = wei.alone().by("ou_admin", Role.ADMIN, Role.EDITOR)

    assert await admin.said("/audit all") == (
        f"1 · 2026-01-05 09:00 · @{WEI} · group ops · /set lang zh",
    )
    assert isinstance(
        await wei.by("ou_admin", Role.ADMIN).refused("/audit all"), Forbidden
    )
