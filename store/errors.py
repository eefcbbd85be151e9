"""How remembering can fail.

* StoreError        the database cannot be used as it is; nothing has started
  - NewerSchema     …because a newer Larkbell has used it
* StoreRefused      this change was not made: the disk is full, or the database is away
  - Collided        …because another replica wrote the same: at once again, it may be
* Taken             what was to be inserted was there already; nothing was
"""

from __future__ import annotations


class StoreError(Exception):
    """The database cannot be used as it is. The text says what to do."""


class NewerSchema(StoreError):
    """A newer Larkbell has used this database."""

    def __init__(self, *, found: int, known: int) -> None:
        super().__init__(
            f"the database has schema {found}, and this Larkbell knows up to {known}: "
            "start the newer Larkbell that made it, or restore a backup"
        )
        self.found = found
        self.known = known


class StoreRefused(Exception):
    """A change was not made, and none of it was: it may be tried again later."""


class Collided(StoreRefused):
    """Two replicas wrote the same rows at once, and the database chose the other."""


class Taken(Exception):
    """One of the rows was there already, so none of them was inserted."""
