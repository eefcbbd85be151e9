"""The same halls as at the doors, and the same promise of a quiet log."""

from __future__ import annotations

from tests.bot.doors.conftest import (
    clock,
    hall,
    nothing_secret_is_logged,
    open_hall,
)

__all__ = ["clock", "hall", "nothing_secret_is_logged", "open_hall"]
