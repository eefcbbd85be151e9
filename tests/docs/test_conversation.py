"""The conversation on the README's first screen is what Larkbell really says.

It is played by the handlers, the worker and the sandbox, on a hand clock, and compared
letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from bot.intake import Intake
from bot.routing import Routing
from bot.routing import Settings as Routes
from bot.sources.mapping import Fallbacks
from bot.telling import Telling
from bot.voice import Voice
from handlers.errors import UserError
from handlers.rules.types import Types
from store.database import Database
from store.values import Channel, Incoming, Kind
from tests.bot.house import House, opened
from tests.conftest import HandClock
from tests.docs.pages import README
from tests.handlers.talk import Talk

WIDTH, COLUMN = 88, 10
SCRIPTS = Fallbacks(name="scripts", kind="native")


class Play:
    """A group at night: what is typed, what is posted, and the text of it all."""

    def __init__(self, house: House, wei: Talk) -> None:
        self.house = house
        self.wei = wei
        self.lines: list[str] = []
        self._seen = 0

    async def type(self, line: str) -> None:
        """Wei types *line*, and is answered."""
        self._tell("Wei", [f"@Larkbell {line}"])
        await self._answer(line)

    async def tap(self, line: str) -> None:
        """Wei taps the button that runs *line*, which was offered just now."""
        assert self.lines[-1].strip() == f"[{line}]"
        self._tell("Wei", [f"taps [{line}]"])
        await self._answer(line)

    def narrate(self, said: str) -> None:
        """Say what happens beside."""
        self.lines += ["", f"({said})", ""]

    async def send(self, title: str, **more: Any) -> None:
        """Let a script hand over a notification; let it be routed."""
        db, clock, types = self.house.db, self.house.clock, Types()
        intake = Intake(db, clock=clock, types=types, accepted=lambda: None)
        await intake.accept(SCRIPTS, [Incoming(title=title, **more)])
        routes = Routes(
            types=types,
            telling=Telling(voice=self.house.voice),
            ways=frozenset({(Kind.CHAT, Channel.CHAT)}),
        )
        routing = Routing(db, clock=clock, settings=routes, routed=lambda: None)
        await routing.run_once()

    def posts(self) -> None:
        """Tell what came to the group since."""
        messages = self.house.ops.messages[self._seen :]
        self._seen += len(messages)
        for message in messages:
            self._tell("Larkbell", self.house.lark.text_of(message).splitlines())

    async def _answer(self, line: str) -> None:
        try:
            reply = await self.wei.say(line)
        except UserError as exc:
            said, buttons = [str(exc)], list(exc.choices)
        else:
            said = [*filter(None, [reply.title]), *reply.lines, reply.canonical]
            buttons = [each.label for each in reply.buttons]
        self._tell("Larkbell", [*said, *(f"[{label}]" for label in buttons)])

    def _tell(self, who: str, said: Iterable[str]) -> None:
        room = WIDTH - COLUMN
        folded = [piece for line in said for piece in wrap(line, room)]
        names = [who, *[""] * (len(folded) - 1)]
        self.lines += [
            f"{name:<{COLUMN}}{line}" for name, line in zip(names, folded, strict=True)
        ]


async def test_the_first_screen_shows_what_larkbell_says(
    db: Database, clock: HandClock
) -> None:
    async with opened(db, clock) as house:
        house.voice = Voice(types=Types(), zone="Asia/Shanghai")
        house.delivery = house.worker("w1")
        play = Play(house, Talk(db, clock, chat=house.ops.chat_id))

        await play.type("/sub ad finance")
        await play.tap("/sub add finance")
        await play.type("免打扰 22:00-08:00 工作日")

        play.narrate(
            "22:40. Two refunds come in and are held. What is critical passes."
        )
        clock.advance(hours=13, minutes=40)
        await play.send("Refund of 16.00 USD", type="finance.refund")
        await play.send("Refund of 128.40 USD", type="finance.refund")
        await play.send("The account is in arrears", type="finance.account-arrears")
        await house.run(minutes=1)
        play.posts()

        play.narrate("08:00. What was held comes as one card.")
        await house.run(hours=10)
        play.posts()

    assert README.blocks("text")[0].text.splitlines() == play.lines
