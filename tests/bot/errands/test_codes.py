"""Codes on their way: letters by a real mail server, text messages by a carrier."""

from __future__ import annotations

import pytest

from bot.channels.email import Postman
from bot.channels.smtp import MailHost, MailServer
from bot.errands.codes import CodeSender
from bot.errors import Refused, TransportError
from bot.phones.said import Said
from store.values import Json
from tests.bot.mailroom import LOOPBACK, mailroom


class Texts:
    """A carrier that keeps what it is given."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, Said, str]] = []

    async def carry(self, number: str, said: Said, *, key: str) -> str:
        self.carried.append((number, said, key))
        return "1"


def _details(**more: str) -> Json:
    return {
        "means": "email",
        "address": "wei@example.com",
        "shown": "w***@example.com",
        "code": "482913",
        "for": "",
        "locale": "en",
        "key": "k1",
        **more,
    }


async def test_a_letter_says_what_to_send_and_where(clock):
    async with mailroom() as room:
        post = Postman(
            MailServer(MailHost(host=LOOPBACK, port=room.port, tls="none"), clock),
            sender="bell@example.com",
            clock=clock,
        )
        sender = CodeSender(post=post, texts=None)
        assert await sender.send(_details()) == {"sent": True}
        await sender.send(_details(**{"for": "P12", "key": "k2"}))
        await sender.send(_details(locale="zh", key="k3"))
        await sender.send(_details(address=""))

    mine, theirs, chinese = [each.read() for each in room.letters]
    assert room.letters[0].to == ("wei@example.com",)
    assert mine.message["Subject"] == "482913 is your Larkbell code"
    assert mine.text.split("\n\n")[1:3] == [
        "verify 482913",
        "The code lasts 10 minutes.",
    ]
    assert "sends “verify 482913 for P12”" in theirs.text
    assert chinese.message["Subject"] == "482913 是你的 Larkbell 验证码"


async def test_a_text_message_holds_the_code_and_goes_to_the_number():
    texts = Texts()
    sender = CodeSender(post=None, texts=texts)
    phone = {"means": "phone", "address": "+6580000000"}
    await sender.send(_details(**phone))
    await sender.send(_details(**phone, **{"for": "P12"}))

    [(number, mine, key), (_number, theirs, _key)] = texts.carried
    assert (number, mine.code, key) == ("+6580000000", "482913", "k1")
    assert mine.text == ("482913 is your Larkbell code, for 10 minutes. Tell nobody.")
    assert (theirs.code, "for P12" in theirs.text) == ("482913", True)


@pytest.mark.parametrize("means", ["email", "phone"])
async def test_where_nothing_can_be_sent_it_is_said(means):
    with pytest.raises(Refused):
        await CodeSender(post=None, texts=None).send(_details(means=means))


async def test_a_mail_server_that_is_away_is_no_answer(clock):
    host = MailHost(host=LOOPBACK, port=1, tls="none")
    post = Postman(MailServer(host, clock, 0.5), sender="b@example.com", clock=clock)

    with pytest.raises(TransportError):
        await CodeSender(post=post, texts=None).send(_details())
