"""What a line means, written the one best way."""

from __future__ import annotations

from typing import Any

from handlers import contact, digest, dnd, mute, recipients, sub, verify, why
from handlers.commands import router
from handlers.context import Context
from handlers.robot import requests
from tests.handlers.talk import context

_WRITERS: dict[str, Any] = {
    "sub": sub.write,
    "dnd": dnd.write,
    "digest": digest.write,
    "mute": mute.write,
    "unmute": mute.write,
    "recipients": recipients.write,
    "contact": contact.write,
    "verify": verify.write,
    "why": why.write,
    "robot": lambda request, context: requests.write(request),
}


def meaning(line: str, asked: Context | None = None) -> str:
    """The line that says the same as *line*; raises what reading it raises."""
    asked = asked or context()
    entry, request = router.read(line, asked)
    if entry.noun in _WRITERS:
        written: str = _WRITERS[entry.noun](request, asked)
        return written
    match entry.noun:
        case "help":
            rest = request.entry.noun if request.entry else ""
        case "types":
            rest = request.pattern
        case "undo":
            rest = "" if request.number is None else str(request.number)
        case _:
            rest = ""
    return f"/{entry.noun} {rest}".strip()
