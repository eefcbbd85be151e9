"""What people type, and how a bot hears it."""

from __future__ import annotations

from sandbox.mentions import ALL, EVERYONE, TEXT_AT, Surroundings, numbered, rewrite
from sandbox.refusal import Json
from sandbox.state import App, Mention, Message


def as_text(line: str) -> Json:
    """Return what somebody typed as the content of a text message."""
    return {"text": line}


def as_post(lines: str) -> Json:
    """Return what somebody pasted as the content of a post, a line a paragraph.

    Clients send what has several lines, or is formatted, as a post.
    """
    return {"title": "", "content": [_parts(line) for line in lines.split("\n")]}


def heard(message: Message, around: Surroundings) -> tuple[Json, tuple[Mention, ...]]:
    """Return the content with placeholders for mentions, and what they stand for."""
    if message.msg_type == "text":
        text, mentions = rewrite(message.content["text"], around)
        return {"text": text}, mentions
    if message.msg_type == "post":
        return _heard_post(message.content, around)
    return message.content, ()


def is_for(app: App, mentions: tuple[Mention, ...], *, at_all: bool) -> bool:
    """Return whether a line with these *mentions* speaks to *app*'s bot."""
    return any(
        mention.who is app or (at_all and mention is EVERYONE) for mention in mentions
    )


def _parts(line: str) -> list[Json]:
    parts: list[Json] = []
    end = 0
    for match in TEXT_AT.finditer(line):
        if match.start() > end:
            parts.append(_words(line[end : match.start()]))
        parts.append({"tag": "at", "user_id": match[1], "user_name": match[2] or ""})
        end = match.end()
    if end < len(line) or not parts:
        parts.append(_words(line[end:]))
    return parts


def _words(text: str) -> Json:
    return {"tag": "text", "text": text, "style": []}


def _heard_post(
    content: Json, around: Surroundings
) -> tuple[Json, tuple[Mention, ...]]:
    mentions: list[Mention] = []

    def part_heard(part: Json) -> Json:
        if part["tag"] != "at":
            return part
        if part["user_id"] == ALL:
            mentions.append(EVERYONE)
            return {**part, "user_id": EVERYONE.key, "style": []}
        who = around.find(part["user_id"])
        if who is None:
            return part
        people = sum(1 for mention in mentions if mention.who is not None)
        mentions.append(numbered(who, people + 1))
        key = mentions[-1].key
        return {"tag": "at", "user_id": key, "user_name": who.name, "style": []}

    paragraphs = [
        [part_heard(part) for part in paragraph] for paragraph in content["content"]
    ]
    return {**content, "content": paragraphs}, tuple(mentions)
