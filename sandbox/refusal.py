"""How Lark says no: the codes, the words that go with them, and the body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

#: What Lark writes beside a code, where nothing more particular is known.
WORDS: Mapping[int, str] = {
    9499: "Bad Request",
    10003: "invalid param",
    10014: "app secret invalid",
    10015: "app secret invalid",
    40001: "invalid parameter",
    41012: "user id invalid error",
    41050: "no user authority error",
    230001: "Your request contains an invalid request parameter.",
    230002: "Bot/User can NOT be out of the chat.",
    230006: "Bot ability is not activated.",
    230011: "The message is recalled.",
    230012: "The operator is not the sender of the message.",
    230013: "Bot has NO availability to this user.",
    230018: "These operations are NOT allowed at current group settings.",
    230020: "This operation triggers the frequency limit.",
    230025: "The length of the message content reaches its limit.",
    230029: "User has resigned.",
    230031: "Message can only be modified within 14 days after sending.",
    230034: "The receive_id is invalid.",
    230035: "Send Message Permission deny.",
    230049: "The message is being sent.",
    230053: "The user has stopped the bot from sending messages.",
    230071: "The group to which the message belongs does not support reply in thread.",
    230099: "Failed to create card content.",
    230110: "Action unavailable as the message has been deleted.",
    232001: "Your request contains an invalid request parameter.",
    232006: "Your request specifies a chat_id which is invalid.",
    232009: "Your request specifies a chat which has already been dissolved.",
    232011: "Operator can NOT be out of the chat.",
    232025: "Bot ability is not activated.",
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
