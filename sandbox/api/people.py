"""contact/v3 and bot/v3: who people are, and who the bot itself is."""

from __future__ import annotations

from typing import TypeGuard

from sandbox.api.call import Call, Operation
from sandbox.refusal import Json, Refusal
from sandbox.state import Member, User

MOST_AT_ONCE = 50

#: Which scope shows which fields of a person. Without it they are simply absent.
FIELDS = {
    "name": "contact:user.base:readonly",
    "en_name": "contact:user.base:readonly",
    "nickname": "contact:user.base:readonly",
    "avatar": "contact:user.base:readonly",
    "email": "contact:user.email:readonly",
    "mobile": "contact:user.phone:readonly",
    "user_id": "contact:user.employee_id:readonly",
    "status": "contact:user.employee:readonly",
    "is_tenant_manager": "contact:user.employee:readonly",
}


def user(call: Call) -> Json:
    """Return one person, as far as scopes and the contact range let it be seen."""
    found = _person(call, call.path["user_id"])
    if found is None:
        raise Refusal(41012)
    if not _in_range(found, call):
        raise Refusal(41050)
    return {"user": _profile(found, call)}


def users(call: Call) -> Json:
    """Return several people; who is unknown or out of range is not among them."""
    wanted = call.query.getall("user_ids", [])
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise Refusal(40001)
    found = [_person(call, some_id) for some_id in wanted]
    return {"items": [_profile(one, call) for one in found if _in_range(one, call)]}


def find_users(call: Call) -> Json:
    """Return ids for e-mail addresses and numbers; the unknown come back without."""
    emails = call.body.get("emails") or []
    mobiles = call.body.get("mobiles") or []
    if max(len(emails), len(mobiles)) > MOST_AT_ONCE:
        raise Refusal(40001)
    tenant = call.tenant
    found = [("email", email, tenant.by_email(email)) for email in emails]
    found += [("mobile", mobile, tenant.by_mobile(mobile)) for mobile in mobiles]
    return {"user_list": [_found(call, *one) for one in found]}


def bot(call: Call) -> Json:
    """Return the bot itself, at the top of the answer and not in ``data``."""
    return {
        "activate_status": 2 if call.app.published else 0,
        "app_name": call.app.name,
        "avatar_url": "",
        "ip_white_list": list(call.app.ips),
        "open_id": call.app.open_id,
    }


def _person(call: Call, some_id: str) -> User | None:
    """Return whom an id of the kind that the call speaks of names."""
    kind = call.query.get("user_id_type", "open_id")
    tenant = call.tenant
    if kind == "open_id" and tenant.of_another_app(some_id, call.app):
        raise Refusal(99992361)
    found: Member | None = None
    match kind:
        case "open_id":
            found = tenant.by_open_id(some_id, call.app)
        case "union_id":
            found = tenant.users.get(some_id)
        case "user_id":
            found = tenant.by_user_id(some_id)
        case _:
            raise Refusal(40001)
    return found if isinstance(found, User) else None


def _in_range(person: User | None, call: Call) -> TypeGuard[User]:
    """Return whether the app may know of *person*."""
    seen = call.app.contact_range
    return person is not None and (seen is None or person in seen)


def _found(call: Call, by: str, value: str, person: User | None) -> Json:
    told: Json = {by: value}
    if not _in_range(person, call):
        return told
    if person.resigned and not call.body.get("include_resigned"):
        return told
    if _may_see(call, "status"):
        told["status"] = _status(person)
    match call.query.get("user_id_type", "open_id"):
        case "open_id":
            return {**told, "user_id": call.app.open_id_of(person)}
        case "union_id":
            return {**told, "user_id": person.union_id}
        case "user_id" if _may_see(call, "user_id"):
            return {**told, "user_id": person.user_id}
        case "user_id":
            return told
    raise Refusal(40001)


def _profile(person: User, call: Call) -> Json:
    profile: Json = {
        "name": person.name,
        "en_name": person.name,
        "nickname": "",
        "avatar": {"avatar_72": "", "avatar_origin": ""},
        "email": person.email or "",
        "mobile": person.mobile or "",
        "user_id": person.user_id,
        "status": _status(person),
        "is_tenant_manager": person.tenant_manager,
    }
    seen = {name: told for name, told in profile.items() if _may_see(call, name)}
    ids = {"open_id": call.app.open_id_of(person), "union_id": person.union_id}
    return {**ids, **seen}


def _may_see(call: Call, field: str) -> bool:
    return FIELDS[field] in call.app.scopes


def _status(person: User) -> Json:
    return {
        "is_frozen": False,
        "is_resigned": person.resigned,
        "is_activated": True,
        "is_exited": False,
        "is_unjoin": False,
    }


OPERATIONS = (
    Operation(
        name="users",
        method="GET",
        path="/open-apis/contact/v3/users/batch",
        answer=users,
        scopes=("contact:contact.base:readonly",),
        billed=False,
    ),
    Operation(
        name="user",
        method="GET",
        path="/open-apis/contact/v3/users/{user_id}",
        answer=user,
        scopes=("contact:contact.base:readonly",),
        billed=False,
    ),
    Operation(
        name="find_users",
        method="POST",
        path="/open-apis/contact/v3/users/batch_get_id",
        answer=find_users,
        scopes=("contact:user.id:readonly",),
        billed=False,
    ),
    Operation(
        name="bot_info",
        method="GET",
        path="/open-apis/bot/v3/info",
        answer=bot,
        envelope="bot",
    ),
)
