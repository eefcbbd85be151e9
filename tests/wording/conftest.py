from __future__ import annotations

import pytest

from store.database import Database
from tests.conftest import HandClock
from tests.handlers.talk import Talk


@pytest.fixture
def wei(db: Database, clock: HandClock) -> Talk:
    """Wei, an editor, in the group ops."""
    return Talk(db, clock)
