"""What somebody typed, out of a Lark message: flat text and who is mentioned in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.bodies import maybe_list, maybe_object, maybe_text, parse_object
from bot.errors import BadBody

#: What Lark puts around a mention, besides new lines.
_BLANKS = " \t\u00a0\u3000\u200b"
_NOT_IN_KEY = r"(?![A-Za-z0-9_])"
_EVERYBODY = ("@_all", "all")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody mentioned in a line. ``key`` stands for them in its text."""

    key: str
    open_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of one message. ``text`` is ``None`` when it holds none to read.

    ``text`` keeps the key of each of ``mentions``; ours and ``@_all`` are taken out.
    """

    text: str | None
    mentions: Mapping[str, Mention]
    names_us: bool
    names_all: bool


def spoken(
    message: Mapping[str, Any], *, bot_open_id: str | None, direct: bool
) -> Spoken:
    """Return what *message*, as an event carries it, says and whom it names.

    Raises ``BadBody`` when its content is not what its type promises.
    """
    mentions, kinds = _mentions(maybe_list(message, "mentions"))
    text = _raw_text(message, mentions)
    ours = _our_keys(mentions, kinds, bot_open_id=bot_open_id, direct=direct)
    names_all = False
    if text is not None:
        text, names_all = _without(text, [_EVERYBODY[0]])
        text, _ = _without(text, ours)
        text = text.strip(_BLANKS + "\r\n")
    others = {
        key: each
        for key, each in mentions.items()
        if key not in ours and key not in _EVERYBODY
    }
    return Spoken(text, others, bool(ours), names_all)


def _mentions(listed: Iterable[Any]) -> tuple[dict[str, Mention], dict[str, str]]:
    """Return the mentions by key, and what kind of being Lark says each is."""
    found: dict[str, Mention] = {}
    kinds: dict[str, str] = {}
    for each in listed:
        if not isinstance(each, dict) or (key := maybe_text(each, "key")) is None:
            raise BadBody("mentions holds something without a key")
        # Events name people by an object of ids, REST by one id alone.
        open_id = maybe_text(maybe_object(each, "id"), "open_id")
        found[key] = Mention(
            key, open_id or maybe_text(each, "id"), maybe_text(each, "name") or ""
        )
        kinds[key] = maybe_text(each, "mentioned_type") or ""
    return found, kinds


def _our_keys(
    mentions: Mapping[str, Mention],
    kinds: Mapping[str, str],
    *,
    bot_open_id: str | None,
    direct: bool,
) -> list[str]:
    """Return the keys that mean us.

    Until our own open_id is known, a bot is us; and where Lark does not say who is a
    bot, the first in a group is, for only lines that mention us are delivered there.
    """
    if bot_open_id:
        return [key for key, each in mentions.items() if each.open_id == bot_open_id]
    bots = [key for key in mentions if kinds.get(key) == "bot"]
    if bots or direct:
        return bots
    unsaid = (key for key in mentions if not kinds.get(key))
    return [key for key in unsaid if key not in _EVERYBODY][:1]


def _without(text: str, keys: Iterable[str]) -> tuple[str, bool]:
    """Return *text* with *keys* and the blanks around them taken out, and if any was.

    Splitting is linear; a pattern that takes in the blanks would not be.
    """
    either = "|".join(re.escape(key) for key in keys)
    if not either:
        return text, False
    pieces = re.split(f"(?:{either}){_NOT_IN_KEY}", text)
    stripped = (piece.strip(_BLANKS) for piece in pieces)
    return " ".join(piece for piece in stripped if piece), len(pieces) > 1


def _raw_text(message: Mapping[str, Any], mentions: dict[str, Mention]) -> str | None:
    kind, content = message.get("message_type"), message.get("content")
    # A message that was recalled before it was delivered has no content left.
    if kind not in ("text", "post") or content is None or content == "":
        return None
    try:
        return _words(kind, content, mentions)
    except BadBody:
        # It is proved to be Lark's, and it will read no better when it comes again.
        return None


def _words(kind: str, content: Any, mentions: dict[str, Mention]) -> str:
    if not isinstance(content, str):
        raise BadBody("content is not a text")
    said = parse_object(content.encode("utf-8", "surrogatepass"))
    if kind == "post":
        return "\n".join(_post_lines(said, mentions))
    text = said.get("text")
    if not isinstance(text, str):
        raise BadBody("content.text is missing or not a text")
    return _LINK.sub(lambda link: _link(link[1], link[2]), text)


def _post_lines(post: Mapping[str, Any], mentions: dict[str, Mention]) -> Iterator[str]:
    if "content" not in post:
        # What we receive has no language around it; what others store may have.
        post = next((each for each in post.values() if isinstance(each, dict)), post)
    if title := maybe_text(post, "title"):
        yield title
    for paragraph in maybe_list(post, "content"):
        if isinstance(paragraph, list):
            yield "".join(
                _post_part(part, mentions)
                for part in paragraph
                if isinstance(part, dict)
            )


def _post_part(part: Mapping[str, Any], mentions: dict[str, Mention]) -> str:
    text = maybe_text(part, "text") or ""
    match part.get("tag"):
        case "a":
            return _link(text, maybe_text(part, "href") or "")
        case "at":
            return _post_mention(part, mentions)
        case "text" | "md":
            return _LINK.sub(lambda link: _link(link[1], link[2]), text)
        case _:
            return text


def _post_mention(part: Mapping[str, Any], mentions: dict[str, Mention]) -> str:
    key = maybe_text(part, "user_id") or ""
    if key in _EVERYBODY:
        return _EVERYBODY[0]
    if not key.startswith("@"):
        known = [each.key for each in mentions.values() if key and each.open_id == key]
        if known:
            return known[0]
        open_id, key = key or None, f"@{key}"
        name = maybe_text(part, "user_name") or ""
        mentions[key] = Mention(key, open_id, name)
    return key


def _link(label: str, url: str) -> str:
    """Return a link as it was typed: bare, unless its label says something else."""
    bare = url.removeprefix("mailto:").rstrip("/")
    without_scheme = bare.removeprefix("https://").removeprefix("http://")
    if not label:
        return bare
    if not url or label.rstrip("/") in (bare, without_scheme):
        return label
    return f"[{label}]({url})"
