"""The control door's hands: what people do, asked for by another process."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sandbox.control import finding, reading
from sandbox.refusal import Json

if TYPE_CHECKING:
    from sandbox.lark import Lark


async def say(lark: Lark, body: Json) -> Json:
    """Let somebody write, into a chat or to a bot directly."""
    user = finding.person(lark, body["user"])
    if "chat_id" in body:
        chat = finding.chat(lark, body)
    else:
        chat = await lark.direct_chat(user, finding.app(lark, body))
    reply_to = body.get("reply_to")
    message = await lark.say(
        chat,
        user,
        body["text"],
        mention_bot=bool(body.get("mention_bot")),
        bot=finding.app(lark, body) if "app_id" in body else None,
        post=bool(body.get("post")),
        reply_to=lark.tenant.messages[reply_to] if reply_to else None,
    )
    return reading.told(lark, message)


async def tap(lark: Lark, body: Json) -> Json:
    """Let somebody tap, choose, or send a form."""
    user = finding.person(lark, body["user"])
    tapped = await lark.tap(
        finding.message(lark, body),
        user,
        body["button"],
        form=body.get("form"),
        option=body.get("option"),
        beside=body.get("beside"),
        timezone=body.get("timezone"),
    )
    return {**asdict(tapped), "words": tapped.words_in(user.locale)}


async def enter(lark: Lark, body: Json) -> Json:
    """Let somebody open the direct chat with a bot."""
    user = finding.person(lark, body["user"])
    chat = await lark.enter(user, finding.app(lark, body))
    return {"chat_id": chat.chat_id}


async def menu(lark: Lark, body: Json) -> Json:
    """Let somebody choose from a bot's menu."""
    user = finding.person(lark, body["user"])
    await lark.choose_from_menu(user, finding.app(lark, body), body["event_key"])
    return {}


async def bots(lark: Lark, body: Json) -> Json:
    """Let somebody add a bot to a chat, or remove it."""
    chat, app = finding.chat(lark, body), finding.app(lark, body)
    change = lark.add_bot if body["added"] else lark.remove_bot
    await change(chat, app, finding.person(lark, body["user"]))
    return {}


async def people(lark: Lark, body: Json) -> Json:
    """Put somebody into a chat, or take them out."""
    chat, user = finding.chat(lark, body), finding.person(lark, body["user"])
    if body["added"] and user not in chat:
        chat.members.append(user)
    elif not body["added"]:
        chat.members.remove(user)
    return {}


async def owner(lark: Lark, body: Json) -> Json:
    """Let somebody give a chat away."""
    by = finding.person(lark, body["user"])
    await lark.hand_over(finding.chat(lark, body), finding.person(lark, body["to"]), by)
    return {}


async def disband(lark: Lark, body: Json) -> Json:
    """Let somebody disband a chat."""
    chat, user = finding.chat(lark, body), finding.person(lark, body["user"])
    await lark.disband(chat, user, keep_history=bool(body.get("keep_history")))
    return {}


async def recall(lark: Lark, body: Json) -> Json:
    """Take a message back."""
    lark.recall(finding.message(lark, body))
    return {}


async def read_urgents(lark: Lark, body: Json) -> Json:
    """Let somebody look at what is urgent."""
    lark.read_urgents(finding.person(lark, body["user"]))
    return {}
