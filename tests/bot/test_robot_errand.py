"""/robot test over real HTTP: what came of it, and how that is said."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.errands.robots import RobotTest
from handlers.context import Role
from handlers.language.catalogues import say
from handlers.reply import Reply
from sandbox import Kind as Wrong
from store import robots
from tests.bot.house import HOOK, House
from tests.conftest import HandClock
from tests.handlers.robots import Host
from tests.handlers.talk import ADMIN

SECRET = "q5Kx7LmN0pRsTuVwXyZ12a"


@dataclass
class Desk:
    """An admin who tests a robot of the group ops."""

    house: House
    admin: Host

    async def test(
        self,
        *,
        clock: HandClock | None = None,
        session: aiohttp.ClientSession | None = None,
        patience: float = 5,
        text: str = "",
    ) -> Reply:
        """Test the robot bell; return what is said of it."""
        errand = RobotTest(
            self.house.db,
            session or self.house.session,
            clock=clock or self.house.clock,
            timeout=patience,
        )
        async with self.house.db.reading() as tx:
            robot = await robots.named(tx, "bell")
        assert robot is not None
        details = {"robot": robot.id, "text": text}
        outcome = await errand.perform(details)
        reply = await self.admin.performed(details, outcome)
        told = f"{outcome} {reply}"
        for each in self.house.robots.values():
            assert each.token not in told
        assert SECRET not in told
        return reply

    async def why(self, **settings: Any) -> str:
        """Return why the test failed."""
        reply = await self.test(**settings)
        assert reply.title == "Robot bell: the test failed"
        assert all(say(line, "zh")[0] >= "\u4e00" or "W" for line in reply.lines)
        return " ".join(reply.lines)


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.fixture
def desk(house: House) -> Desk:
    admin = Host(house.db, house.clock, asker=ADMIN, roles=frozenset(Role)).alone()
    return Desk(house, admin)


async def test_a_test_is_posted_at_once_and_shown(desk):
    await desk.house.robot(secret=SECRET, keyword="alert")

    reply = await desk.test(text="Does it <at id=all> work?")

    assert (reply.title, reply.lines) == (
        "Robot bell works",
        ("Lark took the message: the group shows it.",),
    )
    assert desk.house.text().splitlines() == [
        "Test message",
        "Does it ‹at id=all› work?",
        "alert",
    ]


async def test_what_was_parked_goes_on_once_a_test_works(desk):
    house = desk.house
    robot = await house.robot()
    house.robots["bell"].secret = SECRET
    number = await house.notify("disk", to=robot)
    await house.run(minutes=1)
    assert list(await house.parked()) == ["robot:bell"]

    assert (await desk.why()).startswith(
        "This robot wants signed messages, and I have no secret for it."
    )
    await house.know("bell", secret=SECRET)
    reply = await desk.test()

    assert reply.lines[1] == "What waited for it goes out now."
    await house.run(seconds=5)
    assert (await house.parked(), await house.states([number])) == ({}, ["delivered"])


async def test_a_paused_robot_can_be_tested_and_stays_paused(desk):
    house = desk.house
    robot = await house.robot(paused=True)
    await house.notify("disk", to=robot)

    reply = await desk.test()

    assert reply.lines[1] == "It is paused still, and 1 message waits."
    await house.run(seconds=5)
    assert house.titles() == ["Test message"]


async def test_a_wrong_secret_is_told_from_a_wrong_clock(desk):
    await desk.house.robot(secret=SECRET)
    right = desk.house.clock
    wrong = HandClock(right.now() + timedelta(hours=2, minutes=5))

    assert await desk.why(clock=wrong) == (
        "Lark did not take the signature, because the clock of this machine is 2 h 5 "
        "min ahead of Lark's. Set the clock right."
    )
    slow = HandClock(right.now() - timedelta(hours=3))
    assert "3 h behind Lark's" in await desk.why(clock=slow)

    desk.house.robots["bell"].secret = "another"
    assert await desk.why() == (
        "Lark did not take the signature: the secret is not the robot's. Copy it "
        "again from the group's bot settings. An admin gives it with /robot set bell "
        "secret in a direct chat; others add the robot anew there and bind it here."
    )
    askew = HandClock(right.now() + timedelta(seconds=90))
    assert (await desk.why(clock=askew)).endswith(
        "By the way, the clock of this machine is 2 min ahead of Lark's."
    )


async def test_a_keyword_that_is_missing_or_another_one(desk):
    await desk.house.robot()
    desk.house.robots["bell"].keywords = ("zebra",)

    assert await desk.why() == (
        "The robot takes only messages with its keyword. Tell me which it is: /robot "
        "set bell keyword=…"
    )
    await desk.house.know("bell", keyword="horse")
    assert (await desk.why()).startswith("The robot's keyword in Lark is not “horse”.")
    await desk.house.know("bell", keyword="zebra")
    assert (await desk.test()).title == "Robot bell works"


@pytest.mark.parametrize(
    ("code", "begins"),
    [
        (19001, "There is no such robot in Lark any more"),
        (19022, "The robot takes messages from listed addresses alone"),
        (11232, "Lark limits how often the robot may post"),
        (9499, "Lark could not read the message. Please tell an admin: code 9499"),
        (99991403, "Lark did not take it: the tenant's monthly calls are used up"),
        (4711, "Lark did not take it: Lark refused (code 4711)"),
    ],
)
async def test_what_lark_refuses_is_said_in_words(desk, code, begins):
    await desk.house.robot()
    theirs = desk.house.robots["bell"]
    if code == 19001:
        theirs.gone = True
    elif code == 19022:
        theirs.ips = ("10.0.0.1",)
    else:
        desk.house.fail(Wrong.CODE, theirs.token, code=code)

    assert (await desk.why()).startswith(begins)


async def test_too_many_at_once_are_told_as_too_many(desk):
    await desk.house.robot()
    for _ in range(5):
        assert (await desk.test()).title == "Robot bell works"

    assert (await desk.why()).startswith("Lark limits how often the robot may post")


async def test_a_failure_is_remembered_for_the_list(desk):
    await desk.house.robot()
    desk.house.robots["bell"].gone = True
    await desk.why()

    async with desk.house.db.reading() as tx:
        row = await tx.one("robot_named", name="bell")
    assert row["failed_at"] is not None
    assert (row["worked_at"], await _lanes(desk.house)) == (None, [])


async def _lanes(house: House) -> list[str]:
    return list(await house.parked())


# What keeps us from any answer


async def nothing(request: web.Request) -> web.Response:
    """Answer nothing at all."""
    return web.Response()


@asynccontextmanager
async def served(
    answer: Any, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Serve *answer* to whatever is posted, in the place of Lark."""
    app = web.Application()
    app.router.add_post("/{rest:.*}", answer)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server(ssl=tls)
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.port}"
    finally:
        await server.close()


