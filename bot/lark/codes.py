"""What Lark's answers mean: one table, and the verdict on one answer.

Lark refuses with HTTP 200 and ``code != 0``, so the verdict is in ``code``. Sources:
Lark docs, "Generic error codes" and the error tables of im/v1 and of custom bots.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from bot.errors import (
    Parked,
    Refused,
    Throttled,
    TransportError,
    Unanswered,
)
from store.wording import Text, _


class Treatment(StrEnum):
    """What we do about a code."""

    #: Perhaps it went through: the same bytes again, and nothing else.
    RETRY = "retry"
    WAIT = "wait"
    TOKEN = "refresh token"  # noqa: S105 — a word, not a credential
    PARK = "park lane"
    PLAIN = "send without reply"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A code in words: what is wrong, and what to do about it."""

    treatment: Treatment
    words: Text


_T = Treatment

#: "The same message is being sent": its key is taken.
BEING_SENT = 230049
#: For how long Lark makes one message of one key (Lark docs: send, ``uuid``).
KEY_LASTS = timedelta(hours=1)
#: No message takes longer than this to be sent (our guess).
SENDING_LASTS = timedelta(minutes=1)

#: Code → what it means. Words are shown by /why and /robot test.
CODES: Mapping[int, Meaning] = {
    # Custom bots (Lark docs: "Custom bot usage guide").
    9499: Meaning(_T.REFUSE, _("Lark could not read the message")),
    19001: Meaning(
        _T.PARK,
        _("the webhook is gone: add the robot to its group again"),
    ),
    19002: Meaning(_T.REFUSE, _("Lark could not read the message")),
    19021: Meaning(
        _T.PARK,
        _("the signature did not match: check the robot's secret and our clock"),
    ),
    19022: Meaning(
        _T.PARK, _("this machine's address is not on the robot's IP allowlist")
    ),
    19024: Meaning(
        _T.PARK, _("the robot wants a keyword: set the same one for it in our settings")
    ),
    19036: Meaning(_T.REFUSE, _("the message is too big for a robot")),
    11232: Meaning(_T.WAIT, _("Lark is busy")),
    11233: Meaning(_T.WAIT, _("this group gets too many messages")),
    11246: Meaning(_T.REFUSE, _("Lark could not show the card")),
    11310: Meaning(_T.RETRY, _("somebody is using the card just now")),
    11205: Meaning(_T.PARK, _("the app has no bot: add the bot capability")),
    # Messages (im/v1).
    230001: Meaning(_T.REFUSE, _("Lark found a mistake in the message")),
    230002: Meaning(
        _T.PARK, _("the bot is not in this chat: add it to the group again")
    ),
    230006: Meaning(
        _T.PARK, _("the app's bot is off: switch it on and publish a version")
    ),
    230011: Meaning(_T.PLAIN, _("the message was recalled")),
    230012: Meaning(_T.REFUSE, _("the message is not the bot's own")),
    230013: Meaning(
        _T.PARK, _("this person may not use the app: widen its availability")
    ),
    230015: Meaning(_T.REFUSE, _("a direct chat cannot be shared")),
    230017: Meaning(_T.REFUSE, _("the message uses a picture of another app")),
    230018: Meaning(_T.PARK, _("the group does not let the bot speak")),
    230019: Meaning(_T.PLAIN, _("the topic is gone")),
    230020: Meaning(_T.WAIT, _("this chat gets too many messages")),
    230022: Meaning(_T.REFUSE, _("Lark took the message for sensitive")),
    230023: Meaning(_T.REFUSE, _("this person has too many buzzes unread")),
    230024: Meaning(_T.PARK, _("the tenant's buzzes are used up: buy more")),
    230025: Meaning(_T.REFUSE, _("the message is too big")),
    230027: Meaning(_T.PARK, _("the app lacks a permission, or the chat is external")),
    230028: Meaning(_T.REFUSE, _("the tenant's rules stopped the message")),
    230029: Meaning(_T.PARK, _("this person has left")),
    230031: Meaning(_T.PLAIN, _("the card is older than 14 days")),
    230034: Meaning(_T.PARK, _("Lark does not know this chat or person")),
    230035: Meaning(_T.PARK, _("the bot may not send here")),
    230036: Meaning(_T.PARK, _("the tenant's encryption key was deleted")),
    230038: Meaning(_T.PARK, _("this person is in another tenant")),
    BEING_SENT: Meaning(_T.RETRY, _("the same message is being sent")),
    230050: Meaning(_T.PLAIN, _("the message cannot be seen any more")),
    230052: Meaning(_T.REFUSE, _("the group does not let the bot buzz")),
    230053: Meaning(_T.PARK, _("this person has stopped messages from the bot")),
    230054: Meaning(_T.REFUSE, _("the group does not take this kind of message")),
    230055: Meaning(_T.REFUSE, _("the file is of another type than the message says")),
    230071: Meaning(_T.PLAIN, _("the group has no threads")),
    230072: Meaning(_T.PLAIN, _("the message cannot be answered")),
    230074: Meaning(_T.PLAIN, _("the thread cannot be seen")),
    230075: Meaning(_T.PARK, _("the chat is encrypted")),
    230098: Meaning(_T.REFUSE, _("a message that is folded away cannot be buzzed on")),
    230099: Meaning(_T.REFUSE, _("Lark could not show the card")),
    230110: Meaning(_T.PLAIN, _("the message was deleted")),
    230111: Meaning(_T.PLAIN, _("the message has destroyed itself")),
    232009: Meaning(_T.PARK, _("the group was disbanded")),
    232011: Meaning(
        _T.PARK, _("the bot is not in this chat: add it to the group again")
    ),
    # The platform.
    99991663: Meaning(_T.TOKEN, _("the access token was not taken")),
    99991661: Meaning(_T.TOKEN, _("the access token was not taken")),
    99991664: Meaning(_T.TOKEN, _("the access token was not taken")),
    99991665: Meaning(_T.TOKEN, _("the access token was not taken")),
    99991671: Meaning(_T.TOKEN, _("the access token was not taken")),
    99991201: Meaning(
        _T.PARK, _("Lark has no such address: check the webhook, or lark")
    ),
    99991301: Meaning(
        _T.PARK, _("Lark has no such address: check the webhook, or lark")
    ),
    99991400: Meaning(_T.WAIT, _("Lark limits how often the app may call")),
    99991403: Meaning(_T.PARK, _("the tenant's monthly calls are used up")),
    99991406: Meaning(_T.PARK, _("the tenant's monthly calls are used up")),
    99991401: Meaning(
        _T.PARK, _("this machine's address is not on the app's allowlist")
    ),
    99991543: Meaning(_T.PARK, _("the app id or its secret is wrong")),
    99991662: Meaning(_T.PARK, _("the app is switched off")),
    99991672: Meaning(
        _T.PARK, _("the app lacks a scope: add it and publish a version")
    ),
    99991673: Meaning(_T.PARK, _("the app cannot be used in this tenant")),
    99991676: Meaning(_T.PARK, _("the access token is of the wrong kind")),
    99991677: Meaning(_T.PARK, _("the access token is of the wrong kind")),
    99991679: Meaning(_T.PARK, _("the access token is of the wrong kind")),
    99992402: Meaning(_T.REFUSE, _("Lark found a mistake in the message")),
    99992351: Meaning(_T.PARK, _("Lark does not know this person")),
    99992354: Meaning(_T.PLAIN, _("the message is gone")),
    99992356: Meaning(_T.PARK, _("Lark does not know this chat")),
    99992359: Meaning(_T.PARK, _("Lark does not know this person")),
    99992360: Meaning(_T.PARK, _("Lark does not know this person")),
    99992361: Meaning(_T.PARK, _("this open_id belongs to another app")),
    99992363: Meaning(_T.PARK, _("Lark does not know this person")),
    10002: Meaning(_T.RETRY, _("Lark had a fault of its own")),
    10003: Meaning(_T.REFUSE, _("Lark found a mistake in the call")),
    10005: Meaning(_T.PARK, _("the app id or its secret is wrong")),
    10014: Meaning(_T.PARK, _("the app id or its secret is wrong")),
    10015: Meaning(_T.PARK, _("the app id or its secret is wrong")),
    1500: Meaning(_T.RETRY, _("Lark had a fault of its own")),
    5000: Meaning(_T.RETRY, _("Lark had a fault of its own")),
    55001: Meaning(_T.RETRY, _("Lark had a fault of its own")),
}

