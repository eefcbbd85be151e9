"""What happens when somebody taps a card: one callback, three seconds, no retry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox import cards, events
from sandbox.content import MOST_RICH
from sandbox.platform import Platform
from sandbox.push import Answer, Push, seal
from sandbox.refusal import Json
from sandbox.state import App, CardToken, Message, User

TOASTS = ("info", "success", "warning", "error")
#: For how long a card answers to taps.
ALIVE = {"2.0": timedelta(days=14), "1.0": timedelta(days=30)}

#: What the client shows when the callback fails.
NOT_CONFIGURED, TIMED_OUT, UNREACHABLE = 200340, 200341, 200342
NOT_200, BAD_BODY, BAD_CARD, DOWNGRADE = 200671, 200672, 200673, 200830


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """What the person who tapped sees: a toast, another card, or an error code."""

    toast: Json | None = None
    card: Json | None = None
    error: int | None = None

    @property
    def words(self) -> str:
        """The toast in words; empty when there is none."""
        return self.words_in("")

    def words_in(self, locale: str) -> str:
        """The toast as a client set to *locale* (``zh_cn``) shows it."""
        toast = self.toast or {}
        said = (toast.get("i18n") or {}).get(locale) or toast.get("content")
        return str(said or "")


async def tap(
    platform: Platform, push: Push, message: Message, user: User, action: Json
) -> Tapped:
    """Call the app back, and return what *user* sees of its answer."""
    app = message.sender
    if not isinstance(app, App) or app.card_url is None:
        return Tapped(error=NOT_CONFIGURED)
    now = platform.now()
    token = CardToken(app=app, message=message, user=user, issued_at=now)
    platform.card_tokens[token.text] = token
    body = events.card_tapped(
        message,
        user,
        action,
        token=token.text,
        app=app,
        tenant_key=platform.tenant.key,
        now=now,
    )
    raw = seal(app, body)
    message.locked = True
    try:
        answer = await push.post(
            app.card_url,
            raw,
            push.sign(app, raw),
            seconds=platform.switches.answer_timeout,
        )
    finally:
        message.locked = False
        token.answered = True
    tapped = read_answer(answer, platform, message, app)
    if tapped.card is not None:
        around = platform.around(app, message.chat)
        # Checked already: this is to learn whom it mentions.
        show(message, tapped.card, cards.check(tapped.card, around), user, now)
    return tapped


def show(
    message: Message, content: Json, card: cards.Card, user: User, now: datetime
) -> None:
    """Show another card in place of one that *user* tapped.

    A shared card changes for everybody, another one for *user* alone.
    """
    if cards.is_shared(message.content):
        message.versions.append(content)
        message.mentions = card.mentions
    else:
        message.personal[user] = content
    message.updated_at = now


def check_alive(message: Message, user: User, *, now: datetime) -> None:
    """Raise ``LookupError`` unless the card of *message* answers to *user*'s taps."""
    if message.recalled or message.deleted:
        raise LookupError("this card was taken back")
    if message.only_for not in (None, user):
        raise LookupError("this card is not for them to see")
    schema = str(message.content.get("schema", "1.0"))
    if now - message.created_at > ALIVE[schema]:
        raise LookupError("this card is too old to be tapped")


def colleague(message: Message, who: Any) -> str | None:
    """Return the open_id, for the card's app, of whom *who* names in its chat.

    *who* is a person, an id of any kind, or a name as people read it.
    """
    app = message.sender
    if not isinstance(app, App):
        return None
    for user in message.chat.users:
        ids = (user.name, user.user_id, user.union_id, app.open_id_of(user))
        if who is user or who in ids:
            return app.open_id_of(user)
    return None


def read_answer(
    answer: Answer, platform: Platform, message: Message, app: App
) -> Tapped:
    """Return what the client makes of the app's answer."""
    if answer.status is None:
        late = answer.failure == "timeout"
        return Tapped(error=TIMED_OUT if late else UNREACHABLE)
    if answer.status != 200:
        return Tapped(error=NOT_200)
    try:
        body = json.loads(answer.body)
    except ValueError:
        return Tapped(error=BAD_BODY)
    if not isinstance(body, dict) or body.keys() - {"toast", "card"}:
        return Tapped(error=BAD_BODY)
    toast = body.get("toast")
    if toast is not None and not _is_toast(toast):
        return Tapped(error=BAD_BODY)
    card = body.get("card")
    if card is None:
        return Tapped(toast=toast)
    if not isinstance(card, dict) or card.get("type") != "raw":
        return Tapped(error=BAD_CARD)
    if len(json.dumps(card.get("data"), ensure_ascii=False).encode()) > MOST_RICH:
        return Tapped(error=BAD_CARD)
    try:
        new = cards.check(card.get("data"), platform.around(app, message.chat))
    except cards.CardError:
        return Tapped(error=BAD_CARD)
    if message.content.get("schema") == "2.0" and new.schema != "2.0":
        return Tapped(error=DOWNGRADE)
    return Tapped(toast=toast, card=card["data"])


def _is_toast(toast: Any) -> bool:
    if not isinstance(toast, dict) or toast.keys() - {"type", "content", "i18n"}:
        return False
    if toast.get("type", "info") not in TOASTS:
        return False
    said = toast.get("i18n") or {}
    if not isinstance(said, dict):
        return False
    return all(
        isinstance(one, str) for one in (toast.get("content", ""), *said.values())
    )
