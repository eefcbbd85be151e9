"""The page that ends e-mails: for an address of ours, and to look changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from store import audit, outbox, preferences
from store.values import Channel, Destination
from tests.bot.doors.conftest import Open
from tests.bot.doors.hall import NATIVE, SECRETS, YAML, Answer, Hall, note
from tests.bot.letters.reading import Read, look
from tests.bot.mailroom import Mailroom, mailroom

WEI, LIN = Destination.parse("person:wei"), Destination.parse("person:ou_lin")
MAIL = """
people:
  - {name: wei, email: wei@example.com, verified: [email]}
  - {name: lin, open_id: ou_lin, email: lin@example.com, verified: [email]}
groups: {all: [wei, lin]}
message_types: [{id: security.rules, email: required}]
email: {host: 127.0.0.1, port: PORT, sender: bell@example.com, tls: none}
"""


def yaml(port: int, *, base: str = "https://bell.example.com/x") -> str:
    return (
        YAML.replace("to: [robot:ops-room]", "to: [group:all], via: [email]").replace(
            'server: {admin_token: "${ADMIN}"}', f"server: {{public_url: {base}}}"
        )
        + MAIL.replace("PORT", str(port))
    ).replace("{queue: 100}", "{email: {per_minute: 6000, address_per_minute: 600}}")


class Mail:
    """A hall, its mail server, and what people do with letters."""

    def __init__(self, hall: Hall, room: Mailroom) -> None:
        self.hall = hall
        self.room = room

    async def notify(self, title: str = "CPU", type_id: str = "security.event") -> None:
        """Let a message be accepted, routed and sent."""
        await self.hall.post(
            NATIVE, note(title, type=type_id), token=SECRETS["SCRIPTS"]
        )
        await self.hall.bell.routing.run_once()
        await self.hall.bell.delivery.run_once()
        self.hall.clock.advance(minutes=1)

    def letters(self, to: str) -> list[Read]:
        return [each.read() for each in self.room.letters if each.to == (to,)]

    async def stop_link(self, to: str = "wei@example.com") -> str:
        """Let a letter arrive; return the path that it leads to."""
        await self.notify()
        link = self.letters(to)[-1].links[-1]
        base = "https://bell.example.com/x"
        assert link.startswith(f"{base}/unsubscribe/")
        return link.removeprefix(base)

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        return await self.hall.knock(method, path, **more)

    async def refused(self, person: Destination = WEI) -> frozenset[str]:
        async with self.hall.bell.db.reading() as tx:
            return await preferences.refused(tx, person, Channel.EMAIL)

    async def audited(self) -> list[tuple[str, str, str]]:
        async with self.hall.bell.db.reading() as tx:
            found = await audit.latest(
                tx, "e-mail", since=self.hall.clock.now().replace(year=2020)
            )
        return [(each.actor, each.subject, each.command) for each in reversed(found)]

    async def fates(self, number: int) -> dict[str, tuple[str, str, str]]:
        async with self.hall.bell.db.reading() as tx:
            found = await outbox.deliveries_of(tx, number)
        return {
            each.destination.name: (str(each.state), each.reason, each.rule)
            for each in found
            if each.channel is Channel.EMAIL
        }


@pytest.fixture
async def mail(open_hall: Open) -> AsyncIterator[Mail]:
    async with mailroom() as room:
        yield Mail(await open_hall(yaml=yaml(room.port)), room)


async def test_to_look_changes_nothing(mail: Mail) -> None:
    path = await mail.stop_link()

    for _ in range(2):
        answer = await mail.ask("GET", path)
        assert (answer.status, look_at(answer)) == (
            200,
            [
                "No more e-mails about this?",
                "You would get no e-mails about:",
                "Security event · security.event",
                "No more e-mails",
            ],
        )
    assert (await mail.ask("HEAD", path)).status == 200
    assert (await mail.refused(), await mail.audited()) == (frozenset(), [])


async def test_one_click_ends_e_mails_about_a_type_for_one_person(mail: Mail) -> None:
    path = await mail.stop_link()
    # What mail programs post (RFC 8058).
    answer = await mail.ask("POST", path, data={"List-Unsubscribe": "One-Click"})
    await mail.notify("again")
    await mail.notify("other", "security.credential-age")

    assert (answer.status, look_at(answer)[0]) == (
        200,
        "You get no more e-mails about this",
    )
    assert len(mail.letters("wei@example.com")) == 2
    assert len(mail.letters("lin@example.com")) == 3
    assert await mail.fates(2) == {
        "wei": ("muted", "no more of it was asked for, by email", "refusal"),
        "ou_lin": ("delivered", "", "subscription:1"),
    }
    assert await mail.refused() == {"security.event"}
    assert await mail.refused(LIN) == frozenset()
    assert await mail.audited() == [("wei", "person:wei", "unsubscribe security.event")]


async def test_what_is_ended_twice_is_written_once(mail: Mail) -> None:
    path = await mail.stop_link()

    answers = [await mail.ask("POST", path) for _ in range(2)]

    assert [each.status for each in answers] == [200, 200]
    assert len(await mail.audited()) == 1


async def test_it_can_be_taken_up_again(mail: Mail) -> None:
    path = await mail.stop_link()
    await mail.ask("POST", path)
    shown = look_at(await mail.ask("GET", path))

    answer = await mail.ask("POST", f"{path}?again")
    await mail.notify("again")

    assert (shown[0], shown[-1]) == (
        "You get no more e-mails about this",
        "Send them again",
    )
    assert look_at(answer)[0] == "No more e-mails about this?"
    assert len(mail.letters("wei@example.com")) == 2
    assert [command for _, _, command in await mail.audited()] == [
        "unsubscribe security.event",
        "resubscribe security.event",
    ]


async def test_what_waits_is_not_sent_after_the_no(mail: Mail) -> None:
    path = await mail.stop_link()
    mail.room.say("rcpt", "450 later", "450 later")
    await mail.notify("late")
    await mail.ask("POST", path)

    await mail.notify("later")

    assert len(mail.letters("wei@example.com")) == 1
    assert [(await mail.fates(n))["wei"][0] for n in (2, 3)] == ["muted", "muted"]


async def test_what_an_admin_requires_has_no_such_page(mail: Mail) -> None:
    await mail.notify("must", "security.rules")

    letter = mail.letters("wei@example.com")[0]
    assert letter.links == []
    assert letter.message["List-Unsubscribe-Post"] is None


async def test_what_an_admin_came_to_require_cannot_be_ended(mail: Mail) -> None:
    path = await mail.stop_link()
    port = mail.room.port
    await mail.hall.reload(yaml(port).replace("security.rules", "security.event"))

    answer = await mail.ask("POST", path)

    assert (answer.status, look_at(answer)) == (
        200,
        ["They cannot be stopped", "An admin wants you to get these e-mails."],
    )
    assert await mail.refused() == frozenset()


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "gAAAAABpabc",
        "%00",
        "%E4%B8%A5",
        "a" * 4_000,
    ],
)
async def test_an_address_that_nobody_gave_out_does_nothing(
    mail: Mail, token: str
) -> None:
    for method in ("GET", "POST"):
        answer = await mail.ask(method, f"/unsubscribe/{token}")
        assert (answer.status, look_at(answer)[0]) == (
            404,
            "This address is none of ours",
        )


async def test_one_letter_of_an_address_makes_another(mail: Mail) -> None:
    path = await mail.stop_link()
    for place in (-3, -20, -60):
        other = "A" if path[place] != "A" else "B"
        changed = path[:place] + other + path[len(path) + place + 1 :]
        assert (await mail.ask("POST", changed)).status == 404
    assert await mail.refused() == frozenset()


async def test_another_secret_under_the_same_keys_is_no_address(mail: Mail) -> None:
    keyring = mail.hall.bell.db.keyring
    for secret in ("https://x/hook/token", '["other", "person:wei", ["a.b"], "en"]'):
        token = keyring.seal(secret)
        assert (await mail.ask("GET", f"/unsubscribe/{token}")).status == 404


async def test_a_page_shows_itself_and_no_more(mail: Mail) -> None:
    answer = await mail.ask("GET", await mail.stop_link())

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "form-action 'self'; frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    # It names nobody: who forwards a letter forwards no more than its types.
    assert "wei" not in answer.body


async def test_a_database_that_takes_nothing_is_said_so(mail: Mail) -> None:
    path = await mail.stop_link()
    await mail.hall.close_the_store()

    answer = await mail.ask("POST", path)

    assert (answer.status, answer.headers["Retry-After"], look_at(answer)[0]) == (
        503,
        "60",
        "Nothing was changed",
    )
    await mail.hall.open_the_store()


@pytest.mark.parametrize(
    ("base", "header", "link"),
    [
        ("https://bell.example.com", True, True),
        ("http://10.0.0.1:8080", False, True),
    ],
)
async def test_one_click_is_for_https_alone(
    open_hall: Open, base: str, header: bool, link: bool
) -> None:
    async with mailroom() as room:
        made = Mail(await open_hall(yaml=yaml(room.port, base=base)), room)
        await made.notify()
        letter = made.letters("wei@example.com")[0]

    assert ("List-Unsubscribe-Post" in letter.message) is header
    assert [each.startswith(base) for each in letter.links] == [True] * link


async def test_without_an_address_of_our_own_letters_lead_nowhere(
    open_hall: Open,
) -> None:
    async with mailroom() as room:
        text = yaml(room.port).replace("public_url: https://bell.example.com/x", "")
        made = Mail(await open_hall(yaml=text), room)
        await made.notify()

    assert made.letters("wei@example.com")[0].links == []


async def test_a_chinese_reader_gets_a_chinese_page(open_hall: Open) -> None:
    async with mailroom() as room:
        text = "defaults: {locale: zh}\n" + yaml(room.port)
        made = Mail(await open_hall(yaml=text), room)
        answer = await made.ask("POST", await made.stop_link())

    assert look_at(answer) == [
        "你已不再接收此类邮件",
        "你不会收到以下类型的邮件：",
        "其他渠道的消息照常发送给你。",
        "安全事件 · security.event",
        "重新接收",
    ]


def look_at(answer: Answer) -> list[str]:
    """What the page shows, which can do nothing but post itself."""
    return look(answer.body, forms=True).lines
