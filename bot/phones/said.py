"""What a text message or a call says: the whole of it, and its parts for templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message for a phone, plain and short. Providers take what they need of it.

    ``text`` is all of it. ``code`` is set where it hands over a code to verify a number
    with, and nothing else is then.
    """

    text: str = field(repr=False)
    severity: str = ""
    title: str = ""
    source: str = ""
    type: str = ""
    id: str = ""
    locale: str = "en"
    code: str = field(default="", repr=False)

    @property
    def parts(self) -> Mapping[str, str]:
        """What a template may hold, by name."""
        return asdict(self)

    def written(self) -> str:
        """Return it as the outbox freezes it."""
        return orjson.dumps(self.parts).decode()


def read(payload: str) -> Said:
    """Return what ``written`` wrote."""
    return Said(**orjson.loads(payload))
