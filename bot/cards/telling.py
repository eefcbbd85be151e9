"""What a notification says, line by line: all of it defused, none of it laid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cards import defuse, markup
from bot.cards.frame import SEVERITIES
from bot.cards.moments import lasting, stamp
from handlers.language.catalogues import say
from handlers.rules.said import STATUSES
from store.values import Field, Notification, Status
from store.wording import Text, _, as_text

DOT = " · "
_LATE = timedelta(minutes=2)
_LONGEST_NAME = 80
_LONGEST_VALUE = 300
_LONGEST_ADDRESS = 500
_MOST_LINKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A notification in lines. ``shortened`` says that some of them lost their end.

    ``links`` are fields that name a web page, a runbook say: a name and an address.
    """

    headline: str
    status: str
    moment: datetime
    origin: str
    labels: tuple[str, ...]
    fields: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    body: tuple[markup.Block, ...]
    address: str | None
    unlinked: str
    id: str
    shortened: bool
    cut_on_arrival: bool


def tell(
    notification: Notification,
    *,
    zone: str,
    locale: str,
    type_title: str,
    source_title: str,
    now: datetime,
) -> Telling:
    """Return what *notification* says, with times on the clock of *zone*."""
    lines = _Lines()
    title = lines.of(notification.title)
    address = defuse.address(notification.link or "")
    pages = _pages(notification)
    links = [(lines.of(each.name, _LONGEST_NAME), page) for each, page in pages.items()]
    # Some senders say the title twice.
    repeated = notification.body.strip() == notification.title.strip()
    return Telling(
        headline=_headline(notification, title, locale),
        status=say(_status(notification, zone, now), locale),
        moment=notification.occurred_at or notification.accepted_at,
        origin=_origin(notification, type_title, source_title),
        labels=tuple(
            f"{lines.of(key, _LONGEST_NAME)}={lines.of(value)}"
            for key, value in notification.labels.items()
        ),
        fields=tuple(
            f"{lines.of(each.name, _LONGEST_NAME)}: {lines.of(each.value)}"
            for each in notification.fields
            if each not in pages
        ),
        links=tuple(link for link in links if link[1] != address),
        body=() if repeated else markup.blocks(notification.body),
        address=address,
        unlinked="" if address else lines.of(notification.link or ""),
        id=notification.short,
        shortened=lines.shortened,
        cut_on_arrival=notification.cut,
    )


class _Lines:
    """Makes lines of texts, and remembers whether one lost its end."""

    def __init__(self) -> None:
        self.shortened = False

    def of(self, text: str, most: int = _LONGEST_VALUE) -> str:
        shown = defuse.line(text, most=most)
        if shown.endswith("…") and not text.rstrip().endswith("…"):
            self.shortened = True
        return shown


def _pages(notification: Notification) -> dict[Field, str]:
    """Return the first fields that are nothing but the address of a page."""
    found: dict[Field, str] = {}
    for each in notification.fields:
        address = defuse.address(each.value)
        if address and len(address) <= _LONGEST_ADDRESS and len(found) < _MOST_LINKS:
            found[each] = address
    return found


def _headline(notification: Notification, title: str, locale: str) -> str:
    parts = [SEVERITIES[notification.severity], title]
    if notification.status is Status.RESOLVED:
        parts.insert(1, STATUSES[Status.RESOLVED])
    return DOT.join(say(part, locale) for part in parts if part)


def _status(notification: Notification, zone: str, now: datetime) -> Text:
    """Return where it stands and since when: by the sender's clock if it told us."""
    told = notification.occurred_at is not None
    at = notification.occurred_at or notification.accepted_at
    moment = stamp(at, zone)
    match notification.status, told:
        case Status.FIRING, True:
            status = _("Firing since {moment}", moment=moment)
        case Status.FIRING, False:
            status = _("Firing, received {moment}", moment=moment)
        case Status.RESOLVED, True:
            status = _("Resolved {moment}", moment=moment)
        case Status.RESOLVED, False:
            status = _("Resolved, received {moment}", moment=moment)
        case None, False:
            status = _("Received {moment}", moment=moment)
        case _nothing:
            status = as_text(moment)
    if now - at < _LATE:
        return status
    late = lasting(now - at)
    return _("{status} ({duration} before this post)", status=status, duration=late)


def _origin(notification: Notification, type_title: str, source_title: str) -> str:
    """Return who sent it and what it is: the slug too, since commands take that."""
    parts = [source_title or notification.source, type_title, notification.type]
    lines = [defuse.line(part, most=_LONGEST_NAME) for part in parts]
    return DOT.join(dict.fromkeys(line for line in lines if line))
