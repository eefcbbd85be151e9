"""The benchmark runs: with figures too small to mean anything."""

from __future__ import annotations

import subprocess
import sys


def test_everything_is_measured_and_printed():
    command = [sys.executable, "-m", "bench", "--rounds", "1", "--requests", "128"]

    done = subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    for said in ("SQLite", "PostgreSQL", "times", "posts/s"):
        assert said in done.stdout
