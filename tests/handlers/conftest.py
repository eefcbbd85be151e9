from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.context import Role
from store.database import Database
from tests.conftest import HandClock
from tests.handlers.robots import ADD, Host
from tests.handlers.talk import ADMIN, Talk


@pytest.fixture
def wei(db: Database, clock: HandClock) -> Talk:
    """Wei, an editor, in the group ops."""
    return Talk(db, clock)


@pytest.fixture
def host(db: Database, clock: HandClock) -> Host:
    """Wei, an editor, in the group ops."""
    return Host(db, clock)


@pytest.fixture
def admin(host: Host) -> Host:
    """Ada, an admin, in a direct chat."""
    return replace(host, asker=ADMIN, roles=frozenset(Role)).alone()


@pytest.fixture
async def bound(host: Host) -> Host:
    """Wei, in the group ops, where he has bound ops-hook."""
    await host.alone().say(ADD)
    await host.say("/robot bind ops-hook")
    return host
