"""/inbox: everything that was routed here, read or not."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from handlers.context import Context
from handlers.errors import Forbidden, UserError
from handlers.inbox.grammar import USAGE, read
from handlers.inbox.looking import DEPTH, Page, inboxes, look
from handlers.inbox.requests import Open, Read, Request, Show, write
from handlers.reply import Button, Part, Reply, Tone
from handlers.router import Router
from handlers.rules.said import SEVERITIES, STATUSES
from handlers.view import Style, Words
from store import inbox, notifications
from store.inbox import Entry
from store.values import Destination, Notification
from store.wording import Text, _, _n, commas, dotted

router = Router()

TITLE = _("Inbox")
_UNREAD = "●"
_SEEN = "○"


@router.command("inbox", read=read, usage=USAGE, look="/inbox unread", verbs=())
async def show_inbox(request: Request, context: Context) -> Reply:
    """Show what was routed to this group, or to you; read marks are your own.

    /inbox unread
    /inbox finance since mon
    /inbox find "timeout" severity>=warning
    /inbox M123
    /inbox read all
    """
    match request:
        case Show():
            return await _show(request, context)
        case Open():
            return await _open(request, context)
        case Read():
            return await _read(request, context)


async def _show(request: Show, context: Context) -> Reply:
    _check_unrouted(context, unrouted=request.unrouted)
    page = await look(request, context)
    line = write(request, context)
    if not page.entries and page.older is None:
        return Reply(title=_title(request), lines=(_nothing(request),), canonical=line)
    lines: tuple[str, ...] = tuple(_line(each, context) for each in page.entries)
    if not page.entries:
        lines = (_("Nothing like it in the last {count} messages.", count=DEPTH),)
    return Reply(
        title=_title(request),
        lines=lines,
        canonical=line,
        buttons=_buttons(request, page, context),
    )


def _buttons(request: Show, page: Page, context: Context) -> tuple[Button, ...]:
    here = write(request, context)
    fresh = tuple(each.notification.number for each in page.entries if not each.read)
    found: list[Button] = []
    if request.below is not None:
        newest = write(replace(request, below=None), context)
        found.append(Button(_("Newest"), "", show=newest))
    if page.older is not None:
        older = write(replace(request, below=page.older), context)
        found.append(Button(_("Older"), "", show=older))
    if fresh:
        seen = write(Read(numbers=fresh, unrouted=request.unrouted), context)
        found.append(Button(_("Mark these read"), seen, show=here))
        every = write(Read(unrouted=request.unrouted), context)
        found.append(Button(_("Mark all read"), every, show=here))
    other = replace(request, unread=not request.unread, below=None)
    label = _("All messages") if request.unread else _("Unread only")
    found.append(Button(label, "", show=write(other, context)))
    return tuple(found)


async def _open(request: Open, context: Context) -> Reply:
    found = await notifications.get(context.tx, request.number)
    if found is None or not await _is_here(request.number, context):
        raise UserError(
            _("{message} is not in this inbox.", message=f"M{request.number}")
        )
    await inbox.read(context.tx, context.asker, [found.number])
    return Reply(
        title=found.title,
        lines=_told(found, context),
        view=_body(found),
        canonical=write(request, context),
        buttons=(Button(_("Why"), f"/why {found.short}"),),
    )


async def _read(request: Read, context: Context) -> Reply:
    _check_unrouted(context, unrouted=request.unrouted)
    if request.numbers:
        here = [each for each in request.numbers if await _is_here(each, context)]
        await inbox.read(context.tx, context.asker, here)
        line = _n(
            "{count} message is read, for you.",
            "{count} messages are read, for you.",
            len(here),
        )
    else:
        whose: tuple[Destination | None, ...] = inboxes(context)
        for each in (None,) if request.unrouted else whose:
            await inbox.read_all(context.tx, context.asker, each)
        line = _("Everything until now is read, for you.")
    # Marks are nobody else's business: no audit, and no undo.
    return Reply(lines=(line,), canonical=write(request, context), tone=Tone.DONE)


async def _is_here(number: int, context: Context) -> bool:
    """Whether the asker may see a message here."""
    for each in inboxes(context):
        if await inbox.holds(context.tx, each, number):
            return True
    if not context.is_admin or context.is_group:
        return False
    return await notifications.routing_state(context.tx, number) == "unrouted"


def _check_unrouted(context: Context, *, unrouted: bool) -> None:
    if unrouted and (not context.is_admin or context.is_group):
        raise Forbidden(
            _(
                "What nobody subscribed to is for admins, in a direct chat with me. "
                "/sub shows what comes here."
            )
        )


def _title(request: Show) -> Text:
    return _("Nobody subscribed to these") if request.unrouted else TITLE


def _nothing(request: Show) -> Text:
    if request.below is not None:
        return _("There is nothing older.")
    if request.unread:
        return _("Everything is read.")
    return _("There is nothing here. /sub shows what comes here.")


def _line(entry: Entry, context: Context) -> Text:
    seen = entry.notification
    at = seen.accepted_at.astimezone(context.clock)
    parts = [
        f"{_SEEN if entry.read else _UNREAD} {seen.short}",
        f"{at:%m-%d %H:%M}",
        SEVERITIES[seen.severity],
        seen.title,
    ]
    if seen.status:
        parts.insert(3, STATUSES[seen.status])
    return dotted(*parts)


def _told(found: Notification, context: Context) -> tuple[str, ...]:
    zone: ZoneInfo = context.clock
    at = f"{found.accepted_at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"
    what = [SEVERITIES[found.severity]]
    if found.status:
        what.append(STATUSES[found.status])
    labels = " ".join(f"{name}={value}" for name, value in found.labels.items())
    return tuple(
        filter(
            None,
            (
                dotted(commas(what), context.types.get(found.type).title, at),
                _("From {source}.", source=found.source),
                labels,
                *(f"{each.name}: {each.value}" for each in found.fields),
            ),
        )
    )


def _body(found: Notification) -> tuple[Part, ...]:
    parts: list[Part] = []
    if found.body:
        parts.append(Words(found.body))
    if found.link:
        parts.append(Words(found.link, Style.SMALL))
    parts.append(Words(found.short, Style.SMALL))
    return tuple(parts)
