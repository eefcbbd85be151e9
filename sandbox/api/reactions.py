"""im/v1/messages/…/reactions: emoji that the bot puts under messages."""

from __future__ import annotations

from sandbox.api.call import Call, Operation
from sandbox.clock import milliseconds
from sandbox.refusal import Json, Refusal
from sandbox.state import App, Message, Reaction

#: The keys that bots use most; case matters.
EMOJI = frozenset(
    {
        "OK",
        "THUMBSUP",
        "ThumbsDown",
        "THANKS",
        "MUSCLE",
        "APPLAUSE",
        "CLAP",
        "DONE",
        "SMILE",
        "CRY",
        "ERROR",
        "THINKING",
        "WOW",
        "Typing",
        "Get",
        "LGTM",
        "OnIt",
        "OneSecond",
        "SALUTE",
        "HEART",
        "PARTY",
        "Yes",
        "No",
        "CheckMark",
        "CrossMark",
        "Hundred",
        "Pin",
        "Alarm",
        "Loudspeaker",
        "Trophy",
        "Fire",
        "BOMB",
        "MinusOne",
        "StatusReading",
        "Shrug",
        "GeneralDoNotDisturb",
        "HEARTBROKEN",
    }
)


def add(call: Call) -> Json:
    """Put an emoji under a message."""
    call.needs_bot(230006)
    message = _reactable(call)
    wanted = call.body.get("reaction_type")
    emoji = wanted.get("emoji_type") if isinstance(wanted, dict) else None
    if not isinstance(emoji, str) or emoji not in EMOJI:
        raise Refusal(231001)
    reaction = Reaction(emoji=emoji, by=call.app, at=call.now)
    message.reactions.append(reaction)
    return _told(reaction, call)


def remove(call: Call) -> Json:
    """Take an emoji back that the bot put there itself."""
    call.needs_bot(230006)
    message = _reactable(call)
    wanted = call.path["reaction_id"]
    everywhere = [
        reaction for one in call.tenant.messages.values() for reaction in one.reactions
    ]
    found = next((one for one in everywhere if one.reaction_id == wanted), None)
    if found is None:
        raise Refusal(231011)
    if found not in message.reactions:
        raise Refusal(231010)
    if found.by is not call.app:
        raise Refusal(231007)
    message.reactions.remove(found)
    return _told(found, call)


def _reactable(call: Call) -> Message:
    message = call.tenant.messages.get(call.path["message_id"])
    if message is None or message.recalled:
        raise Refusal(231003)
    if message.deleted:
        raise Refusal(230110)
    if message.chat.status != "normal":
        raise Refusal(232009)
    if call.app not in message.chat:
        raise Refusal(231002)
    if message.only_for is not None:
        raise Refusal(231017)
    return message


def _told(reaction: Reaction, call: Call) -> Json:
    if isinstance(reaction.by, App):
        operator = {"operator_id": reaction.by.app_id, "operator_type": "app"}
    else:
        open_id = call.app.open_id_of(reaction.by)
        operator = {"operator_id": open_id, "operator_type": "user"}
    return {
        "reaction_id": reaction.reaction_id,
        "operator": operator,
        "action_time": milliseconds(reaction.at),
        "reaction_type": {"emoji_type": reaction.emoji},
    }


_SCOPES = ("im:message", "im:message.reactions:write_only")

OPERATIONS = (
    Operation(
        name="react",
        method="POST",
        path="/open-apis/im/v1/messages/{message_id}/reactions",
        answer=add,
        scopes=_SCOPES,
    ),
    Operation(
        name="unreact",
        method="DELETE",
        path="/open-apis/im/v1/messages/{message_id}/reactions/{reaction_id}",
        answer=remove,
        scopes=_SCOPES,
    ),
)
