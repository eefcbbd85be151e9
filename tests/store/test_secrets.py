"""Secrets at rest: sealed with the first key, opened with any, told to nobody."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from store import tasks
from store.errors import StoreError
from store.opening import open_database
from store.secrets import Keyring
from store.tasks import Task
from tests.conftest import MONDAY

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
WEBHOOK = "https://open.larksuite.com/open-apis/bot/v2/hook/3c9c8f"


def test_what_is_sealed_is_opened_and_does_not_show():
    token = Keyring([NEW]).seal(WEBHOOK)

    assert Keyring([NEW]).open(token) == WEBHOOK
    assert "3c9c8f" not in token


def test_any_text_can_be_sealed():
    keyring = Keyring([NEW])

    assert [keyring.open(keyring.seal(text)) for text in ("", "密钥 🔑", "a\x00b")] == [
        "",
        "密钥 🔑",
        "a\x00b",
    ]


def test_the_same_secret_looks_different_each_time():
    keyring = Keyring([NEW])

    assert keyring.seal("secret") != keyring.seal("secret")


def test_the_first_key_seals_and_all_open():
    token = Keyring([OLD]).seal(WEBHOOK)
    both = Keyring([NEW, OLD])

    assert both.open(token) == WEBHOOK
    assert Keyring([NEW]).open(both.seal(WEBHOOK)) == WEBHOOK


def test_after_a_rotation_the_old_key_can_go():
    rotated = Keyring([NEW, OLD]).rotate(Keyring([OLD]).seal(WEBHOOK))

    assert Keyring([NEW]).open(rotated) == WEBHOOK
    with pytest.raises(StoreError):
        Keyring([OLD]).open(rotated)


@pytest.mark.parametrize(
    "token",
    [Keyring([OLD]).seal(WEBHOOK), "", "no token", "鑰"],
    ids=["another key's", "empty", "no token", "no ASCII"],
)
def test_what_no_key_opens_is_told_with_what_to_do(token):
    with pytest.raises(StoreError) as refused:
        Keyring([NEW]).open(token)

    assert str(refused.value) == (
        "a secret in the database opens with none of secrets.keys: "
        "put back the key that it was written with, as the last of the list"
    )


@pytest.mark.parametrize("act", [Keyring.seal, Keyring.open, Keyring.rotate])
def test_without_a_key_nothing_is_sealed_or_opened(act):
    with pytest.raises(StoreError) as refused:
        act(Keyring(), "secret")

    assert str(refused.value) == (
        "there is no key to keep secrets with: make one with "
        "`larkbell secrets generate` and name it under secrets.keys"
    )


@pytest.mark.parametrize(
    "key",
    ["", "short", "鑰匙" * 11, NEW[:-2]],
    ids=["empty", "short", "no ASCII", "cut off"],
)
def test_what_is_no_key_is_told_without_showing_it(key):
    with pytest.raises(StoreError) as refused:
        Keyring([NEW, key])

    assert str(refused.value) == (
        "secrets.keys holds something that is not a Fernet key: make one with "
        "`larkbell secrets generate`"
    )


def test_a_keyring_shows_no_key():
    assert repr(Keyring([NEW])) == "Keyring(…)"
    assert NEW not in str(vars(Keyring([NEW])))


async def test_a_task_that_no_key_opens_is_claimed_without_its_details(tmp_path):
    url = f"sqlite:{tmp_path / 'larkbell.db'}"
    task = Task("robot.test", {"name": "ops"})
    first = await open_database(url, keyring=Keyring([OLD]))
    await first.write(lambda tx: tasks.add(tx, task, asked={}, now=MONDAY))
    await first.close()

    second = await open_database(url, keyring=Keyring([NEW]))
    claimed = await second.write(lambda tx: tasks.claim(tx, worker="w", now=MONDAY))
    await second.close()
    assert claimed is not None
    assert claimed.task == Task("robot.test", {})
