"""From a typed line to the handler that answers it.

Each noun is a file with its own router. A command has two parts: ``read`` says what a
line means and touches nothing; the handler acts on that meaning. So a correction can be
tried before it is offered, and no correction runs by itself.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from handlers.context import Context, Role
from handlers.errors import Forbidden, Misunderstood, NoCommand, Unknown, UserError
from handlers.filled import Filled
from handlers.language.cursor import Cursor, Mark
from handlers.language.heads import Nouns, or_verb, read_head, starts_a_line
from handlers.language.phrasing import orders, unfolded
from handlers.language.place import marked
from handlers.language.suggestions import MOST
from handlers.language.text import command_line
from handlers.language.tokens import Line, read_line
from handlers.language.vocabulary import words_here
from handlers.refusals import told
from handlers.reply import Reply
from store.tasks import Task
from store.values import Json
from store.wording import Text, _

T = TypeVar("T")

FormReader = Callable[[Filled, Context], str]
TaskAnswer = Callable[[Task, Json, Context], Awaitable[Reply]]

# A code that was sent to somebody (handlers/proving.py).
_CODE = re.compile("[0-9]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A line that was understood as far as its noun and verb.

    ``verb`` is empty when none was typed; ``leaning`` is the one that the noun then
    suggests. ``rest`` stands behind them, from ``start`` on. ``book`` is what could
    have been asked.
    """

    noun: str
    verb: str
    leaning: str
    rest: Cursor
    start: Mark
    line: Line
    book: tuple[Entry, ...]
    router: Router


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command of the book: how it is read, run and explained.

    ``look`` is an example that changes nothing, ``examples`` are lines to copy; a
    ``note`` says what stands outside of us. What is ``hidden`` is in no list of
    commands: buttons run it. Refusals do not show again what is typed after a
    ``private`` one.
    """

    noun: str
    usage: str
    look: str
    summary: str
    examples: tuple[str, ...]
    verbs: frozenset[str]
    role: Role
    hidden: bool
    private: bool
    note: str
    read: Callable[[Command, Context], Any]
    run: Callable[[Any, Context], Awaitable[Reply]]


class Router:
    """The commands of one noun, or of all of them."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._forms: dict[str, FormReader] = {}
        self._tasks: dict[str, TaskAnswer] = {}

    def command(
        self,
        noun: str,
        *,
        read: Callable[[Command, Context], T],
        usage: str = "",
        look: str = "",
        verbs: Iterable[str] = (),
        role: Role = Role.MEMBER,
        hidden: bool = False,
        private: bool = False,
        note: str = "",
    ) -> Callable[
        [Callable[[T, Context], Awaitable[Reply]]],
        Callable[[T, Context], Awaitable[Reply]],
    ]:
        """Return a decorator that adds a handler for what *read* makes of a line.

        The first line of its docstring is its line in /help, the rest its examples.
        *look* is the example for who may only look; without it, the command is shown
        to those who may change things alone.
        """

        def add(
            run: Callable[[T, Context], Awaitable[Reply]],
        ) -> Callable[[T, Context], Awaitable[Reply]]:
            summary, __, details = (inspect.getdoc(run) or "").partition("\n\n")
            self._entries[noun] = Entry(
                noun=noun,
                usage=usage,
                look=look,
                summary=Text(summary),
                examples=tuple(details.split("\n")) if details else (),
                verbs=frozenset(verbs),
                role=role,
                hidden=hidden,
                private=private,
                note=note,
                read=read,
                run=run,
            )
            return run

        return add

    def form(self, kind: str) -> Callable[[FormReader], FormReader]:
        """Return a decorator for what makes a line of a form of *kind*."""

        def add(read: FormReader) -> FormReader:
            self._forms[kind] = read
            return read

        return add

    def task(self, kind: str) -> Callable[[TaskAnswer], TaskAnswer]:
        """Return a decorator for what answers a task of *kind* that was performed."""

        def add(answer: TaskAnswer) -> TaskAnswer:
            self._tasks[kind] = answer
            return answer

        return add

    def include(self, *routers: Router) -> None:
        """Take over what *routers* know, in that order."""
        for router in routers:
            self._entries.update(router.entries)
            self._forms.update(router.forms)
            self._tasks.update(router.tasks)

    @property
    def nouns(self) -> frozenset[str]:
        """What a command may begin with, in its one form."""
        return frozenset(self._entries)

    @property
    def forms(self) -> Mapping[str, FormReader]:
        """What makes lines of forms, by kind."""
        return self._forms

    @property
    def tasks(self) -> Mapping[str, TaskAnswer]:
        """What answers tasks, by kind."""
        return self._tasks

    @property
    def entries(self) -> Mapping[str, Entry]:
        """The commands, by noun, in the order of /help."""
        return self._entries

    async def answer(self, line: str, context: Context) -> Reply:
        """Do what *line* asks, and return what to say.

        Raises a ``UserError`` for everything the asker can put right; the caller then
        rolls back and shows it. Its choices are whole lines that can be read.
        """
        entry: Entry | None = None
        try:
            entry, meaning = self.read(line, context)
            return await entry.run(meaning, context)
        except UserError as exc:
            raise told(self, exc, line, context, entry) from None

    def line_of(self, kind: str, filled: Filled, context: Context) -> str:
        """Return the line that a filled form means.

        Raises a ``UserError`` where something is missing, or the form is not known.
        """
        if kind not in self._forms:
            raise UserError(_("This form is not mine any more. Ask for it again."))
        return self._forms[kind](filled, context)

    async def performed(self, task: Task, outcome: Json, context: Context) -> Reply:
        """Return what to say of a task that was performed. Raises ``UserError``."""
        return await self._tasks[task.kind](task, outcome, context)

    def read(self, line: str, context: Context) -> tuple[Entry, Any]:
        """Return the command that *line* is, and what it means. Touches nothing."""
        nouns, words = self._nouns(), words_here(context)
        if not context.is_group and _CODE.fullmatch(line.strip()):
            # Whoever was sent a code answers with the code.
            line = f"/verify {line}"
        said = unfolded(_one_line(line, nouns, words, context), words)
        try:
            return self._meant(said, nouns, context)
        except NoCommand:
            lines = orders(said, nouns, words)
            found = self._ordered(lines, nouns, context)
            if found is None:
                raise
            return found

    def _nouns(self) -> Nouns:
        return {noun: entry.verbs for noun, entry in self._entries.items()}

    def _meant(self, line: Line, nouns: Nouns, context: Context) -> tuple[Entry, Any]:
        cursor = Cursor(line)
        command: Command | None = None
        private = False
        try:
            command = self._command(cursor, nouns)
            entry = self._entries[command.noun]
            private = entry.private
            _check_role(entry, context)
            return entry, entry.read(command, context)
        except Misunderstood as exc:
            refusal = exc
            if command is not None and entry.verbs and not command.verb:
                refusal = or_verb(exc, cursor, command.start, entry.verbs)
            refusal.noun = command.noun if command else ""
            refusal.where = exc.where or ("" if private else marked(cursor, exc.count))
            raise refusal from None

    def _ordered(
        self, lines: Iterable[Line], nouns: Nouns, context: Context
    ) -> tuple[Entry, Any] | None:
        """Return what is meant when one of *lines* can be read, and one alone.

        Nothing where none is understood; raises what they ask, where one is so far.
        """
        found: dict[str, tuple[Entry, Any]] = {}
        refusal: UserError | None = None
        for line in lines:
            try:
                read = self._meant(line, nouns, context)
            except (Unknown, NoCommand):
                continue
            except UserError as exc:
                refusal = exc
                continue
            if read not in found.values():
                found[command_line(line.text)] = read
        if len(found) > 1:
            raise Misunderstood(
                _("That can mean more than one thing. Which one?"),
                choices=tuple(found),
            )
        if not found and refusal is not None:
            raise refusal
        return found.popitem()[1] if found else None

    def _command(self, cursor: Cursor, nouns: Nouns) -> Command:
        head, verb = read_head(cursor, nouns)
        return Command(
            noun=head.noun,
            verb=verb,
            leaning=head.leaning,
            rest=cursor,
            start=cursor.mark(),
            line=cursor.line,
            book=tuple(each for each in self._entries.values() if not each.hidden),
            router=self,
        )


def _check_role(entry: Entry, context: Context) -> None:
    if entry.role is Role.ADMIN and not context.is_admin:
        raise Forbidden(
            _(
                "{command} is for admins. /whoami shows your roles.",
                command=f"/{entry.noun}",
            )
        )


def _one_line(line: str, nouns: Nouns, words: frozenset[str], context: Context) -> Line:
    """Return *line* read. Raises ``Misunderstood`` when it holds several commands."""
    lines = [each.strip() for each in line.splitlines() if each.strip()]
    commands = [each for each in lines if starts_a_line(each.split()[0], nouns)]
    if len(commands) > 1:
        raise Misunderstood(
            _("One command a message, please."),
            choices=tuple(command_line(each) for each in commands[:MOST]),
        )
    return read_line(line, context.mentions, words)
