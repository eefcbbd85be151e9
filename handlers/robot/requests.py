"""What can be asked about robots, and how each is written best.

Nothing secret is written: a line is kept in the audit log, and shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from handlers.language.text import quoted
from handlers.names import plain_or_quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is said of a robot. ``None`` where nothing is; empty or 0 takes it away."""

    keyword: str | None = None
    mention_all: bool | None = None
    allow: tuple[str, ...] | None = None
    deny: tuple[str, ...] | None = None
    per_hour: int | None = None

    def write(self) -> list[str]:
        """Return it as a line has it."""
        words = []
        if self.keyword is not None:
            words.append(f"keyword={_value(self.keyword)}")
        if self.mention_all is not None:
            words.append(f"notify {'all' if self.mention_all else 'none'}")
        if self.allow is not None:
            words.append(f"allow={','.join(map(_value, self.allow)) or 'none'}")
        if self.deny is not None:
            words.append(f"deny={','.join(map(_value, self.deny)) or 'none'}")
        if self.per_hour is not None:
            words.append(f"per_hour={self.per_hour or 'none'}")
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a robot posts with, as far as it was said. An empty secret is none."""

    webhook: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return self.webhook is not None or self.secret is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Let there be a robot; without a webhook, ask for it by a form.

    ``group`` is the group that it shall post in, as it was named. ``by_form`` says
    that nobody typed it.
    """

    name: str = ""
    given: Given = Given()
    settings: Settings = Settings()
    group: str = ""
    by_form: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bind:
    """Let what I gave you in a direct chat post in this group."""

    name: str
    called: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """Show the robots, so many a page."""

    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """Post something at once, and say how it went."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Send nothing until it is resumed."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on sending."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take a robot away."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reset:
    """Make a robot of the YAML what the YAML says."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Set:
    """Change a robot. ``asks``: for its webhook and secret, by a form."""

    name: str
    settings: Settings = Settings()
    given: Given = Given()
    asks: bool = False
    by_form: bool = False


Request = Add | Bind | List | Test | Pause | Resume | Remove | Reset | Set


def write(request: Request) -> str:
    """Return the line that says *request* exactly, but for what is secret."""
    words = ["/robot", type(request).__name__.lower()]
    if not isinstance(request, List) and request.name:
        words.append(plain_or_quoted(request.name))
    match request:
        case List(page=page):
            words += [f"page {page}"] if page > 1 else []
        case Add(group=group):
            words += request.settings.write()
            words += [f"chat {plain_or_quoted(group)}"] if group else []
        case Set():
            words += request.settings.write()
            words += ["secret"] if request.given or request.asks else []
        case Bind(called=called):
            words += [f"as {plain_or_quoted(called)}"] if called else []
        case Test(text=text):
            words += [text] if text else []
    return " ".join(words)


def _value(text: str) -> str:
    if not text:
        return "none"
    # What is no value by itself: a word that ends one, or takes it away.
    return plain_or_quoted(text) if text.casefold() != "none" else quoted(text)
