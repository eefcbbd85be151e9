"""The matrix by taps in a whole process, beside a Lark that judges every card."""

from __future__ import annotations

import re

from sandbox import Message
from tests.bot.app.test_robots import Scene, scene

__all__ = ["scene"]


async def test_taps_on_the_matrix_decide_what_is_posted(scene: Scene) -> None:
    card = await scene.types("/sub", chat=scene.ops)
    await _taps(scene, card, "○ Return and refund", "finance.refund · info")
    await _taps(scene, card, "○ Group", "finance.refund: Group off → on.")
    await _taps(scene, card, "○ DM", "nobody is a recipient of it here yet")
    await _taps(scene, card, "Add me", "for you, by dm.")
    assert {"[● Group]", "[● DM]", "[Recipients: 1]"} <= _buttons(scene, card)

    await _notify(scene, "Refund of 12 USD")

    for chat in (scene.ops, scene.alone):
        await scene.first(
            lambda each, chat=chat: (
                each in chat.messages and "Refund of 12 USD" in scene.text(each)
            )
        )

    await _taps(scene, card, "● Group", "finance.refund: Group on → off.")
    await _taps(scene, card, "Recipients: 1", "Recipients of Return and refund")
    await _taps(scene, card, "Back", "finance.refund · info")
    await _notify(scene, "Refund of 13 USD")
    await scene.first(
        lambda each: (
            each in scene.alone.messages and "Refund of 13 USD" in scene.text(each)
        )
    )
    in_group = "\n".join(map(scene.text, scene.ops.messages))
    assert "Refund of 13 USD" not in in_group
    # Nothing of all that was a message of its own but the card.
    ours = [each for each in scene.ops.messages if each.sender is not scene.wei]
    assert len(ours) == 2


async def _taps(scene: Scene, card: Message, label: str, shows: str) -> None:
    await scene.lark.tap(card, scene.wei, label)
    await scene.lark.until(lambda: shows in scene.text(card))


def _buttons(scene: Scene, card: Message) -> set[str]:
    """Return what can be tapped on *card*, as it reads."""
    return set(re.findall(r"\[[^\]]+\]", scene.text(card)))


async def _notify(scene: Scene, title: str) -> None:
    body = {"title": title, "type": "finance.refund"}
    headers = {"Authorization": "Bearer sek-scripts-token"}
    url = f"{scene.bell}/v1/notifications"
    async with scene.session.post(url, json=body, headers=headers) as response:
        assert response.status == 202
