"""What people are told when somebody else made them a recipient, or took them out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers.context import Context
from handlers.people.states import everybody, members, unreached
from handlers.people.words import Given
from handlers.reply import Button, Note
from handlers.rules.carrying import chosen
from handlers.rules.methods import say_channels
from store import directory
from store.people import Addressee, Means
from store.values import Channel, Destination, Kind, Subscription
from store.wording import Text, _, commas


async def notes(
    context: Context,
    owner: Destination,
    given: Mapping[Destination, Given],
    who: Mapping[str, Addressee],
    *,
    where: str = "",
) -> tuple[Note, ...]:
    """Return the notes to all who were made recipients and are not the asker.

    *where* is the filter of what they get. Only who has a Lark account can be told so;
    the others get a letter with a code.
    """
    place = await say_place(context, owner)
    groups = await members(context)
    made: dict[Destination, Note] = {}
    for whom, what in given.items():
        if whom.kind is Kind.GROUP:
            for each in everybody(whom, groups):
                person = who.get(each.name)
                if person is not None and person.open_id:
                    made[each] = _as_member(whom, person.open_id, what, place, where)
    for whom, what in given.items():
        if whom.kind is Kind.PERSON and who[whom.name].open_id:
            made[whom] = _note(context, owner, who[whom.name], what, place, where)
    made.pop(context.me, None)
    return tuple(made.values())


def given_by(rules: Iterable[Subscription]) -> dict[Destination, Given]:
    """Return what *rules* send to people: the types by channels."""
    found: dict[Destination, dict[frozenset[Channel], list[str]]] = {}
    for rule in rules:
        for whom in rule.to:
            if whom.kind in (Kind.PERSON, Kind.GROUP):
                types = found.setdefault(whom, {}).setdefault(chosen(rule, whom), [])
                types.extend(rule.patterns)
    return dict(found)


def stop_line(owner: Destination, patterns: Iterable[str]) -> str:
    """Return the line that ends these types of *owner* for whoever runs it."""
    return " ".join(("/recipients stop", *patterns, f"from {owner}"))


async def say_place(context: Context, owner: Destination) -> Text:
    """Return whose rules they are, for somebody who is not there: ``group ops``."""
    if owner.kind is not Kind.CHAT:
        return _("an admin")
    chat = await directory.chat(context.tx, owner.name)
    name = (chat.alias or chat.name) if chat else ""
    return _("group {name}", name=name) if name else _("a group")


def _note(
    context: Context,
    owner: Destination,
    who: Addressee,
    what: Given,
    place: Text,
    where: str,
) -> Note:
    types = tuple(dict.fromkeys(each for some in what.values() for each in some))
    channels = frozenset[Channel]().union(*what)
    line = stop_line(owner, types)
    to = Destination(Kind.PERSON, who.open_id or who.name)
    missing = unreached(who, channels, context)
    buttons = [Button(_("Stop"), line, danger=True, only=to.name)]
    if any(_waits(who, each) for each in missing):
        buttons.append(Button(_("Send me a code"), "/verify", only=to.name))
    return Note(
        to=to,
        title=_title(place),
        lines=tuple(
            filter(
                None,
                (
                    *(_gets(each, over, where) for over, each in what.items()),
                    _("“Stop” ends it, for you alone."),
                    _unproved(who, missing),
                ),
            )
        ),
        buttons=tuple(buttons),
    )


def _as_member(
    group: Destination, open_id: str, what: Given, place: Text, where: str
) -> Note:
    """Tell somebody whose group of people was made a recipient."""
    types = dict.fromkeys(each for some in what.values() for each in some)
    to = Destination(Kind.PERSON, open_id)
    line = f"/dnd add whole day {' '.join(types)}"
    return Note(
        to=to,
        title=_title(place),
        lines=(
            *(_gets(each, over, where) for over, each in what.items()),
            _(
                "You are one of {people}. Only an admin can take you out of it, but "
                "you can let me hold these back.",
                people=group.name,
            ),
        ),
        buttons=(Button(_("Hold these back"), line, only=to.name),),
    )


def _title(place: Text) -> Text:
    return _("You get messages from {place}", place=place)


def _gets(patterns: Iterable[str], channels: frozenset[Channel], where: str) -> Text:
    shown = channels - {Channel.INBOX}
    types = commas([*patterns])
    if where:
        types = _("{types} with {where}", types=types, where=where)
    if not shown:
        return _("{types}, in your inbox only.", types=types)
    return _("{types}, by {channels}.", types=types, channels=say_channels(shown))


def _waits(who: Addressee, channel: Channel) -> bool:
    means = Means.EMAIL if channel is Channel.EMAIL else Means.PHONE
    return means in who.contacts


def _unproved(who: Addressee, missing: list[Channel]) -> Text | None:
    if not missing:
        return None
    if all(_waits(who, each) for each in missing):
        return _(
            "Nothing goes by {channels} until you confirm your address: /verify.",
            channels=say_channels(missing),
        )
    return _(
        "Nothing goes by {channels} until I know your address: send me "
        "“/contact add” and the address.",
        channels=say_channels(missing),
    )
