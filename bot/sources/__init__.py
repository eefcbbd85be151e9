"""What hands notifications over: one pure adapter a kind, bytes in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.sources import alertmanager, lark_hook, native, tencent
from bot.sources.adapter import Adapter, Fault, Handed, Invalid

__all__ = ["ADAPTERS", "Adapter", "Fault", "Handed", "Invalid"]

#: Every kind of source that the YAML may name, and how its bodies are read.
ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "native": native.read,
        "alertmanager": alertmanager.read,
        "tencent": tencent.read,
        "lark-hook": lark_hook.read,
    }
)
