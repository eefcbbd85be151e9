"""One call of Tencent Cloud's API, and how it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that was signed as it should be."""

    service: str
    version: str
    action: str
    region: str
    language: str
    params: Mapping[str, Any]


class Refused(Exception):
    """Tencent Cloud answers with an error: its code, and words for it."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message or f"injected by the sandbox: {code}"
