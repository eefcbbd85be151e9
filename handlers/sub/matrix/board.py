"""The matrix of one chat: whose it is, its types in pages, its rules and windows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handlers.context import Context
from handlers.rules.matrix import Place, Row, is_wanted, row
from handlers.rules.patterns import valid_id
from handlers.rules.types import MessageType
from handlers.silence import listed_with
from handlers.subscribed import visible
from store import directory, subscriptions, windows
from store.values import Destination, Kind, Subscription, Window

#: How many types one card shows: Lark takes 200 elements a card, and 30 KB.
PAGE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All that the card of one chat shows."""

    place: Place
    rules: tuple[Subscription, ...]
    windows: tuple[Window, ...]
    types: Mapping[str, tuple[MessageType, ...]]

    def row(self, found: MessageType) -> Row:
        """Return how one type stands."""
        return row(found, self.rules, self.windows, self.place)

    def count(self, category: str) -> tuple[int, int]:
        """Return how many types of a category come here, of how many there are."""
        types = self.types.get(category, ())
        wanted = sum(is_wanted(each, self.rules, self.place) for each in types)
        return wanted, len(types)

    @property
    def served_by(self) -> Destination:
        """Where a post for the group goes: a robot, where rules know no other way."""
        named = {each for rule in self.rules for each in rule.to}
        robots = [each for each in self.place.robots if each in named]
        return self.place.home if self.place.home in named or not robots else robots[0]

    @property
    def pages(self) -> tuple[Mapping[str, tuple[MessageType, ...]], ...]:
        """The categories in pages. One is divided where it is longer than a page."""
        made: list[dict[str, tuple[MessageType, ...]]] = [{}]
        room = PAGE
        for category, types in self.types.items():
            if len(types) > room and room < PAGE:
                made.append({})
                room = PAGE
            for start in range(0, len(types), PAGE):
                if start:
                    made.append({})
                    room = PAGE
                made[-1][category] = types[start : start + PAGE]
                room -= len(made[-1][category])
        return tuple(made)

    def page_of(self, pattern: str) -> int:
        """Return the first page that shows *pattern*, counted from one."""
        category, exactly = pattern.partition(".")[0], not pattern.endswith("*")
        for number, shown in enumerate(self.pages, start=1):
            types = shown.get(category, ())
            if types and (not exactly or any(each.id == pattern for each in types)):
                return number
        return 1


async def board(context: Context, also: str = "") -> Board:
    """Return the matrix of this group, or of the asker in a direct chat.

    Beside the types that are known it shows those that rules name, and *also*.
    """
    joined = () if context.is_group else await _joined(context)
    rules = {each.id: each for each in await visible(context)}
    for group in joined:
        for rule in await subscriptions.sent_to(context.tx, group):
            rules[rule.id] = rule
    place = Place(
        home=context.home,
        robots=tuple(
            Destination(Kind.ROBOT, name)
            for name in context.names.robots_of(context.home.name)
        ),
        joined=joined,
        ways=context.channels,
    )
    silent: list[Window] = []
    for each in listed_with(context.home, context):
        silent += await windows.of(context.tx, each)
    named = (pattern for rule in rules.values() for pattern in rule.patterns)
    return Board(
        place=place,
        rules=tuple(rules[number] for number in sorted(rules)),
        windows=tuple(silent),
        types=_types((*named, also), context),
    )


async def _joined(context: Context) -> tuple[Destination, ...]:
    """Return the groups of people that the asker is in."""
    people = context.names.people
    mine = {name for name, person in people.items() if person == context.asker}
    return tuple(
        Destination(Kind.GROUP, name)
        for name, members in (await directory.groups(context.tx)).items()
        if mine & set(members) or context.asker in members
    )


def _types(
    named: Iterable[str], context: Context
) -> Mapping[str, tuple[MessageType, ...]]:
    found = {
        key: dict.fromkeys(types) for key, types in context.types.by_category().items()
    }
    for pattern in named:
        if valid_id(pattern):
            known = context.types.get(pattern)
            found.setdefault(known.category, {}).setdefault(known, None)
    return {key: tuple(types) for key, types in found.items() if types}
