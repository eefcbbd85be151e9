"""How a line that somebody typed can fail. The text is shown in the chat.

* UserError           the asker can put it right; nothing was changed
  - Misunderstood     we could not read the line; ``choices`` are corrected lines
    - NoCommand       it does not begin with anything that can be asked
    - Unknown         a word of it is none that we know there
  - Forbidden         the asker may not; the text says who may
  - Unconfirmed       it is broad, and asks for a yes first; ``line`` is what runs then
"""

from __future__ import annotations


class UserError(Exception):
    """The asker can put it right: say what, why and what to do next.

    ``where`` is the line that was typed, with the word marked that it is about.
    """

    def __init__(
        self, message: str, *, choices: tuple[str, ...] = (), where: str = ""
    ) -> None:
        super().__init__(message)
        self.choices = choices
        self.where = where


class Misunderstood(UserError):
    """We could not read the line. ``choices`` are corrected lines, nearest first.

    ``noun`` is what it was about, as far as it was read. The refusal is about *count*
    words where reading stopped; with none, something is missing there.
    """

    noun = ""

    def __init__(
        self,
        message: str,
        *,
        choices: tuple[str, ...] = (),
        where: str = "",
        count: int = 1,
    ) -> None:
        super().__init__(message, choices=choices, where=where)
        self.count = count


class NoCommand(Misunderstood):
    """The line begins with nothing that can be asked."""


class Unknown(Misunderstood):
    """A word of the line is none that we know where it stands."""


class Forbidden(UserError):
    """The asker may not do this."""


class Unconfirmed(UserError):
    """Nothing was changed yet: *line* runs when its author says yes to *preview*."""

    def __init__(self, line: str, preview: tuple[str, ...]) -> None:
        super().__init__(preview[0])
        self.line = line
        self.preview = preview


def words_of(exc: Exception) -> str:
    """Return what *exc* says; ``str(exc)`` would forget how others say it."""
    return exc.args[0] if exc.args and isinstance(exc.args[0], str) else str(exc)
