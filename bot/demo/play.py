"""The hands of the demo: people type and tap, senders post, and every step is checked.

What counts is what the sandbox received, or what a door answered; nothing is taken from
the bot's insides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.demo.screen import Screen
from bot.demo.stage import Stage, token
from sandbox import Chat, Message, User
from sandbox.state import Sender

T = TypeVar("T")

#: How many seconds a step may take.
PATIENCE = 10.0
#: How many seconds to leave between two questions at a door.
PAUSE = 0.02

_UNDER_WAY = {"waiting", "queued", "sending"}


class Broken(Exception):
    """A step of the play did not hold."""

    def __init__(self, step: str, seen: str) -> None:
        super().__init__(f"{step}: {seen}")
        self.step = step
        self.seen = seen


class Chats:
    """What appears in the chats, each message shown once."""

    def __init__(self, stage: Stage, screen: Screen) -> None:
        self._messages = stage.lark.tenant.messages
        self._screen = screen
        self._shown = 0

    def show(self) -> None:
        """Show what is new."""
        new = list(self._messages.values())[self._shown :]
        for message in new:
            self._screen.message(message)
        self._shown += len(new)


@dataclass(slots=True)
class Play:
    """One performance. *patience* is how many seconds a step may take."""

    stage: Stage
    screen: Screen
    chats: Chats
    patience: float = PATIENCE
    _expected: set[str] = field(default_factory=set)

    # What people and senders do

    async def types(self, user: User, chat: Chat, line: str) -> Message:
        """Let *user* write *line* to the bot; return the bot's answer."""
        said = await self.stage.lark.say(chat, user, line, mention_bot=True)
        step = f"Larkbell answers {user.name}’s {line}"
        return await self._first(step, lambda message: message.parent is said)

    async def taps(self, user: User, message: Message, label: str) -> Message:
        """Let *user* tap a button of *message*; return the bot's answer."""
        self.screen.tap(message.chat, user, label)
        step = f"Larkbell answers {user.name}’s tap on [{label}]"
        try:
            await self.stage.lark.tap(message, user, label)
        except LookupError as exc:
            raise Broken(step, str(exc)) from None
        return await self._first(step, lambda later: later.parent is message)

    async def switches(self, user: User, card: Message, label: str, shows: str) -> None:
        """Let *user* tap *label* on *card*, which then shows *shows* in its place."""
        self.screen.tap(card.chat, user, label)
        step = f"the card now shows {shows}"
        try:
            tapped = await self.stage.lark.tap(card, user, label)
        except LookupError as exc:
            raise Broken(step, str(exc)) from None
        if said := tapped.words:
            self.screen.toast(said)
        self.holds(step, shows in self.text(card), seen=self.text(card))

    async def posts(
        self, sender: str, path: str, body: Any, *, source: str
    ) -> list[str]:
        """Let *sender* post *body*; return the ids that it was answered: ``n_1``."""
        headers = {"Authorization": f"Bearer {token(source)}"}
        url = self.stage.bell + path
        async with self.stage.session.post(url, json=body, headers=headers) as response:
            status, answer = response.status, await response.text()
            if status != 202:
                raise Broken(f"{sender} posts to {path}", f"HTTP {status} {answer}")
            told = await response.json()
        ids = [each["id"] for each in told["accepted"]]
        self.screen.request(sender, path, status, [_short(each) for each in ids])
        return ids

    # What must come of it

    async def comes(
        self, step: str, *, chat: Chat, sender: Sender, title: str
    ) -> Message:
        """Return the message from *sender* that now comes to *chat* with *title*."""
        found = await self._first(
            step,
            lambda message: (
                message.chat is chat
                and message.sender is sender
                and message.parent is None
                and title in self.text(message)
            ),
        )
        self.screen.well(step)
        return found

    async def is_held(self, ids: Sequence[str], *, source: str) -> None:
        """Return once what the chat would have got of all of *ids* is held."""
        names = ", ".join(map(_short, ids))

        async def states() -> list[str]:
            return [await self._state(each, source) for each in ids]

        await self._until(
            f"{names} are held", states, lambda seen: set(seen) == {"held"}
        )
        self.screen.remark(f"{names} are held: shown to nobody yet, and not lost.")

    async def settles(self) -> Any:
        """Return the ledger once nothing is under way any more."""
        return await self._until(
            "everything is delivered",
            lambda: self.asks("/v1/ledger", bearer="admin"),
            lambda seen: not _UNDER_WAY & seen["deliveries"].keys(),
        )

    async def asks(self, path: str, *, bearer: str) -> Any:
        """Return what the door at *path* tells who asks with *bearer*."""
        headers = {"Authorization": f"Bearer {token(bearer)}"}
        url = self.stage.bell + path
        async with self.stage.session.get(url, headers=headers) as response:
            if response.status != 200:
                raise Broken(f"GET {path}", f"HTTP {response.status}")
            return await response.json()

    def holds(self, step: str, condition: bool, *, seen: object) -> None:
        """Say that a step held, or raise :class:`Broken`."""
        if not condition:
            raise Broken(step, f"there is {_on_one_line(str(seen))}")
        self.screen.well(step)

    def nothing_else(self, step: str) -> None:
        """Raise :class:`Broken` if a bot said something that nobody waited for."""
        stray = [
            self.text(message)
            for message in self.stage.lark.tenant.messages.values()
            if not isinstance(message.sender, User)
            and message.message_id not in self._expected
        ]
        self.holds(step, not stray, seen="; ".join(stray))

    def text(self, message: Message) -> str:
        """Return *message* as people read it."""
        return self.stage.lark.text_of(message)

    async def _until(
        self,
        step: str,
        ask: Callable[[], Awaitable[T]],
        enough: Callable[[T], bool],
    ) -> T:
        """Ask until the answer is enough. No chat tells what does not come to it."""
        seen = await ask()
        try:
            async with asyncio.timeout(self.patience):
                while not enough(seen):
                    await asyncio.sleep(PAUSE)
                    seen = await ask()
        except TimeoutError:
            raise Broken(step, f"after {self.patience:g} s it is {seen}") from None
        return seen

    async def _state(self, notification: str, source: str) -> str:
        told = await self.asks(f"/v1/notifications/{notification}", bearer=source)
        states = [
            each["state"] for each in told["deliveries"] if each["channel"] == "chat"
        ]
        return str(states[0] if states else told["state"])

    async def _first(self, step: str, fits: Callable[[Message], bool]) -> Message:
        """Return the first message that fits and was not waited for before."""
        messages = self.stage.lark.tenant.messages
        found: list[Message] = []

        def there() -> bool:
            found[:] = (
                message
                for message in messages.values()
                if message.message_id not in self._expected and fits(message)
            )
            return bool(found)

        try:
            await self.stage.lark.until(there, seconds=self.patience)
        except TimeoutError:
            seen = f"no such message within {self.patience:g} s"
            raise Broken(step, seen) from None
        finally:
            self.chats.show()
        self._expected.add(found[0].message_id)
        return found[0]


def _on_one_line(text: str) -> str:
    return " / ".join(text.splitlines())


def _short(notification: str) -> str:
    """``n_12`` is M12 to people."""
    return "M" + notification.removeprefix("n_")
