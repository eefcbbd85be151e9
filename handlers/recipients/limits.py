"""What is too much: recipients of one type, and changes that ask first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from handlers.errors import UserError
from handlers.people.states import everybody
from store.values import Destination
from store.wording import _

#: How many people and robots may get one type in one chat.
MOST = 100
#: More changes at once than this ask first.
BROAD = 10


def check_count(
    pattern: str,
    whom: Iterable[Destination],
    groups: Mapping[str, tuple[Destination, ...]],
) -> None:
    """Raise a ``UserError`` when *whom* are too many to get *pattern*.

    It is asked before anything is written.
    """
    found = {person for each in whom for person in everybody(each, groups)}
    if len(found) > MOST:
        raise UserError(
            _(
                "{type} would have {count} recipients here; {most} are the most. "
                "Remove some first, or let a robot post it.",
                type=pattern,
                count=len(found),
                most=MOST,
            )
        )
