"""Interactive cards: what Lark takes and what it refuses."""

from __future__ import annotations

from sandbox.cards.check import Card, check, is_shared
from sandbox.cards.error import CardError

__all__ = ["Card", "CardError", "check", "is_shared"]
