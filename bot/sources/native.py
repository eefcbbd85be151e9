"""Our own notifications: one object, an array, or one object a line.

What there is nothing unusual about is taken by ``plain``. Whatever that leaves is
judged here by pydantic, which tells all that is wrong at once.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    PlainValidator,
    TypeAdapter,
    ValidationError,
)
from pydantic import Field as Limit
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.bodies import NotJson, tidy
from bot.sources import limits, plain
from bot.sources.adapter import Fault, Handed, Invalid
from bot.sources.times import rfc3339
from handlers.rules.patterns import valid_id
from store.values import Field, Incoming, Severity, Status

#: In an array; NDJSON is for more.
MOST_IN_ARRAY = 1_000
MOST_LINES = 10_000

NDJSON = ("application/x-ndjson", "application/ndjson")

#: What an id that the sender did not give is good for: a redelivery, not a repeat.
MADE_KEY_LASTS = timedelta(minutes=10)
KEY_LASTS = timedelta(days=7)

_MOST_FAULTS = 1_000

_SEVERITY = {each.word: each for each in Severity}
_STATUS = {each.value: each for each in Status}


def _short_body(text: str) -> str:
    if len(text) * 4 > limits.BODY and len(text.encode()) > limits.BODY:
        raise PydanticCustomError("body", "is longer than 16 KB")
    return text


def _slug(text: str) -> str:
    if not valid_id(text):
        raise PydanticCustomError("slug", "must be category.name in a-z, 0-9 and -")
    return text


def _link(text: str) -> str:
    if not limits.is_web_link(text):
        raise PydanticCustomError("link", "must be an http or https address")
    return text


def _instant(value: Any) -> datetime:
    try:
        return rfc3339(value)
    except (ValueError, TypeError):
        raise PydanticCustomError(
            "instant", "must be a time with a zone, like 2026-01-02T03:04:05Z"
        ) from None


_Id = Annotated[str, Limit(min_length=1, max_length=limits.ID)]
_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(slots=True)
class _Field:
    __pydantic_config__ = _STRICT

    name: _Id
    value: Annotated[str, Limit(max_length=limits.FIELD_VALUE)]


@dataclass(slots=True, kw_only=True)
class _Said:
    """A notification as its sender wrote it. A null is as good as nothing."""

    __pydantic_config__ = _STRICT

    title: Annotated[str, Limit(max_length=limits.TITLE, pattern=r"\S")]
    id: _Id | None = None
    type: Annotated[str, AfterValidator(_slug)] | None = None
    body: Annotated[str, AfterValidator(_short_body)] | None = None
    severity: Literal["info", "warning", "critical"] | None = None
    status: Literal["firing", "resolved"] | None = None
    fingerprint: _Id | None = None
    labels: Annotated[dict[str, str], Limit(max_length=limits.LABELS)] | None = None
    fields: Annotated[list[_Field], Limit(max_length=limits.FIELDS)] | None = None
    link: (
        Annotated[str, Limit(max_length=limits.LINK), AfterValidator(_link)] | None
    ) = None
    occurred_at: Annotated[datetime, PlainValidator(_instant)] | None = None


_ONE = TypeAdapter(_Said)
_MANY = TypeAdapter(Annotated[list[_Said], Limit(max_length=MOST_IN_ARRAY)])
_KEYS = tuple(field.name for field in dataclasses.fields(_Said))


@lru_cache(maxsize=64)
def is_ndjson(content_type: str) -> bool:
    """Return whether a body of this type is one object a line."""
    return content_type.partition(";")[0].strip().lower() in NDJSON


def read(body: bytes, *, content_type: str = "") -> Handed:
    """Return the notifications in *body*: all of them, or ``Invalid`` for any fault.

    Raises ``NotJson`` when there is no JSON to speak of.
    """
    body = tidy(body)
    if is_ndjson(content_type):
        return Handed(tuple(_lines(body)))
    try:
        if body.lstrip(b" \t\r\n").startswith(b"["):
            many = plain.many(body) or _MANY.validate_json(body)
            return Handed(tuple([_incoming(each) for each in many]))
        return Handed((_incoming(plain.one(body) or _ONE.validate_json(body)),))
    except ValidationError as exc:
        raise _refusal(exc) from None


def _lines(body: bytes) -> Iterator[Incoming]:
    faults: list[Fault] = []
    lines = [each for each in enumerate(body.split(b"\n"), 1) if each[1].strip()]
    if len(lines) > MOST_LINES:
        raise Invalid((Fault("", f"has more than {MOST_LINES:,} lines"),))
    for index, (number, line) in enumerate(lines):
        try:
            said = plain.one(line) or _ONE.validate_json(line)
        except ValidationError as exc:
            refusal = _refusal(exc, index=index)
            if isinstance(refusal, NotJson):
                raise NotJson(f"line {number} is not JSON") from None
            faults += refusal.faults
            if len(faults) >= _MOST_FAULTS:
                break
        else:
            if not faults:
                yield _incoming(said)
    if faults:
        raise Invalid(tuple(faults))


def _incoming(said: _Said | plain.Said) -> Incoming:
    status = None if said.status is None else _STATUS[said.status]
    key, lasts = said.id, KEY_LASTS
    if key is None and said.fingerprint is not None and said.occurred_at is not None:
        key = f"{said.fingerprint}|{said.status}|{said.occurred_at.isoformat()}"
        lasts = MADE_KEY_LASTS
    return Incoming(
        title=said.title,
        body=said.body or "",
        type=said.type,
        severity=None if said.severity is None else _SEVERITY[said.severity],
        status=status,
        fingerprint=said.fingerprint,
        labels=said.labels or {},
        fields=tuple([Field(each.name, each.value) for each in said.fields or ()]),
        link=said.link,
        occurred_at=said.occurred_at,
        key=key,
        key_lasts=lasts,
    )


def _refusal(exc: ValidationError, *, index: int | None = None) -> NotJson | Invalid:
    """Return what to raise instead: pydantic's own words quote the body."""
    errors = exc.errors(include_url=False, include_input=False)
    if errors[0]["type"] == "json_invalid":
        return NotJson("the body is not JSON")
    return Invalid(
        tuple(
            Fault(_path(error, index), _reason(error))
            for error in errors[:_MOST_FAULTS]
        )
    )


def _path(error: ErrorDetails, index: int | None) -> str:
    place = error["loc"] if index is None else (index, *error["loc"])
    path = ""
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        elif step != "[key]":
            path += f".{step[:60]}" if path else step[:60]
    return path


_WORDS = {
    "missing": "is required",
    "string_type": "must be a string",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "is blank",
    "list_type": "must be an array",
    "dict_type": "must be an object",
    "dataclass_type": "must be an object",
}


def _reason(error: ErrorDetails) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "unexpected_keyword_argument":
            return _unknown(str(error["loc"][-1]))
        case "literal_error":
            return f"must be {context['expected'].replace(chr(39), '')}"
        case "too_long" if error["loc"]:
            return f"has more than {context['max_length']} entries"
        case "too_long":
            return f"has more than {MOST_IN_ARRAY:,} notifications"
        case known if known in _WORDS:
            return _WORDS[known].format(**context)
        case _:
            return error["msg"]


@lru_cache(maxsize=256)
def _unknown(key: str) -> str:
    # Looking for likeness takes time; nobody misspells at length.
    near = difflib.get_close_matches(key.lower(), _KEYS, 1) if len(key) < 30 else []
    return "is not a key we know" + (f"; did you mean {near[0]}?" if near else "")