#: How long a refusal for rate lasts when Lark does not say (our choice).
_WAITS = {
    11232: timedelta(seconds=60),
    11233: timedelta(seconds=5),
    230020: timedelta(seconds=1),
    99991400: timedelta(seconds=5),
}
_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=10)

#: Seconds to wait, in the headers of a 429 (Lark docs: "Rate limits").
RESET = "x-ogw-ratelimit-reset"


class TokenRefused(TransportError):
    """Lark did not take the access token: fetch another, and try once more."""


class TargetGone(Refused):
    """The message that was to be answered is gone: send without answering it."""


def judge(status: int, answer: Any, headers: Mapping[str, str]) -> None:
    """Return when Lark took the message: HTTP 2xx and ``code == 0``, nothing less.

    Raises the ``TransportError`` that says what to do instead.
    """
    code = _code(answer)
    if 200 <= status < 300 and code == 0:
        return
    known = CODES.get(code) if code is not None else None
    if _is_rate(status, answer, known):
        waits = known is not None and known.treatment is _T.WAIT
        often = _("Lark limits how often we may send")
        words = known.words if known and waits else often
        raise Throttled(_told(words, code), retry_after=_wait(code, headers), code=code)
    if known is None:
        if not code or status >= 500:
            # A gateway's page, or no sense at all: perhaps it went through.
            words = _("Lark answered HTTP {status}", status=status)
            raise Unanswered(_told(words, code), code=code)
        raise TransportError(
            _with_detail(_told(_("Lark refused"), code), answer), code=code
        )
    text = _told(known.words, code)
    match known.treatment:
        case Treatment.TOKEN:
            raise TokenRefused(text, code=code)
        case Treatment.PARK:
            raise Parked(text, code=code)
        case Treatment.PLAIN:
            raise TargetGone(text, code=code)
        case Treatment.REFUSE:
            raise Refused(_with_detail(text, answer), code=code)
        case _:
            raise Unanswered(text, code=code)


