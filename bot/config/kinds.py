"""The kinds of setting that pydantic does not know: how it reads and shows them.

They stand inside ``Annotated``, beside the type that the text is read as.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from bot.config import readers
from bot.config.values import Audience
from bot.secret import Secret
from handlers.rules.hours import parse_days
from handlers.rules.schedules import COLLECTABLE
from store.values import Channel, Destination, Severity

#: What the tree of a YAML file is made of. All else was read already.
_WRITTEN = (str, list, dict, type(None))

#: All that the methods of a window can mute. The inbox never is.
MUTABLE = tuple(channel for channel in Channel if channel is not Channel.INBOX)


@dataclass(frozen=True, slots=True)
class Text:
    """A setting written as one text."""

    read: Callable[[str], Any]
    pattern: str | None = None
    examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    may_be_empty: bool = False
    may_be_list: bool = False

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        """Return how pydantic reads and writes it."""
        return _plain(self._validate)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return how an editor checks it."""
        schema: dict[str, Any] = {"type": "string"}
        if self.words:
            schema["enum"] = list(self.words)
        if self.pattern:
            schema["pattern"] = self.pattern
        if self.examples:
            schema["examples"] = list(self.examples)
        if self.may_be_list:
            return {"anyOf": [schema, {"type": "array", "items": {"type": "string"}}]}
        return schema

    def _validate(self, value: object) -> Any:
        if type(value) not in _WRITTEN:
            return value
        if self.may_be_list and isinstance(value, list):
            value = ",".join(map(str, value))
        if not isinstance(value, str):
            raise ValueError("should be one text")
        if not value.strip() and not self.may_be_empty:
            raise ValueError("is empty: write a value, or leave the setting out")
        return self.read(value)


@dataclass(frozen=True, slots=True)
class WordOrList:
    """A setting that is one of a few words, or a list of texts."""

    words: Mapping[str, Any]
    read: Callable[[list[str]], Any]
    items: str
    item: dict[str, Any] = field(default_factory=lambda: {"type": "string"})

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> CoreSchema:
        """Return how pydantic reads and writes it."""
        return _plain(self._validate)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return how an editor checks it."""
        listed = {"type": "array", "items": self.item}
        return {"anyOf": [{"enum": list(self.words)}, listed]}

    def _validate(self, value: object) -> Any:
        if type(value) not in _WRITTEN:
            return value
        if isinstance(value, str) and value in self.words:
            return self.words[value]
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return self.read(value)
        raise ValueError(
            f"should be {', '.join(self.words)}, or a list of {self.items}"
        )


def _plain(validate: Callable[[object], Any]) -> CoreSchema:
    return core_schema.no_info_plain_validator_function(
        validate, serialization=core_schema.plain_serializer_function_ser_schema(str)
    )


def _members(texts: list[str]) -> Audience:
    return Audience(None, tuple(readers.member(text) for text in texts))


def _mutes(texts: list[str]) -> frozenset[Channel]:
    known = {channel.value: channel for channel in MUTABLE}
    if not texts or not known.keys() >= set(texts):
        raise ValueError(f"should list channels from {', '.join(known)}")
    return frozenset(known[text] for text in texts)


def _collects(texts: list[str]) -> frozenset[Channel]:
    known = {channel.value: channel for channel in Channel if channel in COLLECTABLE}
    if not texts or not known.keys() >= set(texts):
        raise ValueError(f"should list channels from {', '.join(known)}")
    return frozenset(known[text] for text in texts)


def _roles(*words: str) -> WordOrList:
    return WordOrList(
        {word: Audience(word) for word in words},
        _members,
        "open_ids, e-mail addresses and names from people",
    )


#: Names of rules, robots, people, chats and groups: they are typed in chat.
NAME = Text(readers.name)
PERSON_NAME = Text(readers.person_name)
#: Names that stand in a URL.
SLUG = Text(readers.slug, pattern=f"^{readers.SLUG}$")
MEMBER = Text(readers.member)
OPEN_ID = Text(readers.open_id, pattern="^ou_")
CHAT_ID = Text(readers.chat_id, pattern="^oc_")
EMAIL = Text(readers.email, pattern="@")
PHONE = Text(readers.phone, pattern=r"^\+")
BASE_URL = Text(readers.base_url, pattern="^https?://")
HOST = Text(readers.host)
HEADER = Text(readers.header)
ADDRESS = Text(readers.address, pattern=":[0-9]+$")
DATABASE_URL = Text(readers.database_url, pattern="^(sqlite|postgres(ql)?):")
FERNET_KEY = Text(readers.fernet_key)
SECRET = Text(Secret)
SECRET_URL = Text(readers.secret_url, pattern="^https?://")
ZONE = Text(readers.zone, examples=("Asia/Shanghai", "UTC"))
CALENDAR = Text(readers.calendar, examples=("CN", "DE-BY", "none"))
RATE = Text(readers.rate, f"^{readers.RATE}$", examples=("600/min", "10/s"))
RETENTION = Text(readers.retention, f"^{readers.AGE}$", examples=("180d", "26w"))
HOURS = Text(readers.hours, examples=("22:00-08:00", "whole day"))
DAYS = Text(
    parse_days,
    examples=("daily", "workdays", "weekends", "mon-fri", "sat,sun"),
    may_be_list=True,
)
TIMES = Text(readers.times, examples=("09:00", "09:00,18:00"), may_be_list=True)
TYPE_ID = Text(readers.type_id, pattern=r"\.", examples=("product.alarm",))
PATTERN = Text(readers.pattern, examples=("finance.*", "product.alarm", "*"))
FILTER = Text(
    readers.condition, examples=("severity>=warning product=cvm",), may_be_empty=True
)
SEVERITY = Text(Severity.from_word, words=tuple(level.word for level in Severity))
DESTINATION = Text(Destination.parse, pattern="^(chat|robot|person|group):")

EDITORS = _roles("everyone", "managers")
COST_VIEWERS = _roles("admins", "everyone")
MUTES = WordOrList(
    {
        "all": frozenset(MUTABLE),
        "sms+voice": frozenset({Channel.SMS, Channel.VOICE}),
        "voice": frozenset({Channel.VOICE}),
    },
    _mutes,
    f"channels from {', '.join(MUTABLE)}",
    {"enum": [channel.value for channel in MUTABLE]},
)
_COLLECTED = [channel.value for channel in Channel if channel in COLLECTABLE]
COLLECTS = WordOrList(
    {"all": COLLECTABLE},
    _collects,
    f"channels from {', '.join(_COLLECTED)}",
    {"enum": _COLLECTED},
)
