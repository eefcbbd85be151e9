"""What a message may contain, by its type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import cards
from sandbox.mentions import EVERYONE, Surroundings, numbered, rewrite
from sandbox.refusal import Json, Refusal, bad_field, bad_parameter
from sandbox.state import Mention

KB = 1024
#: The whole body of the request is measured, in bytes.
MOST_TEXT = 150 * KB
MOST_RICH = 30 * KB

#: What a paragraph of a post may consist of. ``md`` fills a paragraph by itself.
POST_TAGS = frozenset(
    {"text", "a", "at", "img", "media", "emotion", "hr", "code_block", "md"}
)
#: Types whose content is one key to something that exists elsewhere.
KEYED = {
    "file": "file_key",
    "audio": "file_key",
    "media": "file_key",
    "sticker": "file_key",
    "share_chat": "chat_id",
    "share_user": "user_id",
}


@dataclass(frozen=True, slots=True)
class Content:
    """A content that Lark takes, and whom it notifies."""

    value: Json
    mentions: tuple[Mention, ...] = ()
    card: cards.Card | None = None


def check_size(msg_type: str, size: int) -> None:
    """Raise 230025 for a request body that is too long for its type."""
    if size > (MOST_RICH if msg_type in ("post", "interactive") else MOST_TEXT):
        raise Refusal(230025)


def parse(msg_type: str, content: object, around: Surroundings) -> Content:
    """Return the *content* of a send, reply or update; raise as Lark does."""
    if not isinstance(content, str):
        raise bad_field("content", type(content).__name__, "content must be a string")
    try:
        value = json.loads(content)
    except ValueError:
        if msg_type == "interactive":
            error = cards.error.CardError(cards.error.NOT_A_CARD, "invalid json")
            raise Refusal(230099, error.message) from None
        raise bad_parameter("content is not a string in json format") from None
    if msg_type == "interactive":
        return parse_card(value, around)
    if not isinstance(value, dict):
        raise bad_parameter("content is not an object")
    if msg_type in KEYED:
        return _keyed(value, KEYED[msg_type])
    if msg_type not in PARSERS:
        raise bad_parameter("invalid msg_type")
    return PARSERS[msg_type](value, around)


def parse_card(value: object, around: Surroundings) -> Content:
    """Return a card as content; raise 230099 with the reason in its text."""
    try:
        card = cards.check(value, around)
    except cards.CardError as refused:
        raise Refusal(230099, refused.message) from None
    assert isinstance(value, dict)  # noqa: S101 - or check() would have raised
    return Content(value, card.mentions, card)


def parse_text(value: Mapping[str, Any], around: Surroundings) -> Content:
    """Return a text as content."""
    text = value.get("text")
    if not isinstance(text, str):
        raise bad_parameter("text is required in content")
    return Content(dict(value), rewrite(text, around)[1])


def parse_image(value: Mapping[str, Any], around: Surroundings) -> Content:
    """Return an image as content; the sender must have uploaded it."""
    if value.get("image_key") not in around.images:
        raise bad_parameter("invalid image_key")
    return Content(dict(value))


def parse_post(
    value: Mapping[str, Any],
    around: Surroundings,
    *,
    tags: frozenset[str] = POST_TAGS,
) -> Content:
    """Return a post as content: a title and paragraphs, by language."""
    mentions: list[Mention] = []
    for language, body in value.items():
        paragraphs = body.get("content") if isinstance(body, dict) else None
        if not isinstance(paragraphs, list):
            raise bad_parameter(f"content of {language} is invalid")
        for paragraph in paragraphs:
            if not isinstance(paragraph, list):
                raise bad_parameter("a paragraph must be a list")
            for part in paragraph:
                if not isinstance(part, dict) or part.get("tag") not in tags:
                    raise bad_parameter("invalid tag in post")
                if part["tag"] == "md" and len(paragraph) > 1:
                    raise bad_parameter("md must be the only part of its paragraph")
                mentions += _mentioned(part, around, start=len(mentions) + 1)
    if not value:
        raise bad_parameter("post is empty")
    return Content(dict(value), tuple(mentions))


def _mentioned(
    part: Mapping[str, Any], around: Surroundings, *, start: int
) -> tuple[Mention, ...]:
    if part["tag"] == "md":
        return rewrite(str(part.get("text", "")), around, start=start)[1]
    if part["tag"] != "at":
        return ()
    if part.get("user_id") == "all":
        return (EVERYONE,) if around.at_all else ()
    who = around.find(str(part.get("user_id")))
    return (numbered(who, start),) if who is not None else ()


def _keyed(value: Mapping[str, Any], name: str) -> Content:
    if not isinstance(value.get(name), str):
        raise bad_parameter(f"{name} is required in content")
    return Content(dict(value))


PARSERS: Mapping[str, Callable[[Mapping[str, Any], Surroundings], Content]] = {
    "text": parse_text,
    "image": parse_image,
    "post": parse_post,
}
