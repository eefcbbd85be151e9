"""Settings of bills: accounts whose figures are fetched, or read from files."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from bot.config import kinds
from bot.config.process import beside
from bot.config.section import Section
from bot.secret import Secret

Chats = tuple[Annotated[str, kinds.NAME], ...]


class TencentAccountConfig(Section):
    """An account whose bills are fetched from Tencent Cloud."""

    name: Annotated[str, kinds.NAME] = Field(
        description="What the account is called here."
    )
    provider: Literal["tencent"] = Field(
        description="tencent: fetched from Tencent Cloud's billing API."
    )
    site: Literal["intl", "domestic"] = Field(
        "intl", description="Which Tencent Cloud it is: intl or domestic."
    )
    secret_id: Annotated[Secret, kinds.SECRET] = Field(
        description="The id of its API key."
    )
    secret_key: Annotated[Secret, kinds.SECRET] = Field(
        description="The key that goes with the id."
    )
    chats: Chats = Field(
        (), description="The groups that may see its figures, by name under chats."
    )


class FilesAccountConfig(Section):
    """An account whose bills are files that somebody puts into a folder."""

    name: Annotated[str, kinds.NAME] = Field(
        description="What the account is called here."
    )
    provider: Literal["files"] = Field(
        description="files: read from bill files of any cloud."
    )
    path: Annotated[str, kinds.Text(str)] = Field(
        description="A bill file or a folder of them, seen from this file."
    )
    format: Literal["auto", "tencent", "focus"] = Field(
        "auto",
        description="How they are read: tencent (L2 or L3 CSV), focus (FOCUS 1.0 to "
        "1.2 CSV), or auto by their heads.",
    )
    chats: Chats = Field(
        (), description="The groups that may see its figures, by name under chats."
    )

    @field_validator("path", mode="after")
    @classmethod
    def _resolve(cls, path: str, info: ValidationInfo) -> str:
        return beside(path, info)


AccountConfig = Annotated[
    TencentAccountConfig | FilesAccountConfig, Field(discriminator="provider")
]


class BillingConfig(Section):
    """The accounts that bills are answered for."""

    accounts: tuple[AccountConfig, ...] = Field(
        (), description="Where bills come from."
    )
