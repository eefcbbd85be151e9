"""Which bot hears what happens in a chat, and how it is told."""

from __future__ import annotations

from sandbox import events, lines
from sandbox.mentions import Surroundings
from sandbox.platform import Platform
from sandbox.push import Push
from sandbox.state import App, Chat, Member, Message, User

HEARS_MENTIONS = frozenset(
    {"im:message.group_at_msg:readonly", "im:message.group_at_msg"}
)
HEARS_ALL = frozenset({"im:message.group_msg", "im:message.group_msg:readonly"})
HEARS_DIRECT = frozenset({"im:message.p2p_msg:readonly", "im:message.p2p_msg"})
SEES_CHATS = frozenset({"im:chat", "im:chat:readonly", "im:chat.members:bot_access"})


class Hearing:
    """Tells apps what people did, as far as each of them may hear it."""

    def __init__(self, platform: Platform, push: Push) -> None:
        self._platform = platform
        self._push = push

    def mentioned_by(self, message: Message) -> None:
        """Note on *message* whom it mentions."""
        message.mentions = lines.heard(message, self._anybody())[1]

    async def said(self, message: Message) -> None:
        """Tell the bots in the chat what was said, if it is for them."""
        content, mentions = lines.heard(message, self._anybody())
        for app in message.chat.apps:
            if self._hears(app, message):
                body = events.message_received(
                    message,
                    content,
                    mentions,
                    app=app,
                    tenant_key=self._platform.tenant.key,
                )
                await self._push.send(app, body)

    async def opened(self, chat: Chat, user: User, app: App) -> None:
        """Tell *app* that *user* opened a direct chat with its bot."""
        body = events.direct_chat_created(
            chat,
            user,
            app=app,
            tenant_key=self._platform.tenant.key,
            now=self._platform.now(),
        )
        await self._push.send(app, body)

    async def entered(self, chat: Chat, user: User, app: App) -> None:
        """Tell *app* that *user* looks at the direct chat with its bot."""
        body = events.direct_chat_entered(
            chat,
            user,
            app=app,
            tenant_key=self._platform.tenant.key,
            now=self._platform.now(),
        )
        await self._push.send(app, body)

    async def menu(self, user: User, app: App, event_key: str) -> None:
        """Tell *app* what *user* chose from the menu of its bot."""
        body = events.menu_chosen(
            user,
            event_key,
            app=app,
            tenant_key=self._platform.tenant.key,
            now=self._platform.now(),
            as_text=self._platform.switches.menu_time_as_text,
        )
        await self._push.send(app, body)

    async def owner_changed(self, chat: Chat, before: Member | None, by: User) -> None:
        """Tell the bots in *chat* that it has another owner."""
        for app in chat.apps:
            if not app.scopes & SEES_CHATS:
                continue
            body = events.owner_changed(
                chat,
                before,
                by,
                app=app,
                tenant_key=self._platform.tenant.key,
                now=self._platform.now(),
            )
            await self._push.send(app, body)

    async def membership(self, event_type: str, chat: Chat, app: App, by: User) -> None:
        """Tell *app* that its bot was added or removed, or its chat disbanded."""
        if not app.scopes & SEES_CHATS:
            return
        body = events.membership(
            event_type,
            chat,
            by,
            app=app,
            tenant_key=self._platform.tenant.key,
            now=self._platform.now(),
        )
        await self._push.send(app, body)

    def _hears(self, app: App, message: Message) -> bool:
        if message.chat.mode == "p2p":
            return bool(app.scopes & HEARS_DIRECT)
        if app.scopes & HEARS_ALL:
            return True
        at_all = self._platform.switches.at_all_reaches_bots
        spoken_to = lines.is_for(app, message.mentions, at_all=at_all)
        return spoken_to and bool(app.scopes & HEARS_MENTIONS)

    def _anybody(self) -> Surroundings:
        tenant = self._platform.tenant
        return Surroundings(
            find=lambda some_id: tenant.by_any_id(some_id, None),
            find_email=tenant.by_email,
            images=(),
        )
