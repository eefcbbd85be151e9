"""Servers in processes of their own: started, watched, stopped."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import psutil
import yaml

from bench.postgres import used
from bench.posting import Load, Task

#: How long a server may take to listen, and to stop.
PATIENCE = 30.0
#: The token of the only source.
TOKEN = "a-token-for-the-bench-alone"

#: So much that nothing is ever slowed down, or refused.
NO_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that listens."""

    port: int
    process: psutil.Process

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used so far."""
        return used(self.process)

    def rest(self, *, pause: float = 0.3) -> None:
        """Wait until it has done what it does after it answered."""
        before, now = -1.0, self.cpu()
        while now - before > 0.05 * pause:
            time.sleep(pause)
            before, now = now, self.cpu()

    def load(
        self, batch: str, *, requests: int, connections: int, **differing: object
    ) -> Load:
        """Post so many notifications to it from another process."""
        task = Task(
            port=self.port,
            token=TOKEN,
            batch=batch,
            requests=requests,
            connections=connections,
            watch=self.process.pid,
            differing=differing,
        )
        command = [sys.executable, "-m", "bench.posting", json.dumps(asdict(task))]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        return Load(**json.loads(answer.stdout))


@contextmanager
def running(module: str, *arguments: str, port: int) -> Iterator[Server]:
    """Run ``python -m module`` until the block ends."""
    command = [sys.executable, "-m", module, *arguments]
    with TemporaryFile() as said, subprocess.Popen(command, stderr=said) as started:
        try:
            _wait_for(port, started, said)
            yield Server(port=port, process=psutil.Process(started.pid))
        finally:
            started.terminate()
            try:
                started.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                started.kill()


@contextmanager
def bare() -> Iterator[Server]:
    """Run the handler that does nothing."""
    port = free_port()
    with running("bench.bare", str(port), port=port) as server:
        yield server


@contextmanager
def larkbell(
    folder: Path, database: str, *, module: str = "bot", **settings: object
) -> Iterator[Server]:
    """Run Larkbell on *database*, as ``larkbell serve`` does."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "config.yaml"
    written = {
        "server": {"listen": f"127.0.0.1:{port}"},
        "database": {"url": database},
        "sources": [{"name": "bench", "kind": "native", "token": TOKEN}],
        "limits": {"queue": NO_LIMIT},
        **settings,
    }
    config.write_text(yaml.safe_dump(written))
    with running(module, "serve", "-c", str(config), port=port) as server:
        yield server


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, started: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if started.poll() is not None:
            said.seek(0)
            raise RuntimeError(f"the server ended: {said.read().decode()[-2000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server does not listen")
