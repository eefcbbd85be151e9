"""One's own addresses, and the codes that prove them; codes of those without "
"account."""

from __future__ import annotations

import pytest

from handlers.context import Role
from handlers.errors import Forbidden, UserError
from store import people
from store.directory import Person
from store.people import Means
from tests.handlers.crowd import ALICE, BOB, Crowd, code_of
from tests.handlers.talk import ADMIN, LIN, WEI

CAROL = Person(name="carol", email="carol@example.com")
ADD = "/contact add wei@example.com"
WRONG = (
    (
        "That is not the code, or it is older than 10 minutes, or there were 5 wrong "
        "ones. "
        "/verify sends another."
    ),
)


@pytest.fixture
async def wei(db, clock) -> Crowd:
    """Wei, alone with us."""
    wei = Crowd(db, clock).alone()
    await wei.settle(ALICE, BOB, CAROL)
    return wei


async def _email(wei: Crowd, name: str = WEI) -> tuple[str, bool] | None:
    async with wei.db.reading() as tx:
        found = (await people.addressee(tx, name)).contacts.get(Means.EMAIL)
    return found and (found.address, found.verified)


async def test_an_address_is_proved_by_the_code_that_is_sent_there(wei):
    asked = await wei.say(ADD)
    assert asked.lines == (
        (
            "I am sending a code to w***@example.com. Nothing else goes there until "
            "you "
            "enter it."
        ),
    )
    (task,) = asked.tasks
    assert task.details["address"] == "wei@example.com"
    assert (await wei.performed(task, sent=True)).lines == (
        (
            "A code is on its way to w***@example.com. Send it to me in a direct chat: "
            "“verify 482913”, with your code."
        ),
        "It lasts 10 minutes; an address gets at most 5 a day.",
    )
    assert await _email(wei) == ("wei@example.com", False)

    assert await wei.said(f"verify {code_of(task)}") == (
        "w***@example.com is verified. Messages go there from now on.",
    )
    assert await _email(wei) == ("wei@example.com", True)
    assert await wei.said("/contact") == (
        "Lark account: verified, for dm.",
        "e-mail address: w***@example.com, verified by a code.",
        "phone number: none.",
    )
    assert await wei.said(ADD) == ("w***@example.com is verified already.",)


async def test_a_code_alone_is_an_answer(wei):
    asked = await wei.say(ADD)

    assert await wei.said(f" {code_of(asked.tasks[0])} ") == (
        "w***@example.com is verified. Messages go there from now on.",
    )
    assert await _email(wei) == ("wei@example.com", True)


async def test_a_code_that_could_not_be_sent_is_said_so(wei):
    asked = await wei.say(ADD)
    reply = await wei.perform(asked, failed="the mail server is away")

    assert reply.lines == (
        (
            "No code went to w***@example.com: the mail server is away. "
            "/verify sends another."
        ),
    )


async def test_wrong_codes_are_counted_and_nothing_is_verified(wei):
    asked = await wei.say(ADD)
    (task,) = asked.tasks
    right = code_of(task)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(5):
        assert await wei.said(f"/verify {wrong}") == WRONG

    assert await wei.said(f"/verify {right}") == WRONG
    assert await _email(wei) == ("wei@example.com", False)


async def test_a_code_is_entered_by_whose_it_is_and_in_a_direct_chat(wei, clock):
    (task,) = (await wei.say(ADD)).tasks
    line = f"/verify {code_of(task)}"
    group = Crowd(wei.db, clock)

    assert str(await group.refused(line)) == (
        "A code is between us: send it to me in a direct chat, please."
    )
    assert await wei.by(LIN).said(line) == WRONG
    admin = wei.by(ADMIN, Role.ADMIN)
    assert str(await admin.refused(f"{line} for person:{WEI}")) == (
        "They have a Lark account: they enter it themselves, in a direct chat."
    )
    assert await _email(wei) == ("wei@example.com", False)
    await wei.say(line)
    assert await _email(wei) == ("wei@example.com", True)


async def test_an_address_is_not_told_in_a_group(wei, clock):
    refused = await Crowd(wei.db, clock).refused(ADD)

    assert str(refused) == (
        "Everybody reads along here. Tell me your address in a direct chat."
    )
    assert isinstance(refused, Forbidden)


async def test_the_next_code_waits_a_minute_and_there_are_five_a_day(wei, clock):
    await wei.say(ADD)
    assert str(await wei.refused("/verify")) == (
        "A code for w***@example.com was sent a moment ago. Ask again in a minute."
    )
    addresses = []
    for _ in range(6):
        clock.advance(minutes=1)
        (task,) = (await wei.say("/verify")).tasks
        addresses.append(task.details["address"])

    # Nobody is told that an address is used up: others may have done that.
    assert addresses == ["wei@example.com"] * 4 + ["", ""]


async def test_somebody_elses_codes_count_for_an_address_and_are_not_told(wei, clock):
    for name in ("ou_a", "ou_b", "ou_c", "ou_d", "ou_e"):
        await wei.by(name).say(ADD)
    reply = await wei.say(ADD)

    assert reply.lines == (
        (
            "I am sending a code to w***@example.com. Nothing else goes there until "
            "you "
            "enter it."
        ),
    )
    assert reply.tasks[0].details["address"] == ""


