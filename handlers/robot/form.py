"""Forms for what is secret: nothing of it stands in a message then."""

from __future__ import annotations

from handlers.context import Context
from handlers.errors import UserError
from handlers.filled import Filled
from handlers.language.secrecy import BY_FORM
from handlers.language.text import quoted
from handlers.names import plain_or_quoted
from handlers.reply import Reply
from handlers.robot.finding import groups_of
from handlers.robot.hooks import WHERE
from handlers.robot.requests import Add, write
from handlers.view import Field, Form, Input, Option, Pick
from store.robots import Robot
from store.wording import _

ADD, HOOK = "robot.add", "robot.hook"
NONE, SIGNATURE = "none", "signature"
#: The hosts of the platforms that the form names.
_HOSTS = {"lark": "open.larksuite.com", "feishu": "open.feishu.cn"}
#: Lark shows no more in a select; an admin can name any other in a line.
_MOST_GROUPS = 50


async def ask_for_robot(request: Add, context: Context) -> Reply:
    """Return the form that adds a robot, with what was said already."""
    groups = await groups_of(context)
    options = tuple(
        Option(each.alias or each.name or each.id, each.id) for each in groups
    )
    said = request.group.casefold()
    chosen = tuple(each.value for each in options if each.label.casefold() == said)
    fields: list[Field] = [
        Pick(
            name="platform",
            label=_("Platform"),
            options=(Option("Lark", "lark"), Option(_("Feishu"), "feishu")),
            chosen=("feishu" if _is_feishu(context) else "lark",),
        ),
        Input(
            name="name",
            label=_("Robot name"),
            initial=request.name,
            hint="ops-room",
            most=64,
            required=True,
        ),
        Input(name="webhook", label=_("Webhook address"), most=300, required=True),
        Pick(
            name="security",
            label=_("Security"),
            options=(
                Option(_("None"), NONE),
                Option(_("Signature"), SIGNATURE),
            ),
            chosen=(NONE,),
        ),
        Input(
            name="secret",
            label=_("Secret, for a signature"),
            most=200,
            hidden=True,
        ),
        Pick(
            name="notify",
            label=_("Notify all users (@all)"),
            options=(Option(_("No"), "none"), Option(_("Yes"), "all")),
            chosen=("all" if request.settings.mention_all else "none",),
        ),
    ]
    if options:
        fields.append(
            Pick(
                name="group",
                label=_("The group that it posts in"),
                options=options[:_MOST_GROUPS],
                chosen=chosen,
            )
        )
    form = Form(kind=ADD, fields=tuple(fields), submit=_("Add robot"))
    return Reply(
        title=_("Add a robot"),
        lines=(WHERE, _("What you fill in here stays between you and me.")),
        canonical=write(request),
        view=(form,),
    )


def ask_for_hook(robot: Robot) -> Reply:
    """Return the form that gives a robot another webhook or secret."""
    form = Form(
        kind=HOOK,
        fields=(
            Input(
                name="secret",
                label=_("Secret; empty keeps the one that it has"),
                most=200,
                hidden=True,
            ),
            Input(
                name="webhook",
                label=_("Webhook address; empty keeps the one that it has"),
                most=300,
            ),
        ),
        submit=_("Change"),
        given=(("robot", robot.name),),
    )
    return Reply(
        title=_("Robot {robot}", robot=robot.name),
        lines=(WHERE,),
        view=(form,),
    )


def line_to_add(filled: Filled, context: Context) -> str:
    """Return the line that adds what was filled in."""
    name, webhook = filled.one("name"), filled.one("webhook")
    secret = filled.one("secret")
    if not name or not webhook:
        raise UserError(_("A robot needs a name and a webhook. Please fill in both."))
    if filled.one("security") == SIGNATURE and not secret:
        raise UserError(
            _("A signature needs the secret that Lark shows. Please fill it in.")
        )
    _check_platform(filled.one("platform"), webhook)
    words = ["/robot add", quoted(name), quoted(webhook)]
    words += [f"secret {quoted(secret)}"] if secret else []
    words += ["notify all"] if filled.one("notify") == "all" else []
    group = filled.one("group")
    words += [f"chat {quoted(group)}"] if group else []
    return " ".join((*words, BY_FORM))


def line_to_change(filled: Filled, context: Context) -> str:
    """Return the line that gives a robot what was filled in."""
    secret, webhook = filled.one("secret"), filled.one("webhook")
    if not secret and not webhook:
        raise UserError(_("Nothing was filled in, so nothing changed."))
    words = ["/robot set", plain_or_quoted(filled.given.get("robot", ""))]
    words += [f"webhook {quoted(webhook)}"] if webhook else []
    words += [f"secret {quoted(secret)}"] if secret else []
    return " ".join((*words, BY_FORM))


def _check_platform(platform: str, webhook: str) -> None:
    """Whoever picks one cloud and pastes from the other has the wrong window open."""
    other = next(
        (name for name, host in _HOSTS.items() if host in webhook and name != platform),
        "",
    )
    if platform and other:
        raise UserError(
            _(
                "You picked {platform}, and the webhook is on {host}. Please check "
                "which of them is right.",
                platform=platform.capitalize(),
                host=_HOSTS[other],
            )
        )


def _is_feishu(context: Context) -> bool:
    return bool(context.hosts) and _HOSTS["lark"] not in context.hosts
