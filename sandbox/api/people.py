"""contact/v3 and bot/v3: who people are, and who the bot itself is."""

from __future__ import annotations

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
    kind = call.query.get("user_id_type", "open_id")
    wanted = call.path["user_id"]
    tenant = call.tenant
    if kind == "open_id" and tenant.of_another_app(wanted, call.app):
        raise Refusal(99992361)
    found: Member | None = None
    match kind:
        case "open_id":
            found = tenant.by_open_id(wanted, call.app)
        case "union_id":
            found = tenant.users.get(wanted)
        case "user_id":
            found = tenant.by_user_id(wanted)
        case _:
            raise Refusal(40001)
    if not isinstance(found, User):
        raise Refusal(41012)
    if call.app.contact_range is not None and found not in call.app.contact_range:
        raise Refusal(41050)
    return {"user": _profile(found, call)}


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


def _found(call: Call, by: str, value: str, person: User | None) -> Json:
    told: Json = {by: value}
    if person is None:
        return told
    if person.resigned and not call.body.get("include_resigned"):
        return told
    kind = call.query.get("user_id_type", "open_id")
    ids = {"user_id": person.user_id, "union_id": person.union_id}
    return {
        **told,
        "user_id": ids.get(kind) or call.app.open_id_of(person),
        "status": _status(person),
    }


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
