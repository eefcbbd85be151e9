"""Faults on demand: what goes wrong between a client and the platform."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import web

from sandbox.refusal import Refusal

BAD_GATEWAY = (
    "<html><head><title>502 Bad Gateway</title></head>"
    "<body><center><h1>502 Bad Gateway</h1></center>"
    "<hr><center>nginx</center></body></html>"
)
ANYTHING = "*"


class Kind(StrEnum):
    """What goes wrong."""

    #: 502 with an HTML page; nothing was done.
    BAD_GATEWAY = "bad_gateway"
    #: The connection breaks; nothing was done.
    RESET_BEFORE = "reset_before"
    #: The connection breaks; it was done, and the answer is lost.
    RESET_AFTER = "reset_after"
    #: It is done, but only after some seconds.
    SLOW = "slow"
    #: Lark refuses with a code; nothing was done.
    CODE = "code"


@dataclass(slots=True)
class Fault:
    """One fault, for the next ``times`` requests or, with None, until cleared.

    ``target`` is the name of an operation (``send``, ``reply``, ``patch``, ``token``
    and so on), the token of a robot, or ``*``.
    """

    kind: Kind
    target: str = ANYTHING
    times: int | None = None
    seconds: float = 0.0
    code: int = 0
    #: None for what Lark uses itself: 400 in the API, 200 for robots.
    status: int | None = None
    message: str = "injected by the sandbox"

    def refusal(self, *, status: int) -> Refusal:
        """Return the refusal that was asked for, with *status* where none was."""
        return Refusal(self.code, self.message, status=self.status or status)


@dataclass(slots=True)
class Faults:
    """The faults that are still to come."""

    pending: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Let *fault* happen, after those that were asked for earlier."""
        self.pending.append(fault)

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        self.pending.clear()

    def take(self, target: str) -> Fault | None:
        """Return the fault for this request, counted down, or None."""
        for fault in self.pending:
            if fault.target in (target, ANYTHING):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.pending.remove(fault)
                return fault
        return None


async def before(fault: Fault | None, request: web.Request) -> web.Response | None:
    """Let what happens before the work happen; return the answer if that is all."""
    match fault:
        case Fault(kind=Kind.BAD_GATEWAY):
            return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
        case Fault(kind=Kind.RESET_BEFORE):
            reset(request)
            return web.Response()
        case Fault(kind=Kind.SLOW):
            await asyncio.sleep(fault.seconds)
    return None


def after(fault: Fault | None, request: web.Request) -> None:
    """Let what happens after the work happen."""
    if fault is not None and fault.kind is Kind.RESET_AFTER:
        reset(request)


def reset(request: web.Request) -> None:
    """Break the connection so that the client sees a reset, not an end."""
    transport = request.transport
    if transport is None:
        return
    sock = transport.get_extra_info("socket")
    if sock is not None:
        # Closing a socket that does not linger sends RST instead of FIN. The option
        # belongs to the connection, so it can be set through a duplicate.
        with socket.socket(fileno=os.dup(sock.fileno())) as same:
            linger = struct.pack("ii", 1, 0)
            same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
