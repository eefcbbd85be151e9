"""im/v1/chats: which groups a bot is in, and who else."""

from __future__ import annotations

from sandbox.api.call import Call, Operation, page
from sandbox.refusal import Json, Refusal
from sandbox.state import Chat, User

SORTS = ("ByCreateTimeAsc", "ByActiveTimeDesc")


def list_chats(call: Call) -> Json:
    """Return the groups the bot is in, a page at a time. Direct chats are not among."""
    call.needs_bot(232025)
    sort = call.query.get("sort_type", SORTS[0])
    if sort not in SORTS:
        raise Refusal(232001)
    chats = [
        chat
        for chat in call.tenant.chats.values()
        if chat.mode != "p2p" and call.app in chat and chat.status == "normal"
    ]
    if sort == SORTS[0]:
        chats.sort(key=lambda chat: chat.created_at)
    else:
        chats.sort(key=_active_at, reverse=True)
    return page([_listed(chat, call) for chat in chats], call)


def chat_info(call: Call) -> Json:
    """Return what a chat is. From outside it is only a name and some numbers."""
    call.needs_bot(232025)
    chat = _existing(call)
    shown: Json = {
        "name": chat.name,
        "avatar": "",
        "user_count": str(len(chat.users)),
        "bot_count": str(len(chat.apps)),
        "chat_status": chat.status,
    }
    if call.app not in chat:
        return shown
    return {
        **shown,
        **_owner(chat, call),
        "description": chat.description,
        "user_manager_id_list": [call.app.open_id_of(user) for user in chat.managers],
        "bot_manager_id_list": [app.app_id for app in chat.bot_managers],
        "chat_mode": chat.mode,
        "chat_type": "private",
        "chat_tag": "inner",
        "group_message_type": "thread" if chat.mode == "topic" else "chat",
        "external": False,
        "tenant_key": call.tenant.key,
        "at_all_permission": "all_members" if chat.at_all else "only_owner",
        "moderation_permission": (
            "all_members" if chat.bots_may_speak else "moderator_list"
        ),
        "urgent_setting": "all_members" if chat.all_may_buzz else "only_owner",
    }


def members(call: Call) -> Json:
    """Return the people of a chat. Bots take places in a page but are not shown."""
    call.needs_bot(232025)
    chat = _existing(call)
    if chat.status != "normal":
        raise Refusal(232009)
    if call.app not in chat:
        raise Refusal(232011)
    kind = call.query.get("member_id_type", "open_id")
    places = [
        {
            "member_id_type": kind,
            "member_id": person_id(member, kind, call),
            "name": member.name,
            "tenant_key": call.tenant.key,
        }
        if isinstance(member, User)
        else None
        for member in chat.members
    ]
    return {**page(places, call), "member_total": len(chat.users)}


def is_in_chat(call: Call) -> Json:
    """Return whether the caller, and nobody else, is in a chat."""
    call.needs_bot(232025)
    return {"is_in_chat": call.app in _existing(call)}


def person_id(user: User, kind: str, call: Call) -> str:
    """Return the id of *user* of the kind that the call asks for."""
    if kind == "open_id":
        return call.app.open_id_of(user)
    if kind in ("user_id", "union_id"):
        return str(getattr(user, kind))
    raise Refusal(232001)


def _existing(call: Call) -> Chat:
    chat = call.tenant.chats.get(call.path["chat_id"])
    if chat is None:
        raise Refusal(232006)
    return chat


def _active_at(chat: Chat) -> float:
    last = chat.messages[-1].created_at if chat.messages else chat.created_at
    return last.timestamp()


def _owner(chat: Chat, call: Call) -> Json:
    # Absent when a bot owns the chat.
    if not isinstance(chat.owner, User):
        return {}
    kind = call.query.get("user_id_type", "open_id")
    return {"owner_id": person_id(chat.owner, kind, call), "owner_id_type": kind}


def _listed(chat: Chat, call: Call) -> Json:
    return {
        "chat_id": chat.chat_id,
        "avatar": "",
        "name": chat.name,
        "description": chat.description,
        **_owner(chat, call),
        "external": False,
        "tenant_key": call.tenant.key,
        "chat_status": chat.status,
    }


_READING = ("im:chat", "im:chat:readonly", "im:chat:read")
_MEMBERS = (*_READING, "im:chat.members:read")

OPERATIONS = (
    Operation(
        name="list_chats",
        method="GET",
        path="/open-apis/im/v1/chats",
        answer=list_chats,
        scopes=_READING,
    ),
    Operation(
        name="chat",
        method="GET",
        path="/open-apis/im/v1/chats/{chat_id}",
        answer=chat_info,
        scopes=_READING,
    ),
    Operation(
        name="members",
        method="GET",
        path="/open-apis/im/v1/chats/{chat_id}/members",
        answer=members,
        scopes=_MEMBERS,
    ),
    Operation(
        name="is_in_chat",
        method="GET",
        path="/open-apis/im/v1/chats/{chat_id}/members/is_in_chat",
        answer=is_in_chat,
        scopes=_MEMBERS,
    ),
)
