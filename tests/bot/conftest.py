"""What tests of delivery may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from store.database import Database
from tests.bot.house import House, opened
from tests.conftest import HandClock


@pytest.fixture
async def house(db: Database, clock: HandClock) -> AsyncIterator[House]:
    """A database, a Lark on loopback and a worker, once on each engine."""
    async with opened(db, clock) as made:
        yield made
