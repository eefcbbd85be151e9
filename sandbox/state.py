"""What a Lark tenant consists of: apps, users, chats, robots, messages."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.refusal import Json

#: What section "permissions" of a set-up guide asks for, and no more.
USUAL_SCOPES = frozenset(
    {
        "im:message:send_as_bot",
        "im:message:update",
        "im:message:readonly",
        "im:message.urgent",
        "im:message.p2p_msg:readonly",
        "im:message.group_at_msg:readonly",
        "im:chat:readonly",
        "contact:contact.base:readonly",
        "contact:user.base:readonly",
        "contact:user.id:readonly",
    }
)


def new_id(prefix: str) -> str:
    """Return an id as Lark makes them: a prefix and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(eq=False, slots=True, kw_only=True)
class User:
    """A person in the tenant. Their open_id is another one for every app."""

    name: str
    email: str | None = None
    mobile: str | None = None
    user_id: str = field(default_factory=lambda: secrets.token_hex(4))
    union_id: str = field(default_factory=lambda: new_id("on_"))
    resigned: bool = False
    tenant_manager: bool = False
    #: Whether a client of theirs is running: cards for one person need it.
    online: bool = True
    unread_urgents: int = 0
    #: What their client is set to. The API tells neither.
    locale: str = "en_us"
    timezone: str = "Asia/Shanghai"
    #: Apps (app_id) whose messages this person chose not to receive any more.
    stopped: set[str] = field(default_factory=set)


@dataclass(eq=False, slots=True, kw_only=True)
class App:
    """A custom app with its bot, as the developer console shows it."""

    name: str
    app_id: str = field(default_factory=lambda: "cli_" + secrets.token_hex(8))
    secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    union_id: str = field(default_factory=lambda: new_id("on_"))
    encrypt_key: str | None = field(default=None, repr=False)
    verification_token: str = field(
        default_factory=lambda: secrets.token_hex(16), repr=False
    )
    scopes: set[str] = field(default_factory=lambda: set(USUAL_SCOPES))
    #: False until a version with the bot ability is published.
    published: bool = True
    enabled: bool = True
    #: Who may use the bot, and whose profile it may read; None for everybody.
    available_to: set[User] | None = None
    contact_range: set[User] | None = None
    #: Addresses that may call for this app; empty for all.
    ips: tuple[str, ...] = ()
    event_url: str | None = None
    card_url: str | None = None
    images: set[str] = field(default_factory=set)

    @property
    def open_id(self) -> str:
        """The bot's open_id as its own app sees it."""
        return self.open_id_of(self)

    def open_id_of(self, whom: User | App) -> str:
        """Return the open_id by which this app, and no other, knows *whom*."""
        digest = hashlib.sha256(f"{self.app_id} {whom.union_id}".encode())
        return "ou_" + digest.hexdigest()[:32]


@dataclass(eq=False, slots=True, kw_only=True)
class Robot:
    """A custom bot of one group: a webhook, and whatever guards it."""

    name: str
    chat: Chat
    token: str = field(default_factory=lambda: secrets.token_hex(18), repr=False)
    secret: str | None = field(default=None, repr=False)
    keywords: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    gone: bool = False


Sender = User | App | Robot


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody a message notifies; ``who`` of None stands for everyone."""

    key: str
    who: User | App | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgent:
    """One person was buzzed about a message: ``app``, ``sms`` or ``phone``."""

    kind: str
    user: User
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """An emoji that somebody put under a message."""

    emoji: str
    by: User | App
    at: datetime
    reaction_id: str = field(default_factory=lambda: secrets.token_urlsafe(16))


@dataclass(eq=False, slots=True, kw_only=True)
class Message:
    """One message. ``versions`` holds every content it has shown, oldest first."""

    chat: Chat
    sender: Sender
    msg_type: str
    versions: list[Json]
    created_at: datetime
    updated_at: datetime
    message_id: str = field(default_factory=lambda: new_id("om_"))
    root: Message | None = None
    parent: Message | None = None
    thread_id: str | None = None
    mentions: tuple[Mention, ...] = ()
    uuid: str | None = None
    recalled: bool = False
    deleted: bool = False
    #: While a tap on it is being answered, it cannot be updated.
    locked: bool = False
    #: The one person who sees it; None for everybody in the chat.
    only_for: User | None = None
    #: What single persons see instead, of a card of schema 1.0 that is not shared.
    personal: dict[User, Json] = field(default_factory=dict)
    urgents: list[Urgent] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)

    @property
    def content(self) -> Json:
        """What the message shows now."""
        return self.versions[-1]

    def shown_to(self, user: User) -> Json:
        """Return what the message shows *user* now."""
        return self.personal.get(user, self.content)

    @property
    def content_text(self) -> str:
        """What it shows now, as the JSON string that Lark's API carries."""
        return json.dumps(self.content, ensure_ascii=False)

    @property
    def root_id(self) -> str | None:
        """The id of the message that the chain of replies started from."""
        return self.root.message_id if self.root else None

    @property
    def parent_id(self) -> str | None:
        """The id of the message that this one answers."""
        return self.parent.message_id if self.parent else None

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The names of those it notifies, in order; ``all`` for everyone."""
        return tuple(mention.name for mention in self.mentions)


@dataclass(eq=False, slots=True, kw_only=True)
class CardToken:
    """What a tap gives the app, to change the card with after it has answered."""

    app: App
    message: Message
    user: User
    issued_at: datetime
    text: str = field(default_factory=lambda: "c-" + secrets.token_hex(20))
    answered: bool = False
    uses: int = 0


Member = User | App


@dataclass(eq=False, slots=True, kw_only=True)
class Chat:
    """A group, or the direct chat of one user and one bot (``mode`` p2p)."""

    name: str
    created_at: datetime
    chat_id: str = field(default_factory=lambda: new_id("oc_"))
    description: str = ""
    mode: str = "group"
    owner: Member | None = None
    managers: list[User] = field(default_factory=list)
    bot_managers: list[App] = field(default_factory=list)
    #: Everybody in it, bots too, in the order in which they joined.
    members: list[Member] = field(default_factory=list)
    #: ``normal``, ``dissolved`` or ``dissolved_save``.
    status: str = "normal"
    #: Whether a bot may speak (230018), and whether all are silenced (230035).
    bots_may_speak: bool = True
    silenced: bool = False
    at_all: bool = True
    #: Whether everybody may buzz, and not only the owner and the managers.
    all_may_buzz: bool = True
    threads: bool = True
    messages: list[Message] = field(default_factory=list)
    #: Cards that one person alone sees. They are in no history.
    ephemeral: list[Message] = field(default_factory=list)

    def __contains__(self, member: Member) -> bool:
        return member in self.members

    @property
    def users(self) -> list[User]:
        """The people in it."""
        return [member for member in self.members if isinstance(member, User)]

    def is_run_by(self, member: Member) -> bool:
        """Return whether *member* owns or manages it."""
        return member is self.owner or member in (*self.managers, *self.bot_managers)

    @property
    def apps(self) -> list[App]:
        """The app bots in it."""
        return [member for member in self.members if isinstance(member, App)]
