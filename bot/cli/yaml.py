"""``init``, ``check`` and ``secrets generate``: what needs the YAML only."""

from __future__ import annotations

import argparse
import json
import os
import sys

from bot import config


def init(parsed: argparse.Namespace) -> int:
    """Write a minimal configuration that loads as it is."""
    try:
        written, env = config.write_starter(parsed.path)
    except FileExistsError as exc:
        print(f"larkbell: {exc}", file=sys.stderr)
        return 1
    except OSError as exc:
        print(f"larkbell: {exc.filename}: {exc.strerror}", file=sys.stderr)
        return 1
    print(f"Wrote {written}, and its secrets to {env} (readable by you alone).")
    print(f"Next: larkbell check {written}, then larkbell serve -c {written}")
    return 0


def check(parsed: argparse.Namespace) -> int:
    """Print every mistake at once, or the schema."""
    if parsed.schema:
        print(json.dumps(config.schema(), indent=2, ensure_ascii=False))
        return 0
    found = config.check(parsed.path, os.environ)
    for warning in found.warnings:
        print(f"{warning} (warning)", file=sys.stderr)
    for mistake in found.mistakes:
        print(mistake, file=sys.stderr)
    if found.mistakes:
        return 2
    if parsed.drift:
        # Only this needs the database.
        from bot.cli.storage import drift

        return drift(parsed)
    print(f"{parsed.path} is well.")
    return 0


def generate(parsed: argparse.Namespace) -> int:
    """Print a new Fernet key."""
    print(config.new_key())
    return 0
