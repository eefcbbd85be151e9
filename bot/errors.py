"""How the process can fail, drawn as a tree.

* ConfigError         the YAML file cannot be used as it stands; nothing has changed
* SignatureError      a request is not from whom it claims to be
* BadBody             a request's body is not what its door takes
* TransportError      a message was not delivered, and may be tried again
  - Refused           …and never will be: trying the same again is pointless
  - Parked            …because its destination is closed to us: stop until it opens
  - Throttled         …yet: Lark says when to come back
  - Unanswered        …as far as we know: the answer was lost, so it may have been
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with the YAML: where it stands, and what to do about it."""

    file: str
    line: int
    path: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{self.file}:{self.line}: {place}{self.reason}"


class ConfigError(Exception):
    """The YAML file cannot be used as it stands. Holds every mistake that was found."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class SignatureError(Exception):
    """A request is not from whom it claims to be."""


class BadBody(Exception):
    """A request's body is not what its door takes. The text says why, and is safe."""


class Trouble(StrEnum):
    """What kept us from an answer."""

    NAME = "name"
    CONNECTION = "connection"
    TLS = "tls"
    SILENCE = "silence"


class TransportError(Exception):
    """A message was not delivered, and may be tried again.

    ``code`` is Lark's own, where it gave one; ``trouble`` is set where there was no
    answer at all. The text holds no URL and no secret.
    """

    def __init__(
        self, message: str, *, code: int | None = None, trouble: Trouble | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.trouble = trouble


class Refused(TransportError):
    """Lark refused this message for good."""


class Parked(TransportError):
    """The destination is closed to us: nothing gets there until somebody acts."""


class Throttled(TransportError):
    """Lark is busy and asks us to come back."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta,
        code: int | None = None,
        alone: bool = False,
    ) -> None:
        """*alone*: the others who go the same way need not wait."""
        super().__init__(message, code=code)
        self.retry_after = retry_after
        self.alone = alone


class Unanswered(TransportError):
    """No answer arrived, so nobody knows: the same bytes may be sent again."""
