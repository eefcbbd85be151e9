"""The vectors that Lark's documents and its SDK give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import crypto
from sandbox.clock import microseconds, milliseconds, read
from tests.conftest import MONDAY


def test_the_official_ciphertext_is_decrypted() -> None:
    text = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="

    assert crypto.decrypt(text, key="test key") == b"hello world"


@given(st.binary(max_size=100), st.text(max_size=20))
def test_what_is_encrypted_is_decrypted(plain: bytes, key: str) -> None:
    assert crypto.decrypt(crypto.encrypt(plain, key=key), key=key) == plain


def test_no_two_ciphertexts_are_alike() -> None:
    assert crypto.encrypt(b"x", key="k") != crypto.encrypt(b"x", key="k")


def test_a_push_is_signed_as_in_the_vector() -> None:
    signature = crypto.sign_push(
        b'{"encrypt":"x"}', timestamp="1700000000", nonce="nonce", key="test key"
    )

    assert signature == (
        "8d11ccb4f2b3467657db993352d0314a67b815a2901917646203046db107595c"
    )


def test_a_post_is_signed_as_in_the_vector() -> None:
    signature = crypto.sign_post("100", secret="demo")

    assert signature == "jquNHnVOwmDRfw+vqTIrY5dooJAgi5EcRtLsQE4wfXg="


def test_a_clock_may_show_seconds_or_an_aware_time() -> None:
    assert read(lambda: MONDAY.timestamp()) == MONDAY
    assert read(lambda: MONDAY) == MONDAY
    with pytest.raises(ValueError, match="aware"):
        read(lambda: MONDAY.replace(tzinfo=None))


def test_times_are_written_as_lark_writes_them() -> None:
    moment = MONDAY.replace(microsecond=123456)

    assert milliseconds(moment) == "1767574800123"
    assert microseconds(moment) == "1767574800123456"
