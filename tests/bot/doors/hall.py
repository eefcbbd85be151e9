"""The doors of a whole Larkbell: real databases, a hand clock, a Lark that is away.

Nothing runs in the background here: what was accepted waits until a test has it routed
or sent, so that a test can say exactly what was written, and that nothing was.
"""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.app import Larkbell
from bot.config import loads
from bot.lark.signing import sign_post
from tests.bot.lark.posting import KEY, TOKEN, encrypted, signature_headers
from tests.conftest import HandClock

Row = dict[str, Any]

#: What nobody may find in a log, by the name that the YAML gives it.
SECRETS = {
    "ADMIN": "sek-admin-token",
    "APP_SECRET": "sek-app-secret",
    "ENCRYPT_KEY": KEY,
    "VERIFICATION_TOKEN": TOKEN,
    "SCRIPTS": "sek-scripts-token",
    "SCRIPTS_SECRET": "sek-scripts-secret",
    "HURRIED": "sek-hurried-token",
    "PROM": "sek-prometheus-token",
    "PROM_SECRET": "sek-prometheus-secret",
    "BUSY": "sek-busy-token",
    "CLOUD": "sek-cloud-token",
    "CONSOLE": "sek-console-token",
    "CONSOLE_SECRET": "sek-console-secret",
    "OPEN": "sek-open-hook-token",
    "WEBHOOK": "http://127.0.0.1:9/open-apis/bot/v2/hook/sek-webhook",
    "WEBHOOK_SECRET": "sek-webhook-secret",
    "FERNET": "UCtn2tES4V7xh9UZeEJdzweruFidLqxbg_4bg5g61Bg=",
}

#: What every body says, and no log.
SAID = "what-was-said"

#: Port 9 is where nobody listens: Lark does not answer.
YAML = """
server: {admin_token: "${ADMIN}"}
database: {url: "${DATABASE}"}
secrets: {keys: ["${FERNET}"]}
lark:
  domain: http://127.0.0.1:9
  app_id: cli_bell
  app_secret: ${APP_SECRET}
  encrypt_key: ${ENCRYPT_KEY}
  verification_token: ${VERIFICATION_TOKEN}
roles: {admins: [ou_ada]}
sources:
  - {name: scripts, kind: native, token: "${SCRIPTS}", secret: "${SCRIPTS_SECRET}"}
  - {name: hurried, kind: native, token: "${HURRIED}", rate: 2/min}
  - name: prometheus
    kind: alertmanager
    token: "${PROM}"
    secret: "${PROM_SECRET}"
    type: product.alarm
  - {name: twin, kind: alertmanager, token: "${SCRIPTS}"}
  - {name: busy, kind: alertmanager, token: "${BUSY}", rate: 2/min}
  - {name: cloud, kind: tencent, token: "${CLOUD}", rate: 3/min}
  - {name: console, kind: lark-hook, token: "${CONSOLE}", secret: "${CONSOLE_SECRET}"}
  - {name: open, kind: lark-hook, token: "${OPEN}", rate: 2/min}
robots:
  - {name: ops-room, webhook: "${WEBHOOK}", secret: "${WEBHOOK_SECRET}"}
subscriptions:
  - {name: security, types: [security.*], to: [robot:ops-room]}
limits: {queue: 100}
"""

WITHOUT_ROBOT = (
    YAML[: YAML.index("robots:")] + YAML[YAML.index("subscriptions:") :]
).replace("robot:ops-room", "chat:oc_1")

#: For what each database has to keep.
on_both_engines = pytest.mark.parametrize("hall", ["sqlite", "postgres"], indirect=True)

NATIVE = "/v1/notifications"
EVENTS = "/lark/events"
HOOK = "/open-apis/bot/v2/hook/"


class MachineClock(HandClock):
    """A hand clock that knows, as the process's own does, where the machine's is."""

    def on_machine(self, moment: datetime) -> datetime:
        return datetime.now(UTC) + (moment - self.now())


