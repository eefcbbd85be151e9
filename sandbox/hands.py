"""The hands of the people in a tenant: they type, tap, come, go and take back."""

from __future__ import annotations

from typing import Any

from sandbox import lines, taps
from sandbox.filling import Client, action
from sandbox.hearing import Hearing
from sandbox.platform import Platform
from sandbox.push import Push
from sandbox.refusal import Json
from sandbox.state import App, Chat, Message, User
from sandbox.tappable import choose
from sandbox.taps import Tapped


class Hands:
    """What people do, and what the apps around them are told of it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.push = Push(platform)
        self._hearing = Hearing(platform, self.push)

    async def say(
        self,
        chat: Chat,
        user: User,
        text: str,
        *,
        mention_bot: bool = False,
        bot: App | None = None,
        post: bool = False,
        reply_to: Message | None = None,
    ) -> Message:
        """Let *user* write into *chat*, and tell the bots that may hear it.

        ``<at user_id="…">`` in *text* mentions somebody by any id of theirs, or all.
        ``mention_bot`` puts a mention of *bot*, or of the first bot of the group, in
        front. ``post`` sends it the way clients send several lines. Raises
        ``ValueError`` for somebody who is not in the chat.
        """
        _check_present(user, chat)
        if mention_bot:
            target = bot or chat.apps[0]
            text = f'<at user_id="{target.app_id}">{target.name}</at> {text}'
        now = self.platform.now()
        message = Message(
            chat=chat,
            sender=user,
            msg_type="post" if post else "text",
            versions=[lines.as_post(text) if post else lines.as_text(text)],
            created_at=now,
            updated_at=now,
            parent=reply_to,
            root=(reply_to.root or reply_to) if reply_to else None,
            thread_id=reply_to.thread_id if reply_to else None,
        )
        self._hearing.mentioned_by(message)
        self.platform.tenant.post(message)
        if chat.mode == "p2p":
            # Writing to a bot is how one takes its messages again.
            user.stopped.difference_update(app.app_id for app in chat.apps)
        await self._hearing.said(message)
        return message

    async def tap(
        self,
        message: Message,
        user: User,
        button: str | int | Json,
        *,
        form: Json | None = None,
        option: Any = None,
        beside: str | None = None,
        timezone: str | None = None,
    ) -> Tapped:
        """Let *user* tap something on the card that *message* shows now.

        *button* is a label, a name, a callback value or a place in ``buttons()``;
        *beside* tells apart what reads the same, by a text right above it or in its
        row, or by the title of its panel. *form* holds what is filled in, by the names
        of the fields or what people read on them; *option* is what is chosen, typed or
        ticked outside of a form. Both hold what a person sees: the words of an option,
        a colleague, a time.

        Raises ``LookupError`` when the card shows no such thing, ``ValueError`` when a
        client would not take or send what was entered.
        """
        _check_present(user, message.chat)
        taps.check_alive(message, user, now=self.platform.now())

        def colleague(who: Any) -> str | None:
            return taps.colleague(message, who)

        client = Client(
            timezone=timezone or user.timezone,
            now=self.platform.now(),
            find=colleague,
            tells_blanks=self.platform.switches.tells_blanks,
        )
        chosen = choose(message.shown_to(user), button, beside=beside)
        said = action(chosen, form=form, option=option, client=client)
        return await taps.tap(self.platform, self.push, message, user, said)

    async def direct_chat(self, user: User, app: App) -> Chat:
        """Return the direct chat of *user* with the bot; opening it tells the app."""
        chat = self.platform.tenant.direct_chat(user, app)
        if chat is None:
            now = self.platform.now()
            chat = self.platform.tenant.open_direct_chat(user, app, now=now)
            await self._hearing.opened(chat, user, app)
        return chat

    async def enter(self, user: User, app: App) -> Chat:
        """Let *user* open the direct chat with the bot, and look at it."""
        chat = await self.direct_chat(user, app)
        if self.platform.switches.tells_entering:
            await self._hearing.entered(chat, user, app)
        return chat

    async def choose_from_menu(self, user: User, app: App, event_key: str) -> None:
        """Let *user* choose an entry of the bot's menu. It is told without a chat."""
        await self._hearing.menu(user, app, event_key)

    async def add_bot(self, chat: Chat, app: App, by: User) -> None:
        """Let *by* add the bot to *chat*."""
        chat.members.append(app)
        await self._hearing.membership("im.chat.member.bot.added_v1", chat, app, by)

    async def remove_bot(self, chat: Chat, app: App, by: User) -> None:
        """Let *by* remove the bot from *chat*."""
        chat.members.remove(app)
        await self._hearing.membership("im.chat.member.bot.deleted_v1", chat, app, by)

    async def disband(
        self, chat: Chat, by: User, *, keep_history: bool = False
    ) -> None:
        """Let *by* disband *chat*. Nobody is told when its history is kept."""
        apps = chat.apps
        chat.status = "dissolved_save" if keep_history else "dissolved"
        if not keep_history:
            for app in apps:
                await self._hearing.membership("im.chat.disbanded_v1", chat, app, by)

    async def hand_over(self, chat: Chat, to: User, by: User) -> None:
        """Let *by* make *to* the owner of *chat*."""
        before, chat.owner = chat.owner, to
        await self._hearing.owner_changed(chat, before, by)

    def recall(self, message: Message) -> None:
        """Take *message* back, as its sender may."""
        message.recalled = True

    def read_urgents(self, user: User) -> None:
        """Let *user* look at what is urgent: nothing of it is unread any more."""
        user.unread_urgents = 0


def _check_present(user: User, chat: Chat) -> None:
    if user not in chat or chat.status != "normal":
        raise ValueError(f"{user.name} cannot act in {chat.name}")
