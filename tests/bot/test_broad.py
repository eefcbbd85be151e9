"""What is broad asks for a yes first, in the chat and on the card."""

from __future__ import annotations

import pytest

from handlers.commands import router
from handlers.reply import Button
from store import subscriptions
from tests.bot.room import GROUP, LIN, WEI, Room, mention
from tests.bot.test_tapping import button, texts

WEI_KEY = "@_user_2"


class House(Room):
    """A room where the real commands are answered."""

    nouns = router.nouns

    async def answer(self, text, context):
        return await router.answer(text, context)

    async def rules(self):
        async with self.db.reading() as tx:
            return [
                " ".join(each.patterns)
                for each in await subscriptions.owned_by(tx, f"chat:{GROUP}")
            ]

    async def hears(self, text):
        mentions = {WEI_KEY: mention(WEI_KEY, WEI, "Wei")}
        await self.hear(self.line(text, mentions=mentions))
        return _said(await self.replies())


def _said(replies):
    import orjson

    return [texts(orjson.loads(payload)) for _, payload in replies]


@pytest.fixture
def house(db, clock):
    return House(db, clock, admins=frozenset({LIN}))


async def test_to_subscribe_somebody_else_asks_first(house):
    (card,) = await house.hears(f"/sub add finance.refund via inbox to {WEI_KEY}")

    assert card[0] == "Please confirm"
    assert card[1].splitlines()[0] == "It subscribes @Wei, who is told."
    assert card[2].startswith("/confirm ")
    assert await house.rules() == []


async def test_a_yes_does_it(house):
    (card,) = await house.hears(f"/sub add finance.refund via inbox to {WEI_KEY}")
    await house.hears(card[2])

    assert await house.rules() == ["finance.refund"]


async def test_the_yes_is_the_askers_alone(house):
    (card,) = await house.hears(f"/sub add finance.refund via inbox to {WEI_KEY}")
    await house.hear(house.line(card[2], sender=WEI))

    assert await house.rules() == []


async def test_more_than_ten_subscriptions_at_once_ask_first(house):
    types = [each.id for each in house.voice.types if each.category != "custom"][:11]
    (card,) = await house.hears(f"/sub add {' '.join(types)}")
    assert "11 subscriptions would change." in card[1]
    assert await house.rules() == []

    await house.hears(f"/sub add {' '.join(types[:10])}")
    assert len(await house.rules()) == 10


@pytest.mark.parametrize(
    "line", ["/mute 1h including critical", "/dnd add 22:00-08:00 including critical"]
)
async def test_to_hold_criticals_asks_first(house, line):
    (card,) = await house.hears(line)

    assert "Critical messages would wait too." in card[1]


@pytest.mark.parametrize("line", ["/mute 1h", "/dnd add 22:00-08:00", "/sub add *"])
async def test_what_is_not_broad_is_done_at_once(house, line):
    (card,) = await house.hears(line)

    assert card[0] != "Please confirm"


async def test_on_a_card_the_question_stands_in_the_card(house):
    made = Button("Mute", "/mute 1h including critical", show="/mute list")
    (answer,) = await house.hear(house.tap(button(made)))

    said = texts(answer["card"]["data"])
    assert "Critical messages would wait too." in said
    assert "Confirm" in said
    assert await house.replies() == []