async def test_somebody_asks_for_ten_codes_a_day(wei, clock):
    for number in range(10):
        await wei.say(f"/contact add wei{number}@example.com")
    assert str(await wei.refused("/contact add last@example.com")) == (
        "You asked for 10 codes today. Try again tomorrow."
    )
    assert await _email(wei) == ("wei9@example.com", False)
    clock.advance(days=1)
    await wei.say("/contact add last@example.com")


async def test_the_yamls_own_address_is_proved_as_the_yamls(wei):
    alice = wei.by("ou_alice")
    assert await alice.said("/contact") == (
        "Lark account: verified, for dm.",
        "e-mail address: a***@example.com, not verified.",
        "phone number: none.",
    )
    (task,) = (await alice.say("/verify email")).tasks
    await alice.say(f"/verify {code_of(task)}")
    assert await _email(wei, "ou_alice") == ("alice@example.com", True)

    await wei.settle(Person(name="alice", open_id="ou_alice", email="al@example.com"))
    assert await _email(wei, "ou_alice") == ("al@example.com", False)


async def test_what_is_forgotten_leaves_what_the_yaml_has(wei):
    alice = wei.by("ou_alice")
    (task,) = (await alice.say("/contact add me@home.example")).tasks
    await alice.say(f"/verify {code_of(task)}")
    assert (await alice.said("/contact"))[1] == (
        "e-mail address: m***@home.example, verified by a code."
    )

    assert await alice.said("/contact remove email") == (
        (
            "Your e-mail address is forgotten. a***@example.com stays: an admin wrote "
            "it "
            "into the YAML."
        ),
    )
    assert await alice.said("/contact remove phone") == (
        "I know no phone number of yours.",
    )


async def test_a_phone_number_is_proved_in_the_same_way(wei):
    (task,) = (await wei.say("/contact add +65 8000 0000")).tasks
    assert (task.details["means"], task.details["address"]) == ("phone", "+6580000000")
    assert await wei.said(f"/verify {code_of(task)}") == (
        "+65 **** 0000 is verified. Messages go there from now on.",
    )


async def test_without_an_account_an_admin_enters_the_code(wei, clock):
    group = Crowd(wei.db, clock)
    (task,) = (await group.say("/recipients add carol for refund")).tasks
    assert (task.details["for"], task.details["address"]) == (
        "carol",
        "carol@example.com",
    )
    assert (await group.performed(task, sent=True)).lines[0] == (
        "A code is on its way to c***@example.com. They tell it to an admin, who sends "
        "“/verify CODE for carol”."
    )
    line = f"/verify {code_of(task)} for carol"
    assert str(await group.refused(line)) == (
        "Only an admin can enter the code of somebody without a Lark account. "
        "/whoami shows your roles."
    )
    admin = group.by(ADMIN, Role.ADMIN)
    assert await admin.said(line) == (
        "c***@example.com is verified. Messages go there from now on.",
    )
    assert await _email(wei, "carol") == ("carol@example.com", True)


async def test_somebody_whom_one_group_knows_is_proved_for_that_group(wei, clock):
    group = Crowd(wei.db, clock)
    asked = await group.say("/recipients add eve@example.org for refund")
    await group.perform(asked, found=[])
    (task,) = (await group.say("/recipients add P1 for refund via email")).tasks

    dev = group.within("oc_dev").by(ADMIN, Role.ADMIN)
    with pytest.raises(UserError, match="I do not know “P1” after “for”"):
        await dev.say(f"/verify {code_of(task)} for P1")
    alone = wei.by(ADMIN, Role.ADMIN)
    assert await alone.said(f"/verify {code_of(task)} for P1") == (
        "e***@example.org is verified. Messages go there from now on.",
    )
    assert (await group.said("/recipients")) == (
        "finance.refund · e***@example.org (P1) · email e***@example.org",
    )


async def test_editors_may_send_another_code_to_those_without_an_account(wei, clock):
    group = Crowd(wei.db, clock)
    await group.say("/recipients add carol for refund")
    clock.advance(minutes=11)

    (task,) = (await group.say("/verify carol")).tasks
    assert task.details["for"] == "carol"
    assert str(await group.by(LIN).refused("/verify carol")).startswith("Only editors")
    assert str(await group.refused(f"/verify person:{LIN}")) == (
        "They have a Lark account: they ask for it themselves, with /verify."
    )


async def test_nothing_to_verify_is_said_so(wei):
    assert await wei.said("/verify") == (
        "There is nothing to verify. /contact shows what I know.",
    )
    await wei.say(ADD)
    await wei.say("/contact add +65 8000 0000")
    refused = await wei.refused("/verify")
    assert (str(refused), refused.choices) == (
        "Which one, e-mail or phone?",
        ("/verify email", "/verify phone"),
    )


async def test_contacts_cannot_be_taken_back_and_undo_steps_over_them(wei):
    await wei.say("/recipients add me for refund")
    await wei.say(ADD)

    assert (await wei.said("/undo"))[0] == (
        "Taken back: /recipients add me for finance.refund"
    )
    assert str(await wei.refused("/undo 2")) == (
        "This cannot be taken back. /contact shows how it stands."
    )
