"""/audit: who changed what, where and when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from handlers.context import Context, Role
from handlers.errors import Forbidden, UserError
from handlers.language.cursor import Cursor
from handlers.language.destinations import read_destination
from handlers.language.slots import One, fill
from handlers.reply import Button, Reply
from handlers.router import Command, Router
from store import audit
from store.audit import Change
from store.values import Destination, Kind
from store.wording import Text, _, dotted

router = Router()

TITLE = _("Changes")
#: How many changes one answer shows.
PAGE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose changes, or whose settings; all of this chat without either."""

    whom: Destination | None = None
    everywhere: bool = False
    page: int = 1


def read(command: Command, context: Context) -> Asked:
    """Return which changes are asked for. Raises ``Misunderstood``."""
    whom: One[Destination] = One(
        _("whose changes"), lambda at: _whom(at, context), words={"by": "by"}
    )
    everywhere: One[bool] = One(
        _("where"), lambda at: at.one_of(_EVERYWHERE) or None, words={"all": "all"}
    )
    page: One[int] = One(_("the page"), _page, words={"page": "page"})
    fill(command.rest, page, everywhere, whom)
    return Asked(whom.value, bool(everywhere.value), page.value or 1)


_EVERYWHERE = frozenset({"all", "everywhere", "everything", "全部", "所有"})


@router.command("audit", read=read, usage="[@Wei | all] [page 2]", look="/audit")
async def show(asked: Asked, context: Context) -> Reply:
    """Show who changed what here, newest first.

    /audit
    /audit @Lin
    """
    changes = await _changes(asked, context)
    if not changes:
        if asked.page > 1:
            raise UserError(_("There is no page {page}.", page=asked.page))
        return Reply(title=TITLE, lines=(_("Nobody changed anything here yet."),))
    more = len(changes) > PAGE
    following = _written(replace(asked, page=asked.page + 1), context)
    return Reply(
        title=TITLE,
        lines=tuple(_line(each, asked, context) for each in changes[:PAGE]),
        canonical=_written(asked, context),
        buttons=(Button(_("Older"), following),) if more else (),
    )


async def _changes(asked: Asked, context: Context) -> list[Change]:
    """Return a page of what the asker may see, and one more where there is one."""
    if asked.everywhere and not (context.is_admin and not context.is_group):
        raise Forbidden(
            _("All changes everywhere are for admins, in a direct chat with me.")
        )
    mine = asked.whom == context.me
    if context.is_group and not mine and Role.EDITOR not in context.roles:
        raise Forbidden(
            _("Only editors and admins see who changed what. Yours: /audit me")
        )
    actor = asked.whom.name if asked.whom else ""
    return await audit.page(
        context.tx,
        place="" if asked.everywhere else context.chat,
        actor=actor,
        skip=PAGE * (asked.page - 1),
        limit=PAGE + 1,
    )


def _line(change: Change, asked: Asked, context: Context) -> Text:
    at = _moment(change.at, context.clock)
    parts = [
        _("{number} · {at}", number=change.id, at=at),
        context.say_person(change.actor),
        change.command,
    ]
    if asked.everywhere:
        parts.insert(2, context.say(Destination.parse(change.subject)))
    undone = _("taken back") if change.undone_at is not None else ""
    return dotted(*(each for each in (*parts, undone) if each))


def _moment(at: datetime, clock: ZoneInfo) -> str:
    return at.replace(tzinfo=UTC).astimezone(clock).strftime("%Y-%m-%d %H:%M")


def _written(asked: Asked, context: Context) -> str:
    parts = ["/audit"]
    if asked.everywhere:
        parts.append("all")
    if asked.whom:
        parts.append(context.write(asked.whom))
    if asked.page > 1:
        parts.append(f"page {asked.page}")
    return " ".join(parts)


def _whom(cursor: Cursor, context: Context) -> Destination | None:
    cursor.one_of({"by", "of", "由"})
    found = read_destination(cursor, context)
    return found if found is not None and found.kind is Kind.PERSON else None


def _page(cursor: Cursor) -> int | None:
    return cursor.number() if cursor.option("page") else None
