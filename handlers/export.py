"""/export: the rules as they are now, as YAML."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import exporting
from handlers.context import Context, Role
from handlers.errors import Forbidden, UserError
from handlers.language.cursor import Cursor
from handlers.language.slots import One, fill
from handlers.reply import Button, Reply
from handlers.router import Command, Router
from handlers.view import Words
from store import state
from store.wording import _

router = Router()

TITLE = _("Rules as they are now")
#: How much of the YAML one card shows, in characters.
PAGE = 6_000


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is asked for."""

    page: int = 1


def read(command: Command, context: Context) -> Asked:
    """Return which page is meant. Raises ``Misunderstood``."""
    form: One[bool] = One(
        _("the form"), lambda at: at.one_of({"yaml", "yml"}) or None, words={"yaml": ""}
    )
    page: One[int] = One(_("the page"), _page, words={"page": "page"})
    fill(command.rest, form, page)
    return Asked(page.value or 1)


@router.command("export", read=read, usage="yaml", look="/export yaml")
async def export(asked: Asked, context: Context) -> Reply:
    """Show the rules of this group, or all of them to an admin, as YAML.

    /export yaml
    """
    everything = context.is_admin and not context.is_group
    if context.is_group and Role.EDITOR not in context.roles:
        raise Forbidden(_("Only editors and admins export the rules of a group."))
    found = exporting.sections(
        await state.state(context.tx),
        context.names,
        reaches=(lambda each: True) if everything else context.reaches,
    )
    if not found.keys() - {"chats"}:
        return Reply(title=TITLE, lines=(_("There are no rules here."),))
    pages = _pages(exporting.text(found))
    if asked.page > len(pages):
        raise UserError(_("There is no page {page}.", page=asked.page))
    more = asked.page < len(pages)
    following = f"/export yaml page {asked.page + 1}"
    return Reply(
        title=TITLE,
        lines=(_("Secrets are left out: fill in the variables."),),
        view=(Words(pages[asked.page - 1]),),
        canonical="/export yaml" + (f" page {asked.page}" if asked.page > 1 else ""),
        buttons=(Button(_("More"), "", show=following),) if more else (),
    )


def _pages(text: str) -> list[str]:
    """Return *text* cut between lines."""
    pages = [""]
    for line in text.splitlines():
        if len(pages[-1]) + len(line) > PAGE and pages[-1]:
            pages.append("")
        pages[-1] += ("\n" if pages[-1] else "") + line
    return pages


def _page(cursor: Cursor) -> int | None:
    return cursor.number() if cursor.option("page") else None