def _code(answer: Any) -> int | None:
    if not isinstance(answer, dict):
        return None
    # Old robots' answers have StatusCode only (Lark docs: custom bots).
    code = answer.get("code", answer.get("StatusCode"))
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _is_rate(status: int, answer: Any, known: Meaning | None) -> bool:
    """Whether we are only too fast. A used-up month is a 429 too, and is no such."""
    if known is not None and known.treatment is _T.WAIT:
        return True
    if status == 429:
        return known is None or known.treatment is not _T.PARK
    # Some 9499 bodies are about the rate, and only their text says so.
    if _code(answer) != 9499:
        return False
    text = str(answer.get("msg", "")).lower()
    return "frequency" in text or "too many" in text


def _wait(code: int | None, headers: Mapping[str, str]) -> timedelta:
    try:
        told = timedelta(seconds=float(headers.get(RESET, "")))
    except (ValueError, OverflowError):
        return _WAITS.get(code or 0, _WAIT)
    # Whatever it says: not at once, and not for ever.
    return min(max(told, timedelta(milliseconds=250)), _LONGEST_WAIT)


def _told(words: Text, code: int | None) -> Text:
    if code is None:
        return words
    return _("{words} (code {code})", words=words, code=code)


def _with_detail(text: Text, answer: Any) -> Text:
    """Add what Lark says of a card: without it, nobody could mend one."""
    detail = str(answer.get("msg", "")) if isinstance(answer, dict) else ""
    if not detail:
        return text
    return _("{words}: {detail}", words=text, detail=detail[:200])
