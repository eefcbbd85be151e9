"""The tenant: who and what exists, and how it is found."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.state import App, Chat, Member, Message, Robot, User


@dataclass(slots=True)
class Tenant:
    """Everything in one Lark tenant, by id."""

    key: str = field(default_factory=lambda: secrets.token_hex(8))
    apps: dict[str, App] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    chats: dict[str, Chat] = field(default_factory=dict)
    robots: dict[str, Robot] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)

    def everybody(self) -> Iterator[Member]:
        """Yield all users and all bots."""
        yield from self.users.values()
        yield from self.apps.values()

    def by_open_id(self, open_id: str, app: App | None) -> Member | None:
        """Return whom *open_id* names for *app*, or for any app when it is None."""
        apps = [app] if app is not None else list(self.apps.values())
        for known in apps:
            for member in self.everybody():
                if known.open_id_of(member) == open_id:
                    return member
        return None

    def of_another_app(self, open_id: str, app: App) -> bool:
        """Return whether *open_id* is good, but only for another app."""
        return (
            self.by_open_id(open_id, app) is None
            and self.by_open_id(open_id, None) is not None
        )

    def by_any_id(self, some_id: str, app: App | None) -> Member | None:
        """Return whom an open_id, union_id, user_id or app_id names."""
        if some_id.startswith("ou_"):
            return self.by_open_id(some_id, app)
        if some_id in self.apps:
            return self.apps[some_id]
        if some_id in self.users:
            return self.users[some_id]
        return self.by_user_id(some_id)

    def by_user_id(self, user_id: str) -> User | None:
        """Return the person whose user_id this is."""
        return next((u for u in self.users.values() if u.user_id == user_id), None)

    def by_email(self, email: str) -> User | None:
        """Return the person with this e-mail address."""
        return next((u for u in self.users.values() if u.email == email), None)

    def by_mobile(self, mobile: str) -> User | None:
        """Return the person with this telephone number; without "+" it is China's."""
        wanted = _international(mobile)
        for user in self.users.values():
            if user.mobile and _international(user.mobile) == wanted:
                return user
        return None

    def direct_chat(self, user: User, app: App) -> Chat | None:
        """Return the direct chat of *user* and the bot, if they ever had one."""
        for chat in self.chats.values():
            if chat.mode == "p2p" and user in chat and app in chat:
                return chat
        return None

    def open_direct_chat(self, user: User, app: App, *, now: datetime) -> Chat:
        """Return the direct chat of *user* and the bot, made if need be."""
        chat = self.direct_chat(user, app)
        if chat is None:
            chat = Chat(name=app.name, created_at=now, mode="p2p", members=[user, app])
            self.chats[chat.chat_id] = chat
        return chat

    def post(self, message: Message) -> Message:
        """Put *message* at the end of its chat."""
        self.messages[message.message_id] = message
        message.chat.messages.append(message)
        return message


def _international(mobile: str) -> str:
    return mobile if mobile.startswith("+") else f"+86{mobile}"
