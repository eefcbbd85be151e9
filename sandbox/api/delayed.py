"""interactive/v1/card/update: another card, some time after a tap was answered."""

from __future__ import annotations

import json
from datetime import timedelta

from sandbox import cards, taps
from sandbox.api.call import Call, Operation
from sandbox.content import MOST_RICH
from sandbox.refusal import Json, Refusal
from sandbox.state import CardToken, Message

LASTS = timedelta(minutes=30)
MOST_USES = 2


def update(call: Call) -> Json:
    """Show another card in place of the one that was tapped."""
    call.needs("token", "card")
    token = _token(call)
    message = token.message
    if message.recalled or message.deleted:
        raise Refusal(200000)
    if not token.answered:
        # The documents only say that it fails, or does not last.
        raise Refusal(11310, "card action is lock")
    content = call.body["card"]
    if not isinstance(content, dict):
        raise Refusal(100030)
    alone = content.pop("open_ids", None)
    card = _checked(call, message, content)
    if not cards.is_shared(message.content):
        _check_alone(call, token, alone)
    taps.show(message, content, card, token.user, call.now)
    token.uses += 1
    return {}


def _token(call: Call) -> CardToken:
    text = call.body["token"]
    token = call.platform.card_tokens.get(text) if isinstance(text, str) else None
    if token is None:
        raise Refusal(300020)
    if token.app is not call.app:
        raise Refusal(200310)
    if call.now - token.issued_at > LASTS:
        raise Refusal(300030)
    if token.uses >= MOST_USES:
        raise Refusal(300040)
    return token


def _checked(call: Call, message: Message, content: Json) -> cards.Card:
    if len(json.dumps(content, ensure_ascii=False).encode()) > MOST_RICH:
        raise Refusal(200860)
    try:
        card = cards.check(content, call.platform.around(call.app, message.chat))
    except cards.CardError as refused:
        raise Refusal(11311, refused.message) from None
    if message.content.get("schema") == "2.0" and card.schema != "2.0":
        raise Refusal(200830)
    return card


def _check_alone(call: Call, token: CardToken, open_ids: object) -> None:
    """Raise unless *open_ids* names who tapped a card that is not shared."""
    if not open_ids:
        raise Refusal(300090)
    if open_ids != [call.app.open_id_of(token.user)]:
        raise Refusal(200320)


OPERATIONS = (
    Operation(
        name="delayed_update",
        method="POST",
        path="/open-apis/interactive/v1/card/update",
        answer=update,
        scopes=("im:message", "im:message:send_as_bot", "im:message:update"),
    ),
)
