"""What Lark posts to us, opened: proved first, decrypted after."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from bot.bodies import maybe_object, parse_object
from bot.errors import BadBody, SignatureError
from bot.lark import signing

_BLOCK = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """What the developer console shows under Encryption Strategy.

    With an Encrypt Key, bodies are encrypted and signed; the Verification Token inside
    proves the others. At least one is needed: raises ``ValueError`` for neither.
    """

    encrypt_key: str = field(default="", repr=False)
    verification_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.encrypt_key and not self.verification_token:
            raise ValueError("set lark.encrypt_key or lark.verification_token")


def open_envelope(
    body: bytes, headers: Mapping[str, str], *, keys: Keys
) -> dict[str, Any]:
    """Return what Lark says in *body*.

    Raises ``SignatureError`` when it is not proved to be Lark's, and ``BadBody`` when
    it is no JSON object.
    """
    if not keys.encrypt_key:
        payload = parse_object(body)
        if "encrypt" in payload:
            raise SignatureError("the body is encrypted, and we have no encrypt_key")
        return _with_token(payload, keys)
    signed = signing.event_is_signed(body, headers, key=keys.encrypt_key)
    encrypted = parse_object(body).get("encrypt")
    if not isinstance(encrypted, str):
        raise SignatureError("the body is not encrypted, although we have a key")
    if signed:
        return _with_token(parse_object(decrypt(encrypted, keys.encrypt_key)), keys)
    return _unsigned_challenge(encrypted, keys)


def _unsigned_challenge(encrypted: str, keys: Keys) -> dict[str, Any]:
    """Return the one thing that Lark encrypts and does not sign.

    Whatever else it may be gets one and the same answer: a sender must not learn from
    it how its bytes decrypted.
    """
    try:
        payload = _with_token(parse_object(decrypt(encrypted, keys.encrypt_key)), keys)
        if payload.get("type") == "url_verification":
            return payload
    except (BadBody, SignatureError):
        pass
    raise SignatureError("the signature is missing or wrong")


def _with_token(payload: dict[str, Any], keys: Keys) -> dict[str, Any]:
    """Return *payload* if it carries our token; raise ``SignatureError`` if not."""
    holder = maybe_object(payload, "header") if "schema" in payload else payload
    token = holder.get("token")
    if keys.verification_token and not (
        isinstance(token, str) and signing.same(token, keys.verification_token)
    ):
        raise SignatureError("the verification token is missing or wrong")
    return payload


def decrypt(encrypted: str, key: str) -> bytes:
    """Return the bytes in *encrypted*: AES-256-CBC under the digest of *key*.

    Raises ``BadBody`` when they were not encrypted under that key.
    """
    try:
        sealed = base64.b64decode(encrypted, validate=True)
        if len(sealed) < 2 * _BLOCK:
            raise ValueError
        cipher = Cipher(
            algorithms.AES256(hashlib.sha256(key.encode()).digest()),
            modes.CBC(sealed[:_BLOCK]),
        ).decryptor()
        padded = cipher.update(sealed[_BLOCK:]) + cipher.finalize()
        unpadder = PKCS7(_BLOCK * 8).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise BadBody("the body could not be decrypted") from None