@dataclass(frozen=True)
class Answer:
    """What a door said."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def said(self) -> tuple[int, Any]:
        return self.status, self.body


@dataclass
class Hall:
    """The doors, and what is behind them."""

    bell: Larkbell
    client: TestClient[Any, Any]
    url: str
    clock: MachineClock

    async def ask(self, path: str, token: str | None = None) -> Answer:
        headers = {} if token is None else bearer(token)
        return await self.knock("GET", path, headers=headers)

    async def post(
        self,
        path: str,
        body: Any,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Post *body*: bytes, or what is written as JSON."""
        shown = {} if token is None else bearer(token)
        raw = body if not isinstance(body, dict | list) else json.dumps(body).encode()
        if isinstance(raw, bytes):
            raw = io.BytesIO(raw)  # Which aiohttp asks for when it is long.
        return await self.knock(
            "POST", path, data=raw, headers={**shown, **(headers or {})}
        )

    async def knock(self, method: str, path: str, **request: Any) -> Answer:
        async with self.client.request(method, path, **request) as response:
            text = await response.read()
            is_json = response.content_type == "application/json"
            return Answer(
                response.status,
                json.loads(text) if is_json else text.decode(),
                response.headers,
            )

    # Senders

    async def send(self, body: Any, **request: Any) -> Answer:
        """Post a native notification as the source ``scripts``."""
        token = SECRETS["SCRIPTS"]
        return await self.post(NATIVE, body, **{"token": token, **request})

    async def hook(self, body: Any, **signed: Any) -> Answer:
        """Post to the Lark-compatible address of ``console``, signed."""
        sealed = sign_post(body, secret=SECRETS["CONSOLE_SECRET"], now=self.clock.now())
        return await self.post(HOOK + SECRETS["CONSOLE"], {**sealed, **signed})

    async def lark(self, payload: Any, **headers: str) -> Answer:
        """Let Lark tell us something, encrypted and signed."""
        raw = encrypted(payload)
        return await self.post(
            EVENTS, raw, headers={**signature_headers(raw), **headers}
        )

    async def reload(self, yaml: str) -> None:
        """Make *yaml* what is done from now on."""
        config = loads(yaml, {**SECRETS, "DATABASE": self.url}, path=Path("a.yaml"))
        await self.bell.apply(config.config)

    # What came of it

    async def kept(self) -> dict[str, list[Row]]:
        """Return everything that the database holds, as another process sees it."""
        if self.url.startswith("sqlite:"):
            return _all_of_sqlite(self.url.removeprefix("sqlite:"))
        return await _all_of_postgres(self.url)

    async def count(self, table: str) -> int:
        return len((await self.kept())[table])

    async def close_the_store(self) -> None:
        """Make the database read-only: from now on it takes nothing."""
        if self.url.startswith("sqlite:"):
            await self.bell.db._writer.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]
            return
        name = re.findall(r"/(t\d+)\?", self.url)[0]
        await _with_postgres(
            self.url,
            f"ALTER DATABASE {name} SET default_transaction_read_only = on",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )

    async def open_the_store(self) -> None:
        await self.bell.db._writer.execute("PRAGMA query_only = OFF")  # type: ignore[attr-defined]


async def open_again(url: str) -> None:
    """Let PostgreSQL take changes again, for the next test."""
    name = re.findall(r"/(t\d+)\?", url)[0]
    await _with_postgres(
        url,
        "SET default_transaction_read_only = off",
        f"ALTER DATABASE {name} RESET default_transaction_read_only",
    )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def note(title: str = "", **more: Any) -> dict[str, Any]:
    """A native notification."""
    return {"title": f"{SAID} {title}".strip(), **more}


def line(clock: HandClock, text: str = "help", **changes: Any) -> dict[str, Any]:
    """What Lark tells when somebody types a line that mentions us."""
    from tests.bot.lark.posting import message

    at = str(int(clock.now().timestamp() * 1000))
    text = f"@_user_1 /{text} {SAID}"
    return message(text, **{"create_time": at, **changes})


def until(clock: HandClock, **ahead: float) -> datetime:
    return clock.now() + timedelta(**ahead)


def _all_of_sqlite(path: str) -> dict[str, list[Row]]:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
            "'sqlite_%' ORDER BY name"
        ).fetchall()
        return {
            name: sorted(
                map(dict, connection.execute(f"SELECT * FROM {name}")), key=repr
            )
            for (name,) in names
        }
    finally:
        connection.close()


async def _all_of_postgres(url: str) -> dict[str, list[Row]]:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return {
            name: sorted(
                map(dict, await connection.fetch(f"SELECT * FROM {name}")), key=repr
            )
            for (name,) in names
        }
    finally:
        await connection.close()


async def _with_postgres(url: str, *statements: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        for each in statements:
            await connection.execute(each)
    finally:
        await connection.close()
