"""im/v1/messages/…/urgent_*: buzzing people about a message of the bot's own."""

from __future__ import annotations

from sandbox.api.call import Call, Handler, Operation
from sandbox.api.existing import own
from sandbox.refusal import Json, Refusal, bad_field, bad_parameter
from sandbox.state import Chat, Urgent, User

MOST_PEOPLE = 200
MOST_UNREAD = 200


def buzz(kind: str) -> Handler:
    """Return the operation that buzzes people in the app, and by *kind* too."""

    def answer(call: Call) -> Json:
        call.needs_bot(230006)
        message = own(call)
        if not message.chat.all_may_buzz and not message.chat.is_run_by(call.app):
            raise Refusal(230052)
        people, unknown = _people(call, message.chat)
        _admit(call, kind, people)
        for user in people:
            user.unread_urgents += 1
            message.urgents.append(Urgent(kind=kind, user=user, at=call.now))
        return {"invalid_user_id_list": unknown}

    return answer


def _people(call: Call, chat: Chat) -> tuple[list[User], list[str]]:
    """Return who of the list is in the chat, and the ids of those who are not."""
    wanted = call.body.get("user_id_list")
    if not isinstance(wanted, list) or len(wanted) > MOST_PEOPLE:
        raise bad_field("user_id_list", wanted, f"the max len is {MOST_PEOPLE}")
    kind = call.query.get("user_id_type", "")
    if kind not in ("open_id", "union_id", "user_id"):
        raise bad_field("user_id_type", kind, "options: open_id, union_id, user_id")
    inside = {_id(user, kind, call): user for user in chat.users}
    people = [inside[one] for one in wanted if one in inside]
    if not people:
        raise bad_parameter("user_id_list is invalid")
    return people, [str(one) for one in wanted if one not in inside]


def _id(user: User, kind: str, call: Call) -> str:
    return call.app.open_id_of(user) if kind == "open_id" else getattr(user, kind)


def _admit(call: Call, kind: str, people: list[User]) -> None:
    if any(user.unread_urgents >= MOST_UNREAD for user in people):
        raise Refusal(230023)
    switches = call.platform.switches
    if kind == "app" or switches.urgents_left is None:
        return
    if switches.urgents_left < len(people):
        raise Refusal(230024)
    switches.urgents_left -= len(people)


_SCOPES = {
    "app": ("im:message.urgent", "im:message.urgent:app_send"),
    "sms": ("im:message.urgent:sms", "im:message.urgent:sms_send"),
    "phone": ("im:message.urgent:phone", "im:message.urgent:phone_send"),
}

OPERATIONS = tuple(
    Operation(
        name=f"urgent_{kind}",
        method="PATCH",
        path=f"/open-apis/im/v1/messages/{{message_id}}/urgent_{kind}",
        answer=buzz(kind),
        scopes=scopes,
        region="" if kind == "app" else "feishu",
    )
    for kind, scopes in _SCOPES.items()
)
