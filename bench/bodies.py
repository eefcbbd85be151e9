"""What is posted: an alert as people send it, each with an id of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

#: How many hosts the alerts tell of.
HOSTS = 40


def bodies(batch: str, count: int, **differing: Any) -> list[bytes]:
    """Return *count* notifications of some 400 bytes; no id is in another *batch*."""
    return [
        _body(f"{batch}-{index}", index % HOSTS, differing) for index in range(count)
    ]


def _body(key: str, host: int, differing: Mapping[str, Any]) -> bytes:
    alert = {
        "id": key,
        "type": "product.alarm",
        "title": "CPU above 90 %",
        "body": f"**web-{host}** for 5 min",
        "severity": "warning",
        "status": "firing",
        "fingerprint": f"web-{host}/cpu",
        "labels": {"product": "cvm", "region": "ap-singapore", "host": f"web-{host}"},
        "fields": [{"name": "value", "value": "97 %"}],
        "link": "https://grafana.example.com/d/1",
        "occurred_at": "2026-01-02T03:04:05Z",
    }
    return json.dumps({**alert, **differing}, ensure_ascii=False).encode()
