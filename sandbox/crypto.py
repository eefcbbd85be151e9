"""How Lark encrypts and signs what it pushes, and checks what robots post.

Written from Lark's documents and checked against the vectors in them; it shares no code
with the product, or both would make the same mistake.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16


def encrypt(plain: bytes, *, key: str) -> str:
    """Return *plain* as the ``encrypt`` field of a push: AES-256-CBC, IV in front."""
    iv = os.urandom(BLOCK)
    pad = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(key, iv).encryptor()
    secret = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(iv + secret).decode()


def decrypt(text: str, *, key: str) -> bytes:
    """Return what :func:`encrypt` was given."""
    raw = base64.b64decode(text)
    decryptor = _cipher(key, raw[:BLOCK]).decryptor()
    padded = decryptor.update(raw[BLOCK:]) + decryptor.finalize()
    return padded[: -padded[-1]]


def sign_push(body: bytes, *, timestamp: str, nonce: str, key: str) -> str:
    """Return ``X-Lark-Signature`` over the raw *body* (plain SHA-256, not HMAC)."""
    return hashlib.sha256((timestamp + nonce + key).encode() + body).hexdigest()


def sign_post(timestamp: str, *, secret: str) -> str:
    """Return the ``sign`` of a robot's post: an HMAC of nothing, keyed by both."""
    key = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.digest(key, b"", "sha256")).decode()


def _cipher(key: str, iv: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(hashlib.sha256(key.encode()).digest()), modes.CBC(iv))
