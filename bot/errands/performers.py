"""Who performs which task: the one list of them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.errands import Perform
from bot.errands.codes import CodeSender, Post
from bot.errands.finding import Finder
from bot.errands.robots import RobotTest
from bot.lark.client import LarkClient
from bot.lark.people import Users
from bot.phones.carrier import Carrier
from handlers import proving
from handlers.recipients import finding, profiles
from handlers.robot import testing
from store.values import Channel


def performers(
    *,
    client: LarkClient | None,
    carriers: Mapping[Channel, Carrier],
    post: Post | None = None,
    robot_test: RobotTest,
) -> dict[str, Perform]:
    """Return what does each kind of task that a handler may name."""
    finder = Finder(Users(client) if client else None)
    codes = CodeSender(post=post, texts=carriers.get(Channel.SMS))
    return {
        finding.KIND: finder.find,
        profiles.KIND: finder.profiles,
        proving.KIND: codes.send,
        testing.KIND: robot_test.perform,
    }
