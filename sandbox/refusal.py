"""How Lark says no: the codes, the words that go with them, and the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

#: What Lark writes beside a code, where nothing more particular is known.
WORDS: Mapping[int, str] = {
    9499: "Bad Request",
    10003: "invalid param",
    11205: "app do not have bot",
    11233: "create message trigger the frequency limit of the chat",
    11246: "card content failed",
    11310: "card action is lock",
    11311: "parse card failed",
    18051: "message has been deleted",
    10014: "app secret invalid",
    10015: "app secret invalid",
    40001: "invalid parameter",
    40004: "no dept authority error",
    41012: "user id invalid error",
    41050: "no user authority error",
    230001: "Your request contains an invalid request parameter.",
    100030: "invalid json parameter",
    200000: "the message has been recalled",
    200310: "the card belongs to another app",
    200320: "open_ids is invalid",
    200830: "the schema of the card cannot be downgraded",
    200860: "the card is too large",
    230002: "Bot/User can NOT be out of the chat.",
    230006: "Bot ability is not activated.",
    230009: "Message has expired when recall message.",
    230011: "The message is recalled.",
    230012: "The operator is not the sender of the message.",
    230013: "Bot has NO availability to this user.",
    230018: "These operations are NOT allowed at current group settings.",
    230020: "This operation triggers the frequency limit.",
    230023: "The number of unread urgent messages reaches its limit.",
    230024: "Reach the upper limit of urgent message.",
    230025: "The length of the message content reaches its limit.",
    230026: "No permission to recall this message.",
    230029: "User has resigned.",
    230031: "Message can only be modified within 14 days after sending.",
    230034: "The receive_id is invalid.",
    230035: "Send Message Permission deny.",
    230049: "The message is being sent.",
    230052: "Can not urgent this message.",
    230053: "The user has stopped the bot from sending messages.",
    230054: "This operation is not supported for this message type.",
    230071: "The group to which the message belongs does not support reply in thread.",
    230099: "Failed to create card content.",
    230110: "Action unavailable as the message has been deleted.",
    231001: "reaction type is invalid.",
    231002: "The operator has no permission to react on the specific message.",
    231003: "The message is not found, maybe not exist or deleted.",
    231007: "The operator has no permission to delete this reaction.",
    231010: "The reaction does not belong to the message.",
    231011: "The request has an invalid reaction_id.",
    231017: "This operation is not supported for this message type.",
    232001: "Your request contains an invalid request parameter.",
    232006: "Your request specifies a chat_id which is invalid.",
    232009: "Your request specifies a chat which has already been dissolved.",
    232011: "Operator can NOT be out of the chat.",
    232025: "Bot ability is not activated.",
    300020: "the token to update the card is malformed",
    300030: "the token to update the card is expired",
    300040: "the token to update the card was used too often",
    300090: "open_ids is required for a card that is not shared",
    99991201: "resource not find",
    99991301: "request method doesn't match",
    99991400: "request trigger frequency limit",
    99991401: "ip is denied by app setting",
    99991403: "This month's API call quota has been exceeded",
    99991661: "Missing access token for authorization. "
    "Please make a request with token attached.",
    99991662: "app not in use",
    99991663: "Invalid access token for authorization. "
    "Please make a request with token attached.",
    99991671: "Invalid token: must start with t-/u-",
    99991672: "Access denied.",
    99992354: "these ids not existed",
    99992361: "open_id cross app",
    99992402: "field validation failed",
}


class Refusal(Exception):
    """Lark refuses a call: an HTTP status, a code of its own, and what goes with it."""

    def __init__(
        self,
        code: int,
        message: str | None = None,
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
        error: Mapping[str, Any] | None = None,
    ) -> None:
        self.code = code
        self.message = message if message is not None else WORDS[code]
        self.status = status
        self.headers = dict(headers or {})
        self.error = dict(error or {})
        super().__init__(f"{code} {self.message}")

    def body(self, *, log_id: str) -> Json:
        """Return the JSON that Lark sends with this refusal."""
        link = f"https://open.larksuite.com/search?log_id={log_id}&code={self.code}"
        told = {"log_id": log_id, "troubleshooter": f"Troubleshooting: {link}"}
        return {"code": self.code, "msg": self.message, "error": {**self.error, **told}}


def bad_parameter(reason: str) -> Refusal:
    """Return 230001 with what is wrong, as the im API words it."""
    return Refusal(230001, f"{WORDS[230001]} ext={reason}")


def bad_field(field: str, value: object, description: str) -> Refusal:
    """Return 99992402, which names the field it stumbled over."""
    violation = {"field": field, "value": str(value), "description": description}
    return Refusal(99992402, error={"field_violations": [violation]})
