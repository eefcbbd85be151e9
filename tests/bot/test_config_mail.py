"""The mail server in the YAML: whom it trusts, and who letters come from."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import loads
from bot.errors import ConfigError
from tests.bot.mailroom import certificate

MAIL = "email: {{host: mail.example.com, sender: {sender}{more}}}"


def read(folder: Path, *, sender: str = "bell@example.com", more: str = "") -> str:
    """Return the file of authorities, or every mistake."""
    text = MAIL.format(sender=sender, more=more)
    try:
        email = loads(text, {}, path=folder / "config.yaml").config.email
    except ConfigError as exc:
        return "; ".join(f"{each.path}: {each.reason}" for each in exc.mistakes)
    assert email is not None
    return email.ca_file or ""


def test_authorities_are_found_beside_the_yaml(tmp_path: Path) -> None:
    made = certificate(tmp_path)

    assert read(tmp_path, more=f", ca_file: {made.file.name}") == str(made.file)


def test_a_file_without_authorities_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("no certificate")
    should = "email.ca_file: should be a file of certificates in PEM"

    assert read(tmp_path, more=", ca_file: gone.pem") == (
        f"{should}: No such file or directory"
    )
    assert read(tmp_path, more=", ca_file: empty.pem").startswith(should)


@pytest.mark.parametrize("sender", ["卫@example.com", '"a b"@example.com', "a..b@c.d"])
def test_letters_come_from_an_address_that_mail_knows(
    tmp_path: Path, sender: str
) -> None:
    assert read(tmp_path, sender=f"'{sender}'").startswith("email.sender: should be an")
