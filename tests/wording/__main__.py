"""``make words``: bring the catalogues up to date, and say what is not translated."""

from __future__ import annotations

import sys

from tests.wording.sources import update

if __name__ == "__main__":
    for line in update():
        sys.stdout.write(f"not translated: {line}\n")
