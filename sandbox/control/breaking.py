"""The control door's ways to break things, and to turn the knobs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sandbox.control import finding
from sandbox.faults import Fault, Kind
from sandbox.refusal import Json

if TYPE_CHECKING:
    from sandbox.lark import Lark


async def fault(lark: Lark, body: Json) -> Json:
    """Let something go wrong on the way in."""
    lark.faults.add(Fault(**{**body, "kind": Kind(body["kind"])}))
    return {}


async def chaos(lark: Lark, body: Json) -> Json:
    """Let something go wrong on the way out."""
    _turn(lark.chaos, body)
    return {}


async def switches(lark: Lark, body: Json) -> Json:
    """Turn the knobs."""
    _turn(lark.switches, body)
    return {}


async def revoke(lark: Lark, body: Json) -> Json:
    """Make the tokens of an app worthless."""
    lark.revoke_tokens(finding.app(lark, body))
    return {}


async def deliver_due(lark: Lark, body: Json) -> Json:
    """Redeliver what is due."""
    return {"attempts": len(await lark.deliver_due())}


def _turn(knobs: Any, body: Json) -> None:
    """Set fields by their names; durations are given in seconds."""
    for name, value in body.items():
        old = getattr(knobs, name)
        setattr(knobs, name, timedelta(seconds=value) if _lasts(name, old) else value)


def _lasts(name: str, old: object) -> bool:
    return isinstance(old, timedelta) or name == "recall_window"
