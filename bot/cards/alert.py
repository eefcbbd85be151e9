"""A notification as people see it: one card for chats, one post for robots.

In this order: severity and title; status and since when; source and labels; fields;
body; link; ``A42 · M123``. The two differ in their buttons and in what they may weigh:
a robot's post only opens links, since no tap on it reaches us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards.fit import fit_blocks, fit_lines, show, weigh_text
from bot.cards.frame import (
    APP,
    COLOURS,
    ROBOT,
    Colour,
    Envelope,
    card,
    everyone,
    host,
    link_button,
    post,
    row,
    small,
    text,
)
from bot.cards.frame import own_clock as clock_of_reader
from bot.cards.tapping import command_buttons
from bot.cards.telling import DOT, Telling, tell
from handlers.language.catalogues import say
from handlers.reply import Button
from store.values import Json, Notification, Status
from store.wording import Text, _, _n, commas, sentences

_MOST_BUTTONS = 5


def alert_card(
    notification: Notification,
    *,
    zone: str,
    locale: str,
    type_title: str,
    now: datetime,
    source_title: str = "",
    incident: int | None = None,
    own_clock: bool = False,
    buttons: Sequence[Button] = (),
) -> Json:
    """Return the card for a chat or a person, at most 28 KB as it travels.

    *own_clock* tells the time by the reader's clock too.

    Up to five *buttons* stand beside the one that opens the link.
    """
    alert = _Alert(
        telling=tell(
            notification,
            zone=zone,
            locale=locale,
            type_title=type_title,
            source_title=source_title,
            now=now,
        ),
        locale=locale,
        colour=_colour(notification),
        own_clock=own_clock,
        buttons=tuple(command_buttons(buttons[:_MOST_BUTTONS], locale)),
        footer=_footer(notification, incident),
    )
    return _fitted(alert, APP)


def alert_post(
    notification: Notification,
    *,
    zone: str,
    locale: str,
    type_title: str,
    now: datetime,
    source_title: str = "",
    incident: int | None = None,
    mention_all: bool = False,
    keyword: str | None = None,
) -> Json:
    """Return the body for a robot, unsigned, at most 18 KB.

    *keyword* is the word without which the robot refuses a message: it ends the footer,
    unless a part that is always shown has it.
    """
    telling = tell(
        notification,
        zone=zone,
        locale=locale,
        type_title=type_title,
        source_title=source_title,
        now=now,
    )
    footer = _footer(notification, incident)
    always = (telling.headline, telling.status, telling.origin, footer)
    if keyword and not any(keyword in part for part in always):
        footer += DOT + keyword
    alert = _Alert(
        telling=telling,
        locale=locale,
        colour=_colour(notification),
        footer=footer,
        mention_all=mention_all,
    )
    return post(_fitted(alert, ROBOT))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alert:
    """What a card is made of, whatever part of it there is room for."""

    telling: Telling
    locale: str
    colour: Colour
    footer: str
    own_clock: bool = False
    buttons: tuple[Json, ...] = ()
    mention_all: bool = False

    def card(
        self, labels: int, fields: int, body: Sequence[Json], note: str = ""
    ) -> Json:
        """Return the card with so many labels and fields, and with *body*."""
        told = self.telling
        mine = say(_("By your clock:"), self.locale)
        origin = [told.origin, DOT.join(told.labels[:labels])]
        elements = [
            text(told.status),
            *([clock_of_reader(told.moment, mine)] if self.own_clock else ()),
            small("\n".join(part for part in origin if part)),
            *([text("\n".join(told.fields[:fields]))] if fields else ()),
            *body,
            *([small(note)] if note else ()),
            *self._ways_out(),
            *([everyone()] if self.mention_all else ()),
            small(self.footer),
        ]
        return card(told.headline, elements, colour=self.colour, summary=told.headline)

    def _ways_out(self) -> list[Json]:
        """Return the buttons, and before them the link if it is none to open."""
        told, opens = self.telling, []
        if told.address:
            label = _("Open {host}", host=host(told.address))
            opens.append(link_button(say(label, self.locale), told.address))
        for name, address in told.links:
            named = DOT.join(part for part in (name, host(address)) if part)
            opens.append(link_button(named, address))
        buttons = row([*opens, *self.buttons])
        if not told.unlinked:
            return buttons
        link = _("Link: {address}", address=told.unlinked)
        return [small(say(link, self.locale)), *buttons]

    def note(self, labels: int, fields: int, characters: int) -> str:
        """Return the sentence that says what was left out, and where it is."""
        told, said = self.telling, []
        if told.cut_on_arrival:
            said.append(_("The text was too long on arrival, and was cut there."))
        if what := _missing(labels, fields, characters, ends=told.shortened):
            said.append(_("Left out to fit: {what}.", what=commas(what)))
            said.append(
                _("The rest: the link, or /why {id}", id=told.id)
                if told.address
                else _("The rest: /why {id}", id=told.id)
            )
        return say(sentences(*said), self.locale)


def _missing(labels: int, fields: int, characters: int, *, ends: bool) -> list[Text]:
    missing = []
    if labels:
        missing.append(_n("1 label", "{count} labels", labels))
    if fields:
        missing.append(_n("1 field", "{count} fields", fields))
    if characters:
        missing.append(
            _n("1 character of the text", "{count} characters of the text", characters)
        )
    if ends:
        missing.append(_("the ends of long values"))
    return missing


def _fitted(alert: _Alert, envelope: Envelope) -> Json:
    """Return the card of *alert*, without what *envelope* has no room for.

    Labels have the first claim to it, then fields, then the body.
    """
    told = alert.telling
    labels, fields = len(told.labels), len(told.fields)
    body = [show(block) for block in told.body]
    whole = alert.card(labels, fields, body, alert.note(0, 0, 0))
    if envelope.weigh(whole) <= envelope.most:
        return whole
    characters = sum(len(block.source) for block in told.body)
    bare = alert.card(0, 0, [], alert.note(labels, fields, characters))
    room = envelope.most - envelope.weigh(bare)
    kept = fit_lines(told.labels, DOT, room, envelope)
    room -= sum(weigh_text(DOT + label, envelope) for label in told.labels[:kept])
    room -= envelope.weigh(text("")) + 1
    shown = fit_lines(told.fields, "\n", room, envelope)
    room -= sum(weigh_text("\n" + field, envelope) for field in told.fields[:shown])
    body, characters = fit_blocks(told.body, room, envelope)
    note = alert.note(labels - kept, fields - shown, characters)
    return alert.card(kept, shown, body, note)


def _colour(notification: Notification) -> Colour:
    if notification.status is Status.RESOLVED:
        return Colour.GREEN
    return COLOURS[notification.severity]


def _footer(notification: Notification, incident: int | None) -> str:
    ids = (
        [notification.short]
        if incident is None
        else [
            f"A{incident}",
            notification.short,
        ]
    )
    return DOT.join(ids)
