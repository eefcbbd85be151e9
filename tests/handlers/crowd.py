"""People who talk to us and are known as in the house: names come from the database."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot import asking
from bot.asking import Asked
from handlers.commands import router
from handlers.context import Context
from handlers.reply import Reply, Task
from store import directory, robots
from store.database import Tx
from store.directory import Person
from store.robots import Hook, Robot
from store.values import Channel
from tests.conftest import MONDAY
from tests.handlers.talk import OPS, Talk

CHANNELS = frozenset(Channel)
BY_CONTACT = frozenset({Channel.EMAIL, Channel.SMS, Channel.VOICE})
ALICE = Person(name="alice", open_id="ou_alice", email="alice@example.com")
BOB = Person(name="bob", email="bob@example.com", verified=("email",))


@dataclass(frozen=True)
class Crowd(Talk):
    """Talk, where who is known is what the database says."""

    async def settle(self, *people: Person, **groups: tuple[str, ...]) -> None:
        """Write the YAML's people and groups, and the group ops with its robot."""

        async def write(tx: Tx) -> None:
            await directory.apply_people(tx, people, groups)
            await directory.apply_aliases(tx, {"ops": OPS}, now=MONDAY)
            if await robots.named(tx, "ops-room"):
                return
            robot = Robot(name="ops-room", chat=OPS, created_at=MONDAY)
            await robots.add(tx, robot, Hook("https://x"), now=MONDAY)

        await self.db.write(write)

    async def perform(self, reply: Reply, **outcome: Any) -> Reply:
        """Let the only task of *reply* be performed, with what came of it."""
        (task,) = reply.tasks
        return await self.performed(task, **outcome)

    async def performed(self, task: Task, **outcome: Any) -> Reply:
        async def run(tx: Tx) -> Reply:
            context = replace(await self._known(tx), confirmed=True)
            return await router.performed(task, outcome, context)

        return await self.db.write(run)

    async def _known(self, tx: Tx) -> Context:
        made = self._context(tx)
        asked = Asked(
            once="1",
            text="",
            asker=self.asker,
            chat=self.chat,
            direct=self.direct,
            answers="",
        )
        names = await asking._names(tx, asked, self.roles, now=self.clock.now())
        return replace(made, names=names, channels=CHANNELS, by_contact=BY_CONTACT)


def code_of(task: Task) -> str:
    """Return the code that a task sends."""
    code: str = task.details["code"]
    assert re.fullmatch("[0-9]{6}", code)
    return code
