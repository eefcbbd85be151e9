"""How e-mail puts messages: an alert as a letter, and a digest as one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from markupsafe import Markup

from bot.cards import defuse
from bot.cards.frame import COLOURS, Colour, host
from bot.cards.gathering import colour_of, gather
from bot.cards.telling import DOT, Telling, tell
from bot.forms.form import Reader
from bot.letters import markup
from bot.letters.letter import Letter
from bot.letters.pages import drawn
from handlers.language.catalogues import say
from handlers.rules.digest import Digest
from store.values import Notification, Severity, Status
from store.wording import Text, _

#: The same colours as on cards, readable on light and dark ground.
_INKS = {
    Colour.RED: "#d93026",
    Colour.ORANGE: "#e8710a",
    Colour.BLUE: "#1a73e8",
    Colour.GREEN: "#188038",
    Colour.GREY: "#808080",
}


class Letters:
    """Messages as letters, frozen as JSON (``Letter.frozen``)."""

    def alert(
        self, notification: Notification, *, reader: Reader, now: datetime
    ) -> str:
        """Return one notification as a letter."""
        told = tell(
            notification,
            zone=reader.zone,
            locale=reader.locale,
            type_title=reader.type_title(notification.type),
            source_title="",
            now=now,
        )
        links = [(say(text, reader.locale), address) for text, address in _links(told)]
        notes = [say(note, reader.locale) for note in _notes(told)]
        resolved = notification.status is Status.RESOLVED
        colour = Colour.GREEN if resolved else COLOURS[notification.severity]
        body = markup.html(notification.body) if told.body else Markup("")
        html = drawn(
            "alert",
            told=told,
            colour=_INKS[colour],
            body=body,
            links=links,
            notes=notes,
        )
        return Letter(
            subject=told.headline,
            text=_alert_text(told, notification.body, links, notes),
            html=str(html),
            locale=reader.locale,
            at=now,
            types=(notification.type,),
            thread=_thread(notification),
            urgent=notification.severity is Severity.CRITICAL and not resolved,
        ).frozen()

    def digest(
        self, digest: Digest, *, headline: str, reader: Reader, now: datetime
    ) -> str:
        """Return many notifications as one letter."""
        told = gather(
            digest,
            headline=headline,
            zone=reader.zone,
            locale=reader.locale,
            type_title=reader.type_title,
        )
        counts = _paragraph(told.count, told.severities, *told.ended)
        lines = _paragraph(*(f"• {line}" for line in told.lines), told.more)
        html = drawn("digest", told=told, colour=_INKS[colour_of(digest)])
        return Letter(
            subject=DOT.join(part for part in (told.headline, told.severities) if part),
            text=_text(told.headline, counts, lines, told.types),
            html=str(html),
            locale=reader.locale,
            at=now,
            types=tuple(sorted(slug for slug, _count in digest.by_type)),
        ).frozen()


def _alert_text(
    told: Telling, body: str, links: Iterable[tuple[str, str]], notes: Sequence[str]
) -> str:
    return _text(
        _paragraph(told.headline, told.status),
        _paragraph(told.origin, DOT.join(told.labels)),
        "\n".join(told.fields),
        defuse.plain(body).rstrip() if told.body else "",
        "\n".join(f"{label}: {address}" for label, address in links),
        "\n".join(notes),
        told.id,
    )


def _links(told: Telling) -> list[tuple[Text | str, str]]:
    """Return what can be opened: what it is called, whose it is, the address."""
    found: list[tuple[Text | str, str]] = []
    if told.address:
        found.append((_("Open {host}", host=host(told.address)), told.address))
    for name, address in told.links:
        shown = DOT.join(part for part in (name, host(address)) if part)
        found.append((shown, address))
    return found


def _notes(told: Telling) -> list[Text]:
    """Return what there is to say about what is not there."""
    said = []
    if told.unlinked:
        said.append(_("Link: {address}", address=told.unlinked))
    if told.cut_on_arrival:
        said.append(_("The text was too long on arrival, and was cut there."))
    if told.shortened:
        said.append(
            _("Long values lost their ends. All of it: /why {id} in Lark.", id=told.id)
        )
    return said


def _thread(notification: Notification) -> str:
    """Return what all letters on one incident share, and no others."""
    if not notification.fingerprint:
        return ""
    incident = f"{notification.source}\0{notification.fingerprint}"
    return hashlib.sha256(incident.encode("utf-8", "replace")).hexdigest()[:24]


def _text(*paragraphs: str) -> str:
    return "\n\n".join(part for part in paragraphs if part) + "\n"


def _paragraph(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
