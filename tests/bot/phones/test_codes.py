"""A code that proves a number: once, in the reader's language, or not at all."""

from __future__ import annotations

import pytest

from bot.errors import Refused
from bot.phones.codes import code_message, send_code
from bot.phones.said import Said
from tests.bot.phones.posted import NUMBER


class Carrying:
    def __init__(self) -> None:
        self.carried: list[tuple[str, Said, str]] = []

    async def carry(self, number: str, said: Said, *, key: str) -> str:
        self.carried.append((number, said, key))
        return "1"


async def test_a_code_is_carried_once():
    carrier = Carrying()

    await send_code(carrier, NUMBER, "123456", minutes=10, locale="en", key="t-1")

    message = code_message("123456", 10, "en")
    assert carrier.carried == [(NUMBER, message, "t-1")]
    assert (message.code, message.text) == (
        "123456",
        "123456 is your Larkbell code, for 10 minutes. Tell nobody.",
    )


def test_a_code_is_said_in_the_readers_language():
    message = code_message("123456", 1, "zh")

    assert message.text == "123456 是你的 Larkbell 验证码，1 分钟内有效，请勿告诉他人。"
    assert "123456" not in repr(message)


async def test_where_nobody_carries_text_messages_it_is_said():
    with pytest.raises(Refused) as caught:
        await send_code(None, NUMBER, "123456", minutes=10, locale="en", key="t-1")

    assert str(caught.value) == (
        "no text messages can be sent from here: an admin can set up sms"
    )
