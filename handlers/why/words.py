"""What /why says: of a message, of the gates it meets, and of where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from handlers.context import Context
from handlers.language.moments import say_moment
from handlers.rules.digest import LIFETIME
from handlers.rules.foresight import Foreseen
from handlers.rules.gates import Gate
from handlers.rules.methods import SAID
from handlers.rules.policy import Decision
from handlers.rules.said import SEVERITIES, STATES, STATUSES
from handlers.why.requests import write_message
from store.values import Channel, Delivery, Destination, Kind, Notification, State
from store.wording import Text, _, _n, commas

#: What is not over.
OPEN = frozenset({State.QUEUED, State.SENDING, State.HELD})

DETAILS = _("Details")
TITLE = _("What would happen")


def headline(found: Notification, context: Context) -> Text:
    """Return what it is, and when it came."""
    return _(
        "{what}, from {source}, accepted {moment}.",
        what=_kind(found),
        source=found.source,
        moment=say_moment(found.accepted_at, now=context.now, zone=context.clock),
    )


def supposed(seen: Notification, at: datetime | None, context: Context) -> Text:
    """Return what is supposed, and when; ``None`` stands for now."""
    rest = [word for word in write_message(seen) if not word.startswith(_KIND)]
    what = commas([_kind(seen), *rest])
    if at is None:
        return _("If {what} came now:", what=what)
    moment = say_moment(at, now=context.now, zone=context.clock)
    if at < context.now:
        return _(
            "If {what} had come {moment}, by the rules of now:",
            what=what,
            moment=moment,
        )
    return _("If {what} came {moment}:", what=what, moment=moment)


#: What ``_kind`` says in words.
_KIND = ("type=", "severity=", "status=")


def _kind(seen: Notification) -> Text:
    status = [STATUSES[seen.status]] if seen.status else []
    return commas([seen.type, SEVERITIES[seen.severity], *status])


def stands(delivery: Delivery, author: str, context: Context) -> Text:
    """Return where a delivery stands, why, and who wanted it so."""
    said = _state(delivery, context)
    if delivery.reason:
        said = _("{said}, {reason}", said=said, reason=delivery.reason)
    if delivery.attempts > 1:
        said = _n(
            "{said} after {count} attempt",
            "{said} after {count} attempts",
            delivery.attempts,
            said=said,
        )
    return _at(delivery.destination, delivery.channel, said, author, context)


def foreseen(found: Foreseen, at: datetime, context: Context) -> Text:
    """Return what would become of a delivery at *at*, why, and who wanted it so."""
    said = _coming(found, at, context)
    if found.reason and found.state is not State.DELIVERED:
        said = _("{said}, {reason}", said=said, reason=found.reason)
    author = author_of(found.decision) if found.state is not State.DELIVERED else ""
    return _at(found.destination, found.channel, said, author, context)


def author_of(decision: Decision | None) -> str:
    """Return who set the rule that decided, or nothing."""
    gates = decision.gates if decision else ()
    found = (gate.author for gate in gates if decision and gate.rule == decision.cause)
    return next(found, "")


def place(destination: Destination, channel: Channel, context: Context) -> Text:
    """Return where a delivery goes: ``this group, chat``."""
    return _(
        "{place}, {channel}", place=context.say(destination), channel=SAID[channel]
    )


def _at(
    destination: Destination,
    channel: Channel,
    said: Text,
    author: str,
    context: Context,
) -> Text:
    where = place(destination, channel, context)
    said = _("{where}: {state}", where=where, state=said)
    if author:
        said = _("{said}, by {author}", said=said, author=say_author(author, context))
    return _("{said}.", said=said)


def _coming(found: Foreseen, at: datetime, context: Context) -> Text:
    match found.state:
        case State.DELIVERED if found.channel is Channel.INBOX:
            return _("kept for reading")
        case State.DELIVERED:
            return _("goes out at once")
        case State.HELD if found.until is not None:
            cause = found.decision.cause if found.decision else ""
            return _until(found.until, cause, at, context)
        case State.QUEUED if found.decision is None and not found.reason:
            if found.destination.kind is Kind.PERSON:
                return _("goes on to them; their own hours decide when")
            return _("goes on there; what is set there decides when")
        case State.QUEUED:
            return _("waits")
        case _:
            return STATES[found.state]


def _state(delivery: Delivery, context: Context) -> Text:
    """Return where it stands, and since or until when."""
    state = STATES[delivery.state]
    if delivery.state is State.HELD and delivery.until is not None:
        return _until(delivery.until, delivery.rule, context.now, context)
    if delivery.state not in OPEN:
        return _("{state} {moment}", state=state, moment=clock(delivery.at, context))
    return state


def _until(until: datetime, rule: str, at: datetime, context: Context) -> Text:
    moment = _end(until, rule, at, context)
    if moment is None:
        return _("held until it is lifted")
    return _("held until {until}", until=moment)


def _end(until: datetime, rule: str, at: datetime, context: Context) -> str | None:
    """Return when that is; what lasts for longer than anybody waits has no end.

    It is looked at from *at*. A digest has an end: over long holidays it is more than a
    week away.
    """
    if until - at > LIFETIME and not rule.startswith("digest:"):
        return None
    return say_moment(until, now=context.now, zone=context.clock)


def clock(moment: datetime, context: Context) -> str:
    """Return when that was, to the second; the day only where it is not today."""
    shown = moment.astimezone(context.clock)
    today = context.now.astimezone(context.clock).date()
    day = "" if shown.date() == today else f"{shown:%Y-%m-%d} "
    return f"{day}{shown:%H:%M:%S}"


def day(moment: datetime, context: Context) -> str:
    """Return when a rule was made: ``2026-01-05 09:00``."""
    return f"{moment.astimezone(context.clock):%Y-%m-%d %H:%M}"


def say_author(author: str, context: Context) -> str:
    """Return who set a rule."""
    return "yaml" if author == "yaml" else context.say_person(author)


def gate(asked: Gate, changed: datetime | None, at: datetime, context: Context) -> Text:
    """Return what one gate says to a delivery at *at*; it was *changed* last then."""
    name, words = _GATES.get(asked.name, asked.name), asked.short or asked.words
    until = None
    if asked.until is not None:
        until = _end(asked.until, asked.rule, at, context)
    if asked.passed:
        said = _("– {gate} lets it pass: {words}", gate=name, words=words)
    elif asked.until is None:
        said = _("– {gate} stops it: {words}", gate=name, words=words)
    elif until is None:
        said = _(
            "– {gate} keeps it until it is lifted: {words}", gate=name, words=words
        )
    else:
        said = _(
            "– {gate} keeps it until {until}: {words}",
            gate=name,
            until=until,
            words=words,
        )
    return by(said, asked.author, changed, context)


def by(said: Text, author: str, changed: datetime | None, context: Context) -> Text:
    """Return *said* with who set it, and when; *changed* is ``None`` where unknown."""
    who = say_author(author, context) if author else ""
    if author and changed is not None:
        return _(
            "{said}, by {author}, {moment}.",
            said=said,
            author=who,
            moment=day(changed, context),
        )
    if author:
        return _("{said}, by {author}.", said=said, author=who)
    return _("{said}.", said=said)


_GATES: Mapping[str, Text] = {
    "inbox": _("inbox"),
    "words": _("the robot’s words"),
    "cap": _("the robot’s cap"),
    "pause": _("the robot’s pause"),
    "resolved": _("resolved"),
    "refusal": _("the reader’s no"),
    "window": _("window"),
    "mute": _("mute"),
    "digest": _("digest"),
}
