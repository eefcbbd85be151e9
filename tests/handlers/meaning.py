"""What a line means, written the one best way."""

from __future__ import annotations

from typing import Any

from handlers import contact, digest, dnd, inbox, mute, recipients, sub, verify, why
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
    "inbox": inbox.write,
    "robot": lambda request, context: requests.write(request),
}


def meaning(line: str, asked: Context | None = None) -> str:
    """The line that says the same as *line*; raises what reading it raises."""
    asked = asked or context()
    entry, request = router.read(line, asked)
    if entry.noun in _WRITERS:
        written: str = _WRITERS[entry.noun](request, asked)
        return written
    rest = _rest(entry.noun, request, asked)
    return " ".join([f"/{entry.noun}", *filter(None, rest)])


def _rest(noun: str, request: Any, asked: Context) -> list[str]:
    match noun:
        case "help":
            return [request.entry.noun if request.entry else ""]
        case "types":
            return [request.pattern]
        case "undo":
            return ["" if request.number is None else str(request.number)]
        case "set":
            whom = request.target != asked.home
            value = request.value or "default"
            said = f"{request.name} {value}" if request.name else ""
            return [said, f"for {asked.write(request.target)}" if whom else ""]
        case "role":
            role = f"{request.role}s" if request.role else ""
            default = "default" if request.role else ""
            return [role, str(request.audience) if request.audience else default]
        case "audit":
            whom = asked.write(request.whom) if request.whom else ""
            return ["all" if request.everywhere else "", whom, _page(request)]
        case "export":
            return ["yaml", _page(request)]
        case "confirm":
            return [request.token]
        case _:
            return []


def _page(request: Any) -> str:
    return f"page {request.page}" if request.page > 1 else ""
