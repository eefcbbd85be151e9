"""Secrets at rest: what is written to the database is a Fernet token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.errors import StoreError
from store.wording import _

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class Keyring:
    """The Fernet keys of the YAML: the first encrypts, all decrypt."""

    def __init__(self, keys: Sequence[str] = ()) -> None:
        self._fernet = _fernet(keys) if keys else None

    def __repr__(self) -> str:
        return "Keyring(…)"

    def seal(self, secret: str) -> str:
        """Return *secret* as a token; raise ``StoreError`` when there is no key."""
        return self._keys().encrypt(secret.encode()).decode()

    def open(self, token: str) -> str:
        """Return what *token* holds; raise ``StoreError`` when no key opens it."""
        from cryptography.fernet import InvalidToken

        try:
            return self._keys().decrypt(token.encode()).decode()
        except InvalidToken:
            raise StoreError(
                _(
                    "a secret in the database opens with none of secrets.keys: "
                    "put back the key that it was written with, as the last of the list"
                )
            ) from None

    def rotate(self, token: str) -> str:
        """Return *token* sealed again with the first key."""
        return self.seal(self.open(token))

    def _keys(self) -> MultiFernet:
        if self._fernet is None:
            raise StoreError(
                _(
                    "there is no key to keep secrets with: make one with "
                    "`larkbell secrets generate` and name it under secrets.keys"
                )
            )
        return self._fernet


def _fernet(keys: Sequence[str]) -> MultiFernet:
    # Imported when first needed: a start without secrets does not pay for it.
    from cryptography.fernet import Fernet, MultiFernet

    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise StoreError(
            _(
                "secrets.keys holds something that is not a Fernet key: make one with "
                "`larkbell secrets generate`"
            )
        ) from None
