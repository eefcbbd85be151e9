"""The first configuration, as ``larkbell init`` writes it: it works as it is."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

_CONFIG = """\
# Larkbell. Every setting is explained in config.example.yaml.
# Secrets stand in .env beside this file, or in the environment.
# `larkbell check config.yaml` tells what is wrong; `larkbell serve` starts.

server:
  listen: 127.0.0.1:8080
  admin_token: ${LARKBELL_ADMIN_TOKEN}

database:
  url: sqlite:larkbell.db

secrets:
  keys: ["${LARKBELL_KEY}"]

sources:
  - {name: scripts, kind: native, token: "${SCRIPTS_TOKEN}"}

# A first robot: group settings > Bots > Add Bot > Custom Bot shows its webhook.
# Put that into .env, and take the # away here.
# robots:
#   - {name: ops-room, webhook: "${OPS_WEBHOOK}", secret: "${OPS_SECRET:-}"}
# subscriptions:
#   - {name: everything, types: ["*"], to: [robot:ops-room]}

# The Lark app, for commands in chat: the developer console shows these.
# lark:
#   app_id: ${LARK_APP_ID}
#   app_secret: ${LARK_APP_SECRET}
#   encrypt_key: ${LARK_ENCRYPT_KEY}
#   verification_token: ${LARK_VERIFICATION_TOKEN}
# roles:
#   admins: [ou_yours]   # /whoami tells it
"""

_ENV = """\
# Secrets for config.yaml. Keep this file to yourself, and out of version control.
# Whoever loses LARKBELL_KEY loses the secrets that the database keeps.
LARKBELL_KEY={key}
LARKBELL_ADMIN_TOKEN={admin_token}
SCRIPTS_TOKEN={scripts_token}

OPS_WEBHOOK=
OPS_SECRET=
LARK_APP_ID=
LARK_APP_SECRET=
LARK_ENCRYPT_KEY=
LARK_VERIFICATION_TOKEN=
"""


@dataclass(frozen=True, slots=True)
class Starter:
    """The text of a first configuration, and of the secrets that go with it."""

    config: str
    env: str

    def __repr__(self) -> str:
        return "Starter(…)"


def starter() -> Starter:
    """Return a configuration that works as it is, with secrets made just now."""
    return Starter(
        _CONFIG,
        _ENV.format(
            key=new_key(),
            admin_token=secrets.token_urlsafe(32),
            scripts_token=secrets.token_urlsafe(32),
        ),
    )


def new_key() -> str:
    """Return a fresh Fernet key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_starter(config: Path) -> tuple[Path, Path]:
    """Write a first configuration to *config* and ``.env`` beside it; return both.

    Raises ``FileExistsError``, and changes nothing, where one of them exists. Only the
    owner can read ``.env``.
    """
    env = config.with_name(".env")
    for path in (config, env):
        if path.exists():
            raise FileExistsError(f"{path} exists: larkbell init changes no file")
    first = starter()
    _write_new(env, first.env, mode=0o600)
    _write_new(config, first.config, mode=0o644)
    return config, env


def _write_new(path: Path, text: str, *, mode: int) -> None:
    # The mode is set as the file is made: it is never readable for a moment.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
