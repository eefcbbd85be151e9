"""What is asked often is looked up, and never scanned, however full the database."""

from __future__ import annotations

import re
import sqlite3

import asyncpg
import pytest

from store.migrations import scripts
from store.opening import open_database
from store.statements import SQL
from tests.conftest import KEYRING

#: Statement → the index that answers it in SQLite.
LOOKUPS = {
    "acquaintances_of": "sqlite_autoindex_acquaintances_1",
    "acquaintances_among": "sqlite_autoindex_acquaintances_1",
    "arrivals_of": "outbox_to",
    "claim_lanes": "lanes_due",
    "close_hold": "outbox_held",
    "contacts_of": "sqlite_autoindex_contacts_1",
    "count_open": "outbox_open",
    "count_waiting": "notifications_waiting",
    "dead_list": "outbox_dead",
    "deliveries_of": "outbox_of",
    "ended_among": "notifications_by_fingerprint",
    "finish_members": "outbox_members",
    "firing_shown": "notifications_by_fingerprint",
    "forget_heard": "heard_until",
    "held_members": "outbox_held",
    "holds_due": "holds_until",
    "hooks_forget": "robot_hooks_retired",
    "lane_of": "lanes_of",
    "mutes_obeyed": "mutes_of",
    "next_due": "lanes_due",
    "notification_by_key": "notifications_by_key",
    "notifications_waiting": "notifications_waiting",
    "open_codes": "contact_codes_of",
    "orphans": "outbox_sending",
    "outbox_due": "outbox_next",
    "outsider_known": "outsiders_by_address",
    "paths_of": "outbox_of",
    "posts_since": "robot_posts_of",
    "reckon_lane": "outbox_next",
    "revive_members": "outbox_members",
    "robot_named": "robots_by_name",
    "robots_gone": "robots_removed",
    "robots_of_chat": "robots_of_chat",
    "schedules_obeyed": "schedules_of",
    "states_of": "outbox_to",
    "strangers": "acquaintances_strangers",
    "subscriptions_for_patterns": "sqlite_autoindex_subscription_patterns_1",
    "subscriptions_to": "sqlite_autoindex_subscription_targets_1",
    "unpark_destination": "lanes_of",
    "windows_obeyed": "windows_of",
}

# These read a table from its beginning, and stop at the first row that is young.
ENDS_EARLY = ("prune_notifications", "prune_outbox")


def _statement(name: str, folder: str = "") -> str:
    """Return the SQL of a statement, for the engine to explain."""
    for path in sorted((SQL / folder).glob("*.sql")):
        for part in path.read_text().split("-- name: ")[1:]:
            first, _, rest = part.partition("\n")
            if first.rstrip("^$!*") == name:
                return rest.strip().rstrip(";")
    raise LookupError(name)


@pytest.fixture(scope="module")
def schema():
    """Our schema, empty, in SQLite alone."""
    connection = sqlite3.connect(":memory:")
    for _, script in scripts("sqlite"):
        connection.executescript(script)
    yield connection
    connection.close()


def _plan(schema: sqlite3.Connection, name: str) -> list[str]:
    """Return how SQLite answers a statement, step by step."""
    sql = _statement(name)
    nothing = dict.fromkeys(re.findall(r":(\w+)", sql))
    return [row[3] for row in schema.execute(f"EXPLAIN QUERY PLAN {sql}", nothing)]


def _without_index(step: str) -> bool:
    """Whether a step reads a whole table. What SQLite made up itself is no table."""
    if not step.startswith(("SCAN ", "SEARCH ")):
        return False
    made_up = ("json_each", "dues", "CONSTANT")
    return " USING " not in step and step.split()[1] not in made_up


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_statement_is_answered_by_its_index_in_sqlite(schema, name):
    plan = _plan(schema, name)

    assert [step for step in plan if _without_index(step)] == []
    assert [step for step in plan if f"INDEX {LOOKUPS[name]}" in step] != []


@pytest.mark.parametrize("name", ENDS_EARLY)
def test_forgetting_looks_only_at_what_is_old(schema, name):
    plan = _plan(schema, name)

    assert [step for step in plan if step.startswith("SEARCH")][1].endswith(
        "USING INTEGER PRIMARY KEY (rowid<?)"
    )


async def test_rules_are_found_by_index_in_postgresql(postgres_url):
    await (await open_database(postgres_url, keyring=KEYRING)).close()
    connection = await asyncpg.connect(postgres_url)
    await connection.execute(
        "INSERT INTO subscriptions (name, owner, patterns, targets, created_by,"
        " created_at) SELECT n, 'yaml', '[]', '[]', 'yaml', 0"
        " FROM generate_series(1, 3000) AS n;"
        "INSERT INTO subscription_patterns SELECT 'custom.s' || id, id"
        " FROM subscriptions; ANALYZE"
    )
    sql = _statement("subscriptions_for_patterns", "postgres")
    named = """'["custom.s7", "custom.*", "*"]'"""
    plan = await connection.fetch("EXPLAIN " + sql.replace(":patterns", named))
    await connection.close()

    steps = "\n".join(row[0] for row in plan)
    assert "Index Cond: (pattern = ANY (" in steps
    assert "Seq Scan" not in steps
