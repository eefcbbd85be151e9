"""/why in a whole process: the button on a card, a reply to it, what is advised."""

from __future__ import annotations

from sandbox import Message
from tests.bot.app.test_robots import Scene, scene

__all__ = ["scene"]


async def test_a_card_is_asked_why_it_came_and_what_keeps_the_next(
    scene: Scene,
) -> None:
    await scene.types("/sub add alarm severity>=warning", chat=scene.ops)
    await _notify(scene, "CPU above 90 %")
    card = await scene.first(lambda each: "CPU above 90 %" in scene.text(each))

    tapped = await scene.taps(card, "Why")
    assert "this group, chat: delivered" in scene.text(tapped)
    replied = await _replies(scene, card, "/why")
    assert "Rule 1 brings it: product.alarm severity>=warning" in scene.text(replied)
    assert "To have no more of it there: /sub remove product.alarm." in scene.text(
        replied
    )

    await scene.types("/mute 2h because switchover", chat=scene.ops)
    foretold = await scene.types("/why if alarm severity=warning", chat=scene.ops)
    assert "held until" in scene.text(foretold)
    assert "mute: switchover, by you" in scene.text(foretold)
    await scene.taps(foretold, "/unmute 1")
    again = await scene.types("为什么 如果 告警 警告", chat=scene.ops)
    assert "this group, chat: goes out at once." in scene.text(again)


async def _replies(scene: Scene, card: Message, line: str) -> Message:
    """Let Wei write *line* in reply to *card*; return the answer."""
    said = await scene.lark.say(
        scene.ops, scene.wei, line, mention_bot=True, reply_to=card
    )
    return await scene.first(lambda each: each.parent is said)


async def _notify(scene: Scene, title: str) -> None:
    body = {"title": title, "type": "product.alarm", "severity": "warning"}
    headers = {"Authorization": "Bearer sek-scripts-token"}
    url = f"{scene.bell}/v1/notifications"
    async with scene.session.post(url, json=body, headers=headers) as response:
        assert response.status == 202
