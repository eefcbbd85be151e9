"""/role: who may do what in this group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.audience import MANAGERS, Audience
from handlers.changes import Changes
from handlers.context import Context, Role
from handlers.errors import Forbidden, Misunderstood, UserError
from handlers.language.cursor import Cursor
from handlers.language.destinations import read_destinations
from handlers.language.lexicon import table
from handlers.language.slots import One, fill
from handlers.reply import Reply
from handlers.router import Command, Router
from store import preferences
from store.preferences import Choice
from store.values import Destination, Kind
from store.wording import Text, _, commas

router = Router()

TITLE = _("Roles")
USAGE = "editors everyone | editors managers | editors @Lin @Wei | editors default"

_ROLES: Mapping[str, Role] = {
    **dict.fromkeys(("editors", "editor", "编辑", "编辑者", "编辑人"), Role.EDITOR),
    **dict.fromkeys(("cost viewers", "cost viewer", "cost"), Role.COST_VIEWER),
    **dict.fromkeys(("费用查看", "费用查看者", "账单查看者"), Role.COST_VIEWER),
}
_WORDS = table(
    everyone="everyone | everybody | all | 所有人 | 大家 | 全员",
    managers="managers | manager | group managers | 管理员 | 群管理员 | 群主和管理员",
    admins="admins | admin | nobody | none | 仅系统管理员 | 无",
    default="default | defaults | 默认",
)
#: How a choice of each role is called among the preferences of a chat.
NAMES: Mapping[Role, str] = {Role.EDITOR: "editors", Role.COST_VIEWER: "cost_viewers"}
_TITLES: Mapping[Role, Text] = {
    Role.EDITOR: _("Editors"),
    Role.COST_VIEWER: _("Cost viewers"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to give a role; ``None`` for the default. Without ``role``, show them."""

    role: Role | None = None
    audience: Audience | None = None


def read(command: Command, context: Context) -> Asked:
    """Return what is asked. Raises ``Misunderstood``."""
    cursor = command.rest
    if cursor.done:
        return Asked()
    role: One[Role] = One(
        _("the role"), lambda at: at.phrase(_ROLES), words=dict.fromkeys(_ROLES, "")
    )
    word: One[str] = One(
        _("who has it"), lambda at: at.phrase(_WORDS), words=dict(_WORDS)
    )
    people: One[tuple[Destination, ...]] = One(
        _("who has it"), lambda at: _people(at, context)
    )
    fill(cursor, role, word, people)
    if role.value is None:
        raise Misunderstood(
            _("Which role? There are editors and cost viewers."),
            choices=("/role editors managers", "/role cost viewers admins"),
        )
    if word.value and people.value:
        raise Misunderstood(_("Name people, or say everyone, managers or default."))
    if word.value == "default":
        return Asked(role.value)
    if word.value:
        if role.value is Role.COST_VIEWER and word.value == MANAGERS:
            raise Misunderstood(
                _("Cost viewers are admins, everyone, or people by name."),
                choices=("/role cost viewers admins", "/role cost viewers everyone"),
            )
        return Asked(role.value, Audience(word.value))
    if not people.value:
        raise Misunderstood(
            _("Who? Name people with @, or say everyone, managers or default."),
            choices=(f"/role {_typed(role.value)} everyone",),
        )
    return Asked(role.value, Audience.of(each.name for each in people.value))


@router.command("role", read=read, usage=USAGE, look="/role")
async def role(asked: Asked, context: Context) -> Reply:
    """Show who may do what in this group; admins change it.

    /role
    /role editors managers
    /role editors @Lin
    """
    if asked.role is None:
        return _show(context)
    if not context.is_group:
        raise UserError(_("Roles belong to a group. Say this in the group."))
    if not context.is_admin:
        raise Forbidden(_("Only admins give roles. /role shows who they are."))
    return await _give(asked.role, asked.audience, context)


def _show(context: Context) -> Reply:
    admins = commas([context.say_person(each) for each in sorted(context.admins)])
    lines = [
        _("Admins: {people}.", people=admins)
        if context.admins
        else _("Admins: nobody. They stand in the YAML, under roles.admins."),
    ]
    if context.is_group:
        lines += [
            _("{role}: {whom}.", role=_TITLES[each], whom=say(context, each))
            for each in NAMES
        ]
        lines.append(_("Everybody may look, and change what they get themselves."))
    mine = commas([SAID[each] for each in Role if each in context.roles])
    lines.append(_("You are: {roles}.", roles=mine))
    return Reply(title=TITLE, lines=tuple(lines), canonical="/role")


async def _give(role: Role, audience: Audience | None, context: Context) -> Reply:
    choice = Choice(context.home, NAMES[role], str(audience))
    was = await preferences.chosen(context.tx, choice.id)
    if (was.value if was else None) == (choice.value if audience else None):
        return Reply(lines=(_("It is so already. Nothing changed."),))
    changes = Changes(context)
    if audience is None and was is not None:
        await changes.drop(was)
    elif was is None:
        await changes.make(choice)
    else:
        await changes.change(was, choice)
    now = context.defaults[role] if audience is None else audience
    line = _(
        "{role} of this group: {before} → {now}.",
        role=_TITLES[role],
        before=say(context, role),
        now=_said(now, context),
    )
    typed = "default" if audience is None else _written(audience, context)
    return await changes.reply(
        f"/role {_typed(role)} {typed}",
        line,
        _("It holds from the next command on."),
        title=TITLE,
    )


def say(context: Context, role: Role) -> Text:
    """Return who holds *role* in this group, in words."""
    return _said(context.audiences[role], context)


def _said(audience: Audience, context: Context) -> Text:
    match audience.word:
        case "everyone":
            return _("everyone")
        case "managers":
            return _("the group's owner and managers, and admins")
        case "admins":
            return _("admins alone")
        case _:
            people = sorted(audience.people)
            return _(
                "{people} and admins",
                people=commas([context.say_person(each) for each in people]),
            )


#: Roles in words, as lists of them say it.
SAID: Mapping[Role, Text] = {
    Role.MEMBER: _("member"),
    Role.EDITOR: _("editor"),
    Role.COST_VIEWER: _("cost viewer"),
    Role.ADMIN: _("admin"),
}


def _written(audience: Audience, context: Context) -> str:
    if audience.word:
        return audience.word
    people = [Destination(Kind.PERSON, each) for each in sorted(audience.people)]
    return " ".join(context.write(each) for each in people)


def _typed(role: Role) -> str:
    return NAMES[role].replace("_", " ")


def _people(cursor: Cursor, context: Context) -> tuple[Destination, ...] | None:
    mark = cursor.mark()
    found = read_destinations(cursor, context)
    if found and any(each.kind is not Kind.PERSON for each in found):
        cursor.back(mark)
        raise Misunderstood(_("Only people have roles. Name them with @."))
    return found
