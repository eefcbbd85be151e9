"""The platform as a whole: the tenant, and what guards the way to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.changes import Changes
from sandbox.clock import Clock, read, real_clock
from sandbox.faults import Faults
from sandbox.limits import Limits, Quota
from sandbox.mentions import Surroundings
from sandbox.state import App, CardToken, Chat, Message
from sandbox.switches import Switches
from sandbox.tenant import Tenant
from sandbox.tokens import Tokens

#: For how long a uuid makes a send happen at most once.
UUID_LASTS = timedelta(hours=1)


@dataclass(slots=True)
class Platform:
    """Everything behind the API. One per :class:`sandbox.Lark`."""

    clock: Clock = real_clock
    switches: Switches = field(default_factory=Switches)
    tenant: Tenant = field(default_factory=Tenant)
    tokens: Tokens = field(default_factory=Tokens)
    limits: Limits = field(default_factory=Limits)
    quota: Quota = field(default_factory=Quota)
    faults: Faults = field(default_factory=Faults)
    #: How often each operation answered each code: ``answers["send", 230020]``.
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    #: Told after every answer: what was waited for may have happened.
    changes: Changes = field(default_factory=Changes)
    uuids: dict[tuple[str, str], Message] = field(default_factory=dict)
    card_tokens: dict[str, CardToken] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return the time on the platform's clock."""
        return read(self.clock)

    def count(self, operation: str, code: int) -> None:
        """Note that *operation* answered *code*, and wake whoever waits for it."""
        self.answers[operation, code] += 1
        self.changes.tell()

    def sent_before(self, app: App, uuid: str, *, now: datetime) -> Message | None:
        """Return the message that *app* sent under *uuid* within the last hour."""
        message = self.uuids.get((app.app_id, uuid))
        if message is not None and now - message.created_at < UUID_LASTS:
            return message
        return None

    def around(self, app: App, chat: Chat | None) -> Surroundings:
        """Return what a message of *app* in *chat* may refer to."""
        return Surroundings(
            find=lambda some_id: self.tenant.by_any_id(some_id, app),
            find_email=self.tenant.by_email,
            images=app.images,
            at_all=chat is None or chat.at_all,
        )
