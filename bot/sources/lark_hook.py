"""Whatever can post to a Lark custom bot can post to us: text, post, cards.

Nothing in these bodies identifies a message, so nothing is taken for a duplicate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from bot.bodies import a_text, maybe_list, maybe_object, maybe_text, parse_object
from bot.errors import BadBody
from bot.sources import markdown
from bot.sources.adapter import Handed
from bot.sources.lark_cards import Flat, flatten
from bot.sources.limits import TITLE, Scissors, web_link
from store.values import Incoming


def read(body: bytes, *, content_type: str = "") -> Handed:
    """Return the one message in *body*.

    Raises ``NotJson`` for what Lark answers with 9499, and any other ``BadBody``, in
    Lark's own words, for what it answers with 19002. Too long text is cut.
    """
    said = parse_object(body)
    match said.get("msg_type"):
        case "text":
            text = a_text(_content(said, "content"), "text")
            return _handed(Flat(lines=[markdown.without_mentions(text)]))
        case "post":
            return _handed(_post(_content(said, "content")))
        case "interactive":
            return _handed(flatten(_content(said, "card")))
        case "image":
            a_text(_content(said, "content"), "image_key")
            return _handed(Flat("An image, which only Lark can show"))
        case "share_chat":
            a_text(_content(said, "content"), "share_chat_id")
            return _handed(Flat("A group was shared"))
        case _:
            raise BadBody("params error, msg_type need")


def _content(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the object under *key*; as a text, the way apps send it, it will do."""
    content = said.get(key)
    if isinstance(content, str):
        try:
            content = orjson.loads(content)
        except orjson.JSONDecodeError:
            content = None
    if not isinstance(content, dict):
        raise BadBody(f"params error, {key} need")
    return content


def _handed(flat: Flat) -> Handed:
    scissors = Scissors()
    title, body = flat.title.strip(), flat.body.strip()
    if not title:
        first, _, rest = body.partition("\n")
        title = first.strip()
        # A first line that is too long for a title is kept whole in the body.
        body = body if len(title) > TITLE else rest.strip()
    if not title:
        raise BadBody("params error, there is no text in it")
    links = list(dict.fromkeys(flat.links))
    named = [(label or "link", url) for label, url in links[1:]]
    fields = [("tags", ", ".join(flat.tags)), *named]
    return Handed(
        (
            Incoming(
                title=_title(title, scissors, whole=bool(flat.title.strip())),
                body=scissors.body(body),
                fields=scissors.fields(fields),
                link=links[0][1] if links else None,
                cut=scissors.cut,
            ),
        )
    )


def _title(title: str, scissors: Scissors, *, whole: bool) -> str:
    # What is whole in the body was not cut.
    return (scissors if whole else Scissors()).title(title)


def _post(content: Mapping[str, Any]) -> Flat:
    languages = maybe_object(content, "post") or content
    posts = [languages.get(key) for key in ("en_us", "zh_cn")]
    for post in (*posts, *languages.values()):
        if isinstance(post, dict) and isinstance(post.get("content"), list):
            break
    else:
        raise BadBody("params error, content.post need")
    flat = Flat(maybe_text(post, "title") or "")
    for paragraph in maybe_list(post, "content"):
        parts = paragraph if isinstance(paragraph, list) else [paragraph]
        found = (part for part in parts if isinstance(part, dict))
        flat.lines.append("".join(_parts(found, flat)).strip())
    return flat


def _parts(parts: Iterator[dict[str, Any]], flat: Flat) -> Iterator[str]:
    for part in parts:
        text = maybe_text(part, "text") or ""
        match part.get("tag"):
            case "a":
                url = web_link(part.get("href"))
                if url:
                    flat.links.append((text.strip(), url))
                yield markdown.link(text, url or "")
            case "at":
                name = maybe_text(part, "user_name")
                if name and part.get("user_id") not in ("all", "@_all"):
                    yield f"@{name.removeprefix('@')}"
            case "md":
                yield markdown.flat(text)
            case _:
                yield markdown.without_mentions(text)
