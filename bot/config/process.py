"""Settings of the process itself: where it listens, remembers and talks."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

from bot.config import kinds
from bot.config.section import Section
from bot.config.values import Address
from bot.letters.address import NoAddress, address
from bot.secret import Secret

#: The key of the validation context under which the YAML's folder stands.
FOLDER = "folder"

_API_HOSTS = {
    "lark": "https://open.larksuite.com",
    "feishu": "https://open.feishu.cn",
}


def beside(path: str, info: ValidationInfo) -> str:
    """Return *path* as seen from the YAML's folder, where that is known."""
    folder = (info.context or {}).get(FOLDER)
    expanded = Path(path).expanduser()
    return str(folder / expanded if folder else expanded)


class ServerConfig(Section):
    """Where others reach us."""

    listen: Annotated[Address, kinds.ADDRESS] = Field(
        Address("127.0.0.1", 8080), description="Where the doors listen: host:port."
    )
    public_url: Annotated[str, kinds.BASE_URL] | None = Field(
        None, description="The address that others reach this server by."
    )
    admin_token: Annotated[Secret, kinds.SECRET] | None = Field(
        None, description="The bearer token of GET /v1/ledger; without one it is shut."
    )


class DatabaseConfig(Section):
    """Where everything is remembered."""

    url: Annotated[Secret, kinds.DATABASE_URL] = Field(
        Secret("sqlite:larkbell.db"),
        description="sqlite:PATH (seen from this file), or postgresql://user:password"
        "@host/name, which many replicas can share.",
        validate_default=True,
        json_schema_extra={"default": "sqlite:larkbell.db"},
    )

    @field_validator("url", mode="after")
    @classmethod
    def _resolve(cls, url: Secret, info: ValidationInfo) -> Secret:
        scheme, _, path = url.reveal().partition(":")
        return Secret(f"sqlite:{beside(path, info)}") if scheme == "sqlite" else url

    @property
    def has_password(self) -> bool:
        """Whether the URL holds one."""
        url = self.url.reveal()
        return not url.startswith("sqlite:") and urlsplit(url).password is not None


class LarkConfig(Section):
    """The Lark app. Left out, only robots are used."""

    region: Literal["lark", "feishu"] = Field(
        "lark", description="Which cloud the app lives in: lark or feishu."
    )
    domain: Annotated[str, kinds.BASE_URL] | None = Field(
        None, description="Another API address than the region's, such as a sandbox."
    )
    app_id: Annotated[str, kinds.Text(str)] = Field(
        description="The app's id, cli_…, from the developer console."
    )
    app_secret: Annotated[Secret, kinds.SECRET] = Field(
        description="The app's secret, from the same page."
    )
    encrypt_key: Annotated[Secret, kinds.SECRET] | None = Field(
        None,
        description="The key that events are encrypted and signed with; with it, plain "
        "ones are refused.",
    )
    verification_token: Annotated[Secret, kinds.SECRET] | None = Field(
        None, description="The token that proves events where no key is set."
    )
    events: Literal["webhook", "websocket"] = Field(
        "webhook",
        description="How events arrive: webhook, or websocket (a long connection, "
        "which needs no public address).",
    )
    monthly_calls: int = Field(
        10_000,
        ge=0,
        description="The API calls a month that the tenant's plan allows; "
        "0 is unlimited.",
    )

    @property
    def api(self) -> str:
        """The address of Lark's API, without a slash at its end."""
        return self.domain or _API_HOSTS[self.region]


class SecretsConfig(Section):
    """What secrets in the database are encrypted with."""

    keys: tuple[Annotated[Secret, kinds.FERNET_KEY], ...] = Field(
        (), description="Fernet keys: the first encrypts, all decrypt."
    )


class DefaultsConfig(Section):
    """What holds where nobody chose otherwise."""

    locale: Literal["en", "zh"] = Field(
        "en", description="The language of cards and answers: en or zh."
    )
    timezone: Annotated[str, kinds.ZONE] = Field(
        "Asia/Shanghai", description="The time zone of hours and reports."
    )
    calendar: Annotated[str, kinds.CALENDAR] = Field(
        "CN",
        description="The country whose public holidays and made-up workdays count; "
        "none for no holidays.",
    )


class EmailConfig(Section):
    """The mail server for the email channel. Left out, no mail is sent."""

    host: Annotated[str, kinds.HOST] = Field(description="The mail server.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    username: Annotated[str, kinds.Text(str)] | None = Field(
        None, description="Who we are there, if it asks."
    )
    password: Annotated[Secret, kinds.SECRET] | None = Field(
        None, description="The password that goes with the user name."
    )
    sender: Annotated[str, kinds.EMAIL] = Field(description="Who mail comes from.")
    tls: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="How the connection is protected: starttls, tls or none.",
    )
    ca_file: str | None = Field(
        None,
        description="A file of certificate authorities (PEM) to trust beside the "
        "system's, for a mail server of one's own.",
    )

    @field_validator("sender", mode="after")
    @classmethod
    def _is_an_address(cls, sender: str) -> str:
        try:
            address(sender)
        except NoAddress:
            raise ValueError("should be an address in plain letters") from None
        return sender

    @field_validator("ca_file", mode="after")
    @classmethod
    def _holds_authorities(cls, path: str | None, info: ValidationInfo) -> str | None:
        if path is None:
            return None
        found = beside(path, info)
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(found)
        except OSError as exc:
            raise ValueError(
                f"should be a file of certificates in PEM: {exc.strerror or exc}"
            ) from None
        return found
