"""A robot from first to last, in a whole process: by lines, forms and taps.

Beside a Lark on loopback that judges every card. At the end nothing that was written,
logged or said has a webhook or a secret in it.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.app import running
from bot.config import loads, new_key
from bot.logs import JsonLines
from sandbox import Chat, Lark, Message, Robot, User
from tests.bot.house import HOOK

SECRET = "q5Kx7LmN0pRsTuVwXyZ12a"
WRONG = "w9Rx7LmN0pRsTuVwXyZ99z"
YAML = """
database: {url: "sqlite:DATABASE"}
lark:
  domain: LARK
  app_id: APP_ID
  app_secret: APP_SECRET
  encrypt_key: ENCRYPT_KEY
  verification_token: TOKEN
secrets: {keys: ["KEY"]}
roles: {admins: [ADMIN]}
chats: [{name: ops, id: oc_ops}]
sources: [{name: scripts, kind: native, token: sek-scripts-token}]
limits: {hosts: [127.0.0.1]}
"""


@dataclass
class Scene:
    """Both sides, running."""

    lark: Lark
    url: str
    bell: str
    session: aiohttp.ClientSession
    folder: Path
    wei: User
    ops: Chat
    alone: Chat
    theirs: Robot

    @property
    def webhook(self) -> str:
        return self.url + HOOK + self.theirs.token

    async def types(self, line: str, *, chat: Chat | None = None) -> Message:
        """Let Wei write *line* to us, in private unless told; return the answer."""
        chat = chat or self.alone
        group = chat is self.ops
        said = await self.lark.say(chat, self.wei, line, mention_bot=group)
        return await self.first(lambda each: each.parent is said)

    async def taps(self, message: Message, label: str, **form: Any) -> Message:
        """Let Wei tap; return the answer, which is a message of its own."""
        filled = {"form": form} if form else {}
        await self.lark.tap(message, self.wei, label, **filled)
        return await self.first(lambda each: each.parent is message)

    async def after(self, message: Message) -> Message:
        """Return what is said once more in answer to what *message* answers."""
        asked = message.parent
        return await self.first(
            lambda each: each.parent is asked and each is not message
        )

    async def posted(self, title: str) -> Message:
        """Return what the robot posted with *title*."""
        return await self.first(
            lambda each: each.sender is self.theirs and title in self.text(each)
        )

    async def first(self, fits: Callable[[Message], bool]) -> Message:
        found: list[Message] = []

        def there() -> bool:
            everywhere = (*self.ops.messages, *self.alone.messages)
            found[:] = [each for each in everywhere if fits(each)]
            return bool(found)

        await self.lark.until(there)
        return found[0]

    def text(self, message: Message) -> str:
        return self.lark.text_of(message)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    lark = Lark()
    app = lark.create_app("Bell", encrypt_key="an-encrypt-key")
    wei, ada = lark.create_user("Wei"), lark.create_user("Ada")
    ops = lark.create_chat("ops", [wei, ada, app], chat_id="oc_ops")
    theirs = lark.create_robot(ops, "hook", secret=SECRET)
    async with AsyncExitStack() as opened:
        url = await opened.enter_async_context(lark.serve())
        session = await opened.enter_async_context(aiohttp.ClientSession())
        said = {
            "DATABASE": str(tmp_path / "larkbell.db"),
            "LARK": url,
            "APP_ID": app.app_id,
            "APP_SECRET": app.secret,
            "ENCRYPT_KEY": app.encrypt_key or "",
            "TOKEN": app.verification_token,
            "KEY": new_key(),
            "ADMIN": app.open_id_of(ada),
        }
        yaml = YAML
        for name, value in said.items():
            yaml = yaml.replace(name, value)
        config = loads(yaml, {}, path=tmp_path / "config.yaml").config
        process = running(config)
        bell = await anext(process)
        opened.push_async_callback(_ended, process)
        server = TestServer(bell.web(), host="127.0.0.1")
        await server.start_server()
        opened.push_async_callback(server.close)
        await lark.set_event_url(app, str(server.make_url("/lark/events")))
        alone = await lark.direct_chat(wei, app)
        yield Scene(
            lark=lark,
            url=url,
            bell=str(server.make_url("")).rstrip("/"),
            session=session,
            folder=tmp_path,
            wei=wei,
            ops=ops,
            alone=alone,
            theirs=theirs,
        )


async def _ended(process: Any) -> None:
    async for _bell in process:
        pass


async def test_a_robot_from_its_form_to_its_removal(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    # In a group nothing of it is taken.
    line = f"/robot add ops-hook {scene.webhook} secret {SECRET}"
    refused = scene.text(await scene.types(line, chat=scene.ops))
    assert "please delete that message, and make a new webhook in Lark." in refused

    # By a form, with a secret that is wrong, which a test explains.
    form = await scene.types("/robot add ops-hook")
    kept = await scene.taps(
        form,
        "Add robot",
        webhook=scene.webhook,
        security="Signature",
        secret=WRONG,
        notify="No",
    )
    assert "It waits for its group until" in scene.text(kept)
    posting = await scene.taps(kept, "Test")
    explained = scene.text(await scene.after(posting))
    assert "the secret is not the robot's" in explained

    # Once more by a line, which is to be deleted; then it is bound, and works.
    typed = await scene.types(line)
    assert "Please delete your message now" in scene.text(typed)
    bound = await scene.types("/robot bind ops-hook", chat=scene.ops)
    assert "ops-hook: bound to this group." in scene.text(bound)
    posting = await scene.taps(bound, "Test")
    assert "Robot ops-hook works" in scene.text(await scene.after(posting))
    await scene.posted("Larkbell can post in this group.")

    # It gets what rules send to it, but for its words.
    await scene.types("/robot set ops-hook deny=drill per_hour=5", chat=scene.ops)
    await scene.types("/sub add product.alarm to robot:ops-hook", chat=scene.ops)
    await _notify(scene, "Fire drill")
    await _notify(scene, "Disk full")
    await scene.posted("Disk full")

    # It is paused by a tap, in place, and removed after a yes.
    listed = await scene.types("/robot", chat=scene.ops)
    assert "1 of 5 an hour used" in scene.text(listed)
    await scene.lark.tap(listed, scene.wei, "Pause")
    await scene.lark.until(lambda: "paused by you" in scene.text(listed))
    await scene.lark.tap(listed, scene.wei, "Remove")
    await scene.lark.until(lambda: "Please confirm" in scene.text(listed))
    await scene.lark.tap(listed, scene.wei, "Confirm")
    await scene.lark.until(
        lambda: "No robot posts in this group." in scene.text(listed)
    )
    undone = await scene.types("/undo", chat=scene.ops)
    assert "Taken back: /robot remove ops-hook" in scene.text(undone)
    assert "ops-hook: paused by you" in scene.text(
        await scene.types("/robot", chat=scene.ops)
    )
    assert not any("Fire drill" in scene.text(each) for each in scene.ops.messages)

    _check_nothing_secret(scene, caplog)


async def _notify(scene: Scene, title: str) -> None:
    body = {"title": title, "type": "product.alarm", "severity": "warning"}
    headers = {"Authorization": "Bearer sek-scripts-token"}
    url = f"{scene.bell}/v1/notifications"
    async with scene.session.post(url, json=body, headers=headers) as response:
        assert response.status == 202


def _check_nothing_secret(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    ours = [
        f"{each.content} {scene.text(each)}"
        for chat in (scene.ops, scene.alone)
        for each in chat.messages
        if each.sender is not scene.wei
    ]
    files = b"".join(
        path.read_bytes() for path in scene.folder.iterdir() if path.suffix != ".yaml"
    )
    logged = "\n".join(
        map(JsonLines().format, (each for each in caplog.records if _is_ours(each)))
    )
    assert (len(ours) > 10, b"ops-hook" in files) == (True, True)
    for secret in (SECRET, WRONG, scene.theirs.token):
        assert secret not in "\n".join(ours)
        assert secret not in logged
        assert secret.encode() not in files


def _is_ours(record: logging.LogRecord) -> bool:
    # The test's own Lark and its server log what they are asked.
    return not record.name.startswith(("aiohttp.access", "sandbox", "asyncio"))
