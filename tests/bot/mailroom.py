"""A mail server for tests: a real one, on loopback, that fails as it is told.

``Mailroom`` is aiosmtpd in our own loop. ``gruff`` is a server that does not get as far
as to speak SMTP.
"""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.bot.letters.reading import Read, read

LOOPBACK = "127.0.0.1"
USER, PASSWORD = "bell", "correct horse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One letter as it arrived, and over what."""

    sender: str
    to: tuple[str, ...]
    content: bytes
    protected: bool
    user: str
    connection: int

    def read(self) -> Read:
        return read(self.content)


@dataclass
class Mailroom:
    """What arrives, and what is answered: ``say`` by stage, once each, in order."""

    port: int = 0
    letters: list[Arrived] = field(default_factory=list)
    connections: int = 0
    said: dict[str, list[str]] = field(default_factory=dict)
    #: Stages at which the server says nothing any more, or hangs up.
    silent: set[str] = field(default_factory=set)
    drops: set[str] = field(default_factory=set)
    stages: list[str] = field(default_factory=list)

    def say(self, stage: str, *answers: str) -> None:
        """Answer so the next times; an empty answer lets it pass."""
        self.said.setdefault(stage, []).extend(answers)

    async def answer(self, stage: str, server: Any) -> str:
        self.stages.append(stage)
        if stage in self.silent:
            await asyncio.Event().wait()
        if stage in self.drops:
            server.transport.abort()
            await asyncio.Event().wait()
        waiting = self.said.get(stage, [])
        return waiting.pop(0) if waiting else ""

    # What aiosmtpd asks of its handler

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if refused := await self.answer("mail", server):
            return refused
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if refused := await self.answer("rcpt", server):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        refused = await self.answer("data", server) if "kept" not in self.drops else ""
        if refused:
            return refused
        user = session.auth_data.login.decode() if session.authenticated else ""
        self.letters.append(
            Arrived(
                sender=envelope.mail_from,
                to=tuple(envelope.rcpt_tos),
                content=envelope.original_content,
                protected=session.ssl is not None
                or server.transport.get_extra_info("sslcontext") is not None,
                user=user,
                connection=self.connections,
            )
        )
        # Taken, and nobody hears of it.
        await self.answer("kept", server)
        return "250 OK"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        proved = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=proved, handled=False, auth_data=data)


@asynccontextmanager
async def mailroom(
    *,
    tls: str = "none",
    context: ssl.SSLContext | None = None,
    login: bool = False,
    port: int = 0,
) -> AsyncIterator[Mailroom]:
    """Serve on loopback; *context* is what it proves itself with."""
    room = Mailroom()
    made: list[SMTP] = []

    def protocol() -> SMTP:
        room.connections += 1
        with warnings.catch_warnings(action="ignore", category=UserWarning):
            # It warns of what is tested here: logins that nothing protects.
            made.append(connection())
        return made[-1]

    def connection() -> SMTP:
        return SMTP(
            room,
            hostname="mail.example.com",
            loop=asyncio.get_running_loop(),
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            authenticator=room.authenticate,
            auth_required=login,
            auth_require_tls=tls == "starttls",
            auth_exclude_mechanism=() if login or tls == "starttls" else ("LOGIN",),
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        protocol, LOOPBACK, port, ssl=context if tls == "tls" else None
    )
    room.port = server.sockets[0].getsockname()[1]
    try:
        yield room
    finally:
        server.close()
        ours = [
            task
            for task in asyncio.all_tasks()
            if getattr(task.get_coro(), "__qualname__", "") == "SMTP._handle_client"
        ]
        for task in ours:
            task.cancel()
        await asyncio.gather(*ours, return_exceptions=True)
        for each in made:
            if each.transport is not None:
                each.transport.abort()
        for _ in range(5):  # Transports close when the loop comes round.
            await asyncio.sleep(0)


@asynccontextmanager
async def gruff(*lines: bytes, reads: bool = False) -> AsyncIterator[int]:
    """Serve a server that says these lines, one a connection, and hangs up.

    Yields its port. Without lines it says nothing at all and stays. *reads*: it waits
    for a line first.
    """
    waiting = list(lines)
    held: list[asyncio.StreamWriter] = []

    async def receive(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        held.append(writer)
        if not lines:
            return
        if reads:
            await reader.readline()
        writer.write(waiting.pop(0) if len(waiting) > 1 else waiting[0])
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(receive, LOOPBACK, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in held:
            writer.transport.abort()
        for _ in range(5):
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate of its own making, and the file that vouches for it."""

    file: Path
    context: ssl.SSLContext


def certificate(folder: Path, *, name: str = LOOPBACK) -> Certificate:
    """Make a certificate for *name*, signed by itself, in *folder*."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    known: x509.GeneralName = (
        x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, private = folder / f"{name}.pem", folder / f"{name}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, private)
    return Certificate(file, context)


def names(letters: Sequence[Arrived]) -> list[str]:
    """Return the names of letters: one that is sent twice has one name."""
    return [str(each.read().message["Message-ID"]) for each in letters]
