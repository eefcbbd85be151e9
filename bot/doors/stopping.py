"""Where people end e-mails about a type: the page that letters lead to.

To look at it changes nothing, since mail programs and scanners follow links. Its button
does, and so does the one that mail programs show (RFC 8058): both post.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from aiohttp import web

from bot.clock import Clock
from bot.letters.pages import drawn
from bot.letters.stopping import Stop, StopPages
from handlers.language.catalogues import say
from store import audit, preferences
from store.audit import Change
from store.database import Database, Tx
from store.errors import StoreRefused
from store.preferences import Choice, refusal
from store.values import Channel
from store.wording import Text, _

#: Where such changes are made, in the audit log.
PLACE = "e-mail"
#: What a page may do: nothing but show itself, and be answered. It goes to no cache,
#: and no other page learns its address.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_LANGUAGES = {"en": "en", "zh": "zh-CN"}

log = logging.getLogger(__name__)


class StopDoor:
    """Shows the page, and does what its button says."""

    def __init__(self, db: Database, *, pages: StopPages, clock: Clock) -> None:
        self._db = db
        self._pages = pages
        self._clock = clock

    def add_routes(self, app: web.Application) -> None:
        """Open the door."""
        app.router.add_get("/unsubscribe/{token}", self.look)
        app.router.add_post("/unsubscribe/{token}", self.act)

    async def look(self, request: web.Request) -> web.Response:
        """Show what can be stopped, or taken up again. Changes nothing."""
        stop = self._pages.read(request.match_info["token"])
        if stop is None:
            return _unknown()
        try:
            async with self._db.reading() as tx:
                refused = await preferences.refused(tx, stop.person, Channel.EMAIL)
        except StoreRefused as exc:
            return _busy(stop, exc)
        return self._page(stop, refused)

    async def act(self, request: web.Request) -> web.Response:
        """Stop, or with ``?again`` take up again; show how it stands then."""
        stop = self._pages.read(request.match_info["token"])
        if stop is None:
            return _unknown()
        again = "again" in request.query
        try:
            refused = await self._db.write(lambda tx: self._put(tx, stop, again=again))
        except StoreRefused as exc:
            return _busy(stop, exc)
        return self._page(stop, refused)

    async def _put(self, tx: Tx, stop: Stop, *, again: bool) -> frozenset[str]:
        """Write it, and to the audit log; return all that is refused then."""
        was = await preferences.refused(tx, stop.person, Channel.EMAIL)
        meant = frozenset(self._stoppable(stop))
        changed = meant & was if again else meant - was
        choices = [
            refusal(stop.person, Channel.EMAIL, each) for each in sorted(changed)
        ]
        for choice in choices:
            if again:
                await preferences.drop(tx, choice)
            else:
                await preferences.choose(
                    tx, choice, by=stop.person.name, now=self._clock.now()
                )
        if choices:
            await self._record(tx, stop, choices, again=again)
        return was - changed if again else was | changed

    async def _record(
        self, tx: Tx, stop: Stop, choices: Sequence[Choice], *, again: bool
    ) -> None:
        verb = "resubscribe" if again else "unsubscribe"
        types = " ".join(each for each in self._stoppable(stop))
        await audit.record(
            tx,
            Change(
                id=0,
                at=self._clock.now(),
                actor=stop.person.name,
                place=PLACE,
                command=f"{verb} {types}",
                subject=str(stop.person),
                was=tuple(choices) if again else (),
                became=() if again else tuple(choices),
            ),
        )

    def _stoppable(self, stop: Stop) -> list[str]:
        return [each for each in stop.types if not self._pages.is_required(each)]

    def _page(self, stop: Stop, refused: frozenset[str]) -> web.Response:
        """Return how it stands, with the button that turns it round."""
        meant = self._stoppable(stop)
        titles = [f"{self._title(each, stop.locale)} · {each}" for each in meant]
        if not meant:
            required = _("An admin wants you to get these e-mails.")
            return _answer(stop.locale, _("They cannot be stopped"), (required,))
        if not refused.issuperset(meant):
            return _answer(
                stop.locale,
                _("No more e-mails about this?"),
                (_("You would get no e-mails about:"),),
                types=titles,
                button=_("No more e-mails"),
                action="?",
            )
        return _answer(
            stop.locale,
            _("You get no more e-mails about this"),
            (
                _("You get no e-mails about:"),
                _("What comes to you over other channels still does."),
            ),
            types=titles,
            button=_("Send them again"),
            action="?again",
        )

    def _title(self, type_id: str, locale: str) -> str:
        known = self._pages.types.get(type_id)
        return known.title_zh if locale == "zh" else known.title_en


def _answer(
    locale: str,
    title: Text,
    lines: Sequence[Text],
    *,
    status: int = 200,
    types: Sequence[str] = (),
    button: Text | str = "",
    action: str = "",
) -> web.Response:
    said = say(title, locale)
    content = drawn(
        "stop",
        title=said,
        lines=[say(each, locale) for each in lines],
        types=types,
        button=say(button, locale),
        action=action,
    )
    page = drawn(
        "page",
        language=_LANGUAGES[locale],
        title=said,
        content=content,
        why="",
        stop="",
        stop_label="",
    )
    return web.Response(
        text=str(page), status=status, content_type="text/html", headers=_HEADERS
    )


def _unknown() -> web.Response:
    # Of whoever has no address of ours, we do not know the language.
    return _answer(
        "en",
        _("This address is none of ours"),
        (_("Open the link from a newer e-mail, or ask who runs Larkbell."),),
        status=404,
    )


def _busy(stop: Stop, exc: StoreRefused) -> web.Response:
    log.error("the database took nothing", extra={"reason": str(exc)})
    answer = _answer(
        stop.locale,
        _("Nothing was changed"),
        (_("The database takes nothing just now. Try again in a minute."),),
        status=503,
    )
    answer.headers["Retry-After"] = "60"
    return answer
