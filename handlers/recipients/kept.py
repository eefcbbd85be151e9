"""Who gets a type in a chat, as its rules say it, and how that is changed.

A recipient of a type is a person, a group of people or a robot that a rule of the
chat's own names, which names exactly that type. So /sub, /recipients and the matrix
speak of the same. New ones join the rule of that type with the same channels, so that
a type of a chat has one rule, and not a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from handlers.changes import Changes
from handlers.offers import in_order
from handlers.rules.carrying import USUAL, chosen
from handlers.subscribed import without
from store import subscriptions
from store.values import Channel, Destination, Kind, Subscription

#: What can be a recipient: the chat itself is what /sub is about.
KINDS = frozenset({Kind.PERSON, Kind.GROUP, Kind.ROBOT})
_PEOPLE = frozenset({Kind.PERSON, Kind.GROUP})


@dataclass(frozen=True, slots=True)
class Recipient:
    """One recipient of one type, by one rule. ``where`` is that rule's filter."""

    destination: Destination
    pattern: str
    via: frozenset[Channel]
    rule: Subscription = field(repr=False)

    @property
    def where(self) -> str:
        """What of the type they get; empty for all of it."""
        return self.rule.where


@dataclass
class Recipients:
    """The recipients of a chat's types, and every change of them.

    ``rules`` are the chat's own rules in force, as they are after each change.
    """

    changes: Changes
    owner: Destination
    rules: list[Subscription]

    @classmethod
    async def of(cls, changes: Changes, owner: Destination) -> Recipients:
        """Return the recipients in the chat (or of the person) *owner*."""
        found = await subscriptions.owned_by(changes.context.tx, str(owner))
        return cls(changes, owner, [rule for rule in found if rule.enabled])

    def all(self, patterns: Iterable[str] = ()) -> Iterator[Recipient]:
        """Yield every recipient of these types, or of all, type by type."""
        wanted = set(patterns)
        named = sorted({each for rule in self.rules for each in rule.patterns})
        for pattern in named:
            if not wanted or pattern in wanted:
                yield from self.of_type(pattern)

    def of_type(self, pattern: str) -> Iterator[Recipient]:
        """Yield the recipients of exactly *pattern*, in the order they were added."""
        for rule in self.rules:
            if pattern in rule.patterns:
                for each in rule.to:
                    if each.kind in KINDS:
                        yield Recipient(each, pattern, chosen(rule, each), rule)

    def gets(self, pattern: str, whom: Destination) -> frozenset[Channel] | None:
        """Return over what *whom* gets all of *pattern*, or ``None``."""
        found = self._unfiltered(pattern, whom)
        if not found:
            return None
        return frozenset[Channel]().union(*(chosen(rule, whom) for rule in found))

    async def add(
        self, pattern: str, whom: Destination, via: frozenset[Channel] | None
    ) -> bool:
        """Let *whom* get *pattern* over *via* too; return whether that is a change.

        ``None`` stands for the channels that the type's other recipients get, or for
        the usual ones.
        """
        has = self.gets(pattern, whom)
        if has is not None:
            if via is None or via <= has | {Channel.INBOX}:
                return False
            await self._take_out(pattern, whom)
            via = via | has
        await self._join(pattern, whom, via)
        return True

    async def set(
        self, pattern: str, whom: Destination, via: frozenset[Channel] | None
    ) -> bool:
        """Let *whom* get *pattern* over exactly *via*; return whether that is new."""
        has = self.gets(pattern, whom)
        if has is not None and (via is None or via | {Channel.INBOX} == has):
            return False
        if has is not None:
            await self._take_out(pattern, whom)
        await self._join(pattern, whom, via)
        return True

    async def remove(
        self, pattern: str, whom: Destination, via: frozenset[Channel] | None = None
    ) -> bool:
        """Let *whom* get *pattern* no more, or not over *via*; return if that is new.

        Whoever is left with the inbox alone is no recipient any more.
        """
        rules = [r for r in self.rules if pattern in r.patterns and whom in r.to]
        found = False
        for rule in rules:
            has = chosen(rule, whom)
            left = has - (via or has)
            if left == has:
                continue
            found = True
            await self._leave(rule, pattern, whom)
            if left - {Channel.INBOX}:
                await self._join(pattern, whom, left, where=rule.where)
        return found

    async def _take_out(self, pattern: str, whom: Destination) -> None:
        for rule in self._unfiltered(pattern, whom):
            await self._leave(rule, pattern, whom)

    def _unfiltered(self, pattern: str, whom: Destination) -> list[Subscription]:
        return [
            rule
            for rule in self.rules
            if pattern in rule.patterns and whom in rule.to and not rule.where
        ]

    async def _leave(self, rule: Subscription, pattern: str, whom: Destination) -> None:
        """Take *whom* out of *rule*, as far as *pattern* goes."""
        first, *rest = (*without(rule, {pattern}, {whom}), None)
        if first is None:
            await self.changes.drop(rule)
        else:
            await self.changes.change(rule, first)
        self._replace(rule, first)
        for each in rest:
            if each is not None:
                self.rules.append(await self.changes.make(self._own(each)))

    async def _join(
        self,
        pattern: str,
        whom: Destination,
        via: frozenset[Channel] | None,
        where: str = "",
    ) -> None:
        """Let *whom* into the rule of *pattern* with these channels, or make one."""
        alike = [each for each in self.rules if _takes(each, pattern, whom, where)]
        same = [each for each in alike if _fits(each, via)]
        if same:
            same.sort(key=lambda rule: rule.via is not None)
            now = replace(same[0], to=(*same[0].to, whom))
            await self.changes.change(same[0], now)
            self._replace(same[0], now)
            return
        made = Subscription(
            id=0,
            name="",
            owner=str(self.owner),
            patterns=(pattern,),
            to=(whom,),
            where=where,
            via=in_order(_said(via, whom)),
            created_by=self.changes.context.asker,
            created_at=self.changes.context.now,
        )
        self.rules.append(await self.changes.make(made))

    def _replace(self, was: Subscription, now: Subscription | None) -> None:
        at = next(n for n, each in enumerate(self.rules) if each.id == was.id)
        self.rules[at : at + 1] = [] if now is None else [now]

    def _own(self, rule: Subscription) -> Subscription:
        context = self.changes.context
        return replace(
            rule,
            id=0,
            name="",
            owner=str(self.owner),
            created_by=context.asker,
            created_at=context.now,
        )


def _takes(rule: Subscription, pattern: str, whom: Destination, where: str) -> bool:
    """Whether *whom* can join *rule*: one of this type alone, and of their sort."""
    sort = _PEOPLE if whom.kind in _PEOPLE else frozenset({whom.kind})
    return (
        rule.patterns == (pattern,)
        and rule.where == where
        and all(each.kind in sort for each in rule.to)
    )


def _fits(rule: Subscription, via: frozenset[Channel] | None) -> bool:
    """Whether *rule* goes over *via*; for ``None``, whether others do as it does.

    Those of people without an account are no example for others.
    """
    if via is not None:
        return _over(rule) == via | {Channel.INBOX}
    return any(
        each.kind is not Kind.PERSON or each.name.startswith("ou_") for each in rule.to
    )


def _over(rule: Subscription) -> frozenset[Channel]:
    return chosen(rule, rule.to[0])


def _said(
    via: frozenset[Channel] | None, whom: Destination
) -> frozenset[Channel] | None:
    """Return the channels as a rule keeps them: none where they are the usual ones."""
    if via is None:
        return None
    named = via - {Channel.INBOX}
    return None if named == {USUAL[whom.kind]} else named or frozenset({Channel.INBOX})
