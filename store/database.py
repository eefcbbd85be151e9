"""The database as the rest of the house sees it: reading, writing, named statements.

Everything that is written goes through one *group commit*: works that wait at the same
moment share one transaction, and so one flush of the disk. A work that fails takes
nobody with it: its group is rolled back and each work is run again alone. What the
database itself refuses is refused to the whole group at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from store.errors import Collided, StoreRefused
from store.secrets import Keyring

T = TypeVar("T")

#: How many works share one transaction at the most: bounds the time a commit waits.
GROUP = 64
#: How often a group is tried that collides with another replica's.
TRIES = 3
#: How long to stand back after a collision, in seconds: the other must get through.
STAND_BACK = 0.05


class Row(Protocol):
    """One row of an answer, by column name."""

    def __getitem__(self, column: str, /) -> Any: ...


class Tx(Protocol):
    """An open transaction. Statements are those of ``store/sql``, by name.

    Whoever opened it decides what is atomic; nothing here commits.
    """

    @property
    def keyring(self) -> Keyring:
        """The keys that secrets columns are sealed with."""
        ...

    async def all(self, query: str, /, **parameters: Any) -> list[Row]:
        """Return every row that *query* answers."""
        ...

    async def one(self, query: str, /, **parameters: Any) -> Row | None:
        """Return the first row that *query* answers, or ``None``."""
        ...

    async def value(self, query: str, /, **parameters: Any) -> Any:
        """Return the first column of the first row, or ``None``."""
        ...

    async def run(self, query: str, /, **parameters: Any) -> int:
        """Run a change; return how many rows it touched."""
        ...

    async def insert(self, query: str, /, **parameters: Any) -> Sequence[int]:
        """Run an insertion; return the numbers of its rows, in their order.

        Raises ``Taken``, and inserts none, when one of them was there already.
        """
        ...

    async def many(self, query: str, rows: Sequence[Mapping[str, Any]], /) -> None:
        """Run a change once for each of *rows*."""
        ...


Work = Callable[[Tx], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class Insertion:
    """A work of one insertion: by itself it is a transaction, and one trip."""

    query: str
    parameters: Mapping[str, Any]

    def __call__(self, tx: Tx) -> Awaitable[Sequence[int]]:
        """Run it on *tx*."""
        return tx.insert(self.query, **self.parameters)


@dataclass(frozen=True, slots=True)
class Aside(Generic[T]):
    """A work that reads nothing which changes, and touches nothing, but its ``Tx``.

    It may then run in another thread: where that is quicker it does.
    """

    work: Work[T]

    def __call__(self, tx: Tx) -> Awaitable[T]:
        """Run it on *tx*."""
        return self.work(tx)


class Database(Protocol):
    """One open database, of either engine."""

    engine: str

    @property
    def keyring(self) -> Keyring:
        """The keys that secrets columns are sealed with."""
        ...

    async def write(self, work: Work[T]) -> T:
        """Run *work* in a transaction; return its answer after the commit.

        The work may be run again, so it must touch nothing but its ``Tx``. Raises what
        the work raised, or ``StoreRefused`` when the database did not take it.
        """
        ...

    def transaction(self) -> AbstractAsyncContextManager[Tx]:
        """Open a transaction of one's own."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Tx]:
        """Open a view for reading, which waits for no writer."""
        ...

    async def close(self) -> None:
        """Finish what was written and close."""
        ...


class GroupCommit:
    """One writer that commits together what waits together.

    *run* runs works in one transaction and returns their answers after the commit.
    """

    def __init__(
        self, run: Callable[[Sequence[Work[Any]]], Awaitable[list[Any]]]
    ) -> None:
        self._run = run
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, work: Work[T]) -> T:
        """Run *work* in the next group; return its answer after the commit."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._task is None:
            # The task lives as long as somebody waits, and no longer.
            self._task = asyncio.create_task(self._drain(), name="group-commit")
        return await future

    async def close(self) -> None:
        """Wait until everything that was handed over is committed or refused."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _drain(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                await self._commit(group)
        except BaseException:
            # The loop ends: nobody may wait for what nobody will do.
            for _, future in self._waiting:
                future.cancel()
            self._waiting = []
            raise
        finally:
            self._task = None

    async def _commit(self, group: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        # Who stopped waiting before we began does not want it done.
        group = [(work, future) for work, future in group if not future.done()]
        try:
            answers = await self._together(group)
        except StoreRefused as exc:
            # Each alone would wait as long again, only to hear the same.
            for _, future in group:
                _settle(future, error=exc)
            return
        except Exception as exc:  # noqa: BLE001 — it belongs to whoever waits
            if len(group) == 1:
                _settle(group[0][1], error=exc)
                return
            for alone in group:
                await self._commit([alone])
            return
        except BaseException:
            for _, future in group:
                future.cancel()
            raise
        for (_, future), answer in zip(group, answers, strict=True):
            _settle(future, answer=answer)

    async def _together(
        self, group: list[tuple[Work[Any], asyncio.Future[Any]]]
    ) -> list[Any]:
        if not group:
            return []
        works = [work for work, _ in group]
        for _ in range(TRIES - 1):
            try:
                return await self._run(works)
            except Collided:
                await asyncio.sleep(STAND_BACK)
        return await self._run(works)


def _settle(
    future: asyncio.Future[Any], *, answer: Any = None, error: Exception | None = None
) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(answer)
    else:
        future.set_exception(error)
