"""What a line that begins with /why asks."""

from __future__ import annotations

from handlers.context import Context
from handlers.errors import Forbidden, Misunderstood
from handlers.language.channels import read_channels
from handlers.language.cursor import Cursor
from handlers.language.destinations import destination_words, read_destination
from handlers.language.lexicon import OPTIONS, SEVERITIES
from handlers.language.patterns import type_words
from handlers.language.slots import Many, One, fill
from handlers.router import Command
from handlers.why.moments import read_at
from handlers.why.parts import Parts, read_type
from handlers.why.requests import Asked, Request, Suppose
from store.values import Channel, Destination, Kind, Status
from store.wording import _

USAGE = 'M123 | if type=product.alarm severity=critical at "sat 03:00"'

_PREFIXES = ("m", "n_", "#m", "#")
_STATUSES = {
    **{str(status): status for status in Status},
    **dict.fromkeys(("告警中", "触发"), Status.FIRING),
    **dict.fromkeys(("恢复", "已恢复"), Status.RESOLVED),
}


def read(command: Command, context: Context) -> Request:
    """Return what is asked. Raises ``Misunderstood``, or ``Forbidden``."""
    cursor = command.rest
    if _supposes(cursor):
        return _read_suppose(cursor, context)
    number: One[int] = One(
        _("the message"), _number, words=dict.fromkeys(OPTIONS["if"], "if")
    )
    fill(cursor, number)
    if number.value is None and context.about is not None:
        return Asked(context.about)
    if number.value is None:
        raise Misunderstood(
            _(
                "Which message? Reply to its card, or write /why M123. "
                "The number is at the foot of each post."
            )
        )
    return Asked(number.value)


def _supposes(cursor: Cursor) -> bool:
    """Take the word for *if*, which Chinese writes without a blank behind it."""
    if cursor.done:
        return False
    if cursor.option("if"):
        return True
    word = cursor.here.word
    for said in sorted(OPTIONS["if"], key=len, reverse=True):
        if not said.isascii() and word.startswith(said):
            cursor.split(len(said))
            cursor.take()
            return True
    return False


def _read_suppose(cursor: Cursor, context: Context) -> Suppose:
    parts = Parts(context.types)
    bare: One[str] = One(
        _("the type"),
        lambda at: read_type(at, context.types),
        words=type_words(context.types),
    )
    at = One(
        _("the time"), lambda at: read_at(at, context), words={"at": "at", "在": "at"}
    )
    to: One[Destination] = One(
        _("whom it is for"),
        lambda at: _read_to(at, context),
        words={"to": "to", **destination_words(context)},
    )
    via: Many[Channel] = Many(_read_via, words={"via": "via"})
    severity = One(_("the severity"), lambda at: at.phrase(SEVERITIES))
    status = One(_("the status"), lambda at: at.phrase(_STATUSES))
    fill(cursor, at, to, via, parts, severity, status, bare, quote=True)
    type_id = parts.type or bare.value
    if not type_id:
        raise Misunderstood(
            _("Which message type? Add it: {such}.", such="type=product.alarm"),
            choices=(cursor.line_with("type=product.alarm", 0),),
        )
    usual = context.types.default_severity(type_id)
    given = [each for each in (parts.severity, severity.value) if each is not None]
    return Suppose(
        type=type_id,
        severity=given[0] if given else usual,
        title=parts.title,
        body=parts.body,
        source=parts.source,
        status=parts.status or status.value,
        fingerprint=parts.fingerprint or None,
        labels=tuple(parts.labels.items()),
        at=at.value,
        to=to.value,
        via=frozenset(via.value),
    )


def _read_to(cursor: Cursor, context: Context) -> Destination | None:
    mark = cursor.mark()
    if not cursor.option("to"):
        cursor.back(mark)
        return None
    found = cursor.value(
        "to", lambda at: read_destination(at, context), "to me, to robot:NAME"
    )
    if found.kind is Kind.GROUP:
        raise Misunderstood(
            _("The people of a group are reached one by one. Name one of them.")
        )
    loose = found.kind is Kind.ROBOT and context.is_admin
    if not (context.reaches(found) or found == context.me or loose):
        raise Forbidden(_("What somebody else gets is theirs to see, and the admins’."))
    return found


def _read_via(cursor: Cursor) -> tuple[Channel, ...] | None:
    if not cursor.option("via"):
        return None
    found = cursor.value("via", read_channels, "via chat, via sms")
    return tuple(channel for channel in Channel if channel in found)


def _number(cursor: Cursor) -> int | None:
    number = cursor.number()
    if number is not None or cursor.done:
        return number
    word = cursor.here.word
    for prefix in _PREFIXES:
        digits = word.removeprefix(prefix)
        if digits != word and digits.isascii() and digits.isdecimal():
            cursor.take()
            return int(digits[:18])
    return None
