"""What can be typed after ``larkbell``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any


def parser() -> argparse.ArgumentParser:
    """Return the grammar of the command line. Each command's ``run`` runs it."""
    top = argparse.ArgumentParser(
        prog="larkbell", description="A message center that lives inside Lark chats."
    )
    top.add_argument("--version", action="version", version=f"larkbell {_version()}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _about_the_yaml(commands)
    _about_the_process(commands)
    _about_the_store(commands)
    return top


def _about_the_yaml(commands: Any) -> None:
    init = commands.add_parser("init", help="write a minimal config.yaml and .env")
    init.add_argument("path", nargs="?", type=Path, default=Path("config.yaml"))
    init.set_defaults(run=_late("bot.cli.yaml", "init"))

    check = commands.add_parser("check", help="tell every mistake in the YAML")
    check.add_argument("path", nargs="?", type=Path, default=Path("config.yaml"))
    check.add_argument(
        "--schema", action="store_true", help="print the JSON Schema, for editors"
    )
    check.add_argument(
        "--drift",
        action="store_true",
        help="compare the YAML with what chat made of it; exit 1 where they differ",
    )
    check.set_defaults(run=_late("bot.cli.yaml", "check"))

    secrets = commands.add_parser("secrets", help="make keys, and change them")
    verbs = secrets.add_subparsers(dest="verb", metavar="VERB", required=True)
    generate = verbs.add_parser("generate", help="print a new key for secrets.keys")
    generate.set_defaults(run=_late("bot.cli.yaml", "generate"))
    rotate = verbs.add_parser(
        "rotate", help="seal every secret in the database with the first key"
    )
    _with_config(rotate)
    rotate.set_defaults(run=_late("bot.cli.storage", "rotate"))


def _about_the_process(commands: Any) -> None:
    serve = commands.add_parser("serve", help="run the process")
    _with_config(serve)
    serve.set_defaults(run=_late("bot.cli.serve", "serve"))

    demo = commands.add_parser(
        "demo", help="try it on this machine, with a Lark of its own"
    )
    demo.add_argument(
        "--once", action="store_true", help="play the script, and exit 0 if it held"
    )
    demo.add_argument(
        "--port",
        type=int,
        default=8080,
        help="where the doors listen (default: 8080; 0 takes a free one)",
    )
    demo.set_defaults(run=_late("bot.cli.demo", "demo"))

    send = commands.add_parser("send", help="hand over a notification")
    send.add_argument("title")
    send.add_argument("--body", default="")
    send.add_argument("--type", default=None, help="the message type")
    send.add_argument("--severity", choices=("info", "warning", "critical"))
    send.add_argument("--status", choices=("firing", "resolved"))
    send.add_argument(
        "--fingerprint", default=None, help="what its incident is known by"
    )
    send.add_argument("--label", action="append", default=[], metavar="NAME=VALUE")
    send.add_argument("--link", default=None)
    send.add_argument(
        "--id", default=None, help="the same id is accepted once in 7 days"
    )
    send.add_argument(
        "--source", default=None, help="which native source of the YAML; else the first"
    )
    send.add_argument("--url", default=None, help="another server than the YAML's")
    send.add_argument("--token", default=None, help="with --url: the source's token")
    _with_config(send)
    send.set_defaults(run=_late("bot.cli.send", "send"))


def _about_the_store(commands: Any) -> None:
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    _with_config(migrate)
    migrate.set_defaults(run=_late("bot.cli.storage", "migrate"))

    ledger = commands.add_parser("ledger", help="account for every notification")
    ledger.add_argument("--json", action="store_true", help="print it for machines")
    _with_config(ledger)
    ledger.set_defaults(run=_late("bot.cli.storage", "ledger"))

    dead = commands.add_parser("dead", help="list what was given up, or send it again")
    dead.add_argument(
        "--replay",
        type=int,
        action="append",
        default=[],
        metavar="ID",
        help="send again",
    )
    _with_config(dead)
    dead.set_defaults(run=_late("bot.cli.storage", "dead"))


def _with_config(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-c",
        "--config",
        type=Path,
        default=Path("config.yaml"),
        help="the YAML file (default: config.yaml)",
    )


def _late(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """Return a function that imports its module when it is called."""

    def run(parsed: argparse.Namespace) -> int:
        code: int = getattr(import_module(module), name)(parsed)
        return code

    return run


def _version() -> str:
    try:
        return version("larkbell")
    except PackageNotFoundError:
        return "(not installed)"
