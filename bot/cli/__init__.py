"""The shell commands. Each imports what it needs when it runs: ``--help`` is quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bot.cli import arguments
from bot.errors import ConfigError
from store.errors import StoreError, StoreRefused


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code.

    0 is well, 1 is a failure that was told, 2 is a mistake in the line or the YAML.
    """
    parsed = arguments.parser().parse_args(argv)
    try:
        return int(parsed.run(parsed))
    except ConfigError as exc:
        print(exc, file=sys.stderr)
        return 2
    except (StoreError, StoreRefused) as exc:
        print(f"larkbell: {exc}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
