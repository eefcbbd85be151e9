"""Numbers that Lark has of its users: proved by Lark, where the app may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers.context import Context
from handlers.masking import masked
from handlers.recipients import words
from handlers.reply import Reply, Task
from store import people
from store.people import Addressee, Means
from store.values import Channel, Destination, Json, Kind
from store.wording import _

#: What asks Lark (``bot/errands/finding.py``).
KIND = "people.profile"
_BY_NUMBER = frozenset({Channel.SMS, Channel.VOICE})


def ask_numbers(
    nowhere: Mapping[Destination, Iterable[Channel]], who: Mapping[str, Addressee]
) -> tuple[Task, ...]:
    """Return the task that asks Lark for the numbers of those who have none proved."""
    wanted = [
        open_id
        for whom, channels in nowhere.items()
        if (open_id := who[whom.name].open_id) and _BY_NUMBER & set(channels)
    ]
    return (Task(KIND, {"of": wanted}),) if wanted else ()


async def told(task: Task, outcome: Json, context: Context) -> Reply:
    """Keep the numbers that Lark told, and say whose it did not tell."""
    lines, missing = [], []
    for each in outcome.get("found", ()):
        await keep(each, context)
        whom = Destination(Kind.PERSON, each["open_id"])
        if each["phone"]:
            lines.append(
                _(
                    "{whom}: {address}, verified by Lark.",
                    whom=context.say(whom),
                    address=masked(Means.PHONE, each["phone"]),
                )
            )
        else:
            missing.append(whom)
    if "failed" in outcome:
        lines.append(_("Lark could not be asked: {why}.", why=outcome["failed"]))
    if missing:
        lines.append(
            _(
                "Lark tells me no number of {whom}: “/contact add”, in a direct chat "
                "with me, is how they give one.",
                whom=context.say_all(missing),
            )
        )
    return Reply(title=words.TITLE, lines=tuple(lines))


async def keep(told: Json, context: Context) -> None:
    """Remember what Lark told of somebody: the name, and the number as proved."""
    open_id = told["open_id"]
    if told["name"]:
        await people.meet(context.tx, open_id, told["name"], now=context.now)
    if told["phone"]:
        await people.prove_contact(
            context.tx,
            open_id,
            Means.PHONE,
            told["phone"],
            own=False,
            by="lark",
            how="lark",
            now=context.now,
        )
