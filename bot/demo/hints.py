"""What to try next: lines to copy into another terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.demo import bodies
from bot.demo.stage import HOOK, Stage, token
from sandbox import User
from store.values import Json

#: The longest line of a body; a terminal of 80 columns then shows it whole.
WIDTH = 72


def hints(stage: Stage) -> Iterator[tuple[str, str]]:
    """Yield what each command does, and the command."""
    bell = stage.bell
    yield (
        "A notification: it comes to finance",
        _curl(
            f"{bell}/v1/notifications",
            {"title": "Refund of 7.20 USD", "type": "finance.refund"},
            bearer="scripts",
        ),
    )
    yield (
        "Alertmanager again: the alarm is over",
        _curl(f"{bell}/v1/sources/prometheus", bodies.over(), bearer="prometheus"),
    )
    yield (
        "What any tool posts to a Lark custom bot: it comes to ops",
        _curl(
            f"{bell}{HOOK}{token('console')}",
            {"msg_type": "text", "content": {"text": "Release 2.4 is out"}},
        ),
    )
    yield from _typed(stage)
    yield (
        "Break Lark: it answers two sends with 502. Then post the first again",
        _curl(
            f"{stage.hall}/sandbox/faults",
            {"kind": "bad_gateway", "target": "send", "times": 2},
        ),
    )
    yield (
        "What became of M3",
        _curl(f"{bell}/v1/notifications/n_3", bearer="scripts"),
    )
    yield "The figures for Prometheus", f"curl -s {bell}/metrics | grep ^larkbell"


def _typed(stage: Stage) -> Iterator[tuple[str, str]]:
    say, cast = f"{stage.hall}/sandbox/say", stage.cast
    yield (
        "Type a line as Wei in finance",
        _curl(say, _line("/help", chat_id=cast.finance.chat_id, user=cast.wei)),
    )
    yield (
        "Type a line as Bob in ops, in Chinese: the rules of the group",
        _curl(say, _line("／订阅　列表", chat_id=cast.ops.chat_id, user=cast.bob)),
    )
    yield (
        "Type a line as Alice, to the bot alone",
        _curl(say, _line("/whoami", app_id=cast.app.app_id, user=cast.alice)),
    )


def _line(text: str, *, user: User, **where: str) -> Json:
    mention = {"mention_bot": True} if "chat_id" in where else {}
    return {**where, "user": user.user_id, **mention, "text": text}


def _curl(url: str, body: Json | None = None, *, bearer: str = "") -> str:
    lines = [f"curl {url}"]
    if bearer:
        lines.append(f"-H 'Authorization: Bearer {token(bearer)}'")
    if body is not None:
        lines.append(f"-d '{_folded(body)}'")
    return " \\\n  ".join(lines)


def _folded(body: Json) -> str:
    """Return *body* as JSON, folded behind commas into lines that can be read."""
    # A NUL inside a string is written as an escape, so it can mark the places.
    pieces = json.dumps(body, ensure_ascii=False, separators=(",\0", ": ")).split("\0")
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 1 + len(piece) > WIDTH:
            lines.append(piece)
        else:
            lines[-1] += f" {piece}"
    return "\n      ".join(lines)
