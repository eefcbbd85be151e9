"""A stand-in for Tencent Cloud's API on loopback."""

from __future__ import annotations

from sandbox.tencent.calls import Asked, Refused
from sandbox.tencent.cloud import Tencent
from sandbox.tencent.phones import Phones, Rang

__all__ = ["Asked", "Phones", "Rang", "Refused", "Tencent"]