async def test_a_host_that_is_not_there(desk):
    await desk.house.robot()
    async with served(nothing) as url:
        await desk.house.know("bell", webhook=f"{url}{HOOK}abcdefgh")

    assert (await desk.why()).startswith("The host of the webhook did not let me")


class NoNames(AbstractResolver):
    """A name server that knows nobody."""

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> Any:
        raise OSError(None, f"no such name: {host}")

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_name_that_leads_nowhere(desk):
    await desk.house.robot()
    await desk.house.know("bell", webhook=f"https://open.larksuite.com{HOOK}abcdefgh")
    connector = aiohttp.TCPConnector(resolver=NoNames())

    async with aiohttp.ClientSession(connector=connector) as session:
        assert (await desk.why(session=session)).startswith(
            "The host of the webhook was not found."
        )


async def test_a_certificate_that_nobody_trusts(desk, tmp_path):
    await desk.house.robot()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(_certificate(tmp_path))

    async with served(nothing, tls=tls) as url:
        await desk.house.know("bell", webhook=f"{url}{HOOK}abcdefgh")

        assert (await desk.why()).startswith(
            "The connection to the host of the webhook is not trusted"
        )


async def test_a_host_that_says_nothing(desk):
    await desk.house.robot()
    ended = asyncio.Event()

    async def silent(request: web.Request) -> web.Response:
        await ended.wait()
        return web.Response()

    async with served(silent) as url:
        await desk.house.know("bell", webhook=f"{url}{HOOK}abcdefgh")
        told = await desk.why(patience=0.2)
        ended.set()

    assert told.startswith("The host of the webhook did not answer in time.")


async def test_a_host_that_sends_us_elsewhere_is_not_followed(desk):
    await desk.house.robot()
    asked = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPTemporaryRedirect("/elsewhere")

    async with served(elsewhere) as url:
        await desk.house.know("bell", webhook=f"{url}{HOOK}abcdefgh")
        told = await desk.why()

    assert told.startswith("The host of the webhook sent me elsewhere")
    assert asked == [f"{HOOK}abcdefgh"]


async def test_an_answer_that_makes_no_sense(desk):
    await desk.house.robot()

    async def page(request: web.Request) -> web.Response:
        return web.Response(status=502, text="<html>", headers={"Date": "yesterday"})

    async with served(page) as url:
        await desk.house.know("bell", webhook=f"{url}{HOOK}abcdefgh")

        assert await desk.why() == ("Lark did not take it: Lark answered HTTP 502.")


async def test_a_robot_that_is_gone_meanwhile_is_not_tested(desk):
    await desk.house.robot()
    async with desk.house.db.reading() as tx:
        robot = await robots.named(tx, "bell")
    await desk.house.forget("bell")
    errand = RobotTest(desk.house.db, desk.house.session, clock=desk.house.clock)

    assert await errand.perform({"robot": robot.id}) == {"trouble": "gone"}


def _certificate(folder: Path) -> Path:
    """Return a file with a certificate that nobody signed but itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
