"""Who asked, where and when: all that a handler knows beside the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.audience import Audience
from handlers.errors import Forbidden
from handlers.language.text import Mention
from handlers.names import Names, reference
from handlers.rules.reach import BY_CONTACT
from handlers.rules.types import Types
from store.database import Tx
from store.values import Channel, Destination, Kind
from store.wording import _, listed


class Role(StrEnum):
    """What somebody may do in this chat. An admin may do everything."""

    MEMBER = "member"
    EDITOR = "editor"
    COST_VIEWER = "cost viewer"
    ADMIN = "admin"


class ChatType(StrEnum):
    """Where a line was typed."""

    GROUP = "group"
    DIRECT = "p2p"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asked, where and when, with what the settings say.

    ``channels`` are those that this Larkbell can deliver over; ``buzzed`` those of them
    that are a buzz in Lark's app, whatever they are called; ``by_contact`` those that
    go to an address and not to a Lark account. ``about`` is the number
    of the message whose card the line replies to. ``confirmed``: the asker was asked
    whether this line is meant, and said yes. ``audiences`` says who holds a role here,
    ``defaults`` who does where the group has not chosen; admins hold them all. A
    webhook given in chat must be on one of ``hosts``.
    """

    tx: Tx
    now: datetime
    chat: str
    chat_type: ChatType
    asker: str
    roles: frozenset[Role]
    types: Types
    names: Names
    locale: str = "en"
    zone: str = "Asia/Shanghai"
    calendar: str = "CN"
    mentions: tuple[Mention, ...] = ()
    about: int | None = None
    confirmed: bool = False
    admins: frozenset[str] = frozenset()
    audiences: Mapping[Role, Audience] = field(default_factory=dict)
    defaults: Mapping[Role, Audience] = field(default_factory=dict)
    channels: frozenset[Channel] = frozenset({Channel.INBOX, Channel.CHAT})
    buzzed: frozenset[Channel] = frozenset()
    by_contact: frozenset[Channel] = BY_CONTACT
    hosts: frozenset[str] = frozenset()

    @property
    def home(self) -> Destination:
        """What a line is about that names nothing else: this group, or the asker."""
        if self.chat_type is ChatType.GROUP:
            return Destination(Kind.CHAT, self.chat)
        return Destination(Kind.PERSON, self.asker)

    @property
    def me(self) -> Destination:
        """The asker."""
        return Destination(Kind.PERSON, self.asker)

    @property
    def clock(self) -> ZoneInfo:
        """The zone that times are read and echoed in."""
        return ZoneInfo(self.zone)

    @property
    def is_group(self) -> bool:
        """Whether the line was typed in a group."""
        return self.chat_type is ChatType.GROUP

    @property
    def is_admin(self) -> bool:
        """Whether the asker is an admin."""
        return Role.ADMIN in self.roles

    def reaches(self, destination: Destination) -> bool:
        """Whether this chat may see what concerns *destination*.

        A group sees itself and its robots; a person sees herself; an admin sees
        everything in a direct chat, and no more than the others in a group.
        """
        if self.is_admin and not self.is_group:
            return True
        if destination.kind is Kind.ROBOT and self.is_group:
            return self.names.robots.get(destination.name) == self.chat
        return destination == self.home

    def say(self, destination: Destination) -> str:
        """Return *destination* in words: ``this group``, ``robot ops-room``."""
        if destination == Destination(Kind.CHAT, self.chat):
            return _("this group")
        if destination == self.me:
            return _("you")
        name = self.names.shown(destination)
        if destination.kind is Kind.PERSON:
            if destination.name in self.names.outsiders:
                return name
            named = (
                each.name for each in self.mentions if each.person == destination.name
            )
            return f"@{next(named, name)}"
        if destination.kind is Kind.ROBOT:
            return _("robot {name}", name=name)
        if destination.kind is Kind.CHAT:
            return _("group {name}", name=name)
        return _("everyone in {people}", people=name)

    def say_person(self, open_id: str) -> str:
        """Return who made or changed something: ``you``, ``@Wei``."""
        return self.say(Destination(Kind.PERSON, open_id))

    def say_whom(self, destination: Destination) -> str:
        """Return whom it concerns: ``everyone in this group``, ``you``."""
        if destination == Destination(Kind.CHAT, self.chat):
            return _("everyone in this group")
        if destination.kind is Kind.CHAT:
            name = self.names.name_of(destination)
            return _("everyone in group {name}", name=name)
        return self.say(destination)

    def say_all(self, destinations: Iterable[Destination]) -> str:
        """Return whom it concerns: ``everyone in this group, @Wei and you``."""
        return listed([*dict.fromkeys(self.say_whom(each) for each in destinations)])

    def write(self, destination: Destination) -> str:
        """Return *destination* as it is typed here: ``chat``, ``me``, ``robot:ops``."""
        if self.is_group and destination == self.home:
            return "chat"
        if destination == self.me:
            return "me"
        return reference(destination, self.names.name_of(destination))

    def owner(self, destination: Destination) -> str:
        """Return who owns a setting for *destination* that is made here.

        It is the chat it is for, so that this chat lists it; a person owns her own.
        """
        if destination == self.me:
            return str(self.me)
        if destination.kind is Kind.CHAT:
            return str(destination)
        bound = self.names.robots.get(destination.name)
        if destination.kind is Kind.ROBOT and bound is not None:
            return str(Destination(Kind.CHAT, bound))
        return str(self.home)

    def may_change(self, destination: Destination) -> bool:
        """Whether ``require_editor`` would let the asker change it."""
        try:
            self.require_editor(destination)
        except Forbidden:
            return False
        return True

    def require_editor(self, destination: Destination) -> None:
        """Raise ``Forbidden`` unless the asker may change what *destination* gets.

        Everybody may change what they get themselves. Editors of a chat may change what
        concerns it and its robots, and in it subscribe people; the rest is the admins'.
        """
        if self.is_admin or destination == self.me:
            return
        if not self.is_group:
            raise Forbidden(
                _(
                    "From a direct chat you can change what you get yourself. "
                    "Admins can change the rest."
                )
            )
        if destination.kind is Kind.ROBOT and not self.reaches(destination):
            raise Forbidden(_("A robot that is bound to no group is for admins."))
        if Role.EDITOR not in self.roles:
            raise Forbidden(
                _(
                    "Only editors of this group and admins can change this. "
                    "/whoami shows your roles."
                )
            )
