"""What is said of text messages and calls where nobody carries them, or Lark does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.commands import answer
from handlers.errors import UserError
from handlers.language.catalogues import say
from handlers.reply import Reply
from store.values import Channel
from tests.handlers.talk import Talk, context

HERE = frozenset({Channel.INBOX, Channel.CHAT, Channel.DM})
PHONES = HERE | {Channel.SMS, Channel.VOICE}
BUZZED = frozenset({Channel.SMS})


async def asked(
    wei: Talk, line: str, channels: frozenset[Channel], buzzed: frozenset[Channel]
) -> Reply:
    """Let Wei type *line* where there are these channels."""
    return await wei.do(
        lambda tx: answer(
            line, replace(wei._context(tx), channels=channels, buzzed=buzzed)
        )
    )


@pytest.mark.parametrize(
    ("channels", "buzzed", "sms", "voice"),
    [
        (
            HERE,
            frozenset(),
            "sms: unavailable (it is not set up here; an admin can do that)",
            "voice: unavailable (it is not set up here; an admin can do that)",
        ),
        (PHONES, frozenset(), "sms: off", "voice: off"),
        (
            PHONES,
            BUZZED,
            "sms: off (a buzz in Lark's app, and nothing else)",
            "voice: off",
        ),
    ],
)
async def test_a_type_says_what_it_can_go_by_here(channels, buzzed, sms, voice):
    here = replace(context(), channels=channels, buzzed=buzzed)

    reply = await answer("/types product.alarm", here)

    assert reply.lines[-2:] == (sms, voice)


async def test_it_says_so_in_chinese():
    reply = await answer("/types product.alarm", replace(context(), channels=HERE))

    assert say(reply.lines[-1], "zh").startswith("语音：不可用（")


async def test_nobody_can_subscribe_by_what_is_not_there(wei):
    with pytest.raises(UserError) as caught:
        await asked(wei, "/sub add product.alarm via sms to me", HERE, frozenset())

    assert str(caught.value) == ("There is no sms here yet, only inbox, chat and dm.")


async def test_whoever_subscribes_by_a_buzz_is_told_what_it_is(wei):
    lines = (
        "/sub add product.alarm via sms to me",
        "/sub set product.alarm via dm,sms to me",
        "/sub add product.event-alarm via voice to me",
    )

    replies = [await asked(wei, line, PHONES, BUZZED) for line in lines]

    said = "sms here is a buzz in Lark's app, and nothing else."
    assert [each.lines[1].endswith(said) for each in replies] == [
        True,
        True,
        False,
    ]
