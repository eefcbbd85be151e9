"""Bodies as senders post them. Names and ids are invented; shapes are real."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def raw(name: str) -> bytes:
    return (HERE / f"{name}.json").read_bytes()


def parsed(name: str) -> Any:
    return json.loads(raw(name))
